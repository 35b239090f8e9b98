"""PaperView: one Document seen once for all field readers (sentences, section kinds, tables, quotes).

Every reader is a `Callable[[PaperView], Iterable[Candidate]]`. Nothing here judges content; everything is computed once
and lazily, so that a reader pays only for what it uses. Offsets are into `document.text`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from vlmingest.document import Block, BlockKind, Document, Section, Span, Table
from vlmingest.extract.cues import cue_sentences, indexed_cues, sentences_with
from vlmingest.extract.headings import SectionKind, heading_kind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.others import blocks_on_others
from vlmingest.extract.quotes import fitted, stripped
from vlmingest.extract.rules import Rule
from vlmingest.extract.sentences import sentence_bounds
from vlmingest.extract.table_heads import mended
from vlmingest.records import Evidence, PaperMetadata
from vlmingest.vocabulary import Mention, load

T = TypeVar("T")


class Sentence(NamedTuple):
    """A sentence, list item, caption or heading; `block` is the index into `document.blocks`."""

    start: int
    end: int
    block: int
    kind: BlockKind
    section: SectionKind


_PROSE = frozenset(
    {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ABSTRACT, BlockKind.CAPTION, BlockKind.FOOTNOTE}
)
_WHOLE = frozenset({BlockKind.HEADING, BlockKind.TITLE})
_ABSTRACT, _ITEM = BlockKind.ABSTRACT, BlockKind.LIST_ITEM  # members of an enumeration are slow to look up
_BULLETS = frozenset("•▪◦‣∙●○■◆►✓–—-")
_CAPTION = BlockKind.CAPTION
_DRIFTED_TO = (SectionKind.CONCLUSION, SectionKind.RELATED)  # by floats that found no place before
_LABEL = re.compile(r"(?i)(tab|fig)[a-z]*\.?\s*([A-Z]?\d+|[IVX]+)\b")


class TableView:
    """A table with its headers joined per column, and quotes for its rows."""

    def __init__(self, table: Table, section: SectionKind) -> None:
        self.table = table
        self.section = section
        self.caption = table.caption
        self.page = table.page

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """One header per column: the cells of the header rows from top to bottom, repeats left out."""
        rows = self.table.cells[: self.table.header_rows]
        width = max((len(row) for row in self.table.cells), default=0)
        joined = []
        for column in range(width):
            parts: list[str] = []
            for row in rows:
                cell = row[column].strip() if column < len(row) else ""
                if cell and (not parts or parts[-1] != cell):
                    parts.append(cell)
            joined.append(" ".join(parts))
        return tuple(joined)

    @property
    def header_rows(self) -> tuple[tuple[str, ...], ...]:
        """The header rows as they stand."""
        return self.table.cells[: self.table.header_rows]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows below the header."""
        return self.table.cells[self.table.header_rows :]

    def row_span(self, index: int) -> Span | None:
        """Where row `index` (counted with the header rows) stands in the text."""
        spans = self.table.row_spans
        return spans[index] if index < len(spans) else None


class PaperView:
    """What every field reader gets: the Document, the paper's metadata, and what was computed from them once."""

    def __init__(self, document: Document, paper: PaperMetadata | None = None) -> None:
        self.document = document
        self.paper = paper if paper is not None else PaperMetadata(id="local", title=document.title)
        self.text = document.text
        self._made: dict[Callable[[PaperView], Any], Any] = {}

    def once(self, make: Callable[[PaperView], T]) -> T:
        """`make(self)`, computed at the first call and kept: for what several readers share (names, voices, ...)."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @cached_property
    def memo(self) -> dict[str, Any]:
        """Results that modules beside this one compute once per paper, by a key of theirs ("voice", ...)."""
        return {}

    def forget(self) -> None:
        """Lets go of all that `once` and `memo` keep: what refers back to the view is then freed without a search for cycles."""
        self._made.clear()
        self.memo.clear()

    # --- places ------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The metadata's title, or the one the file shows."""
        return self.paper.title or self.document.title

    @cached_property
    def abstract(self) -> str:
        """The abstract as the file has it, or as the metadata has it."""
        span = self.document.abstract
        return self.text[span.start : span.end] if span is not None else self.paper.abstract

    @cached_property
    def body_end(self) -> int:
        """Where the bibliography starts, or the text ends."""
        return self.document.references.start if self.document.references is not None else len(self.text)

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.document.blocks]

    def block_index(self, offset: int) -> int | None:
        """Index of the block that holds `offset`."""
        index = bisect_right(self._block_starts, offset) - 1
        if index < 0 or offset >= self.document.blocks[index].end:
            return None
        return index

    def block_at(self, offset: int) -> Block | None:
        """The block that holds `offset`."""
        index = self.block_index(offset)
        return None if index is None else self.document.blocks[index]

    @cached_property
    def _kinds(self) -> tuple[list[int], list[SectionKind], list[Section]]:
        """Start offsets, kinds and sections; a heading that says nothing takes the kind of the one above it."""
        starts: list[int] = []
        kinds: list[SectionKind] = []
        stack: list[tuple[int, SectionKind]] = []
        for section in self.document.sections:
            while stack and stack[-1][0] >= section.level:
                stack.pop()
            kind = SectionKind.REFERENCES if section.is_reference else heading_kind(section.title)
            inherited = stack[-1][1] if stack else SectionKind.OTHER
            if kind is SectionKind.OTHER or inherited in (SectionKind.RELATED, SectionKind.ABLATION):
                kind = inherited if inherited is not SectionKind.OTHER else kind
            stack.append((section.level, kind))
            starts.append(section.start)
            kinds.append(kind)
        return starts, kinds, list(self.document.sections)

    def section_kind(self, offset: int) -> SectionKind:
        """What the section at `offset` is about."""
        abstract = self.document.abstract
        if abstract is not None and abstract.start <= offset < abstract.end:
            return SectionKind.ABSTRACT
        references = self.document.references
        if references is not None and references.start <= offset < references.end:
            return SectionKind.REFERENCES
        starts, kinds, _ = self._kinds
        index = bisect_right(starts, offset) - 1
        return kinds[index] if index >= 0 else SectionKind.FRONT

    def _kind_bounds(self) -> list[int]:
        """Every place where the kind of the section may change, in order."""
        spans = [span for span in (self.document.abstract, self.document.references) if span is not None]
        return sorted({*self._kinds[0], *(place for span in spans for place in (span.start, span.end))})

    def is_appendix(self, offset: int) -> bool:
        """Whether `offset` lies in the appendix."""
        start = self.document.appendix_start
        return start is not None and offset >= start

    @cached_property
    def on_others(self) -> frozenset[int]:
        """Indexes of the paragraphs and list items on other people's works that no heading of related work stands above."""
        return blocks_on_others(self.document.blocks, self.lowered, self.document.sections, self._kinds[1])

    def told_kind(self, offset: int) -> SectionKind:
        """What the section at `offset` is about; related work in a paragraph on others."""
        return SectionKind.RELATED if self.block_index(offset) in self.on_others else self.section_kind(offset)

    # --- sentences ---------------------------------------------------------------------------------------------

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences of prose, captions, list items, headings and the title, in order; no references, no table rows."""
        return tuple(self._split())

    def _split(self) -> list[Sentence]:
        text = self.text
        found: list[Sentence] = []
        add, make = found.append, tuple.__new__  # some thousand are made: the class's own way is twice as slow
        bounds = self._kind_bounds()
        until, section_there = -1, SectionKind.FRONT  # blocks come in order: the kind holds until the next bound
        abstract, references, related = SectionKind.ABSTRACT, SectionKind.REFERENCES, SectionKind.RELATED
        on_others = self.on_others
        for index, block in enumerate(self.document.blocks):
            kind = block.kind
            if kind not in _PROSE and kind not in _WHOLE:
                continue
            start = block.start
            if start >= until:
                section_there = self.section_kind(start)
                after = bisect_right(bounds, start)
                until = bounds[after] if after < len(bounds) else len(text) + 1
            section = abstract if kind is _ABSTRACT else related if index in on_others else section_there
            if section in _DRIFTED_TO and kind is _CAPTION:
                section = self._float_kind(start, section)
            if section is references:
                continue
            if kind in _WHOLE:
                add(make(Sentence, (start, block.end, index, kind, section)))
                continue
            if kind is _ITEM and text[start] in _BULLETS and text[start + 1 : start + 2] == " ":
                start += 2  # the other readers have none
            for first, end in sentence_bounds(text, start, block.end):
                add(make(Sentence, (first, end, index, kind, section)))
        return found

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_index(self, offset: int) -> int | None:
        """Index of the sentence that holds `offset`; None in tables, figures, references."""
        index = bisect_right(self._sentence_starts, offset) - 1
        if index < 0 or offset >= self._sentence_ends[index]:
            return None
        return index

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds `offset`."""
        index = self.sentence_index(offset)
        return None if index is None else self.sentences[index]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]

    @cached_property
    def _cues(self) -> Mapping[str, list[int]]:
        return cue_sentences(self.lowered, self._sentence_starts, self._sentence_ends)

    def _holding(self, cue: str) -> list[int] | None:
        """The sentences that hold a cue that the index does not have; None where there is none."""
        found: dict[str, list[int]] = self.memo.setdefault("cues.apart", {})
        if cue not in found:
            found[cue] = sentences_with(cue, self.lowered, self._sentence_starts, self._sentence_ends)
        return found[cue] or None

    def sentences_for(self, rule: Rule) -> Sequence[int]:
        """Indexes of the sentences that hold a cue of `rule` (all of them where it has none), ascending.

        The cues of most rule files are looked up in one pass; the pattern itself is still to be tried.
        """
        if not rule.cues:
            return range(len(self.sentences))
        known, indexed = self._cues, indexed_cues()
        held = [
            found
            for cue in rule.cues
            if (found := known.get(cue) if cue in indexed else self._holding(cue)) is not None
        ]
        if len(held) < 2:
            return held[0] if held else ()
        return sorted(set().union(*held))

    def hits(self, rule: Rule) -> Iterator[tuple[Sentence, re.Match[str]]]:
        """Every match of `rule` inside one sentence, in order; offsets are into `text`."""
        sentences, text = self.sentences, self.text
        if rule.low is None:
            regex, lead = rule.regex, rule.lead
            for index in self.sentences_for(rule):
                sentence = sentences[index]
                for match in led_matches(lead, regex, text, sentence.start, sentence.end):
                    yield sentence, match
            return
        match_at = rule.regex.match
        for sentence, found in self.spans(
            rule
        ):  # found in lower case, which is faster, and read again as it is written
            written = match_at(text, found.start(), sentence.end)
            if written is not None:
                yield sentence, written

    def spans(self, rule: Rule) -> Iterator[tuple[Sentence, re.Match[str]]]:
        """`hits` for who only asks where: the match may be of the text in lower case, which is searched faster."""
        if rule.low is None:
            yield from self.hits(rule)
            return
        low, lead, lowered, sentences = rule.low, rule.lead, self.lowered, self.sentences
        for index in self.sentences_for(rule):
            sentence = sentences[index]
            for match in led_matches(lead, low, lowered, sentence.start, sentence.end):
                yield sentence, match

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every name of the vocabulary in the text, in order (tables and references too)."""
        return tuple(load().find(self.text, self.lowered))

    @cached_property
    def mention_starts(self) -> list[int]:
        """Where the mentions start, for bisection."""
        return [mention.start for mention in self.mentions]

    def quote(self, span: Sentence | Span) -> str:
        """The text of a sentence or span."""
        return self.text[span.start : span.end]

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, offset for offset (letters whose lower case is longer are kept as they are)."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(low if len(low := ch.lower()) == 1 else ch for ch in self.text)

    # --- tables ------------------------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> tuple[TableView, ...]:
        """All tables, in order."""
        found = []
        for table in self.document.tables:
            place = table.caption_span or next((span for span in table.row_spans if span is not None), None)
            kind = self.section_kind(place[0]) if place is not None else SectionKind.OTHER
            if kind in _DRIFTED_TO and place is not None:
                kind = self._float_kind(place[0], kind)
            found.append(TableView(mended(table), kind))
        return tuple(found)

    def _float_kind(self, start: int, kind: SectionKind) -> SectionKind:
        """What a float at `start` is about: TeX lets floats drift down the pages of a PDF, so a section at the end that does
        not speak of one is not where it belongs.
        """
        label = _LABEL.match(self.text, start)
        section = self.document.section_at(start)
        if self.document.source != "pdf" or label is None or section is None:
            return kind
        mention = re.compile(rf"\b{label[1]}[a-z]*\.?\s*{label[2]}\b", re.IGNORECASE)
        places = (found.start() for found in mention.finditer(self.text, section.start, section.end))
        return kind if any(place != start for place in places) else SectionKind.OTHER

    # --- evidence ----------------------------------------------------------------------------------------------

    def evidence(self, start: int, end: int, rule_id: str) -> Evidence:
        """The quote that holds `[start, end)`: the sentence or table row around it, cut to 4-60 words.

        It never crosses a block, a table row or a seam (a place where neighbouring characters do not stand side by side in
        the file), so that the letters of the quote are one run of the page's own text.
        """
        low, high = self._bounds(start, end)
        start, end = max(start, low), min(max(end, start + 1), high)
        low, high = fitted(self.text, low, high, start, end)
        section = self.document.section_at(low)
        return Evidence(
            quote=self.text[low:high],
            page=self.document.page_at(low),
            section=section.label if section is not None else None,
            start=low,
            end=high,
            reader=f"rule:{rule_id}",
            source=self.document.source,
        )

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        """The run around a match that a quote may take: sentence, else table row or line, cut at seams."""
        sentence = self.sentence_at(start)
        block = self.block_at(start)
        low, high = (block.start, block.end) if block is not None else (0, len(self.text))
        if sentence is not None:
            low, high = max(low, sentence.start), min(high, sentence.end)
            if high - low < 24 and block is not None:  # a fragment: let the neighbours in
                low, high = block.start, block.end
        elif block is not None:
            newline = self.text.rfind("\n", low, start)
            low = newline + 1 if newline >= 0 else low
            newline = self.text.find("\n", max(end, start + 1) - 1, high)
            high = newline if newline > start else high
        seams = self.document.seams
        left = bisect_right(seams, start)
        if left and seams[left - 1] > low:
            low = seams[left - 1]
        right = bisect_left(seams, start + 1)
        if right < len(seams) and seams[right] < high:
            high = seams[right]
        return stripped(self.text, low, max(high, low))
