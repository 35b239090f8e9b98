"""The full text confirms or withdraws what triage said of the metadata: does the paper propose a vision-language model?"""

from __future__ import annotations

import re

from vlmingest.extract.view import PaperView
from vlmingest.records import Label, Relevance

_SURVEY = re.compile(
    r"\b(?:a|comprehensive|systematic) (?:survey|review)\b|\bsurvey of\b|:\s*(?:a )?(?:survey|review)\b", re.IGNORECASE
)
_RESOURCE = re.compile(r"\b(?:benchmark|data ?set|corpus)\b", re.IGNORECASE)
_MODEL = re.compile(r"\b(?:model|assistant|pre-?train\w*|gpt|llava|mllm|lmm|vlm|tuning)\b", re.IGNORECASE)
_VISION = re.compile(r"\b(?:image|visual|vision|video|multi-?modal|pixel)\w*", re.IGNORECASE)
_LANGUAGE = re.compile(r"\b(?:language model|llm|text|caption|instruction|vocabulary)\w*", re.IGNORECASE)
_FEW = 3.0  # mentions in 10,000 characters below which a paper is not about the thing


def second_look(view: PaperView, relevance: Relevance) -> Relevance:
    """`relevance` with the label that the text supports; reasons are added, never taken away."""
    title, body = view.title, view.text[: view.body_end]
    share = 10_000 / max(len(body), 1)
    vision = share * sum(1 for _ in _VISION.finditer(body))
    language = share * sum(1 for _ in _LANGUAGE.finditer(body))
    label: Label | None = None
    reason = ""
    if _SURVEY.search(title):
        label, reason = "no", "the title says survey or review"
    elif _RESOURCE.search(title) and not _MODEL.search(title):
        label, reason = "no", "the title names a benchmark or a dataset, no model"
    elif vision < _FEW:
        label, reason = "no", f"the text hardly speaks of images ({vision:.1f} mentions in 10,000 characters)"
    elif language < _FEW:
        label, reason = "no", f"the text hardly speaks of language ({language:.1f} mentions in 10,000 characters)"
    if label is None:
        return relevance
    return relevance.model_copy(
        update={"label": label, "score": min(relevance.score, 0.2), "reasons": (*relevance.reasons, reason)}
    )
