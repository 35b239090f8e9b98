"""What a run works with, opened once and closed once: settings, database, HTTP client, content store, reader processes.

Heavy parts are opened on first use, so that a command that needs only the database pays only for the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from vlmingest.resources import package_folder
from vlmingest.settings import Settings
from vlmingest.store import Store

if TYPE_CHECKING:
    from vlmingest.fetch import ContentStore, HttpClient
    from vlmingest.isolate import WorkerPool
    from vlmingest.llm import Budget, Reader
    from vlmingest.triage import Topic

# which files decide what a stage makes of the same input
STAGE_CODE = {
    "triage": ("triage", "records"),
    "fetch": (),
    "read": ("read", "document.py"),
    "extract": ("extract", "vocabulary", "records", "document.py"),
    "settle": ("settle", "records"),
}
_CODE_SUFFIXES = frozenset({".py", ".toml", ".json", ".tsv", ".txt"})


class Progress(Protocol):
    """Where long work tells how far it is; the command line draws bars, tests keep silent."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins with `total` items."""

    def advance(self, stage: str, item: str) -> None:
        """One more item is through."""

    def finish(self, stage: str) -> None:
        """The stage is through."""


class Silent:
    """No progress shown."""

    def start(self, stage: str, total: int) -> None:
        """Nothing."""

    def advance(self, stage: str, item: str) -> None:
        """Nothing."""

    def finish(self, stage: str) -> None:
        """Nothing."""


class Workshop:
    """The open tools of one run; use it as a context manager."""

    def __init__(self, settings: Settings, store: Store, progress: Progress | None = None) -> None:
        self.settings = settings
        self.store = store
        self.progress: Progress = progress or Silent()
        self._closers: list[Callable[[], None]] = []

    @classmethod
    def open(cls, settings: Settings, progress: Progress | None = None) -> Workshop:
        """Open (and create or migrate) the database of `settings`; raises StoreError."""
        return cls(settings, Store.open(settings.db, create=True), progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reader processes and connections, then the database."""
        while self._closers:
            self._closers.pop()()
        self.store.close()

    @cached_property
    def client(self) -> HttpClient:
        """The one polite client that all requests go through."""
        from vlmingest.fetch import HttpClient  # noqa: PLC0415 - httpx takes a tenth of a second to import

        settings = self.settings
        client = HttpClient(
            interval_for=settings.interval_for,
            state_dir=settings.data_path / "politeness",
            contact=settings.contact,
            timeout_s=settings.timeout_s,
            retries=settings.retries,
            log=self.store.log_request,
        )
        self._closers.append(client.close)
        return client

    @cached_property
    def content(self) -> ContentStore:
        """Fetched and added files, by the hash of their bytes."""
        from vlmingest.fetch import ContentStore  # noqa: PLC0415

        return ContentStore(self.settings.data_path / "content")

    @cached_property
    def readers(self) -> WorkerPool:
        """Child processes with CPU, memory and time limits, in which hostile files are read."""
        from vlmingest.isolate import WorkerPool  # noqa: PLC0415

        settings = self.settings
        pool = WorkerPool(
            max(settings.workers, 1),
            memory_mib=settings.reader_memory_mib,
            cpu_s=settings.reader_cpu_s,
            wall_s=settings.reader_wall_s,
        )
        self._closers.append(pool.close)
        return pool

    @cached_property
    def llm_reader(self) -> Reader:
        """The second reader that the settings name; raises MissingExtraError without the extra `llm`."""
        from vlmingest.llm.openai_like import openai_reader  # noqa: PLC0415 - optional and slow to import

        settings = self.settings
        return openai_reader(settings.llm_base_url, settings.llm_model, settings.llm_api_key)

    @cached_property
    def llm_budget(self) -> Budget:
        """The tokens that the second reader may use in this run, over all papers."""
        from vlmingest.llm import Budget  # noqa: PLC0415

        return Budget(self.settings.llm_budget_tokens)

    @cached_property
    def topic(self) -> Topic:
        """What is looked for, with the weights that reviewers retrained; raises DataFileError."""
        from vlmingest.topics import topic_of  # noqa: PLC0415

        return topic_of(self.settings)

    @cached_property
    def triage_recall(self) -> float:
        """The share of model papers that triage must find; raises SettingError."""
        from vlmingest.topics import checked_recall  # noqa: PLC0415

        return checked_recall(self.settings)

    @cached_property
    def code_hashes(self) -> dict[str, str]:
        """Per stage: a hash over the code and data that decide its output; a change makes the stage due again."""
        return {stage: code_hash(*parts) for stage, parts in STAGE_CODE.items()}


def code_hash(*parts: str) -> str:
    """sha256 (16 hex digits) over the source and data files of package parts, with their names."""
    sha = hashlib.sha256()
    for part in parts:
        path = package_folder(part)
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in _CODE_SUFFIXES and "__pycache__" not in file.parts:
                sha.update(_name(file, path))
                sha.update(file.read_bytes())
    return sha.hexdigest()[:16]


def _name(file: Path, base: Path) -> bytes:
    relative = file.name if file == base else file.relative_to(base).as_posix()
    return relative.encode() + b"\0"
