"""The next edition of the list: edits by hand taken in, accepted papers added, changed records written anew.

`plan` only reads: it works out the files and what has to be remembered. `write` puts the files in place and `keep`
remembers, in this order, so that a run that is killed between the two never takes its own growth for a deletion.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from vlmingest import catalogue
from vlmingest.catalogue.fields import display_name
from vlmingest.catalogue.lists.change import edited_rows, follow_edits, remove_entry, retitled_files
from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.draft import draft_of
from vlmingest.catalogue.lists.edits import ListEdit, edits_between
from vlmingest.catalogue.lists.entries import family_name
from vlmingest.catalogue.lists.fold import find_family, fold_paper
from vlmingest.catalogue.lists.grow import add_entry
from vlmingest.catalogue.lists.marks import released_in
from vlmingest.catalogue.lists.merge import merge
from vlmingest.catalogue.lists.panel import panel_text
from vlmingest.catalogue.lists.splice import Edit, newline_of, splice
from vlmingest.catalogue.lists.style import style_of
from vlmingest.errors import ListMismatchError, UnknownItemError
from vlmingest.list_questions import conflict_question, conflict_questions, family_questions
from vlmingest.records import Entry, EntryFigure, Record, ReviewItem, canonical_json, digest
from vlmingest.store import PanelRow, Store

LIST_NAME = "README.md"
_SAME_LIST = 0.5  # share of our entries that a file must hold to be an edited version of the list
_MARKER = re.compile(rb"<!--\s*[\w-]+\s*:\s*(\d+)\s*-->")


class Picture(NamedTuple):
    """A figure that settings and licence let us show: its block in the panel, its file name and PNG."""

    figure: EntryFigure
    name: str
    data: bytes


FigureOf = Callable[[Store, Record], Picture | None]


def no_figure(store: Store, record: Record) -> None:
    """Where no folder for pictures was named."""
    del store, record


class Plan(NamedTuple):
    """The files of the next edition, and what the store has to remember of them."""

    data: bytes
    manifest: bytes | None
    credits: bytes | None
    base: bytes  # the list as the store had it
    grown: tuple[tuple[Entry, int], ...] = ()
    panels: tuple[PanelRow, ...] = ()
    edits: tuple[ListEdit, ...] = ()
    questions: tuple[ReviewItem, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    rewritten: tuple[tuple[str, Entry], ...] = ()  # the entry's name before, and the entry now
    gone: tuple[str, ...] = ()  # papers whose panels left the list

    @property
    def changes_store(self) -> bool:
        """Is there anything to remember?"""
        return bool(self.data != self.base or self.panels or self.edits or self.questions or self.gone)


def plan(store: Store, theirs: bytes | None = None, path: str = "", figure_of: FigureOf = no_figure) -> Plan:
    """The next edition. `theirs`: what stands at `path` now, perhaps edited by hand.

    Raises UnknownItemError where no list was imported, ListMismatchError where `theirs` is another file altogether.
    """
    state = plan_of(store)
    if theirs is not None and theirs.strip() and theirs != state.base:
        state = _take_edits(store, state, theirs, path)
    state = _rewrite(store, _withdraw(store, state))
    return _grow(store, state, figure_of)


def plan_of(store: Store) -> Plan:
    """The list and its files as they stand; raises UnknownItemError."""
    base = store.list_bytes(LIST_NAME)
    if base is None:
        raise UnknownItemError("list", LIST_NAME, "take one over with: vlmingest import-list README.md")
    return Plan(base, store.list_file(LIST_NAME, "manifest"), store.list_file(LIST_NAME, "credits"), base)


def style_source(store: Store) -> ListDocument:
    """The list whose style new panels take; an empty one where none was imported."""
    return catalogue.parse_list(store.list_bytes(LIST_NAME) or b"")


# --- edits by hand ---------------------------------------------------------------------------------------------


def _take_edits(store: Store, state: Plan, theirs: bytes, path: str) -> Plan:
    if store.is_generation(LIST_NAME, theirs):
        return state  # an older edition of ours, untouched
    base = store.export_at(LIST_NAME, path) or state.base
    before, after = catalogue.parse_list(base), catalogue.parse_list(theirs)
    if not is_same_list(before, after):
        raise ListMismatchError(path)
    merged = merge(base, theirs, state.data)
    edits = tuple(edits_between(before, after))
    questions, notes = conflict_questions(store, base, merged.conflicts)
    return state._replace(data=merged.data, edits=edits, questions=questions, notes=(*state.notes, *notes))


def is_same_list(ours: ListDocument, theirs: ListDocument) -> bool:
    """Does the file hold at least half of our entries, by title?"""
    titles = {unit.title or unit.text for unit in ours.units}
    kept = titles & {unit.title or unit.text for unit in theirs.units}
    return len(kept) >= _SAME_LIST * len(titles)


# --- records that changed --------------------------------------------------------------------------------------


def _rewrite(store: Store, state: Plan) -> Plan:
    """Panels whose record changed, merged with what people made of them since."""
    revoked = {row.paper for row in store.revoked_panels(LIST_NAME)}  # edited ones stay as they are
    for row in store.stale_panels(LIST_NAME):
        if row.paper in revoked:
            continue
        record = store.record(row.paper)
        document = catalogue.parse_list(state.data)
        unit = find_family(document, row.entry) or find_family(document, row.paper)
        if record is None or unit is None or unit.shape != "panel" or not row.generated:
            continue
        state = _rewrite_panel(state, document, unit, row, record)
        if record.paper.withdrawn:
            state = state._replace(notes=(*state.notes, f"{row.entry}: its paper {row.paper} was withdrawn"))
    return state


def _rewrite_panel(state: Plan, document: ListDocument, unit: Unit, row: PanelRow, record: Record) -> Plan:
    marker = _MARKER.search(row.generated)
    style = style_of(document, document.panels)
    style = style._replace(next_marker=int(marker[1]) if marker else style.next_marker)
    draft = draft_of(record, figure=_shown_figure(row.generated))
    new = panel_text(draft, style)
    generated = new.replace("\n", newline_of(state.data)).encode()
    merged = merge(row.generated, state.data[unit.start : unit.end], generated)
    title = next((section.title for section in catalogue.parse_list(merged.data).sections if section.level), unit.title)
    days = (_day_of(row.generated), _day_of(generated))
    edits = [Edit(unit.start, unit.end, merged.data), *follow_edits(document, unit, title, days)]
    manifest, credits_file = retitled_files(state.manifest, state.credits, unit.title, title)
    prose = canonical_json(draft.prose)
    fresh = row._replace(entry=family_name(title), record_digest=digest(record), generated=generated, prose=prose)
    questions = tuple(conflict_question(row.paper, conflict) for conflict in merged.conflicts)
    entry = next(iter(catalogue.entries_of(catalogue.parse_list(merged.data), manifest)), None)
    rewritten = ((family_name(unit.title), entry),) if entry is not None else ()
    return state._replace(
        rewritten=(*state.rewritten, *rewritten),
        data=splice(state.data, edits),
        manifest=manifest,
        credits=credits_file,
        panels=(*state.panels, fresh),
        questions=(*state.questions, *questions),
    )


def _day_of(panel: bytes) -> str:
    return released_in(panel.decode("utf-8", "replace")) or ""


def _withdraw(store: Store, state: Plan) -> Plan:
    """Panels of papers that are accepted no more: out, where nobody has changed them; else a note."""
    for row in store.revoked_panels(LIST_NAME):
        document = catalogue.parse_list(state.data)
        unit = find_family(document, row.entry) or find_family(document, row.paper)
        if unit is None or not row.generated:
            state = state._replace(gone=(*state.gone, row.paper))
        elif state.data[unit.start : unit.end].strip() != row.generated.strip() or edited_rows(
            document, unit, row.generated
        ):
            note = f"{row.entry} is accepted no more, but its panel or its row was edited by hand: take it out by hand"
            state = state._replace(notes=(*state.notes, note))
        else:
            less = remove_entry(document, unit, state.manifest, state.credits)
            state = state._replace(
                data=less.data, manifest=less.manifest, credits=less.credits, gone=(*state.gone, row.paper)
            )
    return state


def _shown_figure(panel: bytes) -> EntryFigure | None:
    """The picture that the panel shows already: rewriting its words does not take it away."""
    figure = next((entry.figure for entry in catalogue.entries_of(catalogue.parse_list(panel))), None)
    return figure if figure is not None and figure.file else None


# --- accepted papers -------------------------------------------------------------------------------------------


def _grow(store: Store, state: Plan, figure_of: FigureOf) -> Plan:
    waiting = store.accepted_papers(LIST_NAME)
    # papers that the list has need not be looked for in it: a whole catalogue may be accepted at once
    entries = store.entries() if waiting else []
    listed = {one for entry in entries for one in entry.papers}
    names = {entry.name.casefold() for entry in entries}
    there: list[PanelRow] = []
    for paper, action, value in waiting:
        record = store.record(paper)
        if record is None:
            continue
        is_there = record.paper.arxiv_id in listed or display_name(record).casefold() in names
        if action == "accept" and is_there:
            there.append(PanelRow(paper, display_name(record), digest(record), b""))
            continue
        if record.paper.withdrawn:
            state = state._replace(notes=(*state.notes, f"{paper} was withdrawn: not added"))
            continue
        state = _fold(state, record, value) if action == "duplicate" else _add(store, state, record, figure_of)
    return state._replace(panels=(*state.panels, *there))


def _fold(state: Plan, record: Record, target: str) -> Plan:
    document = catalogue.parse_list(state.data)
    unit = find_family(document, target)
    paper = record.paper.arxiv_id
    if unit is None or paper is None:
        return state
    row = PanelRow(record.paper.id, unit.title or target, digest(record), b"")
    return state._replace(data=fold_paper(document, unit, paper), panels=(*state.panels, row))


def _add(store: Store, state: Plan, record: Record, figure_of: FigureOf) -> Plan:
    picture = figure_of(store, record)
    draft = draft_of(record, figure=picture.figure if picture else None)
    growth = add_entry(catalogue.parse_list(state.data), draft, state.manifest, state.credits)
    row = PanelRow(record.paper.id, draft.entry.name, digest(record), growth.panel, canonical_json(draft.prose))
    if growth.data == state.data:  # the list has it already: a person's panel, which the machine does not write
        return state._replace(panels=(*state.panels, row))
    notes = growth.notes
    released = draft.entry.released
    if released is None or len(released.date) < 10:
        notes = (*notes, f"{draft.entry.name}: the day of release is not known; state it in the panel")
    return state._replace(
        data=growth.data,
        manifest=growth.manifest,
        credits=growth.credits,
        grown=(*state.grown, (draft.entry, growth.position)),
        panels=(*state.panels, row),
        notes=(*state.notes, *notes),
        pictures=(*state.pictures, *([picture] if picture else [])),
    )


def list_as_of(store: Store, day: str) -> bytes:
    """The list without the panels of papers that were accepted after `day`; edits by hand are not dated and stay.

    Raises UnknownItemError where no list was imported.
    """
    state = plan_of(store)
    for row in store.panels_accepted_after(LIST_NAME, day):
        document = catalogue.parse_list(state.data)
        unit = find_family(document, row.entry)
        if unit is not None and row.generated:
            state = state._replace(data=remove_entry(document, unit).data)
    return state.data


# --- writing and remembering -----------------------------------------------------------------------------------


def keep(store: Store, done: Plan, path: str = "") -> None:
    """Remember the edition: the list, its entries, panels, edits, questions; all or nothing."""
    sha = hashlib.sha256(done.data).hexdigest()
    with store.transaction():
        if done.data != done.base:
            manifest = done.manifest.decode("utf-8", "replace") if done.manifest else "{}"
            store.replace_list(LIST_NAME, done.data, manifest, sha, path)
            if done.manifest:
                store.save_list_file(LIST_NAME, "manifest", done.manifest)
            if done.credits:
                store.save_list_file(LIST_NAME, "credits", done.credits)
            _keep_entries(store, done)
        for paper in done.gone:
            store.forget_panel(LIST_NAME, paper)
        for row in done.panels:
            store.save_panel(LIST_NAME, row)
        store.add_edits(LIST_NAME, done.edits)
        for question in done.questions:
            store.ask(question)
        if path:
            store.save_export(LIST_NAME, path, done.data, sha)


def _keep_entries(store: Store, done: Plan) -> None:
    ours = sum(bool(row.generated) for row in done.panels)
    few = not done.edits and not done.gone and ours == len(done.grown) + len(done.rewritten) > 0
    if few and all(position >= 0 for _, position in done.grown):
        for name, entry in done.rewritten:
            store.update_entry(name, partial(_with_sources, entry))
        for entry, position in done.grown:
            store.insert_entry(entry, position)
        return
    known = {entry.name: entry for entry in (*store.entries(), *(entry for entry, _ in done.grown))}
    entries = catalogue.entries_of(catalogue.parse_list(done.data), done.manifest)
    store.replace_entries([_with_sources(entry, known.get(entry.name)) for entry in entries])


def _with_sources(entry: Entry, known: Entry | None) -> Entry:
    """What the Markdown does not say of an entry that it shows unchanged: basis of the date, box and licence of the figure."""
    if known is None:
        return entry
    changes: dict[str, object] = {}
    if entry.released and known.released and entry.released.date == known.released.date:
        changes["released"] = known.released
    if entry.figure and known.figure and entry.figure.file == known.figure.file:
        box = entry.figure.bbox or known.figure.bbox
        changes["figure"] = entry.figure.model_copy(update={"bbox": box, "licence": known.figure.licence})
    return entry.model_copy(update=changes)


def write_list(
    db: Path,
    out: Path,
    manifest_out: Path | None = None,
    credits_out: Path | None = None,
    figure_of: FigureOf = no_figure,
) -> Plan:
    """`export list`: merge with what stands at `out`, grow, write, remember. A database that cannot be written to is
    only read: the files are the same, and the next run works them out again.
    """
    from vlmingest.errors import ReadOnlyDatabaseError  # noqa: PLC0415
    from vlmingest.files import write_out  # noqa: PLC0415

    path = str(out.resolve())
    theirs = out.read_bytes() if out.is_file() else None
    try:
        store, is_writable = Store.open(db), True
    except ReadOnlyDatabaseError:
        store, is_writable = Store.open(db, read_only=True), False
    with store:
        done = plan(store, theirs, path, figure_of)
        done = done._replace(questions=(*done.questions, *family_questions(store)))
        for picture in done.pictures:
            write_out((manifest_out or out).parent / picture.name, picture.data)
        write_out(out, done.data)
        for target, data in ((manifest_out, done.manifest), (credits_out, done.credits)):
            if target is not None and data is not None:
                write_out(target, data)
        if not is_writable:
            return done._replace(notes=(*done.notes, "the database is read-only: what was done is not remembered"))
        keep(store, done, path)
    return done
