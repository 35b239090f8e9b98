"""What the sections of a paper are about, by their headings."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class SectionKind(StrEnum):
    """What a section is about, by its heading and the headings above it."""

    FRONT = "front"  # title block, before any heading
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    RELATED = "related-work"
    METHOD = "method"
    TRAINING = "training"
    DATA = "data"
    EXPERIMENTS = "experiments"
    ABLATION = "ablation"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    OTHER = "other"


# The first that matches a heading wins; order is from the telling to the vague.
_HEADINGS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (SectionKind.ABSTRACT, r"^\W*abstract\b"),
        (SectionKind.REFERENCES, r"^\W*(?:references|bibliography)\b"),
        (SectionKind.RELATED, r"related|prior work|previous work|background|literature|preliminar|comparison (?:with|to) (?:other|related)"),
        (SectionKind.ABLATION, r"ablat|effect of|impact of|effects of|influence of|sensitivity|\bdoes\b|\bwhat makes\b|\bhow\b.*\?|alternative"),
        (SectionKind.CONCLUSION, r"conclu|limitation|future|broader|ethic|societal|acknowledg|contribut(?:ors|ion statement)|discussion|reproducib"),
        (SectionKind.INTRODUCTION, r"introduc|motivation|overview of contributions"),
        (SectionKind.EXPERIMENTS, r"compared (?:methods|models|systems|baselines|approaches)|compet(?:ing|itors)|experiment|evaluat|benchmark|result|performance|comparison|quantitative|qualitative|zero-shot|few-shot|transfer|downstream|visuali[sz]ation|case stud|analysis|downstream|state-of-the-art|demo"),
        (SectionKind.DATA, r"\bdata\b|dataset|corpus|corpora|data(?:set)? (?:construction|curation|collection|mixture|recipe)|annotation pipeline|instruction[- ]tuning data"),
        (SectionKind.TRAINING, r"train|tuning|optimi[sz]|hyper-?param|implementation|\bsetup\b|\bsettings?\b|alignment|objective|\bloss|learning|stage|infrastructure|recipe|reward|distillation|configuration"),
        (SectionKind.METHOD, r"method|architect|approach|\bmodels?\b|framework|encoder|backbone|connector|projector|design|module|overview|network|component|system|resampl|tokeni[sz]|adapter|structure|fusion"),
    )
)  # fmt: skip


@lru_cache(maxsize=1024)
def heading_kind(title: str) -> SectionKind:
    """The kind a heading speaks of; OTHER where it does not say. Many papers share their headings."""
    low = title.lower()
    for kind, pattern in _HEADINGS:
        if pattern.search(low):
            return kind
    return SectionKind.OTHER
