"""Grouping that is left to the program."""

from __future__ import annotations

from app.traces.automatic import resolved
from app.traces.build import Curve
from app.traces.options import EXPLORER_DEFAULTS, ExploreOptions
from tests.app.traces.test_compare import metric, record


def make_curve(number: int) -> Curve:
    """The loss of a run."""
    return Curve(record(number), metric("loss", 1.0))


def test_contexts_share_a_chart_until_runs_are_many() -> None:
    few = [make_curve(number) for number in range(3)]
    many: list[Curve] = [*few, make_curve(3)]
    assert resolved(EXPLORER_DEFAULTS, few).facet_by == ("metric",)
    assert resolved(EXPLORER_DEFAULTS, few).stroke_by == ("context",)
    assert resolved(EXPLORER_DEFAULTS, many).facet_by == ("metric", "context")
    assert resolved(EXPLORER_DEFAULTS, many).stroke_by == ()
    chosen = ExploreOptions(facet_by=("experiment",), stroke_by=("run",))
    assert resolved(chosen, many) == chosen
