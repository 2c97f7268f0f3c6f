"""The store as a whole against a dict: whatever is done in whatever order, both agree."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from store import Store
from store.models import SequenceKey
from store.models.operations import (
    AddTag,
    CreateRun,
    FinishRun,
    LogLines,
    LogPoints,
    Operation,
    RemoveTag,
    SetParams,
    SetProperty,
)
from store.queries.params import merge_params
from tests.factories import TRAIN, VAL, make_hash

RUNS = st.sampled_from([make_hash(number) for number in range(4)])
NAMES = st.sampled_from(["a", "b", "été 🌻"])
KEYS = st.sampled_from(
    [SequenceKey("loss"), SequenceKey("loss", TRAIN), SequenceKey("acc", VAL)]
)
VALUES = st.one_of(st.integers(0, 9), st.none(), st.lists(st.integers(0, 3), max_size=2))
TREES = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
POINTS = st.lists(st.tuples(st.integers(0, 20), st.floats(width=32)), min_size=1, max_size=5)


@dataclass
class ModelRun:
    """What a run should be."""

    name: str
    experiment: str | None = None
    is_active: bool = True
    is_archived: bool = False
    params: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    lines: dict[int, str] = field(default_factory=dict)
    points: dict[SequenceKey, dict[int, float]] = field(default_factory=dict)


class StoreMachine(RuleBasedStateMachine):
    """A store on disk, and a dict of runs that follows it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "lab.rf"
        self.store = Store.open(self.path)
        self.runs: dict[str, ModelRun] = {}
        self.buried: set[str] = set()

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def log(self, run: str, *operations: Operation) -> ModelRun:
        self.store.default.ingest.submit(run, operations).result()
        if run in self.buried:
            return ModelRun("dropped")
        return self.runs.setdefault(run, ModelRun(f"Run: {run}"))

    @rule(run=RUNS, force=st.booleans())
    def create(self, run: str, force: bool) -> None:
        self.log(run, CreateRun(None, force)).is_active = True

    @rule(run=RUNS)
    def finish(self, run: str) -> None:
        self.log(run, FinishRun()).is_active = False

    @rule(run=RUNS, name=NAMES, experiment=NAMES)
    def set_property(self, run: str, name: str, experiment: str) -> None:
        model = self.log(run, SetProperty(name=name, experiment=experiment))
        model.name, model.experiment = name, experiment

    @rule(run=RUNS, tree=TREES)
    def set_params(self, run: str, tree: dict[str, Any]) -> None:
        model = self.log(run, SetParams(tree))
        model.params = merge_params(model.params, tree)

    @rule(run=RUNS, name=NAMES)
    def add_tag(self, run: str, name: str) -> None:
        model = self.log(run, AddTag(name))
        if name not in model.tags:
            model.tags.append(name)

    @rule(run=RUNS, name=NAMES)
    def remove_tag(self, run: str, name: str) -> None:
        model = self.log(run, RemoveTag(name))
        model.tags = [tag for tag in model.tags if tag != name]

    @rule(run=RUNS, step=st.integers(0, 5), text=NAMES)
    def log_line(self, run: str, step: int, text: str) -> None:
        self.log(run, LogLines([(step, text)])).lines[step] = text

    @rule(run=RUNS, key=KEYS, points=POINTS)
    def log_points(self, run: str, key: SequenceKey, points: list[tuple[int, float]]) -> None:
        steps, values = zip(*points, strict=True)
        model = self.log(run, LogPoints(key.name, key.context, steps, values))
        model.points.setdefault(key, {}).update(points)

    @rule(run=RUNS, is_archived=st.booleans())
    def archive(self, run: str, is_archived: bool) -> None:
        count = self.store.default.runs.archive([run], is_archived)
        assert count == (run in self.runs)
        if run in self.runs:
            self.runs[run].is_archived = is_archived

    @rule(run=RUNS)
    def delete(self, run: str) -> None:
        assert self.store.default.runs.delete([run]) == (run in self.runs)
        if self.runs.pop(run, None) is not None:
            self.buried.add(run)

    @rule(run=RUNS)
    def clear_tombstone(self, run: str) -> None:
        self.store.default.runs.clear_tombstone(run)
        self.buried.discard(run)

    @rule(name=NAMES)
    def delete_experiment(self, name: str) -> None:
        for experiment in self.store.default.experiments.find():
            if experiment.name == name:
                self.store.default.experiments.delete(experiment.id)
        for model in self.runs.values():
            model.experiment = None if model.experiment == name else model.experiment

    @rule()
    def seal(self) -> None:
        self.store.seal()

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.path)

    @invariant()
    def agree(self) -> None:
        workspace = self.store.default
        assert {run.hash for run in workspace.runs.find()} == set(self.runs)
        for record in workspace.runs.records(self.runs):
            run, model = record.run, self.runs[record.run.hash]
            assert (run.name, run.experiment) == (model.name, model.experiment)
            assert (run.is_active, run.is_archived) == (model.is_active, model.is_archived)
            assert (run.finished_at is None) == model.is_active
            assert [tag.name for tag in run.tags] == model.tags
            assert record.params == model.params
            lines = {line.step: line.text for line in workspace.logs.lines(run.hash)}
            assert lines == model.lines
            keys = [SequenceKey(metric.name, metric.context) for metric in record.metrics]
            assert set(keys) == set(model.points)
            for key, metric in zip(keys, record.metrics, strict=True):
                self.agree_on_points(run.hash, key, metric.count)

    def agree_on_points(self, run_hash: str, key: SequenceKey, count: int) -> None:
        points = self.runs[run_hash].points[key]
        series = self.store.default.points.read(run_hash, key)
        expected = [(step, repr(points[step])) for step in sorted(points)]
        values = [repr(value) for value in series.values.tolist()]
        assert list(zip(series.steps.tolist(), values, strict=True)) == expected
        assert count == len(points)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(
    settings(), max_examples=settings().max_examples // 5, stateful_step_count=25
)
