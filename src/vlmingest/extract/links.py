"""Links of the paper's own code, project page, weights and demo: from annotations and from the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.extract.identity import name_candidates
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_URL = re.compile(
    r"(?:https?://|(?:www\.)?(?=github\.com/|huggingface\.co/)|(?<![\w.])(?=[\w-]+\.github\.io))[^\s<>\"'()\[\]{},;]+"
)
_HOSTS = (
    (FieldName.CODE, re.compile(r"^https?://(?:www\.)?(?:github\.com|gitlab\.com)/[\w.-]+/[\w.-]+")),
    (FieldName.DEMO, re.compile(r"^https?://(?:huggingface\.co/spaces/|[\w-]+\.hf\.space|demo\.)")),
    (FieldName.WEIGHTS, re.compile(r"^https?://(?:huggingface\.co|modelscope\.cn)/[\w.-]+")),
    (FieldName.PROJECT, re.compile(r"^https?://[\w-]+\.github\.io")),
)
_OWN = re.compile(
    r"\b(?:our|the)?\s?(?:source )?(?:codes?|models?|weights|checkpoints|project(?: page)?|demo|resources?)\b[^.]{0,60}"
    r"\b(?:available|released?|open-?sourced?|public|found|at|page)|project page|https?://\S+\s*$|we (?:will )?release",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:evaluation toolkit|following|we use the|library|adapted from|based on|implementation of|lmms-eval|vlmevalkit)",
    re.IGNORECASE,
)


def read_links(view: PaperView) -> Iterator[Candidate]:
    """Candidates for code, project, weights and demo; the repository whose name is the model's comes first."""
    names = [re.sub(r"[^a-z0-9]", "", name.lower()) for name, _, _ in name_candidates(view)[:3]]
    best: dict[tuple[FieldName, str], tuple[float, int, int]] = {}
    places = [(link.url, link.start, link.end) for link in view.document.links if link.start is not None]
    places += [(m.group(0), m.start(), m.end()) for m in _URL.finditer(view.text, 0, view.body_end)]
    for raw, start, end in places:
        url = _clean(raw)
        field = next((field for field, host in _HOSTS if host.match(url)), None)
        if field is None or start is None or end is None or start >= len(view.text):
            continue
        if (
            view.section_kind(start) in (SectionKind.REFERENCES, SectionKind.RELATED)
            or not view.text[start:end].strip()
        ):
            continue
        context = view.text[max(0, start - 140) : start]
        score = 0.35 + 0.3 * bool(_OWN.search(context)) - 0.3 * bool(_OTHERS.search(context))
        score += 0.15 * (view.document.page_at(start) in (None, 1))
        tail = re.sub(r"[^a-z0-9]", "", url.lower())
        score += 0.25 * any(len(name) > 2 and name in tail for name in names)
        key = (field, url)
        if score > best.get(key, (0.0, 0, 0))[0]:
            best[key] = (score, start, end)
    for (field, url), (score, start, end) in sorted(best.items(), key=lambda item: (-item[1][0], item[1][1])):
        if score < 0.45:
            continue
        evidence = view.evidence(start, end, f"{field.value}.v1")
        yield Candidate(
            field=field, value=url, evidence=(evidence,), reader=f"rule:{field.value}.v1", confidence=min(score, 0.97)
        )


def _clean(url: str) -> str:
    url = url.rstrip(".,;:!?)’”")
    return url if url.startswith("http") else f"https://{url}"
