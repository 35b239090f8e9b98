"""Bad input gives one clear line with the remedy and the right exit code; nothing is lost."""

import subprocess
import sys

import pytest

from vlmingest.resources import package_folder

SAMPLE = sorted((package_folder("sample") / "pdf").glob("*.pdf"))


@pytest.fixture
def vlmingest(tmp_path):
    def call(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "vlmingest", *map(str, arguments)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return call


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"just some words", "not a PDF"),
        ("cut.pdf", SAMPLE[0].read_bytes()[:9000], "damaged"),
    ],
    ids=["empty", "not-a-pdf", "truncated"],
)
def test_a_bad_file_is_a_named_failure_and_the_others_are_kept(vlmingest, tmp_path, name, data, word):
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / name).write_bytes(data)
    (papers / SAMPLE[0].name).write_bytes(SAMPLE[0].read_bytes())
    run = vlmingest("add", papers, "--offline")
    assert run.returncode == 3, run.stdout + run.stderr
    assert word in run.stdout
    assert name in run.stdout
    assert vlmingest("show", SAMPLE[0].name.split("v")[0]).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add", "missing.pdf"), 2, "missing.pdf"),
        (("add", "2313.99999"), 2, "2313.99999"),
        (("review", "list"), 1, "no database here yet"),
        (("export", "json", "--out", "x.json"), 1, "no database here yet"),
        (("status", "--db", "/"), 1, "not a vlmingest database"),
        (("nightly", "--since", "2025-06-03", "--until", "2025-06-01"), 2, "lies after"),
        (("backfill",), 2, "name one of"),
        (("backfill", "--from", "2025-02-01", "--to", "2025-01-01"), 2, "lies after"),
        (("review", "list", "--reason", "charm"), 2, "low-confidence"),
        (("review", "list", "--field", "charm"), 2, "model.name"),
        (("read", "nothing.pdf"), 2, "nothing.pdf"),
        (("frobnicate",), 2, "frobnicate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_call_is_one_clear_line(vlmingest, arguments, code, words):
    run = vlmingest(*arguments)
    assert run.returncode == code, run.stdout + run.stderr
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unknown_id_and_an_unreachable_host_say_so(vlmingest, monkeypatch):
    monkeypatch.setenv("VLMINGEST_ARXIV_API_URL", "http://127.0.0.1:9/api/query")
    monkeypatch.setenv("VLMINGEST_RETRIES", "0")
    run = vlmingest("add", "2506.90001")
    assert run.returncode == 3
    assert "cannot be reached" in run.stdout


def test_a_database_of_something_else_is_left_alone(vlmingest, tmp_path):
    path = tmp_path / "notes.db"
    path.write_bytes(b"my notes, not a database at all, but longer than a header " * 20)
    before = path.read_bytes()
    run = vlmingest("add", SAMPLE[0], "--offline", "--db", path)
    assert run.returncode == 1
    assert "not a vlmingest database" in run.stderr
    assert path.read_bytes() == before


def test_the_list_is_taken_over_and_given_back_byte_for_byte(vlmingest, tmp_path):
    text = "# List\r\n\n### **A: B**\nwords \t\n"
    (tmp_path / "README.md").write_bytes(text.encode())
    assert vlmingest("import-list", "README.md").returncode == 0
    assert vlmingest("export", "list", "--out", "out.md").returncode == 0
    assert (tmp_path / "out.md").read_bytes() == text.encode()


def test_a_limit_of_pages_refuses_and_a_higher_one_reads(vlmingest, monkeypatch):
    monkeypatch.setenv("VLMINGEST_MAX_PAGES", "1")
    refused = vlmingest("add", SAMPLE[0], "--offline")
    assert refused.returncode == 3
    assert "VLMINGEST_MAX_PAGES" in refused.stdout
    monkeypatch.setenv("VLMINGEST_MAX_PAGES", "50")
    assert vlmingest("add", SAMPLE[0], "--offline").returncode == 0
