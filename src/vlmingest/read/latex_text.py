r"""What LaTeX commands mean in text: accents, symbols, arguments that are no text, numbers and citations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from vlmingest.read.latex_macros import group_at

LEVELS = {
    "part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5,
}  # fmt: skip
# \'e is e + combining acute; keys are the commands' names
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "k": "\u0328",
    "r": "\u030a",
}  # fmt: skip
SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "i", "j": "j", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "dag": "†", "ddag": "‡", "ldots": "…",
    "dots": "…",
    "textbackslash": "\\", "textasciitilde": "~", "textasciigrave": "`", "textasciicircum": "^", "textunderscore": "_",
    "textless": "<", "textgreater": ">", "textbar": "|", "textbullet": "•", "textendash": "–", "textemdash": "—",
    "texttimes": "×",
    "textquotedblleft": "“", "textquotedblright": "”", "textdegree": "°", "textregistered": "®", "texttrademark": "™",
    "quad": " ", "qquad": " ", "hfill": " ", "newline": " ", "linebreak": " ", "LaTeX": "LaTeX", "TeX": "TeX",
    "xspace": "",
    "checkmark": "✓", "cmark": "✓", "xmark": "✗", "ie": "i.e.", "eg": "e.g.", "etal": "et al.", "etc": "etc.",
    "lbrack": "[",
    "rbrack": "]", "slash": "/", "times": "×", "pm": "±", "sim": "∼", "rightarrow": "→", "uparrow": "↑",
    "downarrow": "↓",
    "alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "mu": "μ", "sigma": "σ", "infty": "∞", "leq": "≤",
    "geq": "≥",
}  # fmt: skip
# how many groups after the command are no text
DROPPED = {
    "vspace": 1, "hspace": 1, "color": 1, "textcolor": 1, "setlength": 2, "addtolength": 2, "includegraphics": 1,
    "rule": 2,
    "pagestyle": 1, "thispagestyle": 1, "bibliographystyle": 1, "bibliography": 1, "usepackage": 1, "documentclass": 1,
    "fontsize": 2, "resizebox": 2, "scalebox": 1, "raisebox": 1, "rotatebox": 1, "colorbox": 1, "cellcolor": 1,
    "rowcolor": 1,
    "definecolor": 3, "hypersetup": 1, "setcounter": 2, "addtocounter": 2, "newcounter": 1, "stepcounter": 1,
    "title": 1,
    "author": 1, "date": 1, "affil": 1, "affiliation": 1, "address": 1, "email": 1, "institute": 1, "authorrunning": 1,
    "titlerunning": 1, "icmltitle": 1, "icmltitlerunning": 1, "icmlauthor": 2, "icmlaffiliation": 2,
    "icmlcorrespondingauthor": 2,
    "icmlkeywords": 1, "keywords": 1, "ccsdesc": 1, "markboth": 2, "phantomsection": 0, "addcontentsline": 3,
    "graphicspath": 1,
    "captionsetup": 1, "hyphenation": 1, "selectfont": 0, "cline": 1, "cmidrule": 1, "input": 1, "include": 1,
    "makebox": 0,
    "parbox": 1, "setitemize": 1, "setlist": 1, "lstset": 1, "newtheorem": 2, "theoremstyle": 1, "multirow": 2,
    "multicolumn": 2,
    "hangindent": 0, "footnotemark": 0, "end": 1, "printAffiliationsAndNotice": 1, "bibinfo": 1, "bibfield": 1,
    "bibnamefont": 0,
    "bibfnamefont": 0, "urlstyle": 1, "tikzset": 1, "pgfplotsset": 1, "usetikzlibrary": 1, "crefname": 3,
    "Crefname": 3, "hypertarget": 1,
    "hyperlink": 1, "pdfoutput": 0, "linespread": 1, "doi": 0, "providecommand": 0, "thanksref": 1, "orcid": 1,
    "institution": 1,
}  # fmt: skip
_NAMING = {"autoref", "cref", "Cref", "cref*", "vref", "fref", "figref", "tabref"}
_WORDS = {"Equation": "Equation", "Section": "Section", "Figure": "Figure", "Table": "Table", "Algorithm": "Algorithm"}
# Environments by what becomes of them; how many arguments stand behind the name of one.
FLOATS = frozenset([
    "figure", "wrapfigure", "SCfigure", "sidewaysfigure", "teaserfigure", "table", "wraptable", "sidewaystable",
    "longtable", "algorithm", "listing", "tcb@float", "marginfigure", "margintable", "subfigure", "subtable",
])  # fmt: skip
TABULARS = frozenset(
    ["tabular", "tabularx", "tabulary", "tabu", "longtable", "array", "NiceTabular", "tblr", "xltabular"]
)
FORMULAS = frozenset([
    "equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "alignat", "split",
    "subequations", "dmath", "IEEEeqnarray",
])  # fmt: skip
VERBATIM = frozenset(["verbatim", "lstlisting", "minted", "Verbatim", "alltt", "algorithmic", "algorithm2e", "python"])
SKIPPED = frozenset([
    "tikzpicture", "pgfpicture", "picture", "CCSXML", "filecontents", "keywords", "IEEEkeywords", "pspicture",
    "forest",
])  # fmt: skip
ARGUMENTS = {
    "CJK": 2, "minipage": 1, "wrapfigure": 2, "wraptable": 2, "multicols": 1, "thebibliography": 1, "adjustbox": 1,
    "spacing": 1, "tcolorbox": 0, "subfigure": 1, "subtable": 1, "tabularx": 2, "list": 2,
}  # fmt: skip


def accent(name: str, letter: str) -> str:
    """The letter with its accent: (`'`, `e`) gives é."""
    letter = letter.strip().replace("\\i", "i").replace("\\j", "j").strip("{}")
    return unicodedata.normalize("NFC", letter[:1] + ACCENTS[name]) + letter[1:] if letter else ""


class Entry(NamedTuple):
    """One entry of the bibliography: its number, or authors and year where the style cites so."""

    number: str
    authors: str = ""
    year: str = ""


def citation(name: str, entries: list[Entry | str], note: str) -> str:
    """The printed citation: `[3, 4]`, `Vaswani et al. (2017)` or `(Vaswani et al., 2017)`."""
    tail = f", {note}" if note else ""
    if any(isinstance(entry, Entry) and entry.authors for entry in entries):
        told = [entry if isinstance(entry, Entry) else Entry("", entry) for entry in entries]
        if name in ("cite", "citet", "Citet", "textcite", "citealt"):  # natbib: cite is citet in author-year styles
            return "; ".join(f"{e.authors} ({e.year}{tail})" for e in told)
        if name == "citeauthor":
            return "; ".join(e.authors for e in told)
        if name in ("citeyear", "citeyearpar"):
            return "; ".join(e.year for e in told)
        inner = "; ".join(f"{e.authors}, {e.year}" for e in told)
        return inner + tail if name == "citealp" else f"({inner}{tail})"
    return "[" + ", ".join(e.number if isinstance(e, Entry) else e for e in entries) + tail + "]"


_NATBIB = re.compile(r"(?P<authors>.*?)\((?P<year>[^()]*)\)", re.DOTALL)
_NUMERIC = re.compile(
    r"\\(?:usepackage|PassOptionsToPackage|RequirePackage)\s*\[?\{?[^\]}]*\b(?:numbers|super)\b|\\setcitestyle\{[^}]*numbers"
)


@dataclass
class Numbers:
    """Counters of one walk, and what the walk before it found out."""

    entries: dict[str, Entry | str] = field(default_factory=dict)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    levels: list[int] = field(default_factory=lambda: [0] * 6)
    in_appendix: bool = False

    @classmethod
    def of(cls, source: str) -> Numbers:
        """With the bibliography's entries in order."""
        entries: dict[str, Entry | str] = {}
        by_name = not _NUMERIC.search(source)
        for match in re.finditer(r"\\bibitem\s*(?=[\[{])", source):
            label = group_at(source, match.end(), "[", "]")
            key = group_at(source, label[1] if label else match.end())
            if key is None:
                continue
            parts = _NATBIB.match(_plain(label[0])) if label and by_name else None
            number = str(len(entries) + 1)
            authors, year = (parts["authors"], parts["year"]) if parts else ("", "")
            entries[key[0].strip()] = Entry("" if parts else number, " ".join(authors.split()), year)
        return cls(entries=entries)

    def again(self, labels: dict[str, tuple[str, str]]) -> Numbers:
        """For the next walk: counters at zero, labels known."""
        return Numbers(entries=self.entries, labels=labels)

    def next(self, counter: str) -> int:
        """Count on."""
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def start_appendix(self) -> None:
        """Sections are lettered from here."""
        if not self.in_appendix:
            self.in_appendix = True
            self.levels = [0] * 6

    def heading(self, level: int) -> str | None:
        """The number of the next heading of a level; None below the numbered levels."""
        if level > 3:
            return None
        self.levels[level] += 1
        self.levels[level + 1 :] = [0] * (5 - level)
        first = chr(ord("A") + (self.levels[1] - 1) % 26) if self.in_appendix else str(self.levels[1])
        return ".".join([first, *(str(count) for count in self.levels[2 : level + 1])])

    def reference(self, name: str, keys: list[str]) -> str:
        r"""What a `\ref` prints; nothing where the label is unknown."""
        told = []
        for key in keys:
            kind, number = self.labels.get(key, ("", ""))
            if name == "eqref":
                told.append(f"({number})")
            elif name in _NAMING and kind in _WORDS:
                told.append(f"{_WORDS[kind]} {number}")
            else:
                told.append(number)
        return ", ".join(told)


def _plain(tex: str) -> str:
    """A natbib label without markup."""
    tex = re.sub(r"\\(['`^\"~=.])\s*\{?\\?([A-Za-z])\}?", lambda m: accent(m[1], m[2]), tex)
    return re.sub(r"\\[A-Za-z]+\s*|[{}]", "", tex).replace("~", " ")
