r"""Expands an author's own macros (`\newcommand`, `\def`, `\DeclareMathOperator`) in LaTeX text, within limits.

Definitions take effect in the order they stand; conditionals, counters and packages are not run. A macro bomb ends as
TooLargeDocumentError.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vlmingest.errors import TooLargeDocumentError

MAX_EXPANSIONS = 300_000
MAX_OUTPUT = 12_000_000  # characters
MAX_DEPTH = 100
_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_DEFINERS = frozenset(["newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "newrobustcmd"])
_SPACE = re.compile(r"\s*")
_DEF = re.compile(r"\s*\\([A-Za-z@]+)\s*((?:#\d)*)\s*(?=\{)")
_NAME = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))")
# redefining these would only hurt: our structure parser knows them
_PROTECTED = frozenset(
    [
        "begin", "end", "section", "subsection", "subsubsection", "paragraph", "cite", "citep", "citet",
        "ref", "footnote", "caption", "item", "label", "title", "author", "maketitle", "par", "and",
        "includegraphics", "textbf", "textit", "emph", "bibitem", "newblock", "href", "url", "thefootnote",
        "input", "appendix", "document", "abstract", "thanks", "cref", "autoref", "eqref", "multirow",
        "multicolumn",
    ]
)  # fmt: skip


class Macro(NamedTuple):
    """`body` with #1..#9; `default` is the optional first argument's."""

    arity: int
    default: str | None
    body: str


def group_at(text: str, at: int, opening: str = "{", closing: str = "}") -> tuple[str, int] | None:
    """The balanced group that starts at `at` after spaces, without its braces, and where it ends; None if none does."""
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    if not text.startswith(opening, at):
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}\[\]]", re.DOTALL).finditer(text, at):
        sign = match[0]
        if (sign == opening and (opening == "{" or depth == 0)) or (opening == "[" and sign == "{"):
            depth += 1
        elif (opening == "[" and sign == "}") or (sign == closing and (opening == "{" or depth == 1)):
            depth -= 1
        if depth == 0:
            return text[at + 1 : match.start()], match.end()
    return None


def argument_at(text: str, at: int) -> tuple[str, int]:
    """A macro's next argument: a group, a command or one character."""
    if (group := group_at(text, at)) is not None:
        return group
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    if at >= len(text):
        return "", at
    if (command := _COMMAND.match(text, at)) is not None:
        return command[0], command.end()
    return text[at], at + 1


class Expander:
    """One run over a source; `macros` is what was defined so far."""

    def __init__(self) -> None:
        self.macros: dict[str, Macro] = {}
        self.expansions = 0
        self.size = 0

    def run(self, text: str, depth: int = 0) -> str:
        """`text` with definitions taken out and macros replaced."""
        if depth > MAX_DEPTH:  # macros that call each other; the count below ends the bombs among them
            return ""
        out: list[str] = []
        at = 0
        while (match := _COMMAND.search(text, at)) is not None:
            self._put(out, text[at : match.start()])
            name = match[0][1:]
            at = match.end()
            end = self._definition(name, text, at)
            if end is not None:
                at = end
            elif name in self.macros:
                body, at = self._substitute(self.macros[name], text, at)
                self.expansions += 1
                if self.expansions > MAX_EXPANSIONS:
                    raise TooLargeDocumentError(f"more than {MAX_EXPANSIONS} macro expansions")
                inner = self.run(body, depth + 1)
                # TeX eats the space after a control word and \xspace puts it back: simply kept
                self._put(out, inner)
                at += 2 * text.startswith("{}", at)
                out.append(self._gap(text, at, inner))
            else:
                self._put(out, match[0])
        self._put(out, text[at:])
        return "".join(out)

    def _put(self, out: list[str], text: str) -> None:
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise TooLargeDocumentError(f"more than {MAX_OUTPUT} characters after macro expansion")
        out.append(text)

    @staticmethod
    def _gap(text: str, at: int, inner: str) -> str:
        r"""Keeps a following letter out of a command that the body ends with (`\alpha` + `b`)."""
        return " " if re.search(r"\\[A-Za-z]+\Z", inner) and text[at : at + 1].isalpha() else ""

    def _definition(self, name: str, text: str, at: int) -> int | None:
        if name in _DEFINERS:
            return self._newcommand(text, at)
        if name in ("def", "gdef", "edef", "xdef"):
            return self._def(text, at)
        if name == "DeclareMathOperator":
            named = _NAME.match(text, at)
            body = group_at(text, named.end()) if named else None
            if named and body:
                self._define(named[1] or named[2], Macro(0, None, rf"\operatorname{{{body[0]}}}"))
                return body[1]
        if name in ("newenvironment", "renewenvironment"):
            return self._environment(text, at)
        return None

    def _newcommand(self, text: str, at: int) -> int | None:
        named = _NAME.match(text, at)
        if named is None:
            return None
        at = named.end()
        arity, default = 0, None
        if (count := group_at(text, at, "[", "]")) is not None:
            arity = int(count[0]) if count[0].strip().isdigit() and len(count[0]) < 3 else 0
            at = count[1]
            if (optional := group_at(text, at, "[", "]")) is not None:
                default, at = optional
        body = group_at(text, at)
        if body is None:
            return None
        self._define(named[1] or named[2], Macro(min(arity, 9), default, body[0]))
        return body[1]

    def _def(self, text: str, at: int) -> int | None:
        match = _DEF.match(text, at)
        body = group_at(text, match.end()) if match else None
        if match is None or body is None:
            return None
        self._define(match[1], Macro(len(match[2]) // 2, None, body[0]))
        return body[1]

    @staticmethod
    def _environment(text: str, at: int) -> int | None:
        """An environment's own begin and end code: taken out, its content stays."""
        if text.startswith("*", at):
            at += 1
        for opening, closing in (("{", "}"), ("[", "]"), ("[", "]"), ("{", "}"), ("{", "}")):
            group = group_at(text, at, opening, closing)
            if group is None and opening == "{":
                return None
            at = group[1] if group else at
        return at

    def _define(self, name: str, macro: Macro) -> None:
        if name not in _PROTECTED and not re.search(rf"\\{name}(?![A-Za-z@])", macro.body):
            self.macros[name] = macro

    @staticmethod
    def _substitute(macro: Macro, text: str, at: int) -> tuple[str, int]:
        if macro.arity == 0:
            return macro.body, at
        arguments: list[str] = []
        if macro.default is not None:
            optional = group_at(text, at, "[", "]") if text[at : at + 1] == "[" else None
            arguments.append(optional[0] if optional else macro.default)
            at = optional[1] if optional else at
        while len(arguments) < macro.arity:
            value, at = argument_at(text, at)
            arguments.append(value)

        def fill(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            return arguments[index] if index < len(arguments) else ""

        return re.sub(r"#([1-9])", fill, macro.body), at
