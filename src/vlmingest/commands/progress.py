"""Progress bars for long work, on stderr; plain silence where stderr is no terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vlmingest.workshop import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import TaskID

_WORDS = {
    "discover": "asking for new papers",
    "fetch": "fetching",
    "read": "reading",
    "extract": "extracting",
}


class Bars:
    """rich progress bars, one per stage that is at work."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:>22}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[item]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def start(self, stage: str, total: int) -> None:
        """Show a bar; a total of 0 means that nobody knows."""
        if not self._tasks:
            self._bars.start()
        self._tasks[stage] = self._bars.add_task(_WORDS.get(stage, stage), total=total or None, item="")

    def advance(self, stage: str, item: str) -> None:
        """One more."""
        if stage in self._tasks:
            shown = "".join(ch for ch in item if ch.isprintable())[:30]
            self._bars.update(self._tasks[stage], advance=1, item=shown)

    def finish(self, stage: str) -> None:
        """Take the bar away; the last one ends the display."""
        task = self._tasks.pop(stage, None)
        if task is not None:
            self._bars.remove_task(task)
        if not self._tasks:
            self._bars.stop()


def progress(*, quiet: bool = False) -> Progress:
    """Bars on a terminal, silence elsewhere."""
    return Bars() if sys.stderr.isatty() and not quiet else Silent()
