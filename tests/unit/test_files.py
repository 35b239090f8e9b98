"""Whole files or nothing, and never outside of the folder."""

import pytest

from vlmingest.errors import UsageError
from vlmingest.files import write_out, write_tree


def test_a_file_is_written_once_and_left_alone_when_it_is_right(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    assert write_out(path, b"one") is True
    before = path.stat().st_mtime_ns
    assert write_out(path, b"one") is False
    assert path.stat().st_mtime_ns == before
    assert write_out(path, b"two") is True
    assert path.read_bytes() == b"two"
    assert [item.name for item in path.parent.iterdir()] == ["file.txt"]


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        write_out(tmp_path, b"")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="is a file"):
        write_tree(tmp_path / "file", {"a": b""})


@pytest.mark.parametrize("name", ["../outside", "a/../../outside", "/etc/passwd"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="outside"):
        write_tree(tmp_path / "out", {"good": b"x", name: b"bad"})
    assert not (tmp_path / "outside").exists()
