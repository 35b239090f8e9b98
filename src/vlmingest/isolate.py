"""Run functions on hostile bytes in a child process with CPU, memory and wall limits.

Contract: `Worker.call("package.module:function", ...)` returns what the function returns or raises a VlmIngestError;
whatever the bytes do (endless loop, memory bomb, abort in C code), the caller goes on and the next call gets a fresh
child. The target is a dotted name, so that this edge imports nothing of the pure side.

Why a process: pdfium is not thread-safe and answers 791 hostile bytes with SIGABRT. The child is a fresh interpreter
started with `Popen` (no fork of a threaded parent, no `__main__` of the caller is imported); it speaks pickles over two
pipes of its own, so that nothing a library prints can reach the channel, and it ends by itself when the parent dies.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import IO, Any, NamedTuple, Self

from vlmingest.errors import ReaderLimitError, VlmIngestError
from vlmingest.isolate_child import CHUNK, LENGTH, Reply, peak_rss_mib

_START_S = 60.0  # a fresh interpreter on a loaded machine
_SAMPLE_S = 0.1  # how often the memory of a busy child is looked at
_CLOSE_S = 2.0
# the child's environment: no secrets; one malloc arena and no threads for linear algebra, since every further arena
# and every thread's buffer counts tens of MiB against RLIMIT_AS
_KEEP_ENV = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
_KEEP_ENV_PREFIX = ("PYTHON", "LC_", "COVERAGE_", "COV_")
_MEMORY_SIGNALS = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL})


class _Died(Exception):  # noqa: N818 - never leaves this module
    """The child is gone or was stopped; `detail` says why."""

    def __init__(self, detail: str, *, before_start: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.before_start = before_start


# --- the parent's side -----------------------------------------------------------------------------------------


class Worker:
    """One persistent child; thread-safe (one call at a time). The child starts with the first call.

    `memory_mib` is its address space (RLIMIT_AS), `cpu_s` the CPU seconds of one call, `wall_s` the seconds of one
    call, `max_calls` after how many calls it is replaced, so that memory stays flat.
    """

    def __init__(self, *, memory_mib: int = 1024, cpu_s: int = 20, wall_s: float = 30, max_calls: int = 200) -> None:
        self.memory_mib, self.cpu_s, self.wall_s, self.max_calls = memory_mib, cpu_s, wall_s, max_calls
        self.peak_rss_mib = 0.0  # the highest resident set any child of this worker has had
        self.starts = 0  # children started so far
        self._child: _Child | None = None
        self._calls = 0
        self._lock = threading.Lock()

    def call(self, target: str, *args: object, **kwargs: object) -> Any:
        """`target(*args, **kwargs)` in the child, arguments and result as pickles.

        Raises the VlmIngestError that the target raised; ReaderLimitError when a limit was met or the child died;
        ReaderFaultError for any other exception; UsageError when there is no such target. The detail says which.
        """
        request = pickle.dumps((target, args, kwargs, self.cpu_s), protocol=5)
        with self._lock:
            try:
                reply = self._exchange(request)
            except _Died as died:
                self._drop()
                raise ReaderLimitError(died.detail) from None
            except BaseException:  # an interrupt amid a call: the channel is out of step
                self._drop()
                raise
            self._calls += 1
            self.peak_rss_mib = max(self.peak_rss_mib, reply.peak_rss_mib)
            if reply.retire or self._calls >= self.max_calls:
                self._drop()
        if reply.error is not None:
            raise reply.error
        return reply.value

    def _exchange(self, request: bytes) -> Reply:
        for attempt in (1, 2):
            child = self._ready_child()
            try:
                return child.ask(request, self.wall_s)
            except _Died as died:
                # an idle child may have been killed from outside: that is not this document's fault, ask a fresh one
                if not died.before_start or attempt == 2:
                    raise
                self._drop()
            finally:
                self.peak_rss_mib = max(self.peak_rss_mib, child.peak_rss_mib)
        raise AssertionError

    def _ready_child(self) -> _Child:
        if self._child is not None and self._child.owner != os.getpid():
            self._child.forget()  # we are a fork: the pipes belong to the parent's child
            self._child = None
        if self._child is None:
            self._calls = 0
            self.starts += 1
            self._child = _Child(self.memory_mib)
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.stop()

    @property
    def pid(self) -> int | None:
        """The child's process id; None while there is none."""
        return None if self._child is None else self._child.process.pid

    def close(self) -> None:
        """End the child; a later call starts a new one."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # at interpreter exit half of the modules are gone
            self._drop()


class _Child:
    """A running interpreter and its two pipes."""

    def __init__(self, memory_mib: int) -> None:
        self.owner = os.getpid()
        self.memory_mib = memory_mib
        self.peak_rss_mib = 0.0
        self.stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        child_in, self.send_fd = os.pipe()
        self.receive_fd, child_out = os.pipe()
        code = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            f"from vlmingest.isolate_child import serve; serve({child_in}, {child_out}, {memory_mib})"
        )
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.stderr,
                pass_fds=(child_in, child_out),
                env=_child_environment(os.environ),
                process_group=0,  # Ctrl-C is the parent's to handle
            )
        except BaseException:
            self._close_files()
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        os.set_blocking(self.send_fd, False)
        os.set_blocking(self.receive_fd, False)
        try:
            self._receive(time.monotonic() + _START_S)  # the child says hello once it stands
        except _Died as died:
            self.stop()
            raise _Died(f"the reader process did not start: {died.detail}", before_start=True) from None

    def ask(self, request: bytes, wall_s: float) -> Reply:
        """One request, one reply; raises _Died."""
        deadline = time.monotonic() + wall_s
        try:
            self._send(request, deadline)
        except BrokenPipeError:
            raise _Died(self._death(), before_start=True) from None
        try:
            reply = pickle.loads(self._receive(deadline))  # noqa: S301 - only our own child writes here
        except _Died:
            raise
        except Exception as error:
            raise _Died(f"unreadable reply: {type(error).__name__}: {error}") from error
        return reply if isinstance(reply, Reply) else Reply(*reply)

    def _send(self, request: bytes, deadline: float) -> None:
        view = memoryview(LENGTH.pack(len(request)) + request)
        while view:
            if not select.select([], [self.send_fd], [], self._patience(deadline))[1]:
                continue
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self.send_fd, view[:CHUNK]) :]

    def _receive(self, deadline: float) -> bytes:
        size = LENGTH.unpack(self._read_exactly(LENGTH.size, deadline))[0]
        return bytes(self._read_exactly(size, deadline))

    def _read_exactly(self, size: int, deadline: float) -> bytearray:
        data = bytearray()
        while len(data) < size:
            if not select.select([self.receive_fd], [], [], self._patience(deadline))[0]:
                self.peak_rss_mib = max(self.peak_rss_mib, peak_rss_mib(self.process.pid))
                continue
            with contextlib.suppress(BlockingIOError):
                part = os.read(self.receive_fd, min(CHUNK, size - len(data)))
                if not part:
                    raise _Died(self._death())
                data += part
        return data

    def _patience(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise _Died("wall time limit")
        return min(left, _SAMPLE_S)

    def _death(self) -> str:
        """Why the child is gone, in words."""
        try:
            code = self.process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            return "the reader process closed its channel"
        if code >= 0:
            said = self._last_words()
            return f"the reader process ended with exit code {code}" + (f": {said}" if said else "")
        if -code == signal.SIGXCPU:
            return "CPU time limit"
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        if -code in _MEMORY_SIGNALS:
            return f"{name}: memory limit of {self.memory_mib} MiB, or an abort in C code"
        if -code == signal.SIGKILL:
            return f"{name}: killed from outside (out of memory?)"
        return f"{name}: crash in C code"

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            end = self.stderr.seek(0, os.SEEK_END)
            self.stderr.seek(max(0, end - 4000))
            lines = self.stderr.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else ""
        return ""

    def stop(self) -> None:
        """End it: by closing its channel, by force after a moment. Never raises."""
        idle = self.process.poll() is not None
        self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_CLOSE_S if not idle else None)
        self._close_files()

    def forget(self) -> None:
        """Drop our copies of a foreign child's files, in a fork of its owner."""
        self._close_files()
        self.process.returncode = 0  # not ours to wait for

    def _close_files(self) -> None:
        for fd in (self.send_fd, self.receive_fd):
            with contextlib.suppress(OSError):
                os.close(fd)
        self.stderr.close()


def _child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in environment.items() if k in _KEEP_ENV or k.startswith(_KEEP_ENV_PREFIX)}
    return kept | {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}


class Call(NamedTuple):
    """One piece of work for a pool; `key` comes back with the result."""

    key: Any
    target: str
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = {}


class WorkerPool:
    """`size` workers; one document in flight per worker, so that a death costs exactly the document that caused it."""

    def __init__(
        self, size: int = 2, *, memory_mib: int = 1024, cpu_s: int = 20, wall_s: float = 30, max_calls: int = 200
    ) -> None:
        self.workers = tuple(
            Worker(memory_mib=memory_mib, cpu_s=cpu_s, wall_s=wall_s, max_calls=max_calls) for _ in range(max(1, size))
        )
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self.workers:
            self._idle.put(worker)

    @property
    def peak_rss_mib(self) -> float:
        """The highest resident set of any child so far."""
        return max(worker.peak_rss_mib for worker in self.workers)

    def call(self, target: str, *args: object, **kwargs: object) -> Any:
        """Like `Worker.call`, on the next idle worker; callable from many threads."""
        worker = self._idle.get()
        try:
            return worker.call(target, *args, **kwargs)
        finally:
            self._idle.put(worker)

    def run(self, calls: Iterable[Call | tuple[Any, str, tuple[object, ...]]]) -> Iterator[tuple[Any, Any]]:
        """(key, result or VlmIngestError) as they come. `calls` (`Call`s, or the same as plain tuples) is consumed
        lazily and in the caller's thread.
        """
        waiting = (Call(*call) for call in calls)
        flying: dict[Future[Any], Any] = {}
        executor = ThreadPoolExecutor(len(self.workers), thread_name_prefix="vlmingest-reader")
        try:
            while True:
                while len(flying) < len(self.workers) and (call := next(waiting, None)) is not None:
                    flying[executor.submit(self.call, call.target, *call.args, **call.kwargs)] = call.key
                if not flying:
                    return
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    yield flying.pop(future), _outcome(future)
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def map_unordered(self, target: str, items: Iterable[tuple[Any, tuple[object, ...]]]) -> Iterator[tuple[Any, Any]]:
        """`run` with one target: `items` are (key, arguments)."""
        return self.run(Call(key, target, args) for key, args in items)

    def close(self) -> None:
        """End all children."""
        for worker in self.workers:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _outcome(future: Future[Any]) -> Any:
    try:
        return future.result()
    except VlmIngestError as error:
        return error
