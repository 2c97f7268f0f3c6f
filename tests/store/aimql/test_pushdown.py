"""What SQL answers is what Python would answer: random queries over odd data.

Every query is asked twice: as the store does it, with SQL for all that SQL can say, and of
every run and metric in Python, without any planning.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings, strategies as st

from store import Store
from store.aimql import parse
from store.aimql.evaluate import Evaluator
from store.aimql.views import Clock, RunView, SequenceView
from store.models import Context, MetricSummary, RunStatus, SequenceKind
from store.models.operations import LogPoints, SetProperty
from store.search import RunSearch
from tests.factories import START, StillClock, log_run

if TYPE_CHECKING:
    from store.workspace import Workspace

VALUES: list[Any] = [
    0, 1, -1, 2, 0.5, 1.0, -0.0, math.nan, math.inf, 2**53, 2**53 + 1, -(2**60), True, False,
    None, "", "a", "ab", "1", "é", "Z", "İb", "\u212a", "ΑΣ", [], [1], ["a"], {}, {"k": "v"}, {"x": 1, "a": 2},
]  # fmt: skip
KEYS = ["x", "y", "a", "a.b", "k", ""]
METRICS = ["loss", "acc", "a.b"]
CONTEXTS: list[dict[str, Any]] = [
    {},
    {"s": "train"},
    {"s": "val"},
    {"s": 1},
    {"s": 1.0, "k": "v"},
]
POINTS = [0.0, 1.0, -1.0, 0.5, 2.0, math.nan, math.inf, -math.inf]


def odd_tree(rng: random.Random) -> dict[str, Any]:
    tree: dict[str, Any] = {key: rng.choice(VALUES) for key in rng.sample(KEYS, 3)}
    if rng.random() < 0.5:
        tree["h"] = {key: rng.choice(VALUES) for key in rng.sample(KEYS, 3)}
    return tree


def log_odd_run(workspace: Workspace, number: int, rng: random.Random) -> None:
    metrics = [
        LogPoints(name, Context.of(context), [0, 5], [rng.choice(POINTS), rng.choice(POINTS)])
        for name in METRICS
        for context in CONTEXTS
        if rng.random() < 0.3
    ]
    description = SetProperty(description=rng.choice(["", "a", "text"]))
    log_run(
        workspace,
        number,
        description,
        SetProperty(is_archived=rng.random() < 0.2),
        *metrics,
        name=rng.choice(["a", "ab", "run é", "Z", "İb", ""]),
        experiment=rng.choice([None, "default", "e1", "a"]),
        params=odd_tree(rng),
        tags=rng.sample(["a", "BEST", "t é"], rng.randrange(3)),
        started_at=START + rng.randrange(3),
        status=rng.choice(list(RunStatus)),
    )


@pytest.fixture(scope="module")
def odd_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Forty runs: some with sealed points, some unsealed, some both."""
    rng = random.Random(5)
    store = Store.open(tmp_path_factory.mktemp("odd") / "lab.rf", clock=StillClock(START + 100))
    for number in range(30):
        log_odd_run(store.default, number, rng)
    store.seal()
    for number in [*range(20, 40)]:
        log_odd_run(store.default, number, rng)
    yield store.default
    store.close()


constants = st.sampled_from(
    [
        "0", "1", "-1", "0.5", "1.0", "2", "9007199254740992", "9007199254740993", "True", "False",
        "None", "''", "'a'", "'ab'", "'1'", "'é'", "'default'", "'train'", "'Z'", "[]", "[1]",
        "{}", "{'k': 'v'}", "float('nan')", "float('inf')", "timedelta(seconds=60)",
        "datetime(2026, 9, 21)", f"{START + 1}", "1e300", "'\\x00'", "'\\ud800'", "(1, 2)",
    ]
)  # fmt: skip
run_fields = st.sampled_from(
    [
        "run.name", "run.hash", "run.description", "run.experiment", "run.status", "run.active",
        "run.archived", "run.created_at", "run.end_time", "run.finalized_at", "run.duration",
        "run.creation_time", "run.x", "run.y", "run.h", "run.h.x", "run.h.a", "run['a.b']",
        "run['h']['a.b']", "run['h', 'x']", "run['a']['b']", "run.x.k", "run['']", "run.h['']",
        "run.a.x", "run.x.count", "run.h.get", "run.nope", "run.nope.deep", "run.get('x')",
        "run.metrics['loss']", "run.metrics['loss'].last", "run.metrics['acc'].min",
        "run.metrics['loss', {}].max", "run.metrics['loss', {'s': 'train'}].last",
        "run.metrics['loss', {'s': 1}].last", "run.metrics['a.b'].first_step",
        "run.metrics['acc'].count", "run.metrics['acc'].mean", "run.tags", "run.metrics",
    ]
)  # fmt: skip
metric_fields = st.sampled_from(
    [
        "metric.name", "metric.context", "metric.context.s", "metric.context.k", "metric.last",
        "metric.min", "metric.max", "metric.first", "metric.last_step", "metric.mean",
        "metric.count", "metric.dtype", "metric", "metric.run.x", "metric.nope",
    ]
)  # fmt: skip
comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "is", "is not"])


def leaves(fields: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(constants, min_size=1, max_size=3).map(
        lambda items: f"[{', '.join(items)}]"
    )
    words = st.sampled_from(
        ["'a'", "''", "'b'", "'x'", "'é'", "'k'", "'ib'", "'loss'", "'best'"]
    )
    mentioned = st.sampled_from(
        ["'1'", "'0.5'", "'K'", "'T'", "'RUN'", "'[1'", "1", "'-1'", "'00'"]
    )
    return st.one_of(
        fields,
        st.builds("{} {} {}".format, fields, comparisons, constants),
        st.builds("{} {} {}".format, constants, comparisons, fields),
        st.builds("{} in {}".format, fields, listed),
        st.builds("{} not in {}".format, fields, listed),
        st.builds("{} in {}".format, words, fields),
        st.builds("{} <= {} < {}".format, constants, fields, constants),
        st.builds("{}.startswith({})".format, fields, words),
        st.builds("{}.endswith({})".format, fields, words),
        st.builds("any([t in {} for t in run.tags])".format, listed),
        st.builds("any(t == {} for t in run.tags)".format, words),
        st.builds("{} == {}".format, fields, fields),
        st.builds("bool({})".format, fields),
        st.builds("{} in {}.lower()".format, words, fields),
        st.builds("{}.lower() == {}".format, fields, words),
        st.builds("{}.lower().startswith({})".format, fields, words),
        st.builds("any({} in t.lower() for t in run.tags)".format, words),
        st.builds("any(t.endswith({}) or {} for t in run.tags)".format, words, fields),
        st.builds("run.mentions({})".format, st.one_of(words, mentioned)),
        st.builds("len({}) > 1".format, fields),
        st.builds("{} + 1 > 1".format, fields),
    )


def queries(fields: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves(fields),
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("(not {})".format, inner),
            st.builds("({} if {} else {})".format, inner, inner, inner),
        ),
        max_leaves=5,
    )


@pytest.fixture(scope="module")
def views(odd_lab: Workspace) -> list[RunView]:
    """Every run as queries see it."""
    clock = Clock(START + 100)
    return [RunView(each, clock) for each in odd_lab.runs.records(odd_lab.runs.hashes())]


@settings(max_examples=2 * settings().max_examples)
@given(query=queries(run_fields))
@example(query="not run.x.startswith('a')")
@example(query="run.experiment in ['default', None]")
@example(query="run.h is None")
def test_runs_found_with_sql_are_those_found_without(
    odd_lab: Workspace, views: list[RunView], query: str
) -> None:
    evaluator = Evaluator(parse(query).root, Clock(START + 100))
    expected = {view.record.run.hash for view in views if evaluator.matches(view)}

    assert set(odd_lab.search.index(RunSearch(query)).hashes) == expected


@settings(max_examples=2 * settings().max_examples)
@given(query=queries(st.one_of(metric_fields, metric_fields, run_fields)))
@example(query="metric.last != 1 and metric.context.s == 1")
def test_metrics_found_with_sql_are_those_found_without(
    odd_lab: Workspace, views: list[RunView], query: str
) -> None:
    evaluator = Evaluator(parse(query).root, Clock(START + 100), "metric")
    expected = {
        metric.sequence_id
        for view in views
        for metric in view.record.metrics
        if evaluator.matches(view, SequenceView(view, metric))
    }
    matches = odd_lab.search.sequences(SequenceKind.METRIC, query)

    found = {
        metric.sequence_id
        for _, _, metrics in matches
        for metric in metrics
        if isinstance(metric, MetricSummary)
    }

    assert found == expected
