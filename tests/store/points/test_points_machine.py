"""Whatever happens, in whatever order: the engine equals a dict."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from store.models import Context, Series
from store.points.lifecycle import SealRules
from tests.store.points.harness import QUIET, T0, Points
from tests.store.points.test_summaries import check_summary

values = st.one_of(
    st.floats(-100, 100), st.sampled_from([math.nan, math.inf, -math.inf, 1e300, 0.1])
)
points_in = st.lists(st.tuples(st.integers(-1, 25), values), min_size=1, max_size=6)
NAMES = ["loss", "acc"]
Key = tuple[int, str, str]

RULES = SealRules(
    points=QUIET.points,
    frames=QUIET.frames,
    idle_s=QUIET.idle_s,
    worth_points=QUIET.worth_points,
    worth_frames=QUIET.worth_frames,
    worth_sequences=QUIET.worth_sequences,
    merge=False,
    merge_count=2,
)


class PointsMachine(RuleBasedStateMachine):
    """Append, seal, merge, delete and reopen; after each, everything can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.points = Points(Path(self.folder.name) / "points", RULES)
        self.model: dict[Key, dict[int, float]] = {}
        self.ids: dict[Key, int] = {}
        self.runs: list[int] = []
        self.next_run = 1

    def teardown(self) -> None:
        self.points.close()
        self.folder.cleanup()

    @rule()
    def add_run(self) -> None:
        self.points.add_runs([self.next_run])
        self.runs.append(self.next_run)
        self.next_run += 1

    @precondition(lambda self: self.runs)
    @rule(
        data=st.data(),
        frames=st.lists(st.tuples(st.sampled_from(NAMES), points_in), min_size=1, max_size=3),
        subset=st.sampled_from(["", "val"]),
    )
    def append(
        self,
        data: st.DataObject,
        frames: list[tuple[str, list[tuple[int, float]]]],
        subset: str,
    ) -> None:
        run = data.draw(st.sampled_from(self.runs))
        context = Context.of({"subset": subset} if subset else None)
        futures = []
        for name, pairs in frames:
            key = (run, name, context.text)
            sequence = self.points.sequence(run, name, context)
            assert self.ids.setdefault(key, sequence) == sequence
            expected = self.model.setdefault(key, {})
            for step, value in pairs:
                number = step if step >= 0 else max(expected, default=-1) + 1
                expected[number] = value
            futures.append(self.points.submit(run, sequence, *zip(*pairs, strict=True)))
        for future in futures:
            future.result()

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def delete_run(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self.runs))
        self.points.delete_run(run)
        self.runs.remove(run)
        self.model = {key: found for key, found in self.model.items() if key[0] != run}
        self.ids = {key: found for key, found in self.ids.items() if key[0] != run}

    @rule()
    def seal(self) -> None:
        self.points.engine.seal()

    @rule()
    def merge(self) -> None:
        self.points.engine.merge()

    @rule()
    def reopen(self) -> None:
        self.points.reopen()

    @invariant()
    def everything_can_be_read(self) -> None:
        found = self.points.engine.read_many(self.ids.values())
        for key, sequence in self.ids.items():
            check_series(found[sequence], self.model[key])

    @invariant()
    def summaries_are_right(self) -> None:
        by_run = self.points.engine.summaries(self.runs)
        found = {
            (run, item.name, item.context.text): item
            for run, items in by_run.items()
            for item in items
        }
        assert found.keys() == self.model.keys()
        for key, summary in found.items():
            assert summary.sequence_id == self.ids[key]
            check_summary(summary, self.model[key])

    @invariant()
    def tails_are_right(self) -> None:
        tails = self.points.engine.tails(dict.fromkeys(self.ids.values(), 11))
        for key, sequence in self.ids.items():
            later = {step: value for step, value in self.model[key].items() if step > 11}
            check_series(tails[sequence], later)

    @invariant()
    def only_known_files_are_there(self) -> None:
        catalogue = self.points.engine.catalogue
        known = {segment.path for segment in catalogue.current.segments}
        assert {path.name for path in catalogue.folder.iterdir()} == known


def check_series(found: Series, expected: dict[int, float]) -> None:
    steps = sorted(expected)
    assert found.steps.tolist() == steps
    np.testing.assert_array_equal(found.values, [expected[step] for step in steps])
    assert len(found.epochs) == len(found.times) == len(steps)
    if not any(step < 0 for step in steps):
        assert (found.times >= T0 - 1).all()


PointsMachine.TestCase.settings = settings(
    settings(), max_examples=settings().max_examples // 5, stateful_step_count=25
)
TestPointsMachine = PointsMachine.TestCase
