"""People and the machine change one list: nothing that a person wrote is lost, nothing of the machine vanishes unsaid."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.catalogue.lists import parse_list
from vlmingest.catalogue.lists.diff import hunks
from vlmingest.catalogue.lists.edits import edits_between
from vlmingest.catalogue.lists.grow import add_entry
from vlmingest.catalogue.lists.merge import merge
from vlmingest.catalogue.lists.panel import Draft
from vlmingest.records import Entry, EntryLink, Released

WORDS = ("light", "lens", "retina", "token", "query", "patch", "frame", "pixel")


def a_list(count: int) -> bytes:
    """A list in upstream's form: index, timeline and `count` panels, newest first."""
    days = [f"2024-{12 - n:02}-15" for n in range(count)]
    index = " | ".join(f"[M{n}](#m{n}-model-number-{n})" for n in range(count))
    lines = ["# Invented", "", f"A list of {count} models.", "", "## Index", "", "<details>", f"<summary>{count} models</summary>", "",
             f"**2024:** {index}", "", "</details>", "", "## Timeline", "", "| Date | Model | What |", "| --- | --- | --- |"]  # fmt: skip
    lines += [f"| {day} | M{n} | what M{n} is |" for n, day in enumerate(days)]
    lines += ["", "## Models", ""]
    for n, day in enumerate(days):
        badges = f"[![arXiv](https://i/b.svg)](https://arxiv.org/abs/2401.{n:05}) [![GitHub](https://i/g.svg)](https://github.com/a/m{n})"
        lines += [f"### **M{n}: Model number {n}**", "", f"M{n} joins {WORDS[n % 8]} and words.", "", badges, "",
                  f"Ann A{n}, Bob B{n}<br>", f"**Released:** {day}", "", "<details>", "<summary>More</summary>", "",
                  f"**M{n}** first sees.", "", f"Then M{n} speaks.", "", "</details>", ""]  # fmt: skip
    return "\n".join([*lines, "## Reading", "", "- [A guide](https://example.org/guide)", ""]).encode()


def a_draft(number: int, day: str) -> Draft:
    entry = Entry(
        name=f"New{number}",
        title=f"New{number}: A machine's entry",
        papers=(f"2406.9{number:04}",),
        links=(EntryLink(label="GitHub", url=f"https://github.com/new/n{number}"),),
        released=Released(date=day, basis="arXiv v1"),
    )
    return Draft(entry=entry, summary=f"New{number} machine summary.", deep_dive=(f"New{number} machine prose.",))


def human(data: bytes, seed: int, edits: int) -> tuple[bytes, list[bytes], list[bytes]]:
    """Random edits as people make them; returns the file, the words put in, the whole lines taken out."""
    rng = random.Random(seed)
    lines = data.splitlines(keepends=True)
    put, taken = [], []
    for number in range(edits):
        place = rng.randrange(len(lines)) if lines else 0
        mark = b"HUMAN%dx%d" % (seed % 1000, number)
        kind = rng.choice(["insert", "append", "replace", "delete", "block", "panel", "move", "swap", "word", "eof"])
        if kind == "insert" or not lines:
            lines.insert(place, mark + b" writes a line\n")
        elif kind == "append":
            lines[place] = lines[place].rstrip(b"\n") + b" " + mark + b"\n"
        elif kind == "replace":
            taken.append(lines[place])
            lines[place] = mark + b"\n"
        elif kind == "word":
            words = lines[place].split(b" ")
            words[rng.randrange(len(words))] = mark
            lines[place] = b" ".join(words).rstrip(b"\n") + b"\n"
        elif kind in ("delete", "block"):
            end = place + (1 if kind == "delete" else rng.randrange(1, 8))
            taken += lines[place:end]
            del lines[place:end]
            continue
        elif kind == "panel":
            text = (
                b"### **"
                + mark
                + b": by hand**\n\n"
                + mark
                + b" sees.\n\n[![arXiv](i)](https://arxiv.org/abs/2407.1%04d)\n\n" % number
            )
            lines[place:place] = text.splitlines(keepends=True)
        elif kind == "move":
            block = lines[place : place + 6]
            del lines[place : place + 6]
            target = rng.randrange(len(lines) + 1)
            lines[target:target] = block
            continue
        elif kind == "swap":
            other = rng.randrange(len(lines))
            lines[place], lines[other] = lines[other].rstrip(b"\n") + b"\n", lines[place].rstrip(b"\n") + b"\n"
            continue
        else:
            lines.append(mark)
            put.append(mark)
            break
        put.append(mark)
    result = b"".join(lines)
    return (
        result,
        [mark for mark in put if mark in result],
        [line for line in taken if line not in result.splitlines(keepends=True)],
    )


def machine(data: bytes, seed: int) -> bytes:
    """What the machine may do to its own last export: grow, and write a panel or a row anew."""
    rng = random.Random(seed)
    for number in range(rng.randrange(3)):
        draft = a_draft(number, f"{rng.choice([2023, 2024, 2025])}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}")
        data = add_entry(parse_list(data), draft).data
    for _ in range(rng.randrange(3)):
        name = b"M%d" % rng.randrange(6)
        data = data.replace(name + b" joins", name + b" MACHINE%d joins" % seed).replace(
            b"Then " + name, b"Now " + name
        )
    return data


def check(seed: int) -> None:
    rng = random.Random(seed)
    base = a_list(rng.randrange(1, 9))
    theirs, put, taken = human(base, seed, rng.randrange(1, 7))
    ours = machine(base, seed)
    merged = merge(base, theirs, ours)
    for mark in put:
        assert merged.data.count(mark) >= theirs.count(mark), mark
    _lines_kept(base, theirs, ours, merged.data)
    was, wanted = base.splitlines(), merged.data.splitlines()
    told = b"".join(one.ours for one in merged.conflicts)
    for line in ours.splitlines():
        if line not in was and line not in wanted and not _is_structured(line):
            assert line in told, line
    for line in taken:  # what a person took out stays out, unless the machine itself wrote it anew
        if base.count(line) == 1 and line not in ours:
            assert line not in merged.data.splitlines(keepends=True)
    # a later night grows the merged list: that changes nothing a person wrote, either
    grown = add_entry(parse_list(merged.data), a_draft(77, "2024-06-06")).data
    for mark in put:
        assert grown.count(mark) >= theirs.count(mark), mark
    kept = set(grown.splitlines())
    assert all(line in kept or _is_structured(line) for line in merged.data.splitlines())


def _lines_kept(base: bytes, theirs: bytes, ours: bytes, merged: bytes) -> None:
    """Every line that a person wrote or changed is there; rows that both changed are there word by word."""
    was, now = set(base.splitlines()), set(merged.splitlines())
    for line in theirs.splitlines():
        if line in was or line in now:
            continue
        assert _is_structured(line), line
        words = [word for word in line.split() if word not in base.split()]
        assert all(word in merged for word in words), words


def _is_structured(line: bytes) -> bool:
    return b"](#" in line or line.lstrip().startswith((b"|", b"<summary")) or b"A list" in line or b"models" in line


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10**9))
def test_no_human_edit_is_lost(seed: int) -> None:
    check(seed)


@pytest.mark.slow
@settings(deadline=None, max_examples=10_000)
@given(st.integers(0, 10**9))
def test_no_human_edit_is_lost_in_ten_thousand_cases(seed: int) -> None:
    check(seed)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"c\n", b"d"]), max_size=12),
    st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"x\n"]), max_size=12),
)
def test_hunks_rebuild_the_other_side(base: list[bytes], other: list[bytes]) -> None:
    built, at = [], 0
    for hunk in hunks(base, other):
        assert hunk.start >= at
        built += [*base[at : hunk.start], *hunk.new]
        at = hunk.end
    assert [*built, *base[at:]] == other


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_one_side_alone_wins(base: bytes, changed: bytes) -> None:
    assert merge(base, changed, base).data == changed
    assert merge(base, base, changed).data == changed
    assert merge(base, changed, changed) == (changed, ())


def test_a_digit_in_a_persons_word_is_no_count() -> None:
    base = b"A list of 3 models.\n"
    mine = b"**2024:** [M0](#m0) | [M1](#m1) HUMAN34x3\n"
    assert mine in merge(base, mine, b"A list of 5 models.\n").data
    check(980034)


def test_both_in_one_sentence_is_a_conflict_and_the_person_stays() -> None:
    base = a_list(3)
    merged = merge(
        base, base.replace(b"Then M1 speaks.", b"Then M1 sings."), base.replace(b"Then M1 speaks.", b"Then M1 talks.")
    )
    assert b"Then M1 sings." in merged.data
    assert b"talks" not in merged.data
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.theirs, conflict.ours) == (
        b"Then M1 speaks.\n",
        b"Then M1 sings.\n",
        b"Then M1 talks.\n",
    )
    assert base.splitlines()[conflict.line - 1] == b"Then M1 speaks."


def test_index_rows_and_counts_merge_word_by_word() -> None:
    base = a_list(3)
    grown = add_entry(parse_list(base), a_draft(1, "2024-11-20")).data
    theirs = base.replace(b"[M2](#m2-model-number-2)", b"[M2](#m2-model-number-2) | [Mine](#mine)")
    merged = merge(base, theirs, grown)
    assert merged.conflicts == ()
    row = next(line for line in merged.data.splitlines() if line.startswith(b"**2024:**"))
    assert row.count(b"](#") == 5
    assert b"[New1]" in row
    assert b"[Mine]" in row


def test_two_insertions_at_one_place_both_stay() -> None:
    base = a_list(2)
    anchor = b"## Reading\n"
    merged = merge(base, base.replace(anchor, b"mine\n" + anchor), base.replace(anchor, b"ours\n" + anchor))
    assert b"mine\nours\n## Reading" in merged.data
    assert merge(b"a\n", b"a\nmine", b"a\nours\n").data == b"a\nmine\nours\n"


def test_edits_are_told_entry_by_entry() -> None:
    base = a_list(4)
    theirs = (
        base.replace(b"github.com/a/m1", b"github.com/b/m1")
        .replace(b"M2 joins retina and words.", b"M2 is better.")
        .replace(b"**Released:** 2024-12-15", b"**Released:** 2024-12-16")
        .replace(b"Then M3 speaks.", b"Then M3 is silent.")
        .replace(b"A guide", b"The guide")
    )
    told = [(one.entry, one.what, one.before, one.after) for one in edits_between(parse_list(base), parse_list(theirs))]
    assert ("M0", "released", "2024-12-15", "2024-12-16") in told
    assert ("M1", "link", "GitHub https://github.com/a/m1", "GitHub https://github.com/b/m1") in told
    assert any(one[:2] == ("M2", "summary") and one[3] == "M2 is better." for one in told)
    assert any(one[:2] == ("M3", "prose") and "silent" in one[3] for one in told)
    assert any(one[1] == "text" for one in told)
    assert len(told) == 5


def test_added_removed_renamed_and_moved_entries_are_told() -> None:
    base = a_list(3)
    panels = [panel.data for panel in parse_list(base).panels]
    assert edits_between(parse_list(base), parse_list(base)) == []
    (gone,) = [
        one for one in edits_between(parse_list(base), parse_list(base.replace(panels[1], b""))) if one.what == "entry"
    ]
    assert (gone.entry, gone.after) == ("M1", "")
    assert gone.before.startswith("### **M1")
    mine = b"### Mine\n\n[![arXiv](i)](https://arxiv.org/abs/2407.00001)\n\n"
    (added,) = edits_between(parse_list(base), parse_list(base.replace(panels[1], mine + panels[1])))
    assert (added.entry, added.before, added.papers) == ("Mine", "", ("2407.00001",))
    renamed = edits_between(
        parse_list(base), parse_list(base.replace(b"**M1: Model number 1**", b"**M1b: Model number 1**"))
    )
    assert [(one.what, one.after) for one in renamed] == [("title", "M1b: Model number 1")]
    moved = edits_between(parse_list(base), parse_list(base.replace(panels[0] + panels[1], panels[1] + panels[0])))
    assert [one.what for one in moved] == ["order"]
    (space,) = edits_between(parse_list(base), parse_list(base.replace(b"Bob B1<br>\n", b"Bob B1<br/>\n")))
    assert (space.entry, space.what) == ("M1", "prose")
