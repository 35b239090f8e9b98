"""A run's report: for a terminal, as Markdown, as JSON. Foreign text is escaped in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vlmingest.jobs import Report
from vlmingest.records import StageCounts

_STAGE_WORDS = {
    "discover": "listed by the source",
    "triage": "judged by title and abstract",
    "fetch": "full texts",
    "read": "read",
    "extract": "extracted",
    "settle": "settled into records",
}
_LONGEST_LIST = 10
_MARKDOWN = str.maketrans({ch: f"\\{ch}" for ch in "\\`*_{}[]<>|#"})


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "run": report.run,
        "kind": report.kind,
        "status": report.status,
        "since": report.since,
        "until": report.until,
        "counts": {stage: counts.model_dump() for stage, counts in report.counts.items()},
        "new_papers": report.new_papers,
        "new_versions": report.new_versions,
        "withdrawn": report.withdrawn,
        "records_changed": report.processed,
        "failures": [
            {
                "paper": one.paper,
                "version": one.version,
                "stage": one.stage,
                "reason": one.reason,
                "message": one.message,
            }
            for one in report.failures
        ],
        "still_failing": report.still_failing,
        "notes": report.notes,
        "quiet_because": report.quiet_because,
        "open_review_items": report.open_items,
        "requests": report.requests,
        "off_topic_lines": report.off_topic,
        "missed": report.missed,
    }


def report_text(report: Report, db: str) -> str:
    """The report in plain words, with the next step."""
    window = f" for {report.since} to {report.until}" if report.since else ""
    lines = [f"Run {report.run} ({report.kind}){window}: {_outcome(report)}"]
    lines += [f"  {line}" for line in _count_lines(report.counts)]
    if report.off_topic:
        lines.append(f"  left out by the first filter: {report.off_topic} lines without a word of the topic")
    if report.missed:
        lines.append(f"  {report.missed}")
    for title, ids in _news(report):
        lines.append(f"  {title}: {_shortened(ids)}")
    for failure in report.failures:
        lines.append(f"  ! {_clean(failure.message) or failure.reason} [{failure.stage}: {failure.reason}]")
    lines += [f"  note: {_clean(note)}" for note in report.notes]
    lines.append(f"  requests sent: {report.requests}")
    lines.append(_next_step(report, db))
    return "\n".join(lines)


def report_markdown(report: Report) -> str:
    """The report as Markdown, for Prefect's artifact and for files."""
    lines = [f"# Run {report.run}: {report.kind}", "", _outcome(report).capitalize(), ""]
    lines += ["| stage | in | done | skipped | failed |", "| --- | ---: | ---: | --- | --- |"]
    for stage, counts in report.counts.items():
        skipped, failed = _reasons(counts.skipped) or "0", _reasons(counts.failed) or "0"
        lines.append(f"| {stage} | {counts.entered} | {counts.done} | {skipped} | {failed} |")
    for title, ids in _news(report):
        lines += ["", f"**{title}**: {_shortened(ids, 50)}"]
    if report.failures:
        lines += ["", "## Failures", ""]
        lines += [
            f"- {_escape(one.paper)}: {_escape(one.message)} ({one.stage}: {one.reason})" for one in report.failures
        ]
    if report.notes:
        lines += ["", "## Notes", "", *(f"- {_escape(note)}" for note in report.notes)]
    lines += ["", f"Open review items: {report.open_items}. Requests sent: {report.requests}.", ""]
    return "\n".join(lines)


def stage_rows(report: Report) -> list[dict[str, str | int]]:
    """The counts as rows, for a table artifact."""
    return [
        {
            "stage": stage,
            "in": counts.entered,
            "done": counts.done,
            "skipped": _reasons(counts.skipped),
            "failed": _reasons(counts.failed),
        }
        for stage, counts in report.counts.items()
    ]


def _outcome(report: Report) -> str:
    if report.status == "degraded":
        return "finished; some papers failed or wait, see below"
    if not report.is_quiet:
        return "done"
    return f"nothing is new: {report.quiet_because}" if report.quiet_because else "nothing is new"


def _count_lines(counts: dict[str, StageCounts]) -> Iterator[str]:
    for stage, count in counts.items():
        parts = [f"{count.done} done"]
        if count.skipped:
            parts.append(f"skipped: {_reasons(count.skipped)}")
        if count.failed:
            parts.append(f"failed: {_reasons(count.failed)}")
        yield f"{_STAGE_WORDS[stage]:<28} {count.entered:>5}   {'; '.join(parts)}"


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in counts.items())


def _news(report: Report) -> Iterator[tuple[str, list[str]]]:
    for title, ids in (
        ("new papers", report.new_papers),
        ("new versions", report.new_versions),
        ("withdrawn", report.withdrawn),
        ("records made or changed", report.processed),
        ("fail as in earlier runs", report.still_failing),
    ):
        if ids:
            yield title, ids


def _shortened(ids: list[str], longest: int = _LONGEST_LIST) -> str:
    more = f" and {len(ids) - longest} more" if len(ids) > longest else ""
    return ", ".join(ids[:longest]) + more


def _next_step(report: Report, db: str) -> str:
    if report.open_items:
        number = "1 question waits" if report.open_items == 1 else f"{report.open_items} questions wait"
        return f"Next: {number} for you: vlmingest review list --db {db}"
    return f"Next: nothing waits for you. Publish with: vlmingest export markdown --out catalogue --db {db}"


def _clean(text: str) -> str:
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())


def _escape(text: str) -> str:
    return _clean(text).translate(_MARKDOWN)
