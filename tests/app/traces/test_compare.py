"""Tables of runs side by side."""

from __future__ import annotations

import math

import pytest

from app.traces.compare import (
    Ranking,
    difference,
    metric_table,
    param_summary,
    param_table,
    ratio,
    system_table,
    value_cells,
)
from app.traces.environment import environment_of
from app.traces.tables import table_text
from store.models import Context, MetricSummary, Run, RunRecord
from tests.factories import make_hash


def metric(name: str, last: float, context: str = "", best: float = 0.0) -> MetricSummary:
    found = Context(f'{{"subset":"{context}"}}') if context else Context()
    return MetricSummary(
        1, 1, name, found, "float", 3, 0, last, 0, last, 9, best, 4, last, 5, 0, 0, last
    )


def record(number: int, *metrics: MetricSummary) -> RunRecord:
    return RunRecord(Run(number, make_hash(number), f"run {number}"), {}, metrics)


def test_params_are_a_tree_compared_with_the_baseline() -> None:
    trees = [
        {"hparams": {"lr": 0.1, "opt": {"name": "adam"}}, "x": 1, "__internal": 3},
        {"hparams": {"lr": 0.2, "opt": {"name": "adam"}}, "x": 1},
    ]
    rows = param_table(trees)
    assert [(row.name, row.depth, row.is_branch) for row in rows] == [
        ("hparams", 0, True),
        ("hparams.lr", 1, False),
        ("hparams.opt", 1, True),
        ("hparams.opt.name", 2, False),
        ("x", 0, False),
    ]
    assert rows[1].cells[1].change == "x2"
    assert rows[1].cells[0].change == ""
    differing = param_table(trees, 1, shows_equal=False)
    assert [row.name for row in differing] == ["hparams", "hparams.lr"]
    assert differing[1].cells[0].change == "x0.5"


def test_keys_with_dots_stay_whole_and_missing_values_differ() -> None:
    trees = [{"packages": {"ruamel.yaml": "1"}}, {"packages": {}}]
    rows = param_table(trees, shows_equal=False)
    assert [(row.name, row.title, row.depth) for row in rows if not row.is_branch] == [
        ("packages", "packages", 0),
        ("packages.ruamel.yaml", "ruamel.yaml", 1),
    ]
    leaf = next(row for row in rows if row.title == "ruamel.yaml")
    assert [cell.text for cell in leaf.cells] == ["1", "-"]


def test_seeds_texts_and_zero_have_no_ratio() -> None:
    assert ratio(2, 1, "model.seed") == ""
    assert ratio("a", 1) == ratio(1, 0) == ratio(True, 1) == ratio(1, 1) == ratio(-1, 1) == ""
    assert ratio(1e308, 1e-308) == ""


def test_what_is_next_to_nothing_is_compared_by_factors() -> None:
    assert ratio(2000, 0.01) == "x200k"
    assert difference(1.5, 1.0) == "+0.500 +50%"
    assert difference(2000.01, 0.01) == "+2000 x200k"
    assert difference(-50.0, 1.0) == "-51"
    assert difference(1.0, 0.0) == "+1"


def test_many_runs_are_summed_up() -> None:
    trees = [{"lr": 0.1}] * 3 + [{"lr": 0.5}, {}]
    titles, (row,) = param_summary(trees, 4)
    texts = [f"{cell.text} {cell.change}".strip() for cell in row.cells]
    assert dict(zip(titles, texts, strict=True)) == {
        "values": "3",
        "most common": "0.1 in 3",
        "range": "0.1 to 0.5",
        "baseline": "-",
    }
    assert param_summary([{"lr": 1}] * 11, shows_equal=False)[1] == []


def test_metrics_in_different_contexts_are_different_rows() -> None:
    runs = [
        record(1, metric("loss", 1.0, "train"), metric("loss", 2.0, "val")),
        record(2, metric("loss", 0.5, "train"), metric("loss", math.nan, "val")),
    ]
    rows = {row.name: row for row in metric_table(runs, "last", Ranking(lambda _: True))}
    assert set(rows) == {"loss train", "loss val"}
    train = rows["loss train"].cells
    assert (train[1].is_best, train[1].is_better, train[1].change) == (
        True,
        True,
        "-0.500 -50%",
    )
    assert rows["loss val"].cells[1].text == "-"
    steps = metric_table(runs, "step of best", Ranking(lambda _: False))
    assert all(cell.is_better is None and not cell.is_best for cell in steps[0].cells)
    assert metric_table([record(1), record(2)], "last", Ranking(lambda _: True)) == []


@pytest.mark.parametrize(("is_lower", "best"), [(True, 0), (False, 1), (None, None)])
def test_green_follows_the_direction(is_lower: bool | None, best: int | None) -> None:
    cells = value_cells([1.0, 2.0, math.nan], 0, is_lower)
    assert [n for n, cell in enumerate(cells) if cell.is_best] == (
        [] if best is None else [best]
    )
    assert cells[1].is_better is (None if is_lower is None else not is_lower)
    assert cells[2].change == ""


def test_measurements_of_the_machine_have_three_values() -> None:
    runs = [record(1, metric("__system__cpu", 5.0)), record(2, metric("loss", 1.0))]
    rows = system_table(runs)
    assert [row.name for row in rows] == ["cpu", "cpu last", "cpu mean", "cpu max"]
    assert [cell.text for cell in rows[1].cells] == ["5", "-"]


def test_environments_have_topics_and_leave_out_what_was_not_recorded() -> None:
    run = Run(1, make_hash(1), "a", experiment="exp")
    assert set(environment_of(RunRecord(run))) == {"run"}
    system = {
        "packages": {"a.b": "1"},
        "executable": "/python",
        "arguments": ["x", 1],
        "git_info": {},
    }
    found = environment_of(RunRecord(run, {"__system_params": system}))
    assert found["packages"] == {"a.b": "1"}
    assert found["process"] == {"executable": "/python", "arguments": "x 1"}
    assert "git" not in found
    assert found["run"]["experiment"] == "exp"
    assert set(environment_of(RunRecord(run, {"__system_params": "odd"}))) == {"run"}


def test_tables_are_escaped() -> None:
    head, rows = ["a|b", "c_d"], [["1", "50%"]]
    assert table_text(head, rows, "md").startswith("| a\\|b | c_d |\n| --- | --- |\n")
    assert table_text(head, rows, "csv") == "a|b,c_d\n1,50%\n"
    assert r"50\%" in table_text(head, rows, "tex")
