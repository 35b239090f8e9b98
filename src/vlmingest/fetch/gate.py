"""The gate that every request passes: one at a time per host group, never sooner than the interval, across processes.

State is one small file per group: the file itself is the lock (`flock`, so a killed process frees it), and holds when
the last request was answered and until when the host asked for peace. The kernel's monotonic clock is shared by all
processes of one boot, so steps of the wall clock do not matter; after a reboot the wall clock decides, and a time in
the future counts as "just now".
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from vlmingest.errors import SettingError

# The other end counts the time between arrivals; this covers the jitter of the wire and of rounding to milliseconds.
_MARGIN_S = 0.005
_RECORD_BYTES = 320


@dataclass(slots=True)
class GateState:
    """What the file of a group holds. Times are seconds; `boot` names the boot that `monotonic` belongs to."""

    wall: float = 0.0
    monotonic: float = 0.0
    boot: str = ""
    wait_until: float = 0.0  # wall clock: nobody asks before, all wait
    refuse_until: float = 0.0  # wall clock: whoever wants to ask gives up at once


@dataclass(slots=True)
class Turn:
    """The right to send one request; hold it until the answer is read."""

    gate: HostGate
    state: GateState
    descriptor: int
    waited_s: float = 0.0
    touched: list[float] = field(default_factory=list)

    def stamp(self) -> None:
        """Count the interval from now: called before sending, and again when the answer begins."""
        self.state.wall, self.state.monotonic = self.gate.clock(), self.gate.monotonic()
        self.state.boot = self.gate.boot
        self.gate.write(self.descriptor, self.state)

    def wait_until(self, wall: float) -> None:
        """Every process asks this group again only at `wall`."""
        self.state.wait_until = max(self.state.wait_until, wall)
        self.gate.write(self.descriptor, self.state)

    def refuse_until(self, wall: float) -> None:
        """Every process refuses to ask this group before `wall`."""
        self.state.refuse_until = max(self.state.refuse_until, wall)
        self.gate.write(self.descriptor, self.state)


class HostGate:
    """The gates of all host groups, in `folder`; raises SettingError where the folder cannot be written."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.monotonic = monotonic
        self.sleep = sleep
        self.boot = _boot_id()

    def refused_until(self, group: str) -> float:
        """Wall time until which the group cools down; 0 where it does not."""
        descriptor = self._open(group)
        try:
            until = self.read(descriptor).refuse_until
        finally:
            os.close(descriptor)
        return until if until > self.clock() else 0.0

    @contextmanager
    def turn(self, group: str, interval_s: float) -> Iterator[Turn]:
        """Wait for the group's turn and hold it for the body of the `with`."""
        started = self.monotonic()
        descriptor = self._open(group)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            state = self.read(descriptor)
            while (pause := self._pause(state, interval_s)) > 0:
                self.sleep(pause)
            yield Turn(self, state, descriptor, waited_s=max(0.0, self.monotonic() - started))
        finally:
            os.close(descriptor)  # frees the lock

    def _pause(self, state: GateState, interval_s: float) -> float:
        now = self.clock()
        same_boot = bool(self.boot) and state.boot == self.boot
        elapsed = self.monotonic() - state.monotonic if same_boot else now - state.wall
        interval = interval_s + _MARGIN_S if interval_s > 0 else 0.0
        rest = interval - elapsed if elapsed >= 0 else interval
        if elapsed < 0:  # the clock was set back: count one whole interval from now
            state.wall, state.monotonic, state.boot = now, self.monotonic(), self.boot
        return max(rest, state.wait_until - now)

    def _open(self, group: str) -> int:
        name = re.sub(r"[^a-z0-9.-]", "_", group)[:120] or "_"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return os.open(self.folder / f"{name}.gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise SettingError(
                "data_dir", str(self.folder), f"a folder that can be written ({error.strerror})"
            ) from error

    def read(self, descriptor: int) -> GateState:
        """The state in the file; an empty or torn file counts as a request made just now."""
        text = os.pread(descriptor, _RECORD_BYTES, 0)
        if not text:
            return GateState()
        try:
            return GateState(**json.loads(text))
        except (ValueError, TypeError):
            return GateState(wall=self.clock(), monotonic=self.monotonic(), boot=self.boot)

    def write(self, descriptor: int, state: GateState) -> None:
        """One write of fixed length, so that no reader ever sees half of it."""
        text = json.dumps({key: _rounded(value) for key, value in asdict(state).items()})
        os.pwrite(descriptor, text.encode("ascii").ljust(_RECORD_BYTES), 0)


def _rounded(value: float | str) -> float | str:
    return round(value, 4) if isinstance(value, float) else value


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""  # no Linux: the wall clock decides
