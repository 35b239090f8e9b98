"""Is this document the paper that the metadata speaks of, and is it a paper at all? Doubts are findings, never errors.

Slides, reading notes, reviews, translations and model cards carry the title of a paper and are not the paper: so the
title alone proves nothing; the abstract's own word pairs, the language and the length have to agree too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from vlmingest.document import BlockKind, Document, Finding
from vlmingest.records import PaperMetadata

WRONG_DOCUMENT = "wrong-document"
NOT_A_PAPER = "not-a-paper"

# Thresholds, each set between what papers and what other files of the reference corpus show
_HEAD_WORDS = 1500  # title and abstract stand within these, long author lists included
_TITLE_RECALL = 0.7
_ABSTRACT_RECALL = 0.45  # word pairs; an older version's abstract still shares most of them
_ABSTRACT_WORDS = 30  # shorter ones prove nothing
_PAPER_WORDS = 1400  # a two-page extended abstract has more
_SHORT_PAPER_WORDS = 400  # a paper of one page, with all its parts, has more
_WORDS_PER_PAGE = 120  # slides have fewer
_ENGLISH = 0.18  # share of the commonest function words in an English abstract; prose has 0.25-0.4
_FOREIGN = 0.045  # whole English papers have 0.07 (lists of languages) to 0.3, translations 0.00-0.02
_COMMON = frozenset(
    ["the", "of", "and", "to", "in", "a", "is", "that", "for", "with", "on", "as", "we", "by", "are", "this", "from"]
) | {"be", "our", "an", "it", "which", "can", "or"}
_MARKS = (
    re.compile(r"\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]"),
    re.compile(r"\bet al\.?,?\s*[(\[]?(?:19|20)\d\d"),
    re.compile(r"\((?:[A-Z][^()]{1,80}?,?\s)(?:19|20)\d\d[a-z]?\)"),
)
_REFERENCES = re.compile(
    r"(?im)^\W{0,3}(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited)\s*:?\s*$"
)
_ABSTRACT = re.compile(r"(?im)^\W{0,3}(?:abstract|a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary)\b")
_HEADING = re.compile(
    r"(?im)^\W{0,2}(?:(?:\d{1,2}|[IVX]{1,4})\.?\s+)?"
    r"(?:introduction|related works?|background|(?:proposed )?methods?|methodology|approach|experiments?|"
    r"experimental (?:setup|results)|results|evaluations?|discussion|conclusions?|limitations)\b.{0,40}$"
)
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(ch for ch in folded if not unicodedata.combining(ch)))


def _pairs(words: list[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words))


def _recall(wanted: Counter[tuple[str, str]], found: Counter[tuple[str, str]]) -> float:
    total = sum(wanted.values())
    return sum((wanted & found).values()) / total if total else 1.0


def _english_share(words: list[str]) -> float:
    return sum(word in _COMMON for word in words) / len(words) if words else 0.0


def _finding(code: str, reasons: Iterable[str]) -> list[Finding]:
    told = list(reasons)
    return [Finding(code=code, message="; ".join(told))] if told else []


def check_identity(document: Document, paper: PaperMetadata) -> list[Finding]:
    """Findings of code `wrong-document` where title, abstract, language or length speak against the metadata."""
    words = _words(document.text)
    head = words[:_HEAD_WORDS]
    doubts: list[str] = []
    title = _words(paper.title)
    # a running head may repeat the title on every page, a review quotes it: title words must stand near the start
    title_recall = sum((Counter(title) & Counter(head)).values()) / len(title) if title else 1.0
    abstract = _words(paper.abstract)
    abstract_recall = _recall(_pairs(abstract), _pairs(head)) if len(abstract) >= _ABSTRACT_WORDS else 1.0
    if title_recall < _TITLE_RECALL and (len(abstract) < _ABSTRACT_WORDS or abstract_recall < 2 * _ABSTRACT_RECALL):
        doubts.append(f"only {title_recall:.0%} of the title's words stand at its start")
    if abstract_recall < _ABSTRACT_RECALL:
        doubts.append(f"its first pages hold {abstract_recall:.0%} of the abstract's word pairs")
    if _english_share(abstract) >= _ENGLISH and _english_share(words) < _FOREIGN:
        doubts.append("it is written in another language than the abstract")
    if len(words) < _PAPER_WORDS and not _is_whole(document, words):
        doubts.append(f"it has {len(words)} words, too few for the paper")
    elif _is_sparse(document, words):
        doubts.append(f"it has {len(words) // len(document.pages)} words a page, like slides")
    return _finding(WRONG_DOCUMENT, doubts)


def _is_whole(document: Document, words: list[str]) -> bool:
    """Whether a short text has all that a paper has: abstract, sections of its own, references. A first page has not."""
    headings = [s for s in document.sections if not s.is_reference and not s.is_appendix]
    has_abstract = document.abstract is not None or bool(_ABSTRACT.search(document.text[:3000]))
    return len(words) >= _SHORT_PAPER_WORDS and has_abstract and len(headings) >= 3 and document.references is not None


def _is_sparse(document: Document, words: list[str]) -> bool:
    return bool(document.pages) and len(words) < _WORDS_PER_PAGE * len(document.pages)


def looks_like_paper(document: Document) -> list[Finding]:
    """Findings of code `not-a-paper` where the file lacks what makes a paper: abstract, sections, citations, length."""
    text = document.text
    words = _words(text)
    if len(words) < _PAPER_WORDS and not _is_whole(document, words):
        return _finding(NOT_A_PAPER, [f"it has only {len(words)} words"])
    if _is_sparse(document, words):
        return _finding(NOT_A_PAPER, [f"it has {len(words) // len(document.pages)} words a page, like slides"])
    marks = sum(len(pattern.findall(text)) for pattern in _MARKS)
    headings = {match[0].strip().casefold() for match in _HEADING.finditer(text)}
    has_abstract = document.abstract is not None or bool(_ABSTRACT.search(text[:12_000]))
    has_references = document.references is not None or bool(_REFERENCES.search(text))
    has_references = has_references or any(block.kind is BlockKind.REFERENCE for block in document.blocks)
    signs = {
        "an abstract": has_abstract,
        "a list of references": has_references,
        "the usual sections": len(headings) >= 2 or len(document.sections) >= 4,
        "citations": marks >= 8,
        "English text": _english_share(words) >= _FOREIGN,
    }
    missing = [name for name, present in signs.items() if not present]
    # one may be missing: a technical report without abstract, a template with odd headings
    if len(missing) >= 2:
        return _finding(NOT_A_PAPER, [f"it has no {' and no '.join(_bare(name) for name in missing)}"])
    return []


def _bare(name: str) -> str:
    return name.removeprefix("an ").removeprefix("a ").removeprefix("the ")


def agreement(a: Document, b: Document) -> float:
    """How much of each one's prose stands in the other: the smaller of the two word-pair recalls, 0..1.

    Prose only: references, tables, formulas and the words inside figures come out differently in every format, and a
    PDF cannot always tell them from running text.
    """
    return min(_recall(_pairs(_prose(a)), _pairs(_words(b.text))), _recall(_pairs(_prose(b)), _pairs(_words(a.text))))


def cross_checked(document: Document, other: bytes, least: float) -> Document:
    """The document, with a finding where another format of the same version has less than `least` in common with it.

    Raises a DocumentError where the other format cannot be read: that says nothing about the document.
    """
    from vlmingest.read import read_document  # noqa: PLC0415 - the door imports its readers when they are needed

    second = read_document(other)
    common = agreement(document, second)
    if common >= least:
        return document
    doubt = f"its {document.source} and its {second.source} share only {common:.0%} of their word pairs"
    return document.model_copy(update={"findings": (*document.findings, *_finding(WRONG_DOCUMENT, [doubt]))})


_BODY = frozenset({BlockKind.ABSTRACT, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CAPTION})
_PROSE = 0.12  # share of common words; words inside figures and tables have next to none


def _prose(document: Document) -> list[str]:
    """The words of the blocks that hold sentences; of the whole text where no block is marked or none does."""
    references = document.references
    start, end = (references.start, references.end) if references else (0, 0)
    words: list[str] = []
    for block in document.blocks:
        if block.kind in _BODY and not start <= block.start < end:
            inside = _words(document.text[block.start : block.end])
            words += inside if _english_share(inside) >= _PROSE else []
    return words or _words(document.text)
