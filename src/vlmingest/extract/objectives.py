"""Training objectives: stated in sentences about the model's own training."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_OBJECTIVES = (
    ("sigmoid-contrastive", r"\bsigmoid (?:contrastive )?loss\b", 2),
    ("contrastive", r"\bcontrastive (?:loss|learning|objective|training|pre-?training)\b|\bITC\b", 3),
    ("image-text-matching", r"\bimage[- ]text matching\b|\bITM\b", 2),
    (
        "masked-modeling",
        r"\bmasked? (?:language|image|token|visual)\w* (?:and image )?(?:model\w+|prediction)\b|\bMLM\b",
        2,
    ),
    ("captioning", r"\bcaptioning loss\b", 2),
    ("preference-optimization", r"\bpreference optimi[sz]ation\b|\b[DM]PO\b", 3),
    ("reinforcement-learning", r"\breinforcement (?:learning|fine-?tuning)\b|\bGRPO\b|\bPPO\b", 4),
    ("distillation", r"\bdistillation (?:loss|setup|objective)\b", 1),
    (
        "diffusion",
        r"\b(?:discrete )?(?:denoising )?diffusion (?:loss|model\w+|objective|training)\b|\bflow[- ]matching\b",
        4,
    ),
    (
        "language-modeling",
        (
            r"\b(?:next[- ](?:text[- ])?token prediction|auto-?regressive\w* (?:loss|objective|training|manner)|language model(?:l?ing) (?:loss|objective)|"
            r"instruction[- ]tuning|supervised fine-?tuning|\bSFT\b|causal language model\w*|cross-?entropy loss)\b"
        ),
        1,
    ),
)
_PATTERNS = tuple(
    (kind, re.compile(pattern, 0 if kind == "x" else re.IGNORECASE), least) for kind, pattern, least in _OBJECTIVES
)
_ZONES = frozenset({SectionKind.ABSTRACT, SectionKind.METHOD, SectionKind.TRAINING, SectionKind.INTRODUCTION})
_THEIRS = re.compile(
    r"\b(?:previous|prior|existing|unlike|such as|instead of|traditional|eliminat\w+|compar\w+)\b", re.IGNORECASE
)


def read_objectives(view: PaperView) -> Iterator[Candidate]:
    """Kinds of objective named often enough where the paper speaks of its own model."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, pattern, _ in _PATTERNS:
        for match in pattern.finditer(view.text, 0, view.body_end):
            sentence = view.sentence_at(match.start())
            if sentence is None or sentence.section not in _ZONES:
                continue
            if not _THEIRS.search(view.text, sentence.start, sentence.end):
                found[kind].append((match.start(), match.end()))
    for kind, _, least in _PATTERNS:
        places = found[kind]
        if len(places) < least or (
            kind == "contrastive" and "sigmoid-contrastive" in found and len(found["sigmoid-contrastive"]) > 3
        ):
            continue
        yield Candidate(
            field=FieldName.OBJECTIVE,
            value=kind,
            evidence=tuple(view.evidence(start, end, "training.objective.v1") for start, end in places[:2]),
            reader="rule:training.objective.v1",
            confidence=round(min(0.9, 0.5 + 0.06 * len(places)), 3),
        )
