"""The body of a pull request: what a night brought, in words for the people who merge it.

Made from the report of a run (`vlmingest nightly --json`) and the database. What papers say is escaped: it opens no
tag, link or table cell, and calls nobody by an @.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vlmingest.catalogue import escape
from vlmingest.catalogue.fields import COLUMNS, display_name
from vlmingest.records import Record, ReviewItem
from vlmingest.store import Store

LIMIT = 60_000  # characters; the forge takes 65,536
_SHOWN_MODELS = 40
_SHOWN_QUESTIONS = 10
_SHOWN_FAILURES = 20
_FACTS = ("vision_encoders", "connectors", "language_models", "sizes")


def proposal(store: Store, report: Mapping[str, Any], findings: Sequence[Mapping[str, Any]] = ()) -> str:
    """Markdown; `report` is that of the run, `findings` those of the list's linter."""
    parts = [_summary(report)]
    fresh, changed = set(_ids(report, "new_papers")), set(_ids(report, "records_changed"))
    records = {paper: record for paper in sorted(fresh | changed) if (record := store.record(paper)) is not None}
    new = [record for paper, record in records.items() if paper in fresh and record.relevance.label != "no"]
    parts.append(_models("New models", new))
    parts.append(_models("Changed", [record for paper, record in records.items() if paper not in fresh]))
    parts.append(_list("Withdrawn", (f"`{_code(paper)}`" for paper in _ids(report, "withdrawn"))))
    parts.append(_questions(store.review_items(limit=_SHOWN_QUESTIONS), store.open_item_count()))
    parts.append(_failures(report.get("failures") or ()))
    parts.append(_list("Findings of the list's linter", (_finding(one) for one in findings)))
    parts.append(_counts(report))
    text = "\n\n".join(part for part in parts if part) + "\n"
    return (
        text if len(text) <= LIMIT else text[:LIMIT].rsplit("\n", 1)[0] + "\n\n(cut: the rest is in the run's report)\n"
    )


def _text(text: str) -> str:
    """Escaped; a forge looks for mentions in the rendered text, so that an @ is parted from its name there too."""
    return escape.markdown_text(text).replace("&#64;", "&#64;&#8203;")


def _ids(report: Mapping[str, Any], name: str) -> list[str]:
    return [str(paper) for paper in report.get(name) or ()]


def _code(text: str) -> str:
    """For a code span: no backtick ends it."""
    return "".join(ch for ch in text if ch.isprintable() and ch != "`")


def _summary(report: Mapping[str, Any]) -> str:
    window = f"{report['since']} to {report.get('until')}" if report.get("since") else ""
    news = [
        f"{len(ids)} {word}"
        for name, word in (("new_papers", "new papers"), ("new_versions", "new versions"), ("withdrawn", "withdrawn"))
        if (ids := _ids(report, name))
    ]
    outcome = f" ({_text(str(report['status']))})" if report.get("status") not in (None, "done") else ""
    when = f" for {_text(window)}" if window else ""
    return f"Run {_text(str(report.get('run', '?')))}{when}{outcome}: {', '.join(news) or 'nothing is new'}."


def _models(title: str, records: Sequence[Record]) -> str:
    if not records:
        return ""
    lines = [f"## {title}", "", "| Model | Paper | " + " | ".join(COLUMNS[name].label for name in _FACTS) + " |"]
    lines.append("| --- " * (len(_FACTS) + 2) + "|")
    for record in records[:_SHOWN_MODELS]:
        arxiv = record.paper.arxiv_id
        paper = f"[{arxiv}](https://arxiv.org/abs/{arxiv})" if arxiv else f"`{_code(record.paper.id)}`"
        facts = " | ".join(_text(COLUMNS[name].text(record)) or "–" for name in _FACTS)
        lines.append(f"| {_text(display_name(record))} | {paper} | {facts} |")
    if len(records) > _SHOWN_MODELS:
        lines += ["", f"and {len(records) - _SHOWN_MODELS} more"]
    return "\n".join(lines)


def _questions(items: Sequence[ReviewItem], total: int) -> str:
    if not total:
        return ""
    shown = (
        f"`{item.id}` `{_code(item.paper)}` {item.field.value if item.field else 'paper'}: "
        f"{_text(item.value or item.message)} ({item.reason.value})"
        for item in items
    )
    return _list(f"Questions for a reviewer: {total} open", shown) + "\n\nAnswer them with `vlmingest review list`."


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        f"`{_code(str(one.get('paper')))}` {_text(str(one.get('stage')))}: {_text(str(one.get('message')))}"
        for one in failures[:_SHOWN_FAILURES]
    ]
    if len(failures) > _SHOWN_FAILURES:
        lines.append(f"and {len(failures) - _SHOWN_FAILURES} more")
    return _list("Failed or waiting", lines)


def _finding(finding: Mapping[str, Any]) -> str:
    return f"line {finding.get('line')}: {_text(str(finding.get('rule')))}: {_text(str(finding.get('message')))}"


def _counts(report: Mapping[str, Any]) -> str:
    counts = report.get("counts") or {}
    if not counts:
        return ""
    lines = ["<details><summary>Papers through each stage</summary>", "", "| Stage | In | Done | Skipped | Failed |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for stage, one in counts.items():
        skipped, failed = (sum((one.get(name) or {}).values()) for name in ("skipped", "failed"))
        lines.append(f"| {_text(str(stage))} | {one.get('entered')} | {one.get('done')} | {skipped} | {failed} |")
    return "\n".join([*lines, "", f"Requests sent: {report.get('requests', 0)}.", "", "</details>"])


def _list(title: str, lines: Iterable[str]) -> str:
    items = [f"- {line}" for line in lines]
    return "\n".join([f"## {title}", "", *items]) if items else ""
