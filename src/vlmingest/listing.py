"""The published list and the database: taking a list over, edits by hand as verdicts, questions of the list, checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from vlmingest import catalogue
from vlmingest.catalogue.lists.dates import release_of
from vlmingest.catalogue.lists.edits import ListEdit, edits_between
from vlmingest.catalogue.lists.entries import family_name
from vlmingest.errors import InvalidVerdictError, UnknownItemError, UsageError
from vlmingest.list_export import LIST_NAME, is_same_list
from vlmingest.records import Action, FieldName, Reason, ReviewItem, Verdict, value_key
from vlmingest.settle import check_verdict
from vlmingest.store import Store

LIST_REASONS = frozenset({Reason.EDIT_CONFLICT, Reason.NEW_FAMILY})
_BY = "list edit"
_LINK_FIELDS = (
    (FieldName.WEIGHTS, ("huggingface", "model", "weights", "checkpoint")),
    (FieldName.DEMO, ("demo", "gradio", "space")),
    (FieldName.CODE, ("github", "code")),
    (FieldName.PROJECT, ("project", "website", "page", "official")),
)


def take_over(
    store: Store, data: bytes, manifest: bytes | None, credits_file: bytes | None = None, path: str = ""
) -> dict[str, Any]:
    """Keep every byte of a list and its entries; returns counts and the import report.

    A list that is an edited version of the one we have: the edits are kept as such, and told.
    """
    if not data.strip():
        raise UsageError(f"{path or 'the list'} is empty; the list that is here stays as it is")
    document = catalogue.parse_list(data)
    entries = catalogue.entries_of(document, manifest)
    report = catalogue.import_report(document, entries)
    assert catalogue.render_list(document) == data
    assert report.bytes_unaccounted == 0
    before = store.list_bytes(LIST_NAME)
    known = catalogue.parse_list(before) if before is not None else None
    is_edited = known is not None and is_same_list(known, document) and not store.is_generation(LIST_NAME, data)
    edits = edits_between(known, document) if known is not None and is_edited else []
    with store.transaction():
        text = manifest.decode("utf-8", "replace") if manifest else "{}"
        store.replace_list(LIST_NAME, data, text, hashlib.sha256(data).hexdigest(), path)
        for role, content in (("manifest", manifest), ("credits", credits_file)):
            if content is not None:
                store.save_list_file(LIST_NAME, role, content)
        store.replace_entries(entries)
        for question in store.review_items(reason=Reason.NEW_ENTRY):
            if store.is_listed_by_hand(question.paper):
                store.close_item(question.id, "resolved")
        store.add_edits(LIST_NAME, edits)
        store.save_export(LIST_NAME, path, data)
        if not is_edited:
            store.forget_panels(LIST_NAME, {paper for entry in entries for paper in entry.papers})
    return {
        "entries": len(entries),
        "figures": report.with_figure,
        "dated": report.dated,
        "bytes": len(data),
        "edits": [edit.model_dump() for edit in edits],
        "report": report.model_dump(),
    }


# --- edits as verdicts -----------------------------------------------------------------------------------------


def flow_back(store: Store, edits: Iterable[ListEdit]) -> list[str]:
    """Edits of a panel whose paper we know become verdicts on its record; returns the papers to settle again.

    Links and the family's name are fields; everything else that people write stays in the list itself.
    """
    touched: dict[str, None] = {}
    for edit in edits:
        paper = next((one for one in edit.papers if store.record_exists(one)), None)
        verdict = verdict_of(paper, edit) if paper is not None else None
        if verdict is None or paper is None:
            continue
        try:
            check_verdict(verdict)
        except InvalidVerdictError:
            continue
        if not any(_says_the_same(verdict, other) for other in store.verdicts(paper)):
            store.add_verdict(verdict)
            touched.setdefault(paper)
    return list(touched)


def _says_the_same(verdict: Verdict, other: Verdict) -> bool:
    fields = (verdict.field, verdict.key, verdict.action, verdict.value)
    return not other.undone and fields == (other.field, other.key, other.action, other.value)


def verdict_of(paper: str, edit: ListEdit) -> Verdict | None:
    """What an edit says of a field of the record; None where it is no matter of a field."""
    note = f"edited in the list, entry {edit.entry}"
    if edit.what == "title":
        was, now = family_name(edit.before), family_name(edit.after)
        if was == now or not now:
            return None
        return Verdict(
            paper=paper, field=FieldName.NAME, key=value_key(was), action="correct", value=now, by=_BY, note=note
        )
    if edit.what != "link":
        return None
    field = _field_of(edit.after or edit.before)
    if field is None:
        return None
    was, now = edit.before.rpartition(" ")[2], edit.after.rpartition(" ")[2]
    action: Action = "correct" if was and now else "add" if now else "reject"
    key = value_key(was or now)
    return Verdict(paper=paper, field=field, key=key, action=action, value=now or None, by=_BY, note=note)


def _field_of(link: str) -> FieldName | None:
    label, _, url = link.rpartition(" ")
    words = label.casefold()
    if "arxiv" in words or "arxiv.org" in url:
        return None
    return next((field for field, names in _LINK_FIELDS if any(name in words for name in names)), None)


# --- where a part of the list came from ------------------------------------------------------------------------

LIST_PARTS = ("released", "title", "summary", "authors", "papers", "link", "figure", "prose", "entry")


def part_history(store: Store, name: str, part: str) -> dict[str, Any]:
    """What the list says, why (for a date), and every edit by hand; raises UnknownItemError."""
    folded = name.casefold()
    entry = next((one for one in store.entries() if folded in (one.name.casefold(), *one.papers)), None)
    if entry is None:
        raise UnknownItemError("entry", name, "see vlmingest export json --out -")
    why = ""
    if part == "released":
        records = [record for paper in entry.papers if (record := store.record(paper)) is not None]
        release = release_of(records, [entry.released] if entry.released else [])
        why = release.why if release else ""
    edits = [row for row in store.list_edits(LIST_NAME, entry.name) if row.what in (part, "entry")]
    value = entry.model_dump(mode="json").get({"link": "links"}.get(part, part))
    return {"entry": entry.name, "part": part, "value": value, "why": why, "edits": [row._asdict() for row in edits]}


# --- questions of the list -------------------------------------------------------------------------------------


def answer(store: Store, item: ReviewItem, action: Action, *, by: str = "", note: str = "") -> Verdict:
    """Answer a question that the list asks (`LIST_REASONS`); returns the verdict, which is stored where it is one.

    new-family: accept folds the paper into the family (a `duplicate` verdict), reject lets it stand alone.
    edit-conflict: accept puts the machine's text in the place of the edit, reject keeps the edit.
    """
    if action not in ("accept", "reject", "defer"):
        raise InvalidVerdictError("list", action, "accept, reject or defer")
    verdict = Verdict(paper=item.paper, field=None, key=item.key, action="defer", value=action, by=by, note=note)
    with store.transaction():
        if action == "accept" and item.reason == Reason.NEW_FAMILY:
            verdict = verdict.model_copy(update={"action": "duplicate", "value": item.value})
        elif action == "accept":
            _take_machine_text(store, item)
        store.add_verdict(verdict)
        store.close_item(item.id, "deferred" if action == "defer" else "resolved")
    return verdict


def _take_machine_text(store: Store, item: ReviewItem) -> None:
    data = store.list_bytes(LIST_NAME) or b""
    old = (item.previous or "").encode()
    if data.count(old) != 1 or not old:
        raise InvalidVerdictError(
            "list", item.key, "an edit that still stands once in the list; change the file by hand"
        )
    new = data.replace(old, item.value.encode())
    manifest = store.list_file(LIST_NAME, "manifest")
    text = manifest.decode("utf-8", "replace") if manifest else "{}"
    store.replace_list(LIST_NAME, new, text, hashlib.sha256(new).hexdigest())
    store.replace_entries(catalogue.entries_of(catalogue.parse_list(new), manifest))


# --- checks ----------------------------------------------------------------------------------------------------


def check_list(
    data: bytes, papers: Mapping[str, tuple[str, str]], *, withdrawn: Collection[str] = (), hints: bool = False
) -> list[dict[str, Any]]:
    """Findings of the linter as plain data. `papers`: arXiv id -> title and abstract, to check what is behind a badge."""
    titles = {paper: title for paper, (title, _) in papers.items() if title}
    abstracts = {paper: abstract for paper, (_, abstract) in papers.items() if abstract}
    return [
        finding.model_dump()
        for finding in catalogue.lint_list(
            catalogue.parse_list(data), titles, abstracts, withdrawn=withdrawn, hints=hints
        )
    ]


def known_papers(db: Path, metadata: bytes | None = None) -> dict[str, tuple[str, str]]:
    """Title and abstract of the papers that the database knows; none without a database.

    `metadata`: JSON lines with `id`, `title` and perhaps `abstract`, as `vlmingest triage` reads them; the database wins.
    """
    found: dict[str, tuple[str, str]] = {}
    for line in (metadata or b"").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and row.get("id") and row.get("title"):
            found[str(row["id"])] = (str(row["title"]), str(row.get("abstract") or ""))
    if db.exists():
        with Store.open(db, read_only=True) as store:
            found |= store.titles()
    return found


def withdrawn_papers(db: Path) -> frozenset[str]:
    """ArXiv ids of papers that the database knows as withdrawn; none without a database."""
    if not db.exists():
        return frozenset()
    with Store.open(db, read_only=True) as store:
        return frozenset(store.withdrawn_ids())
