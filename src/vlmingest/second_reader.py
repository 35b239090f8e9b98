"""Joins the optional LLM reader to the workshop: one edition in, candidates and findings out, never a failure.

Runs outside any database transaction: a slow server must not hold the write lock. Only replies are stored here (in
the cache, as they come); the pipeline stores the candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vlmingest.document import Finding
from vlmingest.errors import LlmBudgetError, LlmError, MissingExtraError
from vlmingest.llm import llm_candidates
from vlmingest.store.llm_cache import LlmCache
from vlmingest.vocabulary import load

if TYPE_CHECKING:
    from vlmingest.records import Candidate
    from vlmingest.workshop import Workshop


def llm_reading(shop: Workshop, edition: tuple[str, int]) -> tuple[list[Candidate], list[Finding]]:
    """What the second reader says of the stored document of (paper, version); trouble with the LLM is a finding."""
    document = shop.store.document(*edition)
    if document is None:
        return [], []
    try:
        return llm_candidates(
            document, shop.llm_reader, LlmCache(shop.store), shop.llm_budget, known_names(document.text)
        )
    except LlmBudgetError as error:
        return [], [Finding(code="llm-budget", message=str(error))]
    except (LlmError, MissingExtraError) as error:
        return [], [Finding(code="llm-failed", message=str(error))]


def known_names(text: str) -> frozenset[str]:
    """The spellings in `text` of encoders and language models that the vocabulary knows, casefolded."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow in lower case; the automaton needs equal offsets
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    mentions = load().find(text, lowered)
    return frozenset(text[item.start : item.end].casefold() for item in mentions if item.code.kind != "dataset")
