"""arXiv identifiers: one parser and one builder for every form that arXiv has used.

Source: info.arxiv.org/help/arxiv_identifier. `0704`-`1412`: YYMM.NNNN; from `1501`: YYMM.NNNNN (six digits may come);
before April 2007: archive/YYMMNNN with an optional subject class (`math.GT/0309136` is `math/0309136`). Version: `vN`.
"""

from __future__ import annotations

import re
from functools import total_ordering

from vlmingest.errors import InvalidArxivIdError

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int supr-con"
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW = rf"(?P<new>(?P<yymm>\d{{2}}{_MONTH})\.(?P<number>\d{{4,6}}))"
_ARCHIVE = "|".join(sorted(_ARCHIVES.split(), key=len, reverse=True))
_OLD = rf"(?P<archive>{_ARCHIVE})(?:\.[A-Za-z]{{2}})?/(?P<old>\d{{2}}{_MONTH}\d{{3}})"
_ID = rf"(?:{_NEW}|{_OLD})(?:v(?P<version>[1-9]\d{{0,3}}))?"
_PREFIXES = (
    r"(?:https?://)?(?:www\.|export\.|[a-z]{2}\.)?(?:arxiv\.org|ar5iv\.org|ar5iv\.labs\.arxiv\.org|alphaxiv\.org)/"
    r"(?:abs|pdf|html|e-print|src|format|ps|tb|list)/"
)
_DOI = r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\."
_FULL = re.compile(
    rf"\s*(?:{_PREFIXES}|{_DOI}|arxiv:\s*|oai:arxiv\.org:)?{_ID}(?:\.pdf|\.html?|/)?(?:[?#]\S*)?(?:\s*\[[\w.\-]+\])?\s*",
    re.IGNORECASE,
)
_FILE = re.compile(rf"(?:arxiv[._-]?)?{_ID.replace('/', '[_/]')}(?=\.[a-z]|\Z)", re.IGNORECASE)
_IN_TEXT = re.compile(rf"(?<![\w./]){_ID}(?![\w/]|\.\d)")


@total_ordering
class ArxivId:
    """An arXiv identity (`2304.08485`) with an optional version (2 for `v2`, None for "whatever is latest")."""

    __slots__ = ("base", "version")
    base: str
    version: int | None

    def __init__(self, base: str, version: int | None = None) -> None:
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "version", version)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"ArxivId is immutable, {name} cannot change")

    def __reduce__(self) -> tuple[type[ArxivId], tuple[str, int | None]]:
        return ArxivId, (self.base, self.version)

    @classmethod
    def parse(cls, text: str) -> ArxivId:
        """Read an id, URL (abs, pdf, html, e-print, src ...), DOI or `arXiv:` form; raises InvalidArxivIdError."""
        match = _FULL.fullmatch(text)
        if match is None:
            raise InvalidArxivIdError(text)
        return cls._of(match, text)

    @classmethod
    def of_filename(cls, name: str) -> ArxivId | None:
        """The id in a file name such as `2304.08485v2.pdf` or `hep-th_9901001.pdf`; None where it holds none."""
        match = _FILE.match(name)
        try:
            return None if match is None else cls._of(match, name)
        except InvalidArxivIdError:
            return None

    @classmethod
    def _of(cls, match: re.Match[str], text: str) -> ArxivId:
        version = int(match["version"]) if match["version"] else None
        if match["new"]:
            # four digits until 1412, five (or six) from 1501 on
            yymm, digits = match["yymm"], len(match["number"])
            if ("0704" <= yymm <= "1412" and digits != 4) or ((yymm < "0704" or yymm >= "1501") and digits < 5):
                raise InvalidArxivIdError(text)
            if yymm < "0704" or yymm >= "9101":
                raise InvalidArxivIdError(text)
            return cls(match["new"], version)
        return cls(f"{match['archive'].lower()}/{match['old']}", version)

    def with_version(self, version: int | None) -> ArxivId:
        """The same paper in another edition."""
        return ArxivId(self.base, version)

    @property
    def filename(self) -> str:
        """The id as a safe file stem (`hep-th_9901001v2`)."""
        return str(self).replace("/", "_")

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"

    def __repr__(self) -> str:
        return f"ArxivId({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArxivId):
            return NotImplemented
        return (self.base, self.version) == (other.base, other.version)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ArxivId):
            return NotImplemented
        return (self.base, self.version or 0) < (other.base, other.version or 0)

    def __hash__(self) -> int:
        return hash((self.base, self.version))


def find_arxiv_ids(text: str) -> list[ArxivId]:
    """Every arXiv id that stands in running text, in order, without repeats."""
    found: dict[ArxivId, None] = {}
    for match in _IN_TEXT.finditer(text):
        try:
            found.setdefault(ArxivId.parse(match[0]))
        except InvalidArxivIdError:
            continue
    return list(found)
