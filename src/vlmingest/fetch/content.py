"""Fetched bytes by their sha256: two-level folders, written once, checked on every read."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from pathlib import Path

from vlmingest.errors import CorruptContentError, DiskFullError, ReadOnlyDatabaseError, StoreError, UnknownItemError

_SHA = re.compile(r"[0-9a-f]{64}")


class ContentStore:
    """Files under `folder/ab/cd/abcd...`; `put` of the same bytes twice writes once, and repairs a damaged copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha: str) -> Path:
        """Where the bytes of `sha` (64 hex letters) are or would be; raises UnknownItemError for anything else."""
        if not _SHA.fullmatch(sha):
            raise UnknownItemError("stored file", sha[:80])
        return self._folder / sha[:2] / sha[2:4] / sha

    def has(self, sha: str) -> bool:
        """Whether a file of that name is there (`get` checks its bytes)."""
        return self.path(sha).is_file()

    def get(self, sha: str) -> bytes:
        """The bytes; raises UnknownItemError where there are none, CorruptContentError where they changed."""
        path = self.path(sha)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise UnknownItemError("stored file", sha, "fetch the paper again") from error
        except OSError as error:
            raise StoreError(str(path), str(error)) from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise CorruptContentError(str(path))
        return data

    def put(self, data: bytes) -> str:
        """Keep `data` and give its sha256; it is on the disk when this returns. Raises the StoreError classes."""
        sha = hashlib.sha256(data).hexdigest()
        path = self.path(sha)
        if self._intact(path, data):
            return sha
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(path, data)
        except OSError as error:
            raise _named(path, error) from error
        return sha

    @staticmethod
    def _intact(path: Path, data: bytes) -> bool:
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:
            return False


def _write_durably(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _named(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(str(path))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ReadOnlyDatabaseError(str(path.parent), error.strerror or "")
    return StoreError(str(path), str(error))
