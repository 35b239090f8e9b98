"""Counts in = counts out."""

import pytest

from vlmingest.errors import ConservationError
from vlmingest.tally import Outcome, Tally


def test_counts_add_up_and_name_reasons():
    tally = Tally()
    tally.enter("read", 4)
    tally.leave(Outcome("a", 1, "read", "done"))
    tally.leave(Outcome("b", 1, "read", "done", fresh=False))
    tally.leave(Outcome("c", 1, "read", "skipped", "not-relevant"))
    failure = tally.leave(Outcome("d", 1, "read", "failed", "damaged", "broken"))
    counts = tally.close()["read"]
    assert (counts.entered, counts.done) == (4, 1)
    assert counts.skipped == {"not-relevant": 1, "unchanged": 1}
    assert counts.failed == {"damaged": 1}
    assert tally.failures == [failure]


@pytest.mark.parametrize(("entered", "left"), [(2, 1), (0, 1)])
def test_a_paper_that_got_lost_or_came_from_nowhere_fails_the_run(entered, left):
    tally = Tally()
    tally.enter("fetch", entered)
    for number in range(left):
        tally.leave(Outcome(str(number), 1, "fetch", "done"))
    with pytest.raises(ConservationError, match="do not add up"):
        tally.close()


def test_stages_that_nothing_entered_are_left_out():
    assert Tally().close() == {}
