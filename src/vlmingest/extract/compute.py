"""Accelerators used to train: device, count and hours from sentences about training."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_DEVICE = re.compile(
    r"\b(?P<device>(?:A|H|V|L|P|B)(?:10|100|200|800|20|40|4|40S)(?!\d)|RTX\s?(?:A?\d{4})(?:\s?Ti)?|GeForce \w+|TPU[- ]?v\d[a-z]*|"
    r"Cloud\s?TPU[- ]?v\d|Ascend\s?\d+\w?|Kunlun P\d+|MI\d{3}X?|GH200|T4)\b"
)
_TRAIN = re.compile(
    r"\b(?:train|pre-?train|fine-?tun|tun|experiments?|optimi|conducted|run on|takes?|utili[sz]e)", re.IGNORECASE
)
_NOT = re.compile(
    r"inference|latency|throughput|\bFPS\b|generation process|annotat|caption generation|deploy|memory usage|measure",
    re.IGNORECASE,
)
_WORDS = {"one": 1, "two": 2, "four": 4, "eight": 8, "sixteen": 16, "a single": 1}
_COUNT = re.compile(
    r"(?P<n>\d[\d,]*|one|two|four|eight|sixteen|a single)\s?(?:[x×]|\s)?\s?(?:\(?\d+\s?GB?\)?\s)?(?:NVIDIA |Nvidia |Google |Tesla |Cloud |Huawei )*$"
)
_HOURS = re.compile(r"(\d+(?:\.\d+)?)\s(?:hours|hrs)\b")


def read_compute(view: PaperView) -> Iterator[Candidate]:
    """One candidate per device and count in a sentence that speaks of training."""
    seen: set[tuple[str, int | None]] = set()
    for match in _DEVICE.finditer(view.text, 0, len(view.text)):
        sentence = view.sentence_at(match.start())
        if sentence is None or sentence.section in (SectionKind.RELATED, SectionKind.REFERENCES, SectionKind.ABLATION):
            continue
        text = view.text[sentence.start : sentence.end]
        if not _TRAIN.search(text) or _NOT.search(text) or not re.search(r"GPU|TPU|chip|Kunlun|Ascend|[x×]", text):
            continue
        device = re.sub(r"\s+", " ", match.group("device")).replace("TPU-v", "TPUv").replace("TPU v", "TPUv")
        device = device.replace("Cloud ", "").replace("CloudTPU", "TPU")
        before = _COUNT.search(view.text, max(sentence.start, match.start() - 40), match.start())
        count: int | None = None
        if before:
            raw = before.group("n").lower()
            count = _WORDS.get(raw) or int(raw.replace(",", "") or 0) or None
        if (device, count) in seen or (count is None and any(name == device for name, _ in seen)):
            continue
        seen.add((device, count))
        hours = _HOURS.search(text)
        attributes: dict[str, JsonValue] = {"count": count, "hours": float(hours.group(1)) if hours else None}
        yield Candidate(
            field=FieldName.COMPUTE,
            value=device,
            attributes=attributes,
            evidence=(view.evidence(match.start(), match.end(), "training.compute.v1"),),
            reader="rule:training.compute.v1",
            confidence=0.85 if count else 0.65,
        )
