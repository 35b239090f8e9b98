"""Wordings: every one that a module names has rows, and every such row is asked by a module and has examples both ways."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from vlmingest import extract
from vlmingest.errors import DataFileError
from vlmingest.extract import parts_masks
from vlmingest.extract.leads import led_matches
from vlmingest.extract.rules import check_rules, load_rules, parse_rules, rule_files
from vlmingest.extract.wording import Wording, wording

MODULES = [importlib.import_module(f"{extract.__name__}.{one.name}") for one in pkgutil.iter_modules(extract.__path__)]
NAMED = {one.name: one for module in MODULES for one in vars(module).values() if isinstance(one, Wording)}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_has_rows_with_examples_both_ways(name):
    for rule in NAMED[name].rules:
        assert len(rule.matches) >= 2, rule.id
        assert len(rule.rejects) >= 2, rule.id


@pytest.mark.parametrize("name", sorted(NAMED))
def test_finds_what_its_rows_find(name):
    one = NAMED[name]
    for rule in one.rules:
        ask = {"": one.search, "start": one.match, "whole": one.fullmatch}[rule.at]
        for text in rule.matches:
            assert ask(text) is not None, (rule.id, text)
        for text in (*rule.matches, *rule.rejects):
            written = text if rule.case else text.lower()
            assert (one.stands_in(written) is not None) is (one.regex.search(written) is not None), (rule.id, text)


@pytest.mark.parametrize("name", sorted(name for name, one in NAMED.items() if one.rules[0].case))
def test_leads_where_it_matches(name):
    one = NAMED[name]
    for rule in one.rules if one.lead is not None else ():
        for text in (*rule.matches, *rule.rejects):
            led = [match.span() for match in led_matches(one.lead, one.regex, text, 0, len(text))]
            assert led == [match.span() for match in one.finditer(text)], (rule.id, text)


def test_no_row_is_left_that_nobody_asks():
    files = {name.partition(".")[0] for name in NAMED}
    assert files <= set(rule_files())
    asked = {rule.id for one in NAMED.values() for rule in one.rules}
    there = {rule.id for file in files for rule in load_rules(file).of(f"{file}.")}
    assert there == asked


def test_what_has_no_rows_is_refused_when_it_is_asked():
    lost = wording("dataset_names.no_such_row")
    with pytest.raises(DataFileError, match="no_such_row"):
        lost.search("x")


def test_examples_are_tried_where_the_row_is_asked():
    row = "[[rule]]\nid = 't.lamp.v1'\nfield = ''\npattern = 'lamps?'\nat = '{}'\nmatches = ['{}']\nrejects = ['{}']\n"
    for at, match, reject in (("start", "lamps are", "a lamp"), ("whole", "lamps", "lamps are"), ("", "a lamp", "oak")):
        assert check_rules(parse_rules("t", row.format(at, match, reject))) == []
        assert len(check_rules(parse_rules("t", row.format(at, reject, match)))) == 2
    with pytest.raises(DataFileError, match="at is none of"):
        parse_rules("t", row.format("end", "lamp", "oak"))


@pytest.mark.parametrize("one", [parts_masks._EYE_OF, parts_masks._OF_EYE, parts_masks._AS_EYE])
def test_a_word_for_an_eye_stands_in_all_that_masks_look_for_only_there(one):
    for rule in one.rules:
        for text in rule.matches:
            assert any(cue in text.lower() for cue in parts_masks._EYE_CUES), text
