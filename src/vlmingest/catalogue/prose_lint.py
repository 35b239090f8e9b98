"""What prose of a panel may not do: say something no field says, boast, leave the order, or slip markup in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.catalogue.escape import markdown_text, plain
from vlmingest.catalogue.prose import (
    ABSTRACT,
    PARTS,
    TITLE,
    Clause,
    Known,
    Prose,
    boast_in,
    inline,
    known_values,
    load_words,
)
from vlmingest.document import Frozen
from vlmingest.records import FieldName, Record

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)*")
_MARKUP = re.compile(r"<(?!br>)[a-zA-Z/!]|(?<!\\)\]\(|(?<!\\)\|")


class ProseFinding(Frozen):
    """Why a draft is refused. `rule`: no-field, unknown-field, unsupported-value, unsupported-number, wrong-quote,
    unattributed, boast, markup, order.
    """

    rule: str
    part: str
    clause: str
    message: str


def lint_prose(prose: Prose, record: Record) -> list[ProseFinding]:
    """Every reason to refuse the draft, in its order; [] is the condition for publishing it."""
    known = known_values(record)
    found: list[ProseFinding] = []
    for sentence in prose.sentences:
        for clause in sentence.clauses:
            found += [
                ProseFinding(rule=rule, part=sentence.part, clause=clause.text, message=message)
                for rule, message in _clause(clause, known)
            ]
    places = [PARTS.index(sentence.part) for sentence in prose.sentences]
    for index, (before, after) in enumerate(zip(places, places[1:], strict=False)):
        if after < before:
            late = prose.sentences[index + 1]
            message = f"{late.part} stands behind {prose.sentences[index].part}"
            found.append(ProseFinding(rule="order", part=late.part, clause=late.text, message=message))
    return found


def _clause(clause: Clause, known: dict[str, list[Known]]) -> Iterator[tuple[str, str]]:
    if not clause.fields:
        yield "no-field", "the clause names no field that it speaks of"
    for field in clause.fields:
        if field not in known:
            yield "unknown-field", f"{field} is no field that prose may speak of"
    allowed = {one.value for field in clause.fields for one in known.get(field, ())}
    for value in clause.values:
        if value not in allowed:
            yield (
                "unsupported-value",
                f"{value!r} is not an accepted or high-confidence value of {', '.join(clause.fields)}",
            )
        elif not _is_shown(value, clause):
            yield "unsupported-value", f"{value!r} is listed but not said"
    if clause.quote:
        yield from _quote(clause, known)
    elif number := next(
        (one for one in _NUMBER.findall(_unescaped(clause.text)) if not _has_number(one, clause)), None
    ):
        yield "unsupported-number", f"{number} is in no value of the clause"
    boast = boast_in(clause.text)
    if boast:
        yield "boast", f"praise of results ({boast})"
    if _MARKUP.search(clause.text):
        yield "markup", "an unescaped tag, link or bar"


def _is_shown(value: str, clause: Clause) -> bool:
    """Does the text state the value: as it is, or in the words of a closed vocabulary?"""
    if inline(value) in clause.text or markdown_text(value) in clause.text or FieldName.STAGE.value in clause.fields:
        return True
    return any(table.get(value, "\0") in clause.text for table in load_words().phrases.values())


def _has_number(number: str, clause: Clause) -> bool:
    return any(number in value for value in clause.values)


def _quote(clause: Clause, known: dict[str, list[Known]]) -> Iterator[tuple[str, str]]:
    proofs = [proof.quote for field in clause.fields for one in known.get(field, ()) for proof in one.evidence]
    proofs += [one.value for source in (ABSTRACT, TITLE) if source in clause.fields for one in known[source]]
    if not any(plain(clause.quote) in plain(proof) for proof in proofs):
        yield "wrong-quote", "the quotation is not in the evidence of its field"
    if f"“{inline(clause.quote)}”" not in clause.text:
        yield "wrong-quote", "the text does not show the quotation word for word"
    if "author" not in clause.text.partition("“")[0].lower():
        yield "unattributed", "the quotation is not attributed to the authors"


def _unescaped(text: str) -> str:
    return re.sub(r"&#\d+;", "", text)


# --- polished by somebody else ---------------------------------------------------------------------------------

_WORD = re.compile(r"[\w./+-]+")
_FIRST = re.compile(r"(?:\A|[.!?:”]\s+|\n)\W*([\w./+-]+)")


def _words(text: str) -> list[str]:
    return [stripped for word in _WORD.findall(_unescaped(text)) if (stripped := word.strip("./+-"))]


def lint_polish(prose: Prose, text: str) -> list[ProseFinding]:
    """Every reason to refuse other words for a draft, whoever wrote them: a person or a language model.

    All values and quotations stay, and no number, name, praise or markup comes in that the draft does not have.
    """
    found: list[ProseFinding] = []

    def refuse(rule: str, message: str) -> None:
        found.append(ProseFinding(rule=rule, part="all", clause="", message=message))

    drafted = " ".join(sentence.text for sentence in prose.sentences)
    clauses = [clause for sentence in prose.sentences for clause in sentence.clauses]
    outside = re.sub(r"“[^”]*”", "", text)  # what a quotation says, the text does not say
    for clause in clauses:
        for value in clause.values:
            shown = [table[value] for table in load_words().phrases.values() if value in table] or [inline(value)]
            # what the draft says in words of its own (trained parts, say) may be said in others
            said = [words for words in shown if words in clause.text]
            if said and not any(words.rpartition(" ")[2] in outside for words in said):
                refuse("value-lost", f"{value!r} ({', '.join(clause.fields)}) is not said any more")
        if clause.quote and f"“{inline(clause.quote)}”" not in text:
            refuse("quote-changed", f"the quotation “{clause.quote[:60]}” is not there word for word")
    for number in dict.fromkeys(_NUMBER.findall(_unescaped(text))):
        if number not in _NUMBER.findall(_unescaped(drafted)):
            refuse("unsupported-number", f"{number} is not in the draft")
    known = {word.casefold() for word in _words(drafted)}
    known |= {first.strip("./+-").casefold() for first in _FIRST.findall(text)}  # any word may begin a sentence
    for word in dict.fromkeys(_words(text)):
        is_name = not word.islower() and not _NUMBER.fullmatch(word) and any(ch.isalnum() for ch in word)
        if is_name and word.casefold() not in known:
            refuse("new-name", f"{word} is not in the draft")
    if boast := boast_in(text):
        refuse("boast", f"praise of results ({boast})")
    if _MARKUP.search(text):
        refuse("markup", "an unescaped tag, link or bar")
    return found
