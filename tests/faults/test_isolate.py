"""Reader processes: results and named errors come back, limits end a call, the next call works."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vlmingest.errors import InvalidArxivIdError, ReaderFaultError, ReaderLimitError, UsageError, VlmIngestError
from vlmingest.isolate import Call, Worker, WorkerPool
from vlmingest.isolate_child import answer

LOOP = "while True: pass"
RECURSION = "exec('def f():\\n return f()\\nf()', {})"


@pytest.fixture(scope="module")
def worker():
    with Worker(memory_mib=512, cpu_s=5, wall_s=10) as one:
        yield one


def test_results_and_keyword_arguments_come_back(worker: Worker):
    assert worker.call("builtins:sorted", [3, 1, 2], reverse=True) == [3, 2, 1]
    assert worker.call("builtins:len", b"x" * 5_000_000) == 5_000_000


def test_child_stays_between_calls_and_is_another_process(worker: Worker):
    pid = worker.call("os:getpid")
    assert pid == worker.call("os:getpid") == worker.pid != os.getpid()
    assert worker.peak_rss_mib > 5


def test_named_error_is_raised_as_it_is(worker: Worker):
    with pytest.raises(InvalidArxivIdError) as caught:
        worker.call("vlmingest.ids:ArxivId.parse", "nonsense")
    assert caught.value.text == "nonsense"


def test_what_a_library_prints_does_not_reach_the_channel(worker: Worker):
    worker.call("os:write", 1, b"noise" * 100)
    worker.call("os:write", 2, b"noise" * 100)
    assert worker.call("builtins:abs", -1) == 1


@pytest.mark.parametrize(
    ("target", "argument", "detail"),
    [
        ("os:abort", None, "SIGABRT"),
        ("os:_exit", 3, "exit code 3"),
        ("builtins:bytes", 10**10, "memory limit"),
        ("builtins:exec", RECURSION, "recursion limit"),
        ("builtins:exec", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("builtins:exec", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ],
)
def test_death_and_limits_are_named_and_the_next_call_works(worker: Worker, target, argument, detail):
    with pytest.raises(ReaderLimitError) as caught:
        worker.call(target, *([] if argument is None else [argument]))
    assert detail in caught.value.detail
    assert worker.call("builtins:abs", -2) == 2


def test_cpu_and_wall_limits():
    with Worker(cpu_s=1, wall_s=20) as busy, pytest.raises(ReaderLimitError, match="CPU time limit"):
        busy.call("builtins:exec", LOOP)
    with Worker(wall_s=0.4) as idle:
        start = time.monotonic()
        with pytest.raises(ReaderLimitError, match="wall time limit"):
            idle.call("time:sleep", 60)
        assert time.monotonic() - start < 5


def test_cpu_limit_is_per_call_not_per_child():
    burn = "import time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass"
    with Worker(cpu_s=1, wall_s=30) as one:
        for _ in range(4):  # more CPU in all than one call may have
            one.call("builtins:exec", burn)
        assert one.starts == 1


def test_bugs_are_named_with_their_place(worker: Worker):
    with pytest.raises(ReaderFaultError) as caught:
        worker.call("builtins:int", "x")
    assert "ValueError" in caught.value.detail
    with pytest.raises(ReaderFaultError, match="pickle"):
        worker.call("threading:Lock")
    with pytest.raises(ReaderFaultError, match="SystemExit"):
        worker.call("sys:exit", 4)


def test_unknown_target_is_a_usage_error(worker: Worker):
    for target in ("no_such_module:x", "os:no_such_name", "os"):
        with pytest.raises(UsageError):
            worker.call(target)


def test_child_is_replaced_after_max_calls():
    with Worker(max_calls=2) as one:
        pids = [one.call("os:getpid") for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_idle_child_killed_from_outside_costs_no_call():
    with Worker() as one:
        os.kill(one.call("os:getpid"), signal.SIGKILL)
        time.sleep(0.1)
        assert one.call("builtins:abs", -3) == 3


def test_pool_gives_every_outcome_under_its_key():
    calls = [Call(1, "builtins:abs", (-1,)), (2, "os:abort", ()), Call(3, "builtins:abs", (-3,))]
    with WorkerPool(2) as pool:
        outcomes = dict(pool.run(calls))
        assert dict(pool.map_unordered("builtins:abs", [("a", (-5,))])) == {"a": 5}
        assert pool.peak_rss_mib > 0
    assert outcomes[1] == 1
    assert outcomes[3] == 3
    assert isinstance(outcomes[2], ReaderLimitError)


def test_pool_takes_its_work_lazily():
    taken: list[int] = []

    def work():
        for number in range(50):
            taken.append(number)
            yield Call(number, "builtins:abs", (number,))

    with WorkerPool(2) as pool:
        results = pool.run(work())
        next(results)
        results.close()
    assert len(taken) <= 4


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def test_child_ends_when_its_parent_is_killed():
    code = (
        "import sys, time; from vlmingest.isolate import Worker; w = Worker(); print(w.call('os:getpid'), flush=True); "
        "w.call('time:sleep', 60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(child)


def test_secrets_stay_out_of_the_child(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VLMINGEST_LLM_API_KEY", "secret")
    with Worker() as one:
        assert one.call("os:getenv", "VLMINGEST_LLM_API_KEY") is None


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (("builtins:abs", (-1,), {}, 5), None),
        (("builtins:int", ("x",), {}, 5), ReaderFaultError),
        (("nope:x", (), {}, 5), UsageError),
    ],
)
def test_answer_never_raises(request_, kind, monkeypatch):
    monkeypatch.setattr("vlmingest.isolate_child._limit_cpu", lambda _: None)
    value, error, _, _ = pickle.loads(answer(pickle.dumps(request_)))
    assert (error is None and value == 1) if kind is None else isinstance(error, kind)
    assert kind is None or isinstance(error, VlmIngestError)
