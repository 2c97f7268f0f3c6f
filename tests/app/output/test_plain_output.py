"""What `runs`, `show`, `plot` and `compare` print, for people and for programs."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from app.charts.picture import Size, text_width
from app.output.compare import compare_json, compare_lines
from app.output.lookup import find_run_hash, find_run_hashes
from app.output.plot import load_traces, plot_json, plot_text
from app.output.runs import default_columns, load_records, runs_json, runs_table
from app.output.show import show_json, show_lines
from app.output.table import render_table
from app.output.values import to_json
from app.sources.local import LocalSource
from store import Store
from store.errors import InvalidDataError, NotFoundError, QueryError
from tests.factories import DEMO_NOW, make_hash

FIRST = make_hash(("demo", 0))
BROKEN = make_hash(("demo", 3))


@pytest.fixture
def source(demo_store: Store) -> LocalSource:
    return LocalSource(demo_store)


def test_columns_of_a_table_stand_under_each_other_whatever_the_alphabet() -> None:
    lines = render_table(
        ("name", "n"), [("损失", "1"), ("é", "200")], right_aligned=frozenset({1})
    )
    assert lines == ["name    n", "损失    1", "é     200"]
    assert len({text_width(line) for line in lines}) == 1


def test_a_table_is_cut_at_the_width_of_the_terminal_only() -> None:
    rows = [("x" * 50, "y" * 50)]
    assert len(render_table(("a", "b"), rows)[1]) == 102
    assert render_table(("a", "b"), rows, width=20)[1] == "x" * 19 + "…"


def test_json_has_no_number_that_json_does_not_know() -> None:
    text = to_json({"a": [math.nan, -math.inf, (math.inf, 1.5)], "b": {"c": "é"}})
    assert json.loads(text) == {"a": ["NaN", "-inf", ["inf", 1.5]], "b": {"c": "é"}}


def test_runs_lists_newest_first_and_says_how_many_there_are(source: LocalSource) -> None:
    total, records = load_records(source, "", (), limit=3)
    assert total == 11, "archived runs are not listed"
    assert [record.run.name for record in records] == ["été 🌻-11", "vision-09", "été 🌻-08"]


def test_runs_can_be_sorted_and_filtered(source: LocalSource) -> None:
    _, records = load_records(source, "run.hparams.lr == 0.1", ("-params.seed",), limit=0)
    assert [record.params["seed"] for record in records] == [9, 6, 3, 0]
    total, records = load_records(source, "VISION sgd", (), limit=0)
    assert {record.run.experiment for record in records} == {"vision"}
    assert total == len(records) > 0


def test_by_default_params_that_differ_and_metrics_are_shown(source: LocalSource) -> None:
    _, records = load_records(source, "", (), limit=0)
    columns = default_columns(records)
    assert "params.hparams.lr" in columns
    assert "metrics.loss subset=val" in columns
    assert not any("shuffle" in column or "__system" in column for column in columns)


def test_columns_can_be_chosen(source: LocalSource) -> None:
    _, records = load_records(source, "", (), limit=2)
    header, first, _ = runs_table(
        records, ["name", "status", "params.hparams.lr", "metrics.loss"], DEMO_NOW, None
    )
    assert header.split() == [
        "name",
        "status",
        "lr",
        "loss",
        "subset=train",
        "loss",
        "subset=val",
    ]
    assert first.startswith("été 🌻-11  running  0.001")


def test_an_unknown_column_and_a_broken_query_are_errors(source: LocalSource) -> None:
    _, records = load_records(source, "", (), limit=1)
    with pytest.raises(InvalidDataError, match="no such column"):
        runs_table(records, ["colour"], DEMO_NOW, None)
    with pytest.raises(QueryError):
        load_records(source, "run.hparams.lr >", (), limit=1)


def test_runs_as_json_hold_everything(source: LocalSource) -> None:
    _, records = load_records(source, "", (), limit=0)
    described = json.loads(to_json(runs_json(records, DEMO_NOW)))
    first = next(run for run in described if run["hash"] == FIRST)
    assert first["created_at"] == "2026-09-21T14:13:20+00:00"
    assert first["duration_s"] == 60
    assert first["tags"] == ["baseline"]
    broken = next(run for run in described if run["hash"] == BROKEN)
    (norm,) = (metric for metric in broken["metrics"] if metric["name"] == "grad_norm")
    assert norm["last"] == "NaN"
    assert norm["non_finite_count"] == 19


@pytest.mark.parametrize("wanted", [FIRST, FIRST[:7], "vision-00"])
def test_a_run_is_found_by_hash_its_beginning_or_name(source: LocalSource, wanted: str) -> None:
    assert find_run_hash(source, wanted) == FIRST


def test_archived_runs_are_found_too(source: LocalSource) -> None:
    assert find_run_hash(source, "speech-10") == make_hash(("demo", 10))


def test_what_could_be_several_runs_is_refused(source: LocalSource) -> None:
    with pytest.raises(InvalidDataError, match="4 runs"):
        find_run_hash(source, "vision")
    with pytest.raises(NotFoundError):
        find_run_hash(source, "no such run")
    assert find_run_hashes(source, ["vision-00", FIRST]) == [FIRST]


def test_show_tells_everything_about_a_run(source: LocalSource) -> None:
    text = "\n".join(show_lines(source, FIRST, DEMO_NOW))
    for part in (
        "vision-00",
        "The run that everything is compared with.",
        "hparams.lr          0.1\n",
        "loss subset=train",
        "distributions  weights subset=val",
        "Converges **early**.",
        "epoch 29: loss",
    ):
        assert part in text
    described: dict[str, Any] = json.loads(to_json(show_json(source, FIRST, DEMO_NOW)))
    assert described["sequences"]["texts"] == [
        {"name": "mistakes", "context": {"subset": "val"}}
    ]
    assert described["notes"][0]["content"] == "Converges **early**."


def test_plot_draws_every_run_in_the_size_asked_for(source: LocalSource) -> None:
    loaded = load_traces(source, "loss", 'metric.context.subset == "val"', limit=5, density=400)
    assert len(loaded) == 5
    size = Size(90, 20)
    lines = plot_text(loaded, "loss", size, is_log=False, has_color=False).split("\n")
    assert len(lines) == 25
    assert max(map(text_width, lines)) <= 90
    assert lines[-5].startswith("──── été 🌻-11 subset=val")
    colored = plot_text(loaded, "loss", size, is_log=True, has_color=True)
    assert "\x1b[38;2;" in colored


def test_plot_as_json_has_every_point(source: LocalSource) -> None:
    loaded = load_traces(source, "grad_norm", "", limit=0, density=0)
    (trace,) = plot_json(loaded)
    assert trace["run"] == BROKEN
    assert trace["steps"] == list(range(50))
    assert json.loads(to_json(trace, is_compact=True))["values"][-1] == "NaN"


def test_compare_leaves_out_what_is_the_same_when_asked(source: LocalSource) -> None:
    records = source.get_records([FIRST, BROKEN])
    differences = "\n".join(compare_lines(records, only_differences=True))
    everything = "\n".join(compare_lines(records, only_differences=False))
    assert "data.shuffle" not in differences
    assert "data.shuffle" in everything
    assert "hparams.dropout" in differences
    (loss,) = (line for line in everything.splitlines() if line.startswith("loss subset=val"))
    assert "(-0." in loss
    described = compare_json(records)
    assert described["params"]["hparams.dropout"] == {FIRST: 0.0}
    assert set(described["metrics"]["grad_norm"]) == {BROKEN}
