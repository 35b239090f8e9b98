"""The list and the database, edition after edition: growth, edits by hand, conflicts, families, other places."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.catalogue.test_merge import a_list
from vlmingest import list_export
from vlmingest.catalogue.lists.edits import ListEdit
from vlmingest.commands.inspect import blame
from vlmingest.commands.lists import draft, import_list
from vlmingest.commands.publish import export
from vlmingest.commands.review import review
from vlmingest.errors import InvalidVerdictError, ListMismatchError, UnknownItemError, UsageError
from vlmingest.list_export import LIST_NAME, Picture, keep, plan, write_list
from vlmingest.listing import answer, flow_back, part_history, take_over, verdict_of
from vlmingest.publishing import all_files, export_file, export_list, write_folder
from vlmingest.records import (
    Architecture,
    Entry,
    EntryFigure,
    Fact,
    FieldName,
    ModelIdentity,
    PaperMetadata,
    Reason,
    Record,
    RecordPaper,
    Relevance,
    ReviewItem,
    Settled,
    Verdict,
    VisionEncoder,
    value_key,
)
from vlmingest.store import Store

PAPER = "2411.90001"


def record(name: str = "New", encoder: str = "Eye", paper: str = PAPER, day: str | None = "2024-11-20") -> Record:
    link = Fact(field=FieldName.CODE, value="https://github.com/new/new", confidence=1, band="accept")
    return Record(
        paper=RecordPaper(id=paper, arxiv_id=paper, title=f"{name}: A model", authors=("Ann A",), published=day),
        relevance=Relevance(label="model", score=1),
        model=ModelIdentity(name=name, facts=(link,)),
        architecture=Architecture(vision_encoders=(VisionEncoder(name=encoder, status="accepted"),)),
    )


def settle(store: Store, one: Record, *, question: bool = False) -> None:
    store.save_paper(
        PaperMetadata(id=one.paper.id, arxiv_id=one.paper.id, title=one.paper.title, published=one.paper.published)
    )
    item = ReviewItem(
        id=ReviewItem.make_id(one.paper.id, None, "", "new-entry"), paper=one.paper.id, field=None, key="", value=one.model.name or "",
        reason=Reason.NEW_ENTRY, message="new", priority=1,
    )  # fmt: skip
    store.save_settled(one.paper.id, Settled(record=one, review_items=(item,) if question else ()))


def verdict(store: Store, action: str, paper: str = PAPER, value: str | None = None) -> None:
    store.add_verdict(
        Verdict.model_validate({"paper": paper, "field": None, "key": "", "action": action, "value": value})
    )


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A list of four models was taken over from README.md; one paper is settled."""
    path = tmp_path / "v.db"
    (tmp_path / "README.md").write_bytes(a_list(4))
    with Store.open(path, create=True) as store:
        take_over(store, a_list(4), b'{"figures": []}', None, str(tmp_path / "README.md"))
        settle(store, record())
    return path


def test_nothing_to_do_gives_the_same_bytes_and_writes_nothing(db: Path) -> None:
    out = db.parent / "README.md"
    before = out.stat().st_mtime_ns
    assert write_list(db, out).grown == ()
    assert (out.read_bytes(), out.stat().st_mtime_ns) == (a_list(4), before)


def test_an_accepted_paper_grows_the_list_once(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
        assert b"New sees with Eye." in export_list(store)  # only read: nothing is remembered
        assert store.list_bytes(LIST_NAME) == a_list(4)
    done = write_list(db, out, db.parent / "manifest.json", db.parent / "CREDITS.md")
    assert [entry.name for entry, _ in done.grown] == ["New"]
    assert b"### **New: A model**\n\nNew sees with Eye.\n" in out.read_bytes()
    assert json.loads((db.parent / "manifest.json").read_bytes())["figures"][0]["title"] == "New: A model"
    assert not (db.parent / "CREDITS.md").exists()
    again = out.read_bytes()
    assert write_list(db, out).grown == ()
    assert out.read_bytes() == again
    with Store.open(db) as store:
        assert [entry.name for entry in store.entries()] == ["M0", "New", "M1", "M2", "M3"]
        assert store.list_bytes(LIST_NAME) == again


@pytest.mark.parametrize("actions", [["reject"], ["accept", "reject"], ["defer"], []])
def test_only_accepted_papers_grow_it(db: Path, actions: list[str]) -> None:
    with Store.open(db) as store:
        for action in actions:
            verdict(store, action)
        assert plan(store).data == a_list(4)


def test_the_same_database_gives_the_same_bytes_at_any_place(db: Path) -> None:
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, db.parent / "README.md")
    write_list(db, db.parent / "b.md")
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))
    write_list(db, db.parent / "README.md")
    write_list(db, db.parent / "b.md")  # holds an older edition of ours: no edit by hand
    assert (db.parent / "b.md").read_bytes() == (db.parent / "README.md").read_bytes()
    assert b"New sees with Lens." in (db.parent / "b.md").read_bytes()
    with Store.open(db) as store:
        assert store.list_edits(LIST_NAME) == []


def test_edits_by_hand_are_kept_told_and_become_verdicts(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, out)
    edited = out.read_bytes().replace(b"https://github.com/new/new", b"https://github.com/hand/new")
    edited = edited.replace(b"M2 joins retina and words.", b"M2 by hand.").replace(b"A guide", b"The guide")
    out.write_bytes(edited)
    done = write_list(db, out)
    assert out.read_bytes() == edited
    assert {(edit.entry, edit.what) for edit in done.edits} == {("New", "link"), ("M2", "summary"), ("", "text")}
    with Store.open(db) as store:
        assert store.list_bytes(LIST_NAME) == edited
        assert [(row.entry, row.what) for row in store.list_edits(LIST_NAME, "M2")] == [("M2", "summary")]
        assert flow_back(store, done.edits) == [PAPER]
        assert flow_back(store, done.edits) == []  # said once
        last = store.verdicts(PAPER)[-1]
        assert (last.field, last.key, last.action, last.value) == (
            FieldName.CODE, value_key("https://github.com/new/new"), "correct", "https://github.com/hand/new",
        )  # fmt: skip
        assert next(entry for entry in store.entries() if entry.name == "M2").summary == "M2 by hand."
    assert write_list(db, out).edits == ()


def test_a_panel_taken_out_by_hand_does_not_come_back(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    done = write_list(db, out)
    out.write_bytes(out.read_bytes().replace(done.panels[0].generated, b""))
    edited = out.read_bytes()
    assert write_list(db, out).grown == ()
    assert out.read_bytes() == edited
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))
    write_list(db, out)
    assert out.read_bytes() == edited


def conflict(db: Path) -> ReviewItem:
    """A summary edited by hand while the record changes."""
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, out)
    out.write_bytes(out.read_bytes().replace(b"New sees with Eye.", b"New sees with its Eye, by hand."))
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))
    (item,) = write_list(db, out).questions
    assert b"New sees with its Eye, by hand." in out.read_bytes()
    assert b"takes Lens as vision encoder" in out.read_bytes()
    return item


def test_a_conflict_keeps_the_edit_and_asks(db: Path) -> None:
    item = conflict(db)
    assert (item.reason, item.paper, item.previous, item.value) == (
        Reason.EDIT_CONFLICT, PAPER, "New sees with its Eye, by hand.\n", "New sees with Lens.\n",
    )  # fmt: skip
    out = db.parent / "README.md"
    assert write_list(db, out).questions == ()
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))  # settling the paper again does not close the question
        assert store.item_state(item.id) == "open"
        with pytest.raises(InvalidVerdictError):
            answer(store, item, "correct")
        answer(store, item, "accept")
        assert store.item_state(item.id) == "resolved"
        with pytest.raises(InvalidVerdictError):
            answer(store, item, "accept")
    write_list(db, out)
    assert b"New sees with Lens." in out.read_bytes()
    assert b"by hand" not in out.read_bytes()


def test_a_rejected_conflict_leaves_the_edit(db: Path) -> None:
    item = conflict(db)
    with Store.open(db) as store:
        given = answer(store, item, "reject", by="me")
        assert (given.action, given.field, store.item_state(item.id)) == ("defer", None, "resolved")
    write_list(db, db.parent / "README.md")
    assert b"by hand." in (db.parent / "README.md").read_bytes()


def test_a_point_release_is_asked_about_and_folds(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        settle(store, record("M2 Pro"), question=True)
    (item,) = write_list(db, out).questions
    assert (item.reason, item.value) == (Reason.NEW_FAMILY, "M2")
    with Store.open(db) as store:
        given = answer(store, item, "accept")
        assert (given.action, given.value) == ("duplicate", "M2")
    write_list(db, out)
    assert b"https://arxiv.org/abs/2411.90001" in out.read_bytes()
    assert b"M2 Pro" not in out.read_bytes()
    folded = out.read_bytes()
    with Store.open(db) as store:
        settle(store, record("M2 Pro", encoder="Lens"))
        assert [entry.papers for entry in store.entries()][2] == ("2401.00002", PAPER)
    write_list(db, out)
    assert out.read_bytes() == folded


def test_a_paper_that_the_list_has_is_left_alone(db: Path) -> None:
    with Store.open(db) as store:
        settle(store, record("M1", paper="2401.00001"))
        verdict(store, "accept", "2401.00001")
        verdict(store, "duplicate", value="nobody")
    done = write_list(db, db.parent / "README.md")
    assert (done.data, done.grown) == (a_list(4), ())
    with Store.open(db) as store:
        assert [paper for paper, _, _ in store.accepted_papers(LIST_NAME)] == [PAPER]


def test_nobody_is_asked_whether_a_paper_of_the_list_is_new(tmp_path: Path) -> None:
    with Store.open(tmp_path / "v.db", create=True) as store:
        settle(store, record("M1", paper="2401.00001"), question=True)
        settle(store, record(), question=True)
        assert not store.is_listed_by_hand("2401.00001")
        take_over(store, a_list(4), None)
        assert [item.paper for item in store.review_items(reason=Reason.NEW_ENTRY)] == [PAPER]
        assert store.is_listed_by_hand("2401.00001")
        verdict(store, "accept")
        keep(store, plan(store))
        assert not store.is_listed_by_hand(PAPER), "its panel is ours, and goes when the verdict is taken back"


def test_another_list_is_not_overwritten(db: Path) -> None:
    out = db.parent / "other.md"
    out.write_bytes(b"# Other\n\n- [a](https://example.org) - is another list.\n")
    with pytest.raises(ListMismatchError, match="import-list"):
        write_list(db, out)
    out.write_bytes(b"\n")
    assert write_list(db, out).data == a_list(4) == out.read_bytes()


def test_no_list_and_a_read_only_database(tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(tmp_path / "empty.db", create=True) as store, pytest.raises(UnknownItemError, match="import-list"):
        plan(store)
    with Store.open(db) as store:
        verdict(store, "accept")
    real = Store.open.__func__  # type: ignore[attr-defined]

    def refuse(cls: type[Store], path: Path, **how: bool) -> Store:
        if not how.get("read_only"):
            from vlmingest.errors import ReadOnlyDatabaseError

            raise ReadOnlyDatabaseError(str(path), "read-only")
        return real(cls, path, **how)  # type: ignore[no-any-return]

    monkeypatch.setattr(list_export.Store, "open", classmethod(refuse))
    done = write_list(db, tmp_path / "ro.md")
    assert "not remembered" in done.notes[-1]
    assert b"**New: A model**" in (tmp_path / "ro.md").read_bytes()


def test_withdrawn_papers_are_not_added_and_told(db: Path) -> None:
    taken_back = record().model_copy(update={"paper": record().paper.model_copy(update={"withdrawn": True})})
    with Store.open(db) as store:
        verdict(store, "accept")
        settle(store, taken_back)
    assert write_list(db, db.parent / "README.md").notes == ("2411.90001 was withdrawn: not added",)
    with Store.open(db) as store:
        settle(store, record())
    write_list(db, db.parent / "README.md")
    with Store.open(db) as store:
        settle(store, taken_back)
    assert write_list(db, db.parent / "README.md").notes == ("New: its paper 2411.90001 was withdrawn",)


def test_an_unknown_day_is_said(db: Path) -> None:
    with Store.open(db) as store:
        settle(store, record(day=None))
        verdict(store, "accept")
        done = plan(store)
    assert b"**Released:** 2024-11\n" in done.data
    assert "day of release" in done.notes[0]


def test_importing_again_tells_edits_and_another_list_starts_anew(db: Path) -> None:
    with Store.open(db) as store:
        verdict(store, "accept")
    out = db.parent / "README.md"
    done = write_list(db, out)
    with Store.open(db) as store:
        edited = done.data.replace(b"Then M3 speaks.", b"Then M3 sings.")
        told = take_over(store, edited, None, b"credits", str(out))
        assert [(edit["entry"], edit["what"]) for edit in told["edits"]] == [("M3", "prose")]
        assert (store.list_bytes(LIST_NAME), store.list_file(LIST_NAME, "credits")) == (edited, b"credits")
        assert store.accepted_papers(LIST_NAME) == []
        other = b"# L\n\n- [A](https://example.org/a) - is one thing.\n"
        assert take_over(store, other, None, None, str(out))["edits"] == []
        assert [entry.name for entry in store.entries()] == ["A"]
        assert [paper for paper, _, _ in store.accepted_papers(LIST_NAME)] == [PAPER]


def test_entries_of_one_name_are_all_kept(tmp_path: Path) -> None:
    data = b"# L\n\n- [A](https://example.org/a)\n- [A](https://example.org/b)\n"
    with Store.open(tmp_path / "v.db", create=True) as store:
        take_over(store, data, None)
        assert [entry.links[0].url[-1] for entry in store.entries()] == ["a", "b"]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"what": "title", "before": "A: x", "after": "B: x"}, (FieldName.NAME, "a", "correct", "B")),
        ({"what": "title", "before": "A: x", "after": "A: y"}, None),
        (
            {"what": "link", "before": "", "after": "Project https://p.example"},
            (FieldName.PROJECT, "", "add", "https://p.example"),
        ),
        (
            {"what": "link", "before": "HuggingFace https://h.example", "after": ""},
            (FieldName.WEIGHTS, "", "reject", None),
        ),
        ({"what": "link", "before": "", "after": "arXiv https://arxiv.org/abs/2401.00001"}, None),
        ({"what": "link", "before": "", "after": "Poster https://x.example"}, None),
        ({"what": "prose", "before": "a", "after": "b"}, None),
    ],
)
def test_edits_that_are_fields(edit: dict[str, str], expected: tuple[object, ...] | None) -> None:
    found = verdict_of(PAPER, ListEdit.model_validate({"entry": "A", **edit}))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (found.field, found.action, found.value) == (expected[0], expected[2], expected[3])
        links = edit["before"] or edit["after"]
        assert found.key == value_key(links.rpartition(" ")[2] if edit["what"] == "link" else "A")


def test_export_all_takes_edits_in(db: Path, tmp_path: Path) -> None:
    with Store.open(db) as store:
        verdict(store, "accept")
    folder = tmp_path / "all"
    with Store.open(db, read_only=True) as store:
        write_folder(store, "all", folder)
        first = (folder / LIST_NAME).read_bytes()
        assert b"**New: A model**" in first
        (folder / LIST_NAME).write_bytes(first.replace(b"Then M1 speaks.", b"Then M1 sings."))
        write_folder(store, "all", folder)
    assert b"Then M1 sings." in (folder / LIST_NAME).read_bytes()


def test_the_commands(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLMINGEST_DB", str(db))
    monkeypatch.chdir(db.parent)
    run = CliRunner()
    assert run.invoke(review, ["accept", PAPER]).exit_code == 0
    with Store.open(db) as store:
        settle(store, record())
    result = run.invoke(export, ["list", "--out", "README.md", "--side-files", "side"])
    assert (result.exit_code, result.exception) == (0, None)
    assert "added: New" in result.output
    text = Path("README.md").read_text()
    Path("README.md").write_text(text.replace("https://github.com/new/new", "https://github.com/hand/new"))
    answered = json.loads(run.invoke(export, ["list", "--out", "README.md", "--json"]).output)
    assert [edit["what"] for edit in answered["edits"]] == ["link"]
    with Store.open(db, read_only=True) as store:
        assert store.verdicts(PAPER)[-1].value == "https://github.com/hand/new"
    Path("README.md").write_text(Path("README.md").read_text().replace("A guide", "The guide"))
    assert "edits by hand taken in: 1" in run.invoke(export, ["list", "--out", "README.md"]).output
    again = run.invoke(import_list, ["README.md", "--manifest", "side/manifest.json"])
    assert "5 entries" in again.output
    assert "0 bytes unaccounted" in again.output
    assert [path.name for path in Path("side").iterdir()] == ["manifest.json"]


def test_keeping_is_all_or_nothing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(db) as store:
        verdict(store, "accept")
        done = plan(store)
        monkeypatch.setattr(Store, "save_export", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            keep(store, done, "x")
    with Store.open(db) as store:
        assert store.list_bytes(LIST_NAME) == a_list(4)
        assert len(store.entries()) == 4


def test_entries_keep_their_places_however_many_come(tmp_path: Path) -> None:
    rng, names = random.Random(3), ["first"]
    with Store.open(tmp_path / "v.db", create=True) as store:
        store.insert_entry(Entry(name="first"), 0)
        for number in range(150):
            index = rng.choice([0, len(names), min(3, len(names)), rng.randrange(len(names) + 1)])
            store.insert_entry(Entry(name=f"e{number}"), index)
            names.insert(index, f"e{number}")
        assert [entry.name for entry in store.entries()] == names


def test_an_older_edition_edited_elsewhere_meets_the_newer_one(db: Path) -> None:
    """Two checkouts: one is edited by hand while the list moves on in the other."""
    one, two = db.parent / "README.md", db.parent / "b.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, one)
    write_list(db, two)
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))
    write_list(db, one)
    text = two.read_bytes().replace(b"New sees with Eye.", b"New sees, by hand.").replace(b"A guide", b"The guide")
    two.write_bytes(text.replace(b"Then M2 speaks.", b"Then M2 sings."))
    done = write_list(db, two)
    assert [(item.paper, item.previous, item.value) for item in done.questions] == [
        (PAPER, "New sees, by hand.\n", "New sees with Lens.\n")
    ]
    for words in (b"New sees, by hand.", b"The guide", b"Then M2 sings.", b"takes Lens as vision encoder"):
        assert words in two.read_bytes()
    write_list(db, one)
    assert one.read_bytes() == two.read_bytes()


def test_conflicts_outside_of_our_papers_are_notes(db: Path) -> None:
    """The machine's side may be another person's import: nothing of either is dropped without a word."""
    one, two = db.parent / "README.md", db.parent / "b.md"
    write_list(db, two)
    with Store.open(db) as store:
        take_over(store, a_list(4).replace(b"Then M1 speaks.", b"Then M1 sings."), None, None, str(one))
    one.write_bytes(a_list(4).replace(b"Then M1 speaks.", b"Then M1 sings."))
    two.write_bytes(a_list(4).replace(b"Then M1 speaks.", b"Then M1 hums."))
    done = write_list(db, two)
    assert done.questions == ()
    assert done.notes == ("line 57: changed in two places; the edit of this file stays, not taken: 'Then M1 sings.'",)
    assert two.read_bytes().splitlines()[56] == b"Then M1 hums."


def test_side_files_are_remembered(db: Path) -> None:
    with Store.open(db) as store:
        verdict(store, "accept")
        take_over(store, a_list(4), b'{"figures": []}', b"# Credits\n", str(db.parent / "README.md"))
    write_list(db, db.parent / "README.md")
    with Store.open(db) as store:
        assert json.loads(store.list_file(LIST_NAME, "manifest") or b"")["figures"][0]["title"] == "New: A model"
        assert store.list_file(LIST_NAME, "credits") == b"# Credits\n"


def test_lists_of_other_shapes_are_kept_whole(tmp_path: Path) -> None:
    data = b"# L\n\n- [A: one](https://arxiv.org/abs/2401.00001) - is one thing.\n- [B: two](https://arxiv.org/abs/2401.00002) - is two.\n"
    with Store.open(tmp_path / "v.db", create=True) as store:
        take_over(store, data, None)
        settle(store, record())
        verdict(store, "accept")
    done = write_list(tmp_path / "v.db", tmp_path / "README.md")
    assert (
        done.data
        == data
        + b"- [New: A model](https://arxiv.org/abs/2411.90001) ([code](https://github.com/new/new)) - New sees with Eye.\n"
    )
    with Store.open(tmp_path / "v.db") as store:
        assert [entry.name for entry in store.entries()] == ["A", "B", "New"]
        settle(store, record(encoder="Lens"))
    assert write_list(tmp_path / "v.db", tmp_path / "README.md").data == done.data


def test_a_picture_is_written_shown_and_credited_and_stays(db: Path) -> None:
    folder = db.parent / "assets"
    with Store.open(db) as store:
        take_over(store, a_list(4), b'{"figures": []}', CREDITS, str(db.parent / "README.md"))
        verdict(store, "accept")
    figure = EntryFigure(number="1", page=2, file="assets/new.png", caption="It sees.", licence="CC BY 4.0")
    done = write_list(
        db, db.parent / "README.md", folder / "manifest.json", folder / "CREDITS.md",
        lambda _, one: Picture(figure, "new.png", b"PNG") if one.paper.id == PAPER else None,
    )  # fmt: skip
    assert (folder / "new.png").read_bytes() == b"PNG"
    assert b'<img src="assets/new.png"' in done.data
    assert b"[new.png](new.png)" in (folder / "CREDITS.md").read_bytes()
    assert json.loads((folder / "manifest.json").read_bytes())["figures"][0]["licence"] == "CC BY 4.0"
    with Store.open(db) as store:
        settle(store, record(encoder="Lens"))
    again = write_list(db, db.parent / "README.md").data
    assert b"New sees with Lens." in again
    assert b'<img src="assets/new.png"' in again


CREDITS = b"| Entry | Source | Figure | Local file |\n|---|---|---|---|\n"


def test_an_undone_verdict_takes_the_panel_out_again(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, out)
    with Store.open(db) as store:
        store.undo_last()
    assert write_list(db, out).gone == (PAPER,)
    assert out.read_bytes() == a_list(4)
    with Store.open(db) as store:
        assert [entry.name for entry in store.entries()] == ["M0", "M1", "M2", "M3"]
        verdict(store, "accept")
    assert [entry.name for entry, _ in write_list(db, out).grown] == ["New"]


def test_an_edited_row_of_the_timeline_keeps_its_panel_in_the_list(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    row = next(
        line for line in write_list(db, out).data.splitlines() if line.startswith(b"| 20") and b"| New |" in line
    )
    for edited in (row + b" a word by hand", row.replace(b"| New |", b"| New | by hand,")):
        out.write_bytes(out.read_bytes().replace(row, edited))
        with Store.open(db) as store:
            verdict(store, "reject")
        done = write_list(db, out)
        assert edited in done.data
        assert not done.gone
        assert done.notes[-1].startswith("New is accepted no more, but its panel or its row was edited by hand")
        row = edited


def test_a_panel_that_was_edited_is_left_for_a_person_to_take_out(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, out)
    out.write_bytes(out.read_bytes().replace(b"New sees with Eye.", b"New sees, by hand."))
    with Store.open(db) as store:
        verdict(store, "reject")
    done = write_list(db, out)
    assert "taken out" not in done.notes
    assert done.notes == ("New is accepted no more, but its panel or its row was edited by hand: take it out by hand",)
    edited = out.read_bytes()
    assert b"New sees, by hand." in edited
    with Store.open(db) as store:
        settle(store, record(encoder="Another Eye"))
    write_list(db, out)
    assert out.read_bytes() == edited, "what is accepted no more is not written anew"
    mine = a_list(4).replace(b"A guide", b"The guide")
    out.write_bytes(mine)
    assert write_list(db, out).gone == (PAPER,)
    assert out.read_bytes() == mine


def test_a_corrected_name_is_followed_in_index_timeline_and_files(db: Path) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        take_over(store, a_list(4), b'{"figures": []}', CREDITS, str(out))
        verdict(store, "accept")
    write_list(db, out)
    with Store.open(db) as store:
        settle(store, record("Newer", day="2024-11-21"))
    done = write_list(db, out, db.parent / "manifest.json")
    for words in (
        b"### **Newer: A model**",
        b"[Newer](#newer-a-model)",
        b"| 2024-11-21 | Newer |",
        b"**Released:** 2024-11-21",
    ):
        assert words in done.data
    assert b"New:" not in done.data
    assert json.loads((db.parent / "manifest.json").read_bytes())["figures"][0]["title"] == "Newer: A model"
    with Store.open(db) as store:
        settle(store, record("Newest", day="2024-11-21"))
    assert b"### **Newest: A model**" in write_list(db, out).data


def test_where_a_part_came_from(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = db.parent / "README.md"
    with Store.open(db) as store:
        verdict(store, "accept")
    write_list(db, out)
    out.write_bytes(out.read_bytes().replace(b"New sees with Eye.", b"New sees, by hand."))
    write_list(db, out)
    monkeypatch.setenv("VLMINGEST_DB", str(db))
    told = CliRunner().invoke(blame, ["new", "summary"]).output
    assert "New summary: New sees, by hand." in told
    assert "by hand: 'New sees with Eye.' -> 'New sees, by hand.'" in told
    found = json.loads(CliRunner().invoke(blame, [PAPER, "released", "--json"]).output)
    assert found["value"] == {"date": "2024-11-20", "basis": "arXiv v1", "source": f"https://arxiv.org/abs/{PAPER}v1"}
    assert found["why"] == f"2024-11-20 is the submission of arXiv v1 (https://arxiv.org/abs/{PAPER}v1)."
    assert "the date that the list states" in CliRunner().invoke(blame, ["M1", "released"]).output
    with Store.open(db) as store, pytest.raises(UnknownItemError):
        part_history(store, "nobody", "released")


def test_the_list_as_of_a_day(db: Path) -> None:
    with Store.open(db) as store:
        accepted = Verdict(paper=PAPER, field=None, key="", action="accept", at="2025-02-01T10:00:00+00:00")
        store.add_verdict(accepted)
    grown = write_list(db, db.parent / "README.md").data
    with Store.open(db, read_only=True) as store:
        assert export_file(store, "list", "2025-01-31") == a_list(4)
        assert export_file(store, "list", "2025-02-01") == grown == export_file(store, "list")
        assert all_files(store, "2025-01-31")[LIST_NAME] == a_list(4)


def test_a_draft_shows_what_is_behind_each_clause(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLMINGEST_DB", str(db))
    told = CliRunner().invoke(draft, [PAPER]).output
    assert told.startswith("### **New: A model**\n\nNew sees with Eye.\n")
    assert "summary      architecture.vision_encoder: Eye\n" in told
    found = json.loads(CliRunner().invoke(draft, [PAPER, "--json"]).output)
    assert [clause["fields"] for clause in found["prose"]["sentences"][0]["clauses"]] == [
        ["model.name"],
        ["architecture.vision_encoder"],
    ]
    assert found["refused"] == []
    assert CliRunner().invoke(draft, ["2401.99999"]).exit_code == 1
    words = db.parent / "words.txt"
    words.write_text("New sees with Eye. **New** takes Eye as its vision encoder.")
    assert CliRunner().invoke(draft, [PAPER, "--check", str(words)]).output == "0 findings\n"
    words.write_text("New sees with Eye and Lens.")
    checked = CliRunner().invoke(draft, [PAPER, "--check", str(words)])
    assert (checked.exit_code, "new-name: Lens" in checked.output) == (1, True)
    assert (
        json.loads(CliRunner().invoke(draft, [PAPER, "--check", str(words), "--json"]).output)[0]["rule"] == "new-name"
    )
    with Store.open(db) as store:
        verdict(store, "accept")
    (row,) = write_list(db, db.parent / "README.md").panels
    assert json.loads(row.prose) == found["prose"]


def test_an_empty_file_takes_no_list_away(db: Path) -> None:
    with Store.open(db) as store:
        before = store.list_bytes(LIST_NAME)
        with pytest.raises(UsageError, match="stays as it is"):
            take_over(store, b" \n", None, path="README.md")
        assert store.list_bytes(LIST_NAME) == before
