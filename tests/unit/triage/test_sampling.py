"""The sample of the discarded and its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.triage.sampling import clopper_pearson, draw, estimate


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (10, 10, 0.6915, 1.0),
        (1, 20, 0.00127, 0.24873),
        (5, 50, 0.03328, 0.21814),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_limits_are_those_of_the_tables(hits, trials, low, high):
    assert clopper_pearson(hits, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_limits_hold_the_share_that_was_seen_and_mirror(hits, misses):
    trials = hits + misses
    low, high = clopper_pearson(hits, trials)
    assert 0 <= low <= (hits / trials if trials else 0.5) <= high <= 1
    assert clopper_pearson(misses, trials) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_more_hits_than_trials_is_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        clopper_pearson(3, 2)


@given(st.sets(st.text(max_size=5), max_size=30), st.integers(-1, 40))
def test_a_draw_is_a_part_of_the_papers_and_repeats(papers, size):
    drawn = draw(papers, "2025-W23", size)
    assert drawn == draw(sorted(papers, reverse=True), "2025-W23", size)
    assert set(drawn) <= papers
    assert len(drawn) == min(max(size, 0), len(papers))


def test_another_week_draws_other_papers():
    papers = [f"2506.{number:05}" for number in range(1000)]
    assert draw(papers, "2025-W23", 10) != draw(papers, "2025-W24", 10)


def test_every_paper_has_the_same_chance():
    papers = [str(number) for number in range(20)]
    seen = [paper for week in range(400) for paper in draw(papers, str(week), 5)]
    assert all(60 <= seen.count(paper) <= 140 for paper in papers)  # 100 expected


def test_an_estimate_counts_at_least_what_was_seen():
    found = estimate(10, 2, 15)
    assert found.papers[0] == 2
    assert found.papers[1] >= 2
    assert "2 of 10 sampled papers" in found.text()
    assert "no sampled one was judged" in estimate(0, 0, 15).text()
