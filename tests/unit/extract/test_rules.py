"""Rule files: every row of every file holds its examples both ways; faults of a file are named with their place."""

import pytest

from vlmingest.errors import DataFileError
from vlmingest.extract.rules import check_rules, load_rules, parse_rules, rule_files
from vlmingest.records import FieldName, Role

ROW = """
[[rule]]
id = "connector.lamp.v1"
field = "architecture.connector"
pattern = '{pattern}'
matches = ["a lamp"]
rejects = ["a pen"]
{more}
"""


@pytest.mark.parametrize("name", rule_files())
def test_every_row_holds_its_examples(name):
    assert check_rules(load_rules(name)) == []


@pytest.mark.parametrize("name", [name for name in rule_files() if not name.startswith("parts")])
def test_every_row_has_two_examples_each_way(name):
    few = [rule.id for rule in load_rules(name).rules if len(rule.matches) < 2 or len(rule.rejects) < 2]
    assert few == []


def test_ids_are_one_of_a_kind_over_all_files():
    ids = [rule.id for name in rule_files() for rule in load_rules(name).rules]
    assert len(ids) == len(set(ids))


def test_cues_are_lower_case_and_spare_no_example():
    for name in rule_files():
        for rule in load_rules(name).rules:
            assert all(cue == cue.lower() for cue in rule.cues), rule.id


def test_a_row_is_read_with_its_fragments():
    text = "[fragments]\nglow = '(?:lamp|torch)'\nbright = 'bright ${glow}'\n" + ROW.format(
        pattern="an? (?P<value>${bright}|${glow})", more='role = "compared-with"\nweight = 2\n[rule.attributes]\nx = 1'
    )
    (rule,) = parse_rules("t", text).rules
    assert (rule.field, rule.role, rule.weight, rule.attributes["x"]) == (FieldName.CONNECTOR, Role.COMPARED, 2.0, 1)
    assert rule.search("a bright torch")["value"] == "bright torch"
    assert parse_rules("t", text).of("connector.") == (rule,)


def test_faults_of_examples_are_lines():
    rules = parse_rules("t", ROW.format(pattern="a pen", more=""))
    assert check_rules(rules) == [
        "connector.lamp.v1: should match 'a lamp'",
        "connector.lamp.v1: should not match 'a pen'",
    ]
    bare = parse_rules("t", "[[rule]]\nid = 'a.b.v1'\nfield = ''\npattern = 'x'\n")
    assert check_rules(bare) == ["a.b.v1: has no example"]


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        ROW.format(pattern="${nowhere}", more=""),
        ROW.format(pattern="(", more=""),
        ROW.format(pattern="x", more='surprise = "y"'),
        ROW.format(pattern="x", more="").replace("connector.lamp.v1", "lamp"),
        ROW.format(pattern="x", more="").replace("architecture.connector", "no.such.field"),
        ROW.format(pattern="x", more='role = "no such role"'),
        ROW.format(pattern="x", more="") * 2,
    ],
)
def test_a_file_that_breaks_the_format_is_refused_with_its_place(text):
    with pytest.raises(DataFileError, match=r"rules/t\.toml"):
        parse_rules("t", text)


def test_a_folded_pattern_finds_in_lower_case_what_the_pattern_finds():
    row = '[[rule]]\nid = "a.b.v1"\nfield = ""\npattern = \'%s\'\nmatches = []\nrejects = []\n'
    folded = parse_rules("made", row % r"\blamp\S*").rules[0]
    assert folded.low is not None
    text = "A Lamp-VL"
    assert folded.low.search(text.lower()).span() == folded.regex.search(text).span()
    assert parse_rules("made", row % r"(?-i:[A-Z])amp").rules[0].low is None
