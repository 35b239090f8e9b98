"""The child's side of `isolate`: answers requests under limits until its channel closes.

Whatever hostile bytes provoke becomes a value of a `Reply`; what kills the process is named by the parent.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import resource
import struct
import threading
from typing import Any, NamedTuple

from vlmingest.errors import ReaderFaultError, ReaderLimitError, UsageError, VlmIngestError

LENGTH = struct.Struct("<Q")  # of a message, before it
CHUNK = 1 << 20
_STDERR_BYTES = 16 << 20  # a child may not fill the disk: largest file it can write


class Reply(NamedTuple):
    """What the child answers: exactly one of `value` and `error` counts."""

    value: object
    error: BaseException | None
    peak_rss_mib: float
    retire: bool


def peak_rss_mib(pid: int | str = "self") -> float:
    """Highest resident set of a process in MiB; 0.0 where /proc does not tell.

    VmHWM and not getrusage: ru_maxrss of a child starts at the size its parent had at the time of the fork.
    """
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123 - hot path
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0.0


def serve(read_fd: int, write_fd: int, memory_mib: int) -> None:
    """Answer requests until the channel closes. The child's whole life; called by the code that `_Child` starts."""
    _limit_process(memory_mib)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.stack_size(256 * 1024)
    threading.Thread(target=_listen, args=(read_fd, requests), daemon=True).start()
    _write(write_fd, b"")
    while True:
        _write(write_fd, answer(requests.get()))


def _limit_process(memory_mib: int) -> None:
    size = memory_mib << 20
    for kind, value in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _STDERR_BYTES),
    ):
        hard = resource.getrlimit(kind)[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (wanted, wanted))


def _listen(read_fd: int, requests: queue.SimpleQueue[bytes]) -> None:
    """Own thread, so that the child ends at once when the parent is gone, amid a call too."""
    with contextlib.suppress(BaseException), open(read_fd, "rb", closefd=False) as channel:
        while len(head := channel.read(LENGTH.size)) == LENGTH.size:
            requests.put(channel.read(LENGTH.unpack(head)[0]))
    os._exit(0)


def _write(write_fd: int, data: bytes) -> None:
    view = memoryview(LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(write_fd, view[:CHUNK]) :]


def answer(request: bytes) -> bytes:
    """The pickled reply to one pickled request; never raises an Exception."""
    try:
        target, args, kwargs, cpu_s = pickle.loads(request)  # noqa: S301 - only our own parent writes here
        function = _resolve(target)
        _limit_cpu(cpu_s)
        value, error, retire = function(*args, **kwargs), None, False
    except VlmIngestError as caught:
        value, error, retire = None, caught, False
    except BaseException as caught:  # noqa: BLE001 - whatever hostile bytes provoke becomes a value
        value, error, retire = None, _as_named(caught), True
    try:
        return _reply(value, error, retire=retire)
    except BaseException as caught:  # noqa: BLE001 - a result that cannot be pickled, or no memory left to do so
        return _reply(None, _as_named(caught), retire=True)


def _reply(value: object, error: BaseException | None, *, retire: bool) -> bytes:
    if error is not None:
        error.__traceback__ = error.__cause__ = error.__context__ = None
    return pickle.dumps(tuple(Reply(value, error, peak_rss_mib(), retire)), protocol=5)


def _resolve(target: str) -> Any:
    module, _, name = target.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"no function {target!r} to call in a reader process ({error})") from error
    return found


def _limit_cpu(cpu_s: int) -> None:
    """The call's CPU seconds on top of what the process has used; the soft limit kills (SIGXCPU) and can be raised."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + cpu_s
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _as_named(error: BaseException) -> VlmIngestError:
    """Limits that Python itself notices, and bugs, as errors with a name."""
    if isinstance(error, MemoryError):
        return ReaderLimitError("memory limit")
    if isinstance(error, RecursionError):
        return ReaderLimitError("recursion limit: nested too deeply")
    place = ""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f" at {os.path.basename(code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119 - a name, not a path
        trace = trace.tb_next
    return ReaderFaultError(f"{type(error).__name__}: {str(error)[:300]}{place}")
