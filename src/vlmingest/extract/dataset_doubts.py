"""Names that are also words, tasks or models: whether a place shows that data is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.extract.dataset_cues import Beside
from vlmingest.extract.dataset_names import not_data
from vlmingest.vocabulary.datasets import fold_name, unversioned, with_amount


def is_task(text: str, name: str, end: int, near: Beside) -> bool:
    """Whether a name that is also a task's means the task: "VQA: A, B", "several VQA data sets"."""
    if text.startswith(":", end):
        return True
    task = name.isupper() and fold_name(name) in not_data()
    return task and "data" in near.after and "cited" not in near.after


# Where a word stands so, the paper calls a set of data by it.
CALLED_DATA = frozenset({"beside_data", "beside_trained_on", "beside_evaluated_on"})
_DATA_MEANT = frozenset(
    {
        "listed",
        *(
            f"{where}_{name}"
            for where in ("beside", "list")
            for name in ("data", "training", "evaluation", "trained_on", "evaluated_on")
        ),
    }
)


_AMOUNT = re.compile(r"(?<![\w.])(?P<amount>\d{2,3})\s?k\b")


def by_amount(name: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Sets that a doubtful name means by what the sentence (in lower case) says is taken: "558K pairs of Foo" is Foo-558K.

    The canonical name, and how to write it.
    """
    for match in _AMOUNT.finditer(sentence):
        known = with_amount(name, f"{match.group('amount')}k")
        if known is not None:
            yield known, f"{unversioned(name)}-{match.group('amount')}K"


def data_is_meant(says: list[str]) -> bool:
    """Whether the place of a doubtful name shows that data is meant."""
    return ("scored_benchmark" in says and "table_benchmark_stub" in says) or any(
        name in _DATA_MEANT
        or name.startswith(("table_mixture", "table_statistics", "table_benchmark_head", "table_ablation_head"))
        for name in says
    )
