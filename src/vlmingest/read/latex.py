r"""LaTeX source -> Document: one file, a gzip of one, or a (gzipped) tar, as arXiv serves them.

Contract: `read_latex(data)` raises EmptyFileError, NotAPaperFileError, NoMainFileError, DamagedDocumentError or
TooLargeDocumentError; nothing is run, nothing is written to disk. Steps: unpack, find the main file, follow `\input`,
drop comments, expand the author's macros, then one walk over the body; a first walk collects labels for `\ref`.
"""

from __future__ import annotations

import re

from vlmingest.document import BlockKind, Document
from vlmingest.errors import NotAPaperFileError
from vlmingest.read.latex_floats import captions, grid_of, label_of, listed_amounts, tabulars, until_end
from vlmingest.read.latex_front import read_front
from vlmingest.read.latex_macros import Expander, argument_at, group_at
from vlmingest.read.latex_math import math_text
from vlmingest.read.latex_source import Flattener, decode, find_main, unpack
from vlmingest.read.latex_text import (
    ACCENTS,
    ARGUMENTS,
    DROPPED,
    FLOATS,
    FORMULAS,
    LEVELS,
    SKIPPED,
    SYMBOLS,
    TABULARS,
    VERBATIM,
    Numbers,
    accent,
    citation,
)
from vlmingest.read.markup import MarkupBuilder, clean

__all__ = ["decode", "read_latex"]

READER = "latex.v2"
_MAX_NESTING = 40
_TOKEN = re.compile(
    r"\\(?P<name>[A-Za-z@]+)(?P<star>\*?)|\\(?P<sign>.)|(?P<math>\$\$?)|"
    r"(?P<gap>\n[ \t]*\n\s*)|(?P<brace>[{}])|(?P<tilde>[~&])",
    re.DOTALL,
)
_BEGIN_DOCUMENT = re.compile(r"\\begin\s*\{document\}")
_REFERRING = re.compile(r"\w*ref|cite\w*|Cite\w*|label|parencite|textcite|nocite", re.IGNORECASE)


def read_latex(data: bytes) -> Document:
    """A source package as a Document without pages."""
    files = unpack(data)
    flattener = Flattener(files, find_main(files))
    source = Expander().run(flattener.run())
    begin = _BEGIN_DOCUMENT.search(source)
    preamble, body = (source[: begin.start()], source[begin.end() :]) if begin else ("", source)
    body = body.split(r"\end{document}")[0]
    numbers = Numbers.of(source)
    for last in (False, True):  # the first walk is for the labels only
        walker = _Walker(numbers)
        read_front(walker, preamble + "\n" + body)
        if r"\begin{abstract}" not in body and (early := preamble.find(r"\begin{abstract}")) >= 0:
            walker.walk(preamble[early:].split(r"\end{abstract}")[0] + r"\end{abstract}")
        walker.walk(body)
        walker.flush()
        if not last:
            numbers = numbers.again(walker.labels)
    walker.builder.findings += flattener.findings
    document = walker.builder.finish(data)
    if not document.text:
        raise NotAPaperFileError("LaTeX without text")
    return document


class _Walker:
    """One walk over expanded LaTeX; running text is collected in `loose` until a block ends."""

    def __init__(self, numbers: Numbers) -> None:
        self.builder = MarkupBuilder("latex", READER)
        self.numbers = numbers
        self.labels: dict[str, tuple[str, str]] = {}
        self.loose: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.notes: list[tuple[str, list[tuple[str, str]]]] = []
        self.kind = BlockKind.PARAGRAPH
        self.here: tuple[str, str] = ("", "")  # (kind, number) that a \label takes

    # --- blocks --------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """End the running paragraph; footnotes follow it."""
        text = "".join(self.loose)
        links, self.loose, self.links = self.links, [], []
        if self.kind is BlockKind.ABSTRACT:
            self.builder.add_abstract(text, links)
        else:
            self.builder.add(self.kind, text, links)
        notes, self.notes = self.notes, []
        for note, note_links in notes:
            self.builder.add(BlockKind.FOOTNOTE, note, note_links)

    def text_of(self, tex: str, depth: int = 0) -> str:
        """A fragment as text of one line (captions, cells, headings)."""
        outer, self.loose = self.loose, []
        self.walk(tex, depth + 1, inline=True)
        text, self.loose = "".join(self.loose), outer
        return clean(text)

    def walk(self, tex: str, depth: int = 0, *, inline: bool = False) -> None:
        """Read `tex` into `loose` and the builder; `inline` keeps it to text."""
        if depth > _MAX_NESTING:
            return
        at = 0
        while (match := _TOKEN.search(tex, at)) is not None:
            self.loose.append(_typography(tex[at : match.start()]))
            at = match.end()
            if (name := match["name"]) is not None:
                at = self._command(name, tex, at, depth, inline=inline)
            elif (sign := match["sign"]) is not None:
                at = self._sign(sign, tex, at, inline=inline)
            elif match["math"]:
                at = self._dollars(match["math"], tex, at, inline=inline)
            elif match["gap"]:
                self.loose.append(" ")
                if not inline:
                    self.flush()
            elif match["tilde"]:
                self.loose.append(" ")
        self.loose.append(_typography(tex[at:]))

    def _sign(self, sign: str, tex: str, at: int, *, inline: bool) -> int:
        if sign in ACCENTS:
            letter, at = argument_at(tex, at)
            self.loose.append(accent(sign, letter))
        elif sign in "([":
            end = tex.find("\\)" if sign == "(" else "\\]", at)
            end = len(tex) if end < 0 else end
            self._formula(tex[at:end], display=sign == "[" and not inline)
            at = end + 2
        elif sign == "\\":
            self.loose.append(" ")
            if (skip := group_at(tex, at, "[", "]")) is not None and len(skip[0]) < 12:
                at = skip[1]
        else:
            self.loose.append(" " if sign in " ,;:/\n" else "" if sign in "!-@)]" else sign)
        return at

    def _dollars(self, mark: str, tex: str, at: int, *, inline: bool) -> int:
        end = tex.find(mark, at)
        while end > 0 and tex[end - 1] == "\\":
            end = tex.find(mark, end + 1)
        if end < 0 or end - at > 20_000:
            return at
        self._formula(tex[at:end], display=mark == "$$" and not inline)
        return end + len(mark)

    def _formula(self, tex: str, *, display: bool) -> None:
        for match in re.finditer(r"\\label\s*\{([^{}]*)\}", tex):
            self.labels.setdefault(match[1], ("Equation", str(self.numbers.next("equation"))))
        text = math_text(re.sub(r"\\(?:label|tag|begin|end|vspace|hspace)\*?\s*\{[^{}]*\}", "", tex))
        if display:
            self.flush()
            self.builder.add(BlockKind.FORMULA, text)
        else:
            self.loose.append(text)

    # --- commands ------------------------------------------------------------------------------------------

    def _command(self, name: str, tex: str, at: int, depth: int, *, inline: bool) -> int:
        if name in SYMBOLS:
            self.loose.append(SYMBOLS[name])
            return at + (tex[at : at + 1] == " " and tex[at + 1 : at + 2].isalpha() and SYMBOLS[name].isalpha())
        if name in ACCENTS:
            letter, at = argument_at(tex, at)
            self.loose.append(accent(name, letter))
            return at
        if name in LEVELS and not inline:
            at = self._heading(name, tex, at, depth)
        elif name == "begin":
            at = self._environment(tex, at, depth, inline=inline)
        elif name in ("footnote", "footnotetext", "thanks", "blfootnote"):
            at = self._footnote(tex, at, depth)
        elif name in ("url", "href", "nolinkurl", "path"):
            at = self._link(name, tex, at, depth)
        elif _REFERRING.fullmatch(name):
            at = self._reference(name, tex, at)
        elif name == "bibitem":
            at = self._bibitem(tex, at)
        elif name == "item":
            at = self._item(tex, at, depth, inline=inline)
        else:
            at = self._rare(name, tex, at, depth, inline=inline)
        return at

    def _rare(self, name: str, tex: str, at: int, depth: int, *, inline: bool) -> int:
        if name in ("par", "newpage", "clearpage", "maketitle"):
            if not inline:
                self.flush()
        elif name == "appendix":
            self.numbers.start_appendix()
        elif name == "texorpdfstring":  # (text, the same for PDF bookmarks)
            first = group_at(tex, at)
            second = group_at(tex, first[1]) if first else None
            if first and second:
                self.loose.append(self.text_of(first[0], depth))
                at = second[1]
        elif name == "verb":
            end = tex.find(tex[at : at + 1], at + 1)
            if at < end < at + 500:
                self.loose.append(tex[at + 1 : end])
                at = end + 1
        else:
            at = self._other(name, tex, at)
        return at

    def _other(self, name: str, tex: str, at: int) -> int:
        """Unknown commands vanish and their arguments stay, but for those whose arguments are no text."""
        at += tex.startswith("*", at)
        while tex[at : at + 1] == "[" and (optional := group_at(tex, at, "[", "]")) is not None:
            at = optional[1]
        for _ in range(DROPPED.get(name, 0)):
            group = group_at(tex, at)
            if group is None:
                break
            at = group[1]
        return at

    def _heading(self, name: str, tex: str, at: int, depth: int) -> int:
        starred = tex.startswith("*", at - 1) or tex.startswith("*", at)
        at += tex.startswith("*", at)
        if (short := group_at(tex, at, "[", "]")) is not None:
            at = short[1]
        group = group_at(tex, at)
        if group is None:
            return at
        self.flush()
        level = LEVELS[name]
        title = self.text_of(group[0], depth)
        number = None if starred else self.numbers.heading(level)
        appendix = self.numbers.in_appendix or title.casefold() in ("appendix", "appendices")
        self.builder.add_heading(number, title, level, is_appendix=appendix)
        self.here = ("Section", number or "")
        return group[1]

    def _footnote(self, tex: str, at: int, depth: int) -> int:
        if (mark := group_at(tex, at, "[", "]")) is not None:
            at = mark[1]
        group = group_at(tex, at)
        if group is None:
            return at
        outer, self.links = self.links, []
        text = self.text_of(group[0], depth)
        self.notes.append((text, self.links))
        self.links = outer
        return group[1]

    def _link(self, name: str, tex: str, at: int, depth: int) -> int:
        target = group_at(tex, at)
        if target is None:
            return at
        url = re.sub(r"\\([%#&_~{}])", r"\1", target[0]).strip()
        at = target[1]
        shown = url
        if name == "href" and (words := group_at(tex, at)) is not None:
            shown, at = self.text_of(words[0], depth), words[1]
        if url.startswith(("http://", "https://")) and len(url) < 2000 and not re.search(r"\s", url):
            self.links.append((url, shown))
        self.loose.append(shown)
        return at

    def _reference(self, name: str, tex: str, at: int) -> int:
        options: list[str] = []
        at += tex.startswith("*", at)
        while (option := group_at(tex, at, "[", "]")) is not None and tex[at : at + 1] in "[ ":
            options.append(option[0])
            at = option[1]
        group = group_at(tex, at)
        if group is None:
            return at
        keys = [key.strip() for key in group[0].split(",")]
        if name == "label":
            self.labels.setdefault(keys[0], self.here)
        elif name.lower().endswith("ref"):
            self.loose.append(self.numbers.reference(name, keys))
        elif name != "nocite":
            note = self.text_of(options[-1]) if options and options[-1] else ""
            self.loose.append(citation(name, [self.numbers.entries.get(key, key) for key in keys], note))
        return group[1]

    def _bibitem(self, tex: str, at: int) -> int:
        self.flush()
        if (label := group_at(tex, at, "[", "]")) is not None:
            at = label[1]
        key = group_at(tex, at)
        if key is None:
            return at
        self.kind = BlockKind.REFERENCE
        entry = self.numbers.entries.get(key[0].strip())
        if entry is not None and not isinstance(entry, str) and entry.number:
            self.loose.append(f"[{entry.number}] ")
        return key[1]

    def _item(self, tex: str, at: int, depth: int, *, inline: bool) -> int:
        label = group_at(tex, at, "[", "]") if tex[at : at + 1] in "[ " else None
        if not inline:
            self.flush()
        if label is not None:
            self.loose.append(self.text_of(label[0], depth) + " ")
            return label[1]
        return at

    # --- environments --------------------------------------------------------------------------------------

    def _environment(self, tex: str, at: int, depth: int, *, inline: bool) -> int:
        named = group_at(tex, at)
        if named is None:
            return at
        name, at = named
        base = name.strip().rstrip("*")
        content, after = until_end(tex, at, name)
        if base in SKIPPED:
            return after
        if base in VERBATIM:
            self._lines(content, inline=inline)
        elif base in FORMULAS:
            self._formula(content, display=not inline)
        elif base in FLOATS and not inline:
            self.flush()
            self._float(base, content, depth)
        elif base in TABULARS:
            self._tabular(content, depth, inline=inline)
        else:
            self._plain(base, content, depth, inline=inline)
        return after

    def _plain(self, base: str, content: str, depth: int, *, inline: bool) -> None:
        at = 0
        while tex_option := (group_at(content, at, "[", "]") if content[at : at + 1] == "[" else None):
            at = tex_option[1]
        for _ in range(ARGUMENTS.get(base, 0)):
            argument = group_at(content, at)
            at = argument[1] if argument else at
        if inline:
            self.walk(content[at:], depth + 1, inline=True)
            return
        self.flush()
        before = self.kind
        if base == "abstract":
            self.kind = BlockKind.ABSTRACT
        elif base in ("itemize", "enumerate", "description", "compactitem", "compactenum", "list"):
            self.kind = BlockKind.LIST_ITEM
        elif base == "thebibliography" and not any(s.is_reference for s in self.builder.headings[-1:]):
            self.builder.add_heading(None, "References", 1)
        elif base in ("appendices", "appendix"):
            self.numbers.start_appendix()
        self.walk(content[at:], depth + 1)
        self.flush()
        self.kind = before

    def _lines(self, content: str, *, inline: bool) -> None:
        if inline:
            return
        self.flush()
        for line in content.splitlines():
            self.builder.add(BlockKind.FIGURE_TEXT, re.sub(r"\\[A-Za-z]+|[{}$]", "", line))

    def _tabular(self, content: str, depth: int, *, inline: bool) -> None:
        rows, header = grid_of(content, lambda cell: self.text_of(cell, depth))
        if inline:  # a table that only makes line breaks in a cell
            self.loose.append(" ".join(cell for row in rows for cell in row if cell))
        else:
            self.flush()
            self.builder.add_table("", "", rows, header)

    def _float(self, base: str, content: str, depth: int) -> None:
        """Captions, tables and pictures of one float; several captions are several floats side by side."""
        told_of = captions(content)
        bodies = tabulars(content)
        pictures = re.findall(
            r"\\(?:includegraphics|epsfig|psfig|includesvg)\*?\s*(?:\[[^\]]*\])*\s*\{([^{}]+)\}", content
        )
        if base == "longtable":
            bodies = [content]
        for index, (kind, caption, inner) in enumerate(told_of or [("", "", "")]):
            what = kind or base
            is_table = "tab" in what or (not caption and bool(bodies))
            word = "Table" if is_table else "Algorithm" if what.startswith(("algo", "list")) else "Figure"
            number = str(self.numbers.next(word)) if caption else ""
            for label in label_of(inner, content, len(told_of)):
                self.labels.setdefault(label, (word, number))
            self.links = []
            told = f"{word} {number}: {self.text_of(caption, depth)}" if caption else ""
            links, self.links = self.links, []
            if word == "Table":
                mine = bodies if len(told_of) < 2 else bodies[index : index + 1]
                grids = [grid_of(tabular, lambda cell: self.text_of(cell, depth)) for tabular in mine]
                for i, (rows, header) in enumerate(grids or [([], 1)]):
                    self.builder.add_table(f"Table {number}".strip(), told if i == 0 else "", rows, header, links)
            elif word == "Figure":
                mine = [p.strip() for p in (pictures if len(told_of) < 2 else pictures[index : index + 1])]
                if told or mine:
                    self.builder.add_figure(number, told, mine, links)
                if len(told_of) < 2 and (listed := listed_amounts(content)):
                    self.flush()
                    self.builder.add(BlockKind.FIGURE_TEXT, "; ".join(self.text_of(line, depth) for line in listed))
            else:
                self.builder.add(BlockKind.CAPTION, told, links)
                self._lines(content, inline=False)
        self.flush()


def _typography(text: str) -> str:
    if not text:
        return text
    text = text.replace("---", "—").replace("--", "–")
    return text.replace("``", "“").replace("''", "”").replace("`", "‘").replace("\n", " ")
