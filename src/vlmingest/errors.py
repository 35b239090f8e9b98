"""Every error that vlmingest raises on purpose: one class per cause, the remedy in the message.

`args` equals what `__init__` took, so each error survives pickling (Prefect and the reader processes move errors
between processes). Trouble in *data* is not here: it is a `Finding`, a value (see `document.py`).
"""

from __future__ import annotations


class VlmIngestError(Exception):
    """Base of all; `str(error)` is one line for a person, with the remedy."""

    exit_code = 1


class UsageError(VlmIngestError):
    """The call itself is wrong (exit code 2)."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class InvalidArxivIdError(VlmIngestError, ValueError):
    """The text is not an arXiv identifier of any form that arXiv has used."""

    exit_code = 2

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f"{self.text!r} is not an arXiv id; write it like 2304.08485, 2304.08485v2 or hep-th/9901001"


class UnknownArxivIdError(VlmIngestError):
    """arXiv knows no paper of this id."""

    def __init__(self, arxiv_id: str) -> None:
        super().__init__(arxiv_id)
        self.arxiv_id = arxiv_id

    def __str__(self) -> str:
        return f"arXiv knows no paper {self.arxiv_id}; check the id on https://arxiv.org/abs/{self.arxiv_id}"


# --- documents -------------------------------------------------------------------------------------------------


class DocumentError(VlmIngestError):
    """Bytes that cannot become a Document; `reason` is a stable word for reports and the ledger."""

    reason = "unreadable"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        text = self.remedy()
        return f"{text} ({self.detail})" if self.detail else text

    def remedy(self) -> str:
        """One sentence for a person: what is wrong and what to do."""
        return "the document cannot be read; try another format of the paper"


class EmptyFileError(DocumentError):
    """Zero bytes."""

    reason = "empty"

    def remedy(self) -> str:
        return "the file is empty; fetch it again"


class NotAPaperFileError(DocumentError):
    """The bytes are neither PDF, HTML nor LaTeX source."""

    reason = "not-a-document"

    def remedy(self) -> str:
        return "this is not a PDF, HTML or LaTeX source; look at what the file really holds"


class EncryptedDocumentError(DocumentError):
    """A password is needed to open it."""

    reason = "encrypted"

    def remedy(self) -> str:
        return "the PDF needs a password; save a copy without one and add that"


class DamagedDocumentError(DocumentError):
    """Truncated or broken beyond both PDF readers."""

    reason = "damaged"

    def remedy(self) -> str:
        return "the file is truncated or damaged; fetch it again"


class NoTextLayerError(DocumentError):
    """Pages without text: a scan or images only."""

    reason = "no-text-layer"

    def remedy(self) -> str:
        return "the PDF has pages but no text (a scan?); try the HTML or LaTeX source"


class GarbledTextError(DocumentError):
    """A font whose encoding yields no words."""

    reason = "garbled-text"

    def remedy(self) -> str:
        return "the PDF's fonts give no readable words; try the HTML or LaTeX source"


class TooLargeDocumentError(DocumentError):
    """More pages, or more bytes after decompression, than the limits allow."""

    reason = "too-large"

    def remedy(self) -> str:
        return "the document is larger than the limits allow; raise VLMINGEST_MAX_PAGES if it is really a paper"


class ReaderLimitError(DocumentError):
    """The reader process exceeded its CPU, memory or wall limit, or died."""

    reason = "reader-limit"

    def remedy(self) -> str:
        return "reading was stopped at the CPU, memory or time limit; the file may be hostile, look at it by hand"


class ReaderFaultError(DocumentError):
    """The reader itself failed in a way nobody foresaw: a bug, kept apart from damage and limits."""

    reason = "reader-fault"

    def remedy(self) -> str:
        return "the reader failed on this file; try another format of the paper, and please report it as a bug"


class NoMainFileError(DocumentError):
    """A source archive without a LaTeX main file."""

    reason = "no-main-file"

    def remedy(self) -> str:
        return "the source archive holds no LaTeX main file; use the PDF"


# --- fetching --------------------------------------------------------------------------------------------------


class FetchError(VlmIngestError):
    """A request that did not give its document."""

    reason = "fetch"

    def __init__(self, url: str, detail: str = "") -> None:
        super().__init__(url, detail)
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.url}: {self.remedy()}"
        return f"{text} ({self.detail})" if self.detail else text

    def remedy(self) -> str:
        """What a person can do."""
        return "the request failed; try again later"


class UnreachableHostError(FetchError):
    """No connection, or it broke."""

    reason = "unreachable"

    def remedy(self) -> str:
        return "the host cannot be reached; check the network, nothing is lost and the next run tries again"


class NotFoundError(FetchError):
    """404 or 410."""

    reason = "not-found"

    def remedy(self) -> str:
        return "not there; check the id"


class AccessDeniedError(FetchError):
    """403: arXiv asks to stop (info.arxiv.org/help/robots); going on would be read as an attack."""

    reason = "denied"

    def remedy(self) -> str:
        return "access denied: requests to this host stop for this run; write to the host if it lasts"


class CoolingDownError(FetchError):
    """429, 503 or 406 that outlasted the retries: the host wants us to come back later."""

    reason = "cooling-down"

    def __init__(self, url: str, detail: str = "", retry_at: str = "") -> None:
        super().__init__(url, detail)
        self.args = (url, detail, retry_at)
        self.retry_at = retry_at

    def remedy(self) -> str:
        when = f" after {self.retry_at}" if self.retry_at else " later"
        return f"the host asks to come back{when}; the next run goes on from here"


class BadResponseError(FetchError):
    """An answer that is not what its address promises (HTML for a PDF, cut short, not XML)."""

    reason = "bad-response"

    def remedy(self) -> str:
        return "the answer is not what was asked for; the next run tries again"


class SourceContradictionError(FetchError):
    """The source contradicts itself (an empty page amid a non-empty result): a fault until proven otherwise."""

    reason = "contradiction"

    def remedy(self) -> str:
        return "the source answered with an empty page although it counts more; the next run asks again"


class ArxivQueryError(FetchError):
    """arXiv's error entry: the query itself is refused."""

    reason = "query-refused"

    def remedy(self) -> str:
        return "arXiv refused the query"


# --- storage ---------------------------------------------------------------------------------------------------


class StoreError(VlmIngestError):
    """The database cannot do what was asked."""

    def __init__(self, path: str, detail: str = "") -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.path}: {self.remedy()}"
        return f"{text} ({self.detail})" if self.detail else text

    def remedy(self) -> str:
        """What a person can do."""
        return "the database failed"


class NoDatabaseError(StoreError):
    """There is no database at the path."""

    def remedy(self) -> str:
        return "no database here yet; run `vlmingest demo` or `vlmingest add PAPER` first, or name one with --db"


class NotADatabaseError(StoreError):
    """The file is something else."""

    def remedy(self) -> str:
        return "this file is not a vlmingest database; name another with --db"


class NewerDatabaseError(StoreError):
    """Made by a newer vlmingest."""

    def remedy(self) -> str:
        return "the database was made by a newer vlmingest; upgrade the program"


class LockedDatabaseError(StoreError):
    """Another process holds the write lock."""

    def remedy(self) -> str:
        return "another process is writing to the database; wait for it to end and try again"


class ReadOnlyDatabaseError(StoreError):
    """File or folder cannot be written."""

    def remedy(self) -> str:
        return "the database cannot be written; check the rights of the file and of its folder"


class DiskFullError(StoreError):
    """No space left."""

    def remedy(self) -> str:
        return "the disk is full; free some space and run again, finished papers are kept"


class CorruptContentError(StoreError):
    """A stored file whose bytes no longer match its name."""

    def remedy(self) -> str:
        return "the stored file changed on disk; delete it and fetch the paper again"


class UnknownItemError(VlmIngestError):
    """No such paper, review item, entry or field."""

    def __init__(self, kind: str, name: str, hint: str = "") -> None:
        super().__init__(kind, name, hint)
        self.kind, self.name, self.hint = kind, name, hint

    def __str__(self) -> str:
        return f"there is no {self.kind} {self.name!r}" + (f"; {self.hint}" if self.hint else "")


class ListMismatchError(VlmIngestError):
    """The file at the place of an export is another list, not an edited version of ours."""

    exit_code = 2

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return (
            f"{self.path} holds another list, and an export would overwrite it; name another file with --out, "
            "or take that list over first: vlmingest import-list"
        )


class InvalidVerdictError(VlmIngestError):
    """A verdict that the field cannot take."""

    exit_code = 2

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(field, value, expected)
        self.field, self.value, self.expected = field, value, expected

    def __str__(self) -> str:
        return f"{self.value!r} is no value of {self.field}; expected {self.expected}"


class SettingError(VlmIngestError):
    """A setting with an impossible value."""

    exit_code = 2

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(name, value, expected)
        self.name, self.value, self.expected = name, value, expected

    def __str__(self) -> str:
        return f"setting {self.name}={self.value!r}: expected {self.expected}"


class DataFileError(VlmIngestError):
    """A vocabulary, rule, prompt or weights file that breaks its own format."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(path, detail)
        self.path, self.detail = path, detail

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class ConservationError(VlmIngestError):
    """A run whose counts do not add up: papers in != done + skipped + failed."""

    def __init__(self, stage: str, counts: str) -> None:
        super().__init__(stage, counts)
        self.stage, self.counts = stage, counts

    def __str__(self) -> str:
        return f"stage {self.stage}: the counts do not add up ({self.counts}); please report this as a bug"


class MissingExtraError(VlmIngestError):
    """An optional part whose packages are not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(extra, purpose)
        self.extra, self.purpose = extra, purpose

    def __str__(self) -> str:
        return f'{self.purpose} needs more packages: pip install "vlmingest[{self.extra}]"'


class TooFewVerdictsError(VlmIngestError):
    """Too few papers were judged to train the triage on."""

    def __init__(self, accepted: int, rejected: int, fewest: int) -> None:
        super().__init__(accepted, rejected, fewest)
        self.accepted, self.rejected, self.fewest = accepted, rejected, fewest

    def __str__(self) -> str:
        return (
            f"{self.accepted} accepted and {self.rejected} rejected papers are too few to train on: at least "
            f"{self.fewest} of each; judge more with: vlmingest review list --reason new-entry"
        )


class LlmError(VlmIngestError):
    """The optional second reader failed; the rules' record stands."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"the LLM reader failed: {self.detail}; the record of the rules stands"


class LlmBudgetError(LlmError):
    """The token budget is used up."""

    def __str__(self) -> str:
        return f"the LLM budget is used up: {self.detail}; raise VLMINGEST_LLM_BUDGET_TOKENS or wait for the next run"
