"""Fields of runs: params, metrics in a context, facts."""

from __future__ import annotations

from app.traces.run_fields import (
    fact_fields,
    field_of,
    main_metric,
    metric_fields,
    param_fields,
    values_of,
)
from store.models import Context, MetricSummary, Run, RunRecord
from tests.factories import make_hash

CONTEXTS = ('{"subset":"train"}', '{"subset":"val"}')


def record(number: int, params: dict[str, object], **run: object) -> RunRecord:
    metrics = tuple(
        MetricSummary(
            1,
            1,
            name,
            Context(text),
            "float",
            2,
            0,
            1,
            0,
            number + place,
            1,
            0,
            0,
            5,
            0,
            0,
            0,
            2,
        )
        for name in ("acc", "loss")
        for place, text in enumerate(CONTEXTS)
    )
    made = Run(number, make_hash(number), f"run {number}", **run)  # type: ignore[arg-type]
    return RunRecord(made, params, metrics)


RECORDS = [
    record(1, {"hparams": {"opt": "a", "lr": 0.1}, "seed": 1}, experiment="x", finished_at=9.0),
    record(2, {"hparams": {"opt": "b", "lr": 0.2}, "seed": 2, "same": 1}, experiment="y"),
]


def test_a_metric_is_a_field_for_each_context_named_as_in_the_table() -> None:
    labels = [field.label for field in metric_fields(RECORDS)]
    assert labels == ["acc train", "acc val", "loss train", "loss val"]
    assert main_metric(metric_fields(RECORDS)).label == "acc val"
    assert main_metric([]) is None
    last = metric_fields(RECORDS, "last")[1]
    assert last.label == "acc val last"
    assert values_of(last, RECORDS) == [2, 3]
    best = metric_fields(RECORDS)[2]
    assert values_of(best, RECORDS, lambda _: True) == [0, 0]
    assert values_of(best, RECORDS, lambda _: False) == [5, 5]


def test_what_a_person_tunes_comes_first() -> None:
    assert [field.label for field in param_fields(RECORDS)] == ["lr", "opt", "same", "seed"]
    assert values_of(field_of("params.same"), RECORDS) == [None, 1]
    facts = [field.column.id for field in fact_fields(RECORDS)]
    assert facts == ["experiment", "duration"]
    assert values_of(field_of("experiment"), RECORDS) == ["x", "y"]


def test_queries_name_fields_with_their_context() -> None:
    names = [field.query_name(lambda name: name == "loss") for field in metric_fields(RECORDS)]
    assert names[1] == "run.metrics[\"acc\", {'subset': 'val'}].max"
    assert names[2] == "run.metrics[\"loss\", {'subset': 'train'}].min"
    assert field_of("params.hparams.lr").query_name(bool) == "run.hparams.lr"
    assert field_of("experiment").query_name(bool) == "run.experiment"
