"""Connectors and architecture types: what sentences say (`connector_cues`), made consistent with the model's parts.

`read_connectors` hands the gathered strengths and the probabilities of the parts to `architecture.decide`, which gives a
confidence and a reason for every value.
"""

from __future__ import annotations

from collections.abc import Iterator

from vlmingest.extract.architecture import Strength, Verdict, decide, model_of
from vlmingest.extract.connector_cues import explores, gather_cues
from vlmingest.extract.connector_setting import before_llms, contrasts
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName

_SHOWN = 0.03
_SURE = 0.3
_MOST_QUOTES = 2


def verdicts(view: PaperView) -> list[Verdict]:
    """What is decided of every connector and architecture type; made once per paper."""
    return view.once(_verdicts)


def strengths(view: PaperView) -> dict[tuple[FieldName, str], Strength]:
    """How strongly sentences speak of every value."""
    cues = gather_cues(view)
    return {
        key: Strength(
            cue.strongest, cue.gathered, cue.places, cue.abstract, cue.told, cue.named, cue.denied, cue.spots()
        )
        for key, cue in cues.items()
    }


def _verdicts(view: PaperView) -> list[Verdict]:
    parts = [(use, probability) for use, probability, _ in weighed_parts(view)]
    return decide(strengths(view), model_of(parts, before_llms(view), contrasts(view)), explores(view))


def read_connectors(view: PaperView) -> Iterator[Candidate]:
    """Candidates of connectors and architecture types, each with its strongest sentences and a reason."""
    cues = gather_cues(view)
    parts = weighed_parts(view)
    for verdict in verdicts(view):
        hits = cues[verdict.field, verdict.value].hits if (verdict.field, verdict.value) in cues else []
        spans = [(span, rule) for _, span, rule in hits[:_MOST_QUOTES]]
        if not spans:
            spans = [
                (use.hits[0].span, "type.parts.v1")
                for use, probability, _ in parts
                if probability >= _SURE and use.hits
            ][:_MOST_QUOTES]
        if not spans or verdict.confidence < _SHOWN:
            continue
        yield Candidate(
            field=verdict.field,
            value=verdict.value,
            attributes={"detail": verdict.reason}
            if verdict.field is FieldName.TYPE
            else {},  # a connector's is its own
            evidence=tuple(view.evidence(span.start, span.end, rule) for span, rule in spans),
            reader=f"rule:{spans[0][1]}",
            confidence=round(verdict.confidence, 3),
            features=verdict.features,
        )
