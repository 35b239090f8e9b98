"""The second reader: windows of a Document -> replies of a model -> candidates whose quotes stand in the text.

No candidate of it is ever sure of itself: the confidence is below what `settle` accepts alone, and the
attribute `unverified_name` says that no vocabulary vouches for the name. A planted name reaches a person, not the list.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from vlmingest.document import Document, Finding, Span
from vlmingest.errors import LlmBudgetError, LlmError
from vlmingest.llm.budget import Budget
from vlmingest.llm.grounding import find_quote, holds_value
from vlmingest.llm.prompts import Prompt, RenderedPrompt, load_prompt, render
from vlmingest.records import Candidate, Evidence, FieldName

CONFIDENCE = 0.55  # kept for a person even where the rules say something else; never accepted alone
_CUES = re.compile(
    r"vision encoder|image encoder|visual encoder|language model|backbone|projector|frozen|"
    r"we (?:use|adopt|employ|initiali[sz]e)|architecture|stage",
    re.IGNORECASE,
)
_FIELDS = {"vision_encoder": FieldName.VISION_ENCODER, "language_model": FieldName.LANGUAGE_MODEL}


@dataclass(frozen=True, slots=True)
class Reply:
    """The raw text of an answer (JSON by the schema, if the model kept to it) and the tokens used."""

    text: str
    tokens: int


class Reader(Protocol):
    """Something that answers prompts; `model` names it in evidence and cache keys."""

    @property
    def model(self) -> str: ...

    def ask(self, prompt: RenderedPrompt) -> Reply:
        """One call; raises LlmError."""
        ...


class Cache(Protocol):
    """Raw replies by key; what the store (or a dict in tests) provides."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, text: str) -> None: ...


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    field: Literal["vision_encoder", "language_model"]
    value: str
    quote: str


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    facts: list[_Fact]


def windows(document: Document, prompt: Prompt) -> list[Span]:
    """At most `max_windows` spans before the references, those with the most cues, in order; the first always."""
    end = document.references.start if document.references else len(document.text)
    width = prompt.spec.window_characters
    spans = [Span(start, min(start + width, end)) for start in range(0, end, width)]
    ranked = sorted(spans[1:], key=lambda span: (-len(_CUES.findall(document.text, *span)), span.start))
    return sorted(spans[:1] + ranked[: prompt.spec.max_windows - 1])


def llm_candidates(
    document: Document, reader: Reader, cache: Cache, budget: Budget, known_names: frozenset[str] = frozenset()
) -> tuple[list[Candidate], list[Finding]]:
    """Candidates for encoders and language models. Trouble of the model or the budget is a finding: the rules stand."""
    prompt = load_prompt()
    candidates: dict[tuple[FieldName, str], Candidate] = {}
    findings: list[Finding] = []
    for span in windows(document, prompt):
        try:
            text = _ask(render(prompt, document.quote(*span)), reader, cache, budget)
            facts = _Facts.model_validate_json(text).facts
        except LlmBudgetError as error:
            findings.append(Finding(code="llm-budget", message=str(error)))
            break
        except LlmError as error:
            findings.append(Finding(code="llm-failed", message=str(error)))
            continue
        except ValidationError as error:
            findings.append(Finding(code="llm-invalid-reply", message=f"{error.error_count()} errors in the reply"))
            continue
        name = f"llm:{prompt.reader}:{reader.model}"
        for candidate in _grounded(facts, document, name, known_names, findings):
            candidates.setdefault((candidate.field, candidate.key), candidate)
    return list(candidates.values()), findings


def _ask(prompt: RenderedPrompt, reader: Reader, cache: Cache, budget: Budget) -> str:
    """The raw reply, from the cache or from the model; stored before anyone judges it."""
    parts = json.dumps([prompt.sha, reader.model, hashlib.sha256(prompt.text.encode("utf-8", "replace")).hexdigest()])
    key = hashlib.sha256(parts.encode()).hexdigest()
    stored = cache.get(key)
    if stored is not None:
        return stored
    reserved = prompt.estimated_tokens
    budget.reserve(reserved)
    reply = reader.ask(prompt)
    budget.settle(reserved, reply.tokens)
    cache.put(key, reply.text)
    return reply.text


def _grounded(
    facts: list[_Fact], document: Document, reader: str, known_names: frozenset[str], findings: list[Finding]
) -> Iterator[Candidate]:
    for fact in facts:
        span = find_quote(fact.quote, document.text)
        if span is None or not holds_value(fact.value, document.quote(*span)):
            findings.append(
                Finding(code="llm-ungrounded", message="a value without a quote was dropped", field=fact.field)
            )
            continue
        section = document.section_at(span.start)
        evidence = Evidence(
            quote=document.quote(*span), page=document.page_at(span.start), section=section.label if section else None,
            start=span.start, end=span.end, reader=reader, source=document.source,
        )  # fmt: skip
        yield Candidate(
            field=_FIELDS[fact.field], value=fact.value.strip(), evidence=(evidence,), reader=reader,
            confidence=CONFIDENCE, attributes={"unverified_name": fact.value.strip().casefold() not in known_names},
        )  # fmt: skip
