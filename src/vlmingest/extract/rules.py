r"""Rule rows are data: `rules/<name>.toml` with fragments, patterns, examples and counter-examples, compiled once.

Format of a file:

    [fragments]                      # named pieces, used in patterns as ${name}; a fragment may use earlier ones
    use = "(?:use|adopt|employ)"

    [[rule]]
    id = "vision_encoder.as_encoder.v1"     # ends in a version; an id never changes its meaning
    field = "architecture.vision_encoder"   # a FieldName, or "" for rules that only give a cue
    pattern = '...(?P<value>...)...'        # anchored by \Z, never by a bare $
    matches = ["..."]                       # every one must match
    rejects = ["..."]                       # none may match
    # optional:
    value = "linear"                        # the canonical value, where the pattern has no group `value`
    role = "used"                           # a Role
    weight = 1.0
    cues = ["encoder"]                      # lower-case pieces of which a sentence must hold one before the pattern is tried
    case = true                             # case matters (default: it does not)
    at = "start"                            # where examples are tried: "start" of the text, or the "whole" of it (default: anywhere)
    [rule.attributes]                       # anything the reader wants

One test compiles all files and checks all rows both ways (`check_rules`).
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from string import Template
from types import MappingProxyType
from typing import Any

from vlmingest.errors import DataFileError
from vlmingest.extract.leads import lead_of
from vlmingest.records import FieldName, Role

_KEYS = frozenset(
    {"id", "field", "pattern", "matches", "rejects", "value", "role", "weight", "cues", "case", "at", "attributes"}
)
_PLACES = ("", "start", "whole")
_NO_ATTRIBUTES: Mapping[str, Any] = MappingProxyType({})  # one for all: what lives long is gone over by the collector
_ESCAPED = re.compile(r"\\.|\(\?P(?:<\w+>|=\w+\))")
_CAPITAL = re.compile(r"[A-Z]")
_ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+\.v\d+")


@dataclass(frozen=True)
class Rule:
    """One row. `search` tries the cues first: most sentences cost one `in`."""

    id: str
    field: FieldName | None
    pattern: str
    matches: tuple[str, ...]
    rejects: tuple[str, ...]
    value: str | None = None
    role: Role = Role.USED
    weight: float = 1.0
    cues: tuple[str, ...] = ()
    case: bool = False
    at: str = ""
    attributes: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern, 0 if self.case else re.IGNORECASE)

    @cached_property
    def low(self) -> re.Pattern[str] | None:
        """The pattern for lower-cased text; see `lower_case`."""
        return None if self.case else lower_case(self.pattern)

    @cached_property
    def lead(self) -> re.Pattern[str] | None:
        """Finds where `low` (or, where case matters, `regex`) matches, faster; see `leads`."""
        if self.case:
            return lead_of(self.pattern)
        return None if self.low is None else lead_of(self.low.pattern)

    def finditer(self, text: str, lowered: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Matches inside `text[start:end]` (offsets are into `text`); `lowered` is `text` in lower case."""
        if self.cues and not any(lowered.find(cue, start, end) >= 0 for cue in self.cues):
            return iter(())
        return self.regex.finditer(text, start, end)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in a text of its own."""
        return next(self.finditer(text, text.lower(), 0, len(text)), None)

    def holds(self, example: str) -> bool:
        """Whether an example matches where the row is asked: anywhere, at its start, or as a whole."""
        if self.at:
            return (self.regex.match if self.at == "start" else self.regex.fullmatch)(example) is not None
        return self.search(example) is not None


def lower_case(pattern: str) -> re.Pattern[str] | None:
    """A pattern that ignores case, for text in lower case: the same places, found in little over half the time.

    None where capitals are written in the pattern: those need the text as it stands.
    """
    return None if _CAPITAL.search(_ESCAPED.sub("", pattern)) else re.compile(pattern)


@dataclass(frozen=True)
class RuleFile:
    """The rules of a file in order, and its other tables (lists and settings) as they stand."""

    name: str
    rules: tuple[Rule, ...]
    data: Mapping[str, Any]

    @cached_property
    def _by_prefix(self) -> dict[str, tuple[Rule, ...]]:
        """What `of` has given: readers ask for the same rows in every paper."""
        return {}

    def of(self, prefix: str) -> tuple[Rule, ...]:
        """The rules whose id starts with `prefix`."""
        found = self._by_prefix.get(prefix)
        if found is None:
            found = self._by_prefix[prefix] = tuple(rule for rule in self.rules if rule.id.startswith(prefix))
        return found


@cache
def load_rules(name: str) -> RuleFile:
    """The rule file `rules/<name>.toml`; raises DataFileError where it breaks the format.

    That its patterns compile is left to the test of all rows: most papers ask but some of them, and each is compiled when asked.
    """
    path = resources.files(__package__) / "rules" / f"{name}.toml"
    return parse_rules(name, path.read_text(encoding="utf-8"), compiled=False)


def parse_rules(name: str, text: str, compiled: bool = True) -> RuleFile:
    """A rule file from its text; raises DataFileError with the place of the fault. `compiled`: patterns are tried, too."""
    place = f"rules/{name}.toml"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(place, str(error)) from error
    fragments: dict[str, str] = {}
    for key, piece in data.pop("fragments", {}).items():
        fragments[key] = _fill(place, key, piece, fragments)
    rules = tuple(_rule(place, row, fragments) for row in data.pop("rule", []))
    seen: set[str] = set()
    for rule in rules:
        if compiled:
            _compile(place, rule)
        if rule.id in seen:
            raise DataFileError(place, f"rule id {rule.id!r} stands twice")
        seen.add(rule.id)
    return RuleFile(name, rules, MappingProxyType(data))


def rule_files() -> list[str]:
    """The names of all rule files, sorted."""
    folder = resources.files(__package__) / "rules"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def check_rules(rules: RuleFile) -> list[str]:
    """Every example that does not match and every counter-example that does, as lines for a person."""
    faults = []
    for rule in rules.rules:
        if not rule.matches:
            faults.append(f"{rule.id}: has no example")
        faults += [f"{rule.id}: should match {text!r}" for text in rule.matches if not rule.holds(text)]
        faults += [f"{rule.id}: should not match {text!r}" for text in rule.rejects if rule.holds(text)]
    return faults


def _fill(place: str, key: str, pattern: str, fragments: Mapping[str, str]) -> str:
    try:
        return Template(pattern).substitute(fragments)
    except (KeyError, ValueError) as error:
        raise DataFileError(place, f"{key}: unknown fragment or stray $ ({error})") from error


def _compile(place: str, rule: Rule) -> None:
    try:
        _ = rule.regex
    except re.error as error:
        raise DataFileError(place, f"{rule.id}: {error}") from error


def _rule(place: str, row: dict[str, Any], fragments: Mapping[str, str]) -> Rule:
    name = str(row.get("id", ""))
    if not _ID.fullmatch(name):
        raise DataFileError(place, f"rule id {name!r} is not of the form field.what.v1")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise DataFileError(place, f"{name}: unknown keys {', '.join(unknown)}")
    if row.get("at", "") not in _PLACES:
        raise DataFileError(place, f"{name}: at is none of {', '.join(_PLACES[1:])}")
    pattern = _fill(place, name, row["pattern"], fragments)
    try:
        wanted = FieldName(row["field"]) if row.get("field") else None
        role = Role(row.get("role", "used"))
    except ValueError as error:
        raise DataFileError(place, f"{name}: {error}") from error
    return Rule(
        id=name,
        field=wanted,
        pattern=pattern,
        matches=tuple(row.get("matches", ())),
        rejects=tuple(row.get("rejects", ())),
        value=row.get("value"),
        role=role,
        weight=float(row.get("weight", 1.0)),
        cues=tuple(row.get("cues", ())),
        case=bool(row.get("case", False)),
        at=str(row.get("at", "")),
        attributes=MappingProxyType(dict(row["attributes"])) if "attributes" in row else _NO_ATTRIBUTES,
    )
