"""What is shipped works without the checkout: the wheel carries migrations, prompts, flows, rules and sample papers."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run = subprocess.run(build, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    zipfile.ZipFile(wheel).extractall(target)
    return target


def vlmingest(installed, cwd, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    code = "from vlmingest.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_runs_from_the_wheel_and_a_second_time_nothing_is_new(installed, tmp_path):
    where = vlmingest(installed, tmp_path, "doctor", "--json")
    assert str(ROOT / "src") not in where.stdout
    first = vlmingest(installed, tmp_path, "demo", "--engine", "local", "--out", "demo")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Next: vlmingest review list" in first.stdout
    second = vlmingest(installed, tmp_path, "demo", "--engine", "local", "--out", "demo")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "Nothing is new" in second.stdout
    check = vlmingest(installed, tmp_path, "verify", "--db", "demo/vlmingest.db")
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_wheel_holds_no_test_and_no_foreign_folder(installed):
    names = {path.name for path in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"vlmingest"}
