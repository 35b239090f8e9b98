r"""Tables of LaTeX as cells: `tabular` and its relatives, `\multicolumn` and `\multirow` repeated in every place."""

from __future__ import annotations

import re
from collections.abc import Callable

from vlmingest.errors import TooLargeDocumentError
from vlmingest.read.latex_macros import group_at
from vlmingest.read.markup import MAX_CELLS

_RULES = re.compile(
    r"\\(?:toprule|midrule|bottomrule|hline|Xhline|specialrule|addlinespace|noalign|endhead|endfirsthead|endfoot|endlastfoot|"
    r"morecmidrules|thickhline|hlineB|heavyrule|lightrule|centering|arraybackslash|small|footnotesize|scriptsize|tiny)"
    r"(?![A-Za-z])(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\})*"
    r"|\\(?:cline|cmidrule|cdashline|hdashline|rowcolor|arrayrulecolor)(?![A-Za-z])(?:\s*\([^)]*\))?(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\})?"
)
_HEADER_END = re.compile(r"\\(?:midrule|hline|Xhline|thickhline|endhead|endfirsthead)(?![A-Za-z])")
_SPLIT = re.compile(
    r"\\\\(?:\s*\*)?(?:\s*\[[^\]]*\])?|\\tabularnewline(?![A-Za-z])|\\begin\s*\{|\\end\s*\{|\\.|[{}&]", re.DOTALL
)


def grid_of(content: str, text_of: Callable[[str], str]) -> tuple[list[list[str]], int]:
    """Cells row by row and the number of header rows, of a tabular's inside (column specification included)."""
    content = _without_arguments(content)
    rows: list[list[str]] = []
    pending: dict[int, tuple[int, str]] = {}
    header = total = 0
    seen_top = False
    for raw in _split(content, rows=True):
        if header == 0 and rows and _HEADER_END.search(raw.split("&")[0]) and seen_top:
            header = len(rows)
        seen_top = seen_top or bool(rows) or bool(_RULES.search(raw))
        line = _row(_RULES.sub(" ", raw), text_of, pending)
        total += len(line)
        if total > MAX_CELLS:
            raise TooLargeDocumentError(f"more than {MAX_CELLS} table cells")
        if any(line):
            rows.append(line)
    return rows, min(header or 1, max(len(rows) - 1, 1))


def _without_arguments(content: str) -> str:
    """Without the column specification, and the width of tabularx."""
    at = 0
    while content[at : at + 1] == "[" and (option := group_at(content, at, "[", "]")) is not None:
        at = option[1]
    for _ in range(2):
        group = group_at(content, at)
        if group is None or ("&" in group[0] or len(group[0]) > 400):
            break
        at = group[1]
    return content[at:]


def _split(content: str, *, rows: bool) -> list[str]:
    r"""Cut at `\\` (or at `&`) where no brace and no inner environment is open."""
    parts: list[str] = []
    depth = start = 0
    for match in _SPLIT.finditer(content):
        sign = match[0]
        if sign.startswith("\\begin"):
            depth += 2  # its own brace is opened by this token too
        elif sign.startswith("\\end"):
            depth += 1  # taken back by its closing brace below, together with the environment
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            depth -= _closes_end(content, match.start())
        elif depth <= 0 and ((rows and sign.startswith(("\\\\", "\\tabularnewline"))) or (not rows and sign == "&")):
            parts.append(content[start : match.start()])
            start = match.end()
    parts.append(content[start:])
    return parts


def _closes_end(content: str, at: int) -> bool:
    r"""Is the brace at `at` the one that closes `\end{name}`?"""
    opening = content.rfind("{", max(0, at - 40), at)
    return opening >= 0 and content[max(0, opening - 6) : opening].rstrip().endswith("\\end")


def _row(raw: str, text_of: Callable[[str], str], pending: dict[int, tuple[int, str]]) -> list[str]:
    line: list[str] = []
    for cell in _split(raw, rows=False):
        columns, height, inner = _spans(cell)
        text = text_of(inner)
        above = pending.get(len(line))
        # in LaTeX the places below a \multirow are written out as empty cells
        if above is not None and not text:
            left, text = above
            pending[len(line)] = (left - 1, text)
            if left <= 1:
                del pending[len(line)]
        for _ in range(columns):
            if height > 1:
                pending[len(line)] = (height - 1, text)
            line.append(text)
    return line


def _spans(cell: str) -> tuple[int, int, str]:
    columns = height = 1
    for _ in range(2):
        match = re.match(r"\s*\\multi(?P<way>column|row)\*?\s*(?:\[[^\]]*\])?\s*(?=\{)", cell)
        first = group_at(cell, match.end()) if match else None
        if match is None or first is None:
            break
        at = first[1]
        bracket = group_at(cell, at, "[", "]")
        second = group_at(cell, bracket[1] if bracket else at)
        if second is None and (starred := re.compile(r"\s*[*=]").match(cell, at)):
            second = ("*", starred.end())
        shift = group_at(cell, second[1], "[", "]") if second else None
        third = group_at(cell, shift[1] if shift else second[1]) if second else None
        if third is None:
            break
        count = re.sub(r"[^\d]", "", first[0])[:3]
        span = min(max(int(count or 1), 1), 200)
        if match["way"] == "column":
            columns = span
        else:
            height = span
        cell = third[0] + cell[third[1] :]
    return columns, height, cell


def label_of(near: str, content: str, count: int) -> list[str]:
    r"""The `\label`s of a caption: after it or inside it; of the whole float where there is one caption."""
    return re.findall(r"\\label\s*\{([^{}]*)\}", content if count < 2 else near)[: 20 if count < 2 else 1]


def captions(content: str) -> list[tuple[str, str, str]]:
    r"""(type of \captionof, caption, what stands after it) of every caption of a float; panels' captions are not."""
    found: list[tuple[str, str, str]] = []
    without_panels = re.sub(
        r"\\begin\s*\{sub(?:figure|table)\}.*?\\end\s*\{sub(?:figure|table)\}", "", content, flags=re.DOTALL
    )
    for match in re.finditer(r"\\caption(?P<of>of)?\*?(?![A-Za-z])\s*(?=[\[{])", without_panels):
        at, kind = match.end(), ""
        if match["of"] and (named := group_at(without_panels, at)):
            kind, at = named
        if (short := group_at(without_panels, at, "[", "]")) is not None:
            at = short[1]
        if (group := group_at(without_panels, at)) is not None:
            found.append((kind.strip("*"), group[0], without_panels[group[1] : group[1] + 200] + group[0]))
    return found


def tabulars(content: str) -> list[str]:
    """The insides of the tabular environments of a float, in order."""
    found: list[str] = []
    at = 0
    pattern = re.compile(r"\\begin\s*\{(tabular[xy*]?|tabu|NiceTabular|tblr|xltabular)\}")
    while (match := pattern.search(content, at)) is not None:
        inner, at = until_end(content, match.end(), match[1])
        found.append(inner)
    return found


# How much of a set is taken, behind its name: 10.0 K in brackets, or a kind before that.
_TAKEN = re.compile(r"\((?:[\w/]+,\s)?[~$]?\d[\d.,]*(?:\s|~|\\,)?[KMBk]\$?\)")
_LEAST_TAKEN = 5
_CAPTION = re.compile(r"\\caption(?:of)?\*?(?![A-Za-z]).*", re.DOTALL)


def listed_amounts(content: str) -> list[str]:
    """The lines of a figure that lists sets of data and how much of each is taken; of others the picture tells nothing in words."""
    if len(_TAKEN.findall(content)) < _LEAST_TAKEN:
        return []
    lines = re.split(r"\\\\|\n\s*\n|(?<!\\)&", content)
    return [_CAPTION.sub("", line) for line in lines if _TAKEN.search(line) is not None]


def until_end(tex: str, at: int, name: str) -> tuple[str, int]:
    r"""What stands before the matching `\end{name}`, and where that ends; the rest of the text if there is none."""
    depth = 1
    for match in re.compile(rf"\\(begin|end)\s*\{{\s*{re.escape(name)}\s*\}}").finditer(tex, at):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return tex[at : match.start()], match.end()
    return tex[at:], len(tex)
