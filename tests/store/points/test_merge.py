"""Which segments are merged."""

from __future__ import annotations

from hypothesis import given, strategies as st

from store.points.merge import LARGE_POINTS, MAX_MERGED_POINTS, choose_sources
from store.points.segments import Segment, parse_segment_name, segment_name


def segments(*sizes: int) -> list[Segment]:
    return [
        Segment(segment_name(n, n, 0), n, n, size, 0, 1, 1, 1, 1, has_overlap=False)
        for n, size in enumerate(sizes, 1)
    ]


def sizes(*given_sizes: int) -> list[int]:
    return [segment.point_count for segment in choose_sources(segments(*given_sizes))]


def test_neighbours_that_are_large_together_become_one() -> None:
    assert sizes(2_000_000, 2_000_000, 2_000_000, 1) == [2_000_000] * 3


def test_a_few_small_ones_are_left_alone() -> None:
    assert sizes(1_000_000, 1_000_000, 50_000) == []
    assert sizes() == []


def test_many_small_ones_become_one() -> None:
    assert sizes(*[1_000] * 8) == [1_000] * 8


def test_an_old_one_is_not_rewritten_for_a_few_small_ones() -> None:
    assert sizes(3_000_000, *[1_000] * 8) == [1_000] * 8


def test_large_ones_are_never_merged_again() -> None:
    assert sizes(5_000_000, 1_000_000, 6_000_000, 1_000_000) == []


@given(st.lists(st.integers(1, 7_000_000), max_size=40))
def test_merging_ends_and_leaves_few_small_segments(counts: list[int]) -> None:
    now = segments(*counts)
    written = 0
    for _ in range(200):
        sources = choose_sources(now)
        if not sources:
            break
        assert len(sources) > 1
        start = now.index(sources[0])
        assert now[start : start + len(sources)] == sources
        total = sum(segment.point_count for segment in sources)
        assert total <= MAX_MERGED_POINTS
        written += total
        low, high = sources[0].generation_low, sources[-1].generation_high
        merged = Segment(
            segment_name(low, high, 1), low, high, total, 0, 1, 1, 1, 1, has_overlap=False
        )
        now[start : start + len(sources)] = [merged]
    assert choose_sources(now) == []
    run = longest = 0
    for segment in now:
        run = run + 1 if segment.point_count < LARGE_POINTS else 0
        longest = max(longest, run)
    assert longest <= 16


def test_names_of_segments_can_be_read_back() -> None:
    assert parse_segment_name(segment_name(3, 123456789, 4)) == (3, 123456789, 4)
    assert parse_segment_name("00000001-00000001-0.parquet.tmp") is None
    assert parse_segment_name("points.parquet") is None
