"""The command line starts in a blink and never imports Prefect where no flow runs."""

import resource
import subprocess
import sys

import pytest

HEAVY = ("prefect", "fastapi", "sqlalchemy", "openai", "pydantic_ai", "sklearn", "pypdfium2", "httpx", "arxiv")
BUDGET_S = 0.4


def imported(code):
    listing = f"{code}\nimport sys; print(' '.join(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def help_cpu_s(*arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "vlmingest", *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def test_help_imports_nothing_heavy():
    modules = imported("import vlmingest.cli")
    assert not modules & {*HEAVY, "pydantic", "sqlite_utils", "rich"}


@pytest.mark.parametrize("module", ["vlmingest", "vlmingest.commands.review", "vlmingest.store", "vlmingest.settings"])
def test_what_the_queue_needs_imports_no_prefect(module):
    assert not imported(f"import {module}") & set(HEAVY)


def test_help_stays_within_its_budget():
    # CPU seconds, not wall: other tests run beside this one; the best of five counts
    assert min(help_cpu_s("--help") for _ in range(5)) < BUDGET_S
