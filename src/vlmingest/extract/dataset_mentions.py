"""Every place where a paper names a set of data, grouped by name: known names and names found by their shape.

`dataset_groups(view)` gives one `Group` per name with its places and counts of what they say ("left_train", "table_benchmark_head",
"in_related-work" ...). Which role a name has is judged from the whole group (see `dataset_scores`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from vlmingest.document import BlockKind
from vlmingest.extract.dataset_aliases import is_glossed, long_names
from vlmingest.extract.dataset_cells import CellName, names_of_table, names_with_amounts, split_headers
from vlmingest.extract.dataset_doubts import CALLED_DATA, by_amount, data_is_meant, is_task
from vlmingest.extract.dataset_found import OF_OTHERS, Finds, Found, may_be_data
from vlmingest.extract.dataset_groups import Group
from vlmingest.extract.dataset_levels import table_levels
from vlmingest.extract.dataset_lists import ALONE, OPENING, Member, lists_of, sets_told
from vlmingest.extract.dataset_names import clean_cell, is_name, is_variant, not_data
from vlmingest.extract.dataset_places import Places
from vlmingest.extract.dataset_tuning import is_of_tuned, tuned_sections, tunes_downstream
from vlmingest.extract.dataset_uses import Uses
from vlmingest.extract.table_kinds import TableKind
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording
from vlmingest.vocabulary.datasets import dataset_uses, fold_name, known_name, short_names

_SHORTEST_STEM = 3
_SPLIT_LETTERS = frozenset("TVDMItvdm")
_FIGURE = BlockKind.FIGURE_TEXT
_UNITS = ("K)", "M)", "k)", "B)")
_AMOUNT_SAYS = ("table_mixture_cell", "train3", "listed", "listed_well")
# What of a doubtful place still counts a little.
_DOUBTFUL_SAYS = frozenset({"train1", "train2", "train3", "with_data", "with_amount", "own_voice"})
_TESTED = frozenset({"evaluate2", "evaluate3"})
_LEFT_OUT = wording("dataset_tables.left_out")


class Mentions:
    """The groups of one paper. `hidden`: names to be read as if no list knew them (how training learns about new names)."""

    def __init__(self, view: PaperView, hidden: Callable[[str], bool] = lambda _: False) -> None:
        self.view = view
        self._hidden = hidden
        self.groups: dict[str, Group] = {}
        self._own = frozenset(fold_name(name) for name in own_names(view))
        self._own_starts = tuple(self._own)
        self._uses = Uses(view, self._own)
        self._tuned = tuned_sections(view)
        self._finds = Finds(view, hidden)
        self._models = {(one.start, one.end) for one in view.mentions if one.code.kind == "language_model"}
        known, named = self._finds.known, self._finds.all
        members = [
            Member(one.start, one.end, one.known and one.sure, one.beside) for one in named if one.sentence is not None
        ]
        starts = self._starts = [found.start for found in known if found.sure]
        self._told = sets_told(
            view, [(one.sentence, one.start, one.end) for one in known if one.sure and one.sentence is not None]
        )
        self._sure = sorted((found.start, found.end) for found in known if found.sure)
        self._places = Places(view, starts)
        self._lists = lists_of(view.text, members)
        self._unsure: dict[str, list[tuple[Found, tuple[str, ...]]]] = {}  # what doubtful places say, if data is meant
        self._amounts: set[int] = set()  # blocks of figures that list sets and how much of each is taken
        self._add_amounts()
        for found in named:
            if found.known or may_be_data(view, found, self._lists.get(found.start, ALONE), self._own):
                self._add(found)
        self._settle_unsure()
        self._long = long_names(view)
        self._glossed: dict[str, bool] = {}
        for table in view.tables:
            for cell in names_of_table(view, table, self._places.kind(table), starts):
                self._add_cell(cell)
            for cell in split_headers(view, table, self._places.kind(table)):
                self._add_cell(cell)
        for short, full in short_names().items():
            self._merge(fold_name(short), fold_name(full))
        self._compare()

    def _compare(self) -> None:
        """What only all groups of the paper tell: that a longer name begins like this one, how the paper tunes."""
        tunes = tunes_downstream(self.view)
        peers: dict[str, tuple[int, int]] = {}
        for use in ("train", "evaluate"):
            levels = Counter(group.level(use) for group in self.groups.values())
            peers[use] = (max(levels, default=0), levels[max(levels, default=0)])
        keys = sorted(self.groups)
        for key, after in zip(keys, [*keys, ""][1:], strict=True):
            self.groups[key].tunes = tunes
            self.groups[key].peers = peers
            if len(key) >= _SHORTEST_STEM and after.startswith(key):
                self.groups[key].counts["has_longer"] += 1

    def _merge(self, short: str, full: str) -> None:
        """A short name ("VQA") means the full one where the paper has that, too."""
        if short in self.groups and full in self.groups:
            group = self.groups.pop(short)
            for place in group.places:
                self.groups[full].add(place.start, place.end, self.groups[full].name, place.says)

    # --- known names -------------------------------------------------------------------------------------------

    def _add(self, found: Found) -> None:
        view = self.view
        block = view.block_index(found.start)
        if block is None:
            return
        says = list(self._says(found, block))
        if self._tuned and not _TESTED.isdisjoint(says) and self._in_tuned_section(found.start):
            says.append("tested_where_tuned")
        if not found.sure:
            self._add_by_amount(found, says)
        if (
            not found.sure and (self._is_task(found) or not data_is_meant(says) or fold_name(found.name) in self._own)
        ) or self._finds.stands_for(found):
            if not self._has_namesake(found) and not self._finds.stands_for(found):
                self._unsure.setdefault(found.name, []).append((found, tuple(says)))
            says = ["doubtful", *(f"doubtful_{one}" for one in says if one in _DOUBTFUL_SAYS)]
        elif found.sure and found.known:
            says.append("sure")
        surface = view.text[found.start : found.end]
        if found.known and "/" in surface:  # several sets in one spelling
            surface = found.name
        self._group(found.name, found.known).add(found.start, found.end, surface, tuple(says))

    def _add_by_amount(self, found: Found, says: list[str]) -> None:
        """The sets that a doubtful name means by the amounts that its sentence tells."""
        if found.sentence is None or "of_others" in says:
            return
        sentence = self.view.sentences[found.sentence]
        for name, written in by_amount(found.name, self.view.lowered[sentence.start : sentence.end]):
            if not self._hidden(name):
                self._group(name, True).add(found.start, found.end, written, (*says, "sure"))

    def _has_namesake(self, found: Found) -> bool:
        """Whether a model, a task or the own work has the same name: then another place tells nothing of this one."""
        key = fold_name(found.name)
        return key in not_data() or key in self._own

    def _settle_unsure(self) -> None:
        """A word that a paper once calls a set of data means that in all of it."""
        for name, unsure in self._unsure.items():
            group = self.groups[fold_name(name)]
            if any(not CALLED_DATA.isdisjoint(place.says) for place in group.places):
                kept = {(found.start, found.end): says for found, says in unsure}
                places, group.places = group.places, []
                group.counts = Counter(
                    {one: group.counts[one] for one in ("own_name", "own_prefix") if group.counts[one]}
                )
                group.surfaces = Counter()
                for place in places:
                    written = self.view.text[place.start : place.end]
                    group.add(place.start, place.end, written, kept.get((place.start, place.end), place.says))

    def _is_task(self, found: Found) -> bool:
        """Whether a name that is also a task's means the task."""
        if found.sentence is not None:
            return is_task(self.view.text, found.name, found.end, found.beside)
        return fold_name(found.name) in not_data() and self._places.is_task_cell(found.start, found.end, self._starts)

    def _add_amounts(self) -> None:
        """Names in the text of figures that list what is taken of each set; those that no list knows are added."""
        view = self.view
        for number, block in enumerate(view.document.blocks):
            if block.kind is _FIGURE and any(view.text.find(unit, block.start, block.end) >= 0 for unit in _UNITS):
                for start, end in names_with_amounts(view.text, block.start, block.end):
                    self._amounts.add(number)
                    if not self._finds.is_taken(start, end):
                        name = clean_cell(view.text[start:end])
                        known = known_name(fold_name(name))
                        known = None if known is not None and self._hidden(known) else known
                        if known is not None or is_name(name, in_cell=True):
                            says = (*_AMOUNT_SAYS, "sure") if known else (*_AMOUNT_SAYS, "cell_name")
                            self._group(known or name, known is not None).add(start, end, name, says)

    def _in_tuned_section(self, start: int) -> bool:
        section = self.view.document.section_at(start)
        return section is not None and section.start in self._tuned

    def _group(self, name: str, known: bool) -> Group:
        key = fold_name(name)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key, name, dataset_uses().get(name, "both") if known else "")
            if key in self._own:
                group.counts["own_name"] += 1
            elif key.startswith(self._own_starts):
                group.counts["own_prefix"] += 1
                if not known and is_variant(key, self._own):
                    group.counts["own_variant"] += 1
        return group

    def _says(self, found: Found, block: int) -> Iterator[str]:
        """What one place says."""
        view = self.view
        index = found.sentence
        if index is None:
            yield from self._table_says(found.start, found.end, block)
            return
        sentence = view.sentences[index]
        kind = view.document.blocks[block].kind
        listed = self._lists.get(found.start, ALONE)
        yield from _mates_say(listed.mates)
        yield from listed.says
        nearby = found.beside.all
        if found.known and found.sure and "maker" in nearby:  # a set may be called by the program that makes it
            nearby = tuple([one for one in nearby if one != "maker"])
        for name in nearby:
            yield f"beside_{name}"
        about = None
        if kind is BlockKind.CAPTION:
            table = self._places.caption_table(block)
            about = self._places.kind(table) if table is not None else None
            yield f"caption_{about or 'figure'}"
        elif kind in (BlockKind.HEADING, BlockKind.TITLE):
            yield "heading"
        opens = found.start <= sentence.start + OPENING
        if sentence.section in OF_OTHERS or (not opens and self._uses.of_others(sentence)):
            yield "of_others"
            return
        yield f"in_{sentence.section}"
        if found.start > self._told.get(index, found.start):
            yield "set_told"
        uses = list(self._uses.says(index, found.start, found.end, nearby, listed))
        if "from_source" in uses and self._is_source_of_another(found, index):
            yield "source_of_set"
        if about is TableKind.BENCHMARK and "right_train" in uses:  # a remark at the end of what the columns are
            uses = [one for one in uses if one not in ("train1", "train2")]
        yield from uses
        if about is TableKind.BENCHMARK and "train2" not in uses and "train3" not in uses:
            yield "evaluate2"
        elif about is TableKind.MIXTURE and "evaluate2" not in uses and "evaluate3" not in uses:
            yield "train2"

    def _is_source_of_another(self, found: Found, index: int) -> bool:
        """Whether another set was made from it: "FooCap (...) was built from images of Bar", where Foo stands in the sentence."""
        at = bisect_left(self._sure, (found.start, 0)) - 1
        if at < 0 or self._sure[at][0] < self.view.sentences[index].start:
            return False
        return self._uses.source_between(index, self._sure[at][1], found.start)

    def _table_says(self, start: int, end: int, block: int) -> Iterator[str]:
        place = self._places.in_table(start, end, block)
        if block in self._amounts:
            yield from _AMOUNT_SAYS
            return
        if place is None:
            yield "figure"
            return
        yield f"table_{place.kind}_{place.part}"
        if (
            place.kind is TableKind.MIXTURE
            and _LEFT_OUT.stands_in(self.view.lowered[max(start - 12, 0) : start]) is not None
        ):
            yield "excluded"
            return
        if place.scored is not None:
            yield f"scored_{place.kind}" if place.scored else "not_scored"
        if place.scored and place.table is not None:
            tuned = self._places.is_tuned(place.table)
            if tuned is not None:
                yield "in_tuned_table" if tuned else "in_untuned_table"
                if tuned:
                    yield "train2" if is_of_tuned(place.table) else "train1"
        yield from table_levels(self.view, place)

    # --- names that no list knows ------------------------------------------------------------------------------

    def _add_cell(self, cell: CellName) -> None:
        name = self._long.get(fold_name(cell.name), cell.name)
        key = fold_name(name)
        known = known_name(key)
        if known is None and name[-1] in _SPLIT_LETTERS and name[-2:-1].isalnum() and known_name(key[:-1]) is not None:
            name, key = name[:-1], key[:-1]  # the split, set above the line in the file
            known = known_name(key)
        taken = self._finds.is_taken(cell.start, cell.end)
        if taken and cell.part == "cell" and cell.mates > 1 and self._places.kind(cell.table) is TableKind.MIXTURE:
            # "InternFoo-Chat" among sets of data stands for the data of that model.
            taken = (cell.start, cell.end) not in self._models
        if key in self._own or taken or self._is_glossed(name):
            return
        place = self._places.in_table(cell.start, cell.end, self.view.block_index(cell.start) or 0)
        kind = self._places.kind(cell.table)
        if place is not None and place.ticked:
            return
        # What stands in other columns tells nothing of a column in which no set is known.
        column = cell.column()
        mates = 0 if cell.part == "cell" and "column_mates_none" in column else cell.mates
        says = [f"table_{kind}_{cell.part}", "cell_name", *_mates_say(mates), *column]
        if place is not None:
            says += table_levels(self.view, place)
            if place.scored is not None:
                says.append(f"scored_{kind}" if place.scored else "not_scored")
        if self._tuned and not _TESTED.isdisjoint(says) and self._in_tuned_section(cell.start):
            says.append("tested_where_tuned")
        sure = known is not None and not self._hidden(known)
        if sure:
            says.append("sure")
        self._group(known if sure and known else name, sure).add(cell.start, cell.end, name, tuple(says))

    def _is_glossed(self, name: str) -> bool:
        known = self._glossed.get(name)
        if known is None:
            known = self._glossed[name] = is_glossed(self.view, name)
        return known


def _mates_say(mates: int) -> Iterator[str]:
    if mates:
        yield "listed"
    if mates > 2:
        yield "listed_well"


def dataset_groups(view: PaperView) -> dict[str, Group]:
    """Folded name -> its Group, in the order in which the names first stand."""
    return view.once(Mentions).groups
