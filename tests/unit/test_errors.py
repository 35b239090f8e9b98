"""Errors: one line with the remedy, the right exit code, and they survive the way between processes."""

import inspect
import pickle

import pytest

from vlmingest import errors
from vlmingest.errors import VlmIngestError

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, VlmIngestError) and value.__module__ == errors.__name__
]


def made(kind):
    count = len(inspect.signature(kind.__init__).parameters) - 1 if "__init__" in dir(kind) else 0
    if kind is VlmIngestError:
        return kind("text")
    return kind(*[f"value{number}" for number in range(count)])


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_an_error_pickles_with_its_words_and_attributes(kind):
    error = made(kind)
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert str(back) == str(error)
    assert vars(back) == vars(error)
    assert "\n" not in str(error)
    assert error.exit_code in (1, 2)


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if hasattr(kind, "remedy")], ids=lambda kind: kind.__name__)
def test_an_error_names_its_remedy_and_keeps_the_detail(kind):
    error = made(kind)
    assert error.remedy() in str(error)
    assert "value1" in str(error) or "value0" in str(error)


def test_every_document_and_fetch_error_has_a_reason_word_of_its_own():
    reasons = [kind.reason for kind in CLASSES if hasattr(kind, "reason")]
    assert len(set(reasons)) == len(reasons)
    assert all(reason == reason.lower() and " " not in reason for reason in reasons)
