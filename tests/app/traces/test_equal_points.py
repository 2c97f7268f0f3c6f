"""Values of metrics where all runs have got as far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from app.sources.local import LocalSource
from app.traces.equal_points import values_at_equal_step, values_at_equal_time
from store.models import Context
from tests.factories import START, log_run, make_hash, make_points

if TYPE_CHECKING:
    from store import Store

KEY = ("loss", Context())


def test_runs_of_different_length_are_compared_where_the_shorter_one_ended(
    store: Store,
) -> None:
    workspace = store.default
    log_run(workspace, 1, make_points("loss", np.arange(5000.0), started_at=START))
    log_run(workspace, 2, make_points("loss", np.arange(30.0) * 10, started_at=START + 9000))
    log_run(workspace, 3, metrics={"other": [1.0]})
    source = LocalSource(store)
    records = source.get_records([make_hash(number) for number in (1, 2, 3)])
    found = values_at_equal_step(source, records)
    assert found[make_hash(1), KEY] == 29.0
    assert found[make_hash(2), KEY] == 290.0
    assert (make_hash(3), KEY) not in found
    timed = values_at_equal_time(source, records)
    assert timed[make_hash(2), KEY] == 290.0
    # Both log at the same pace, so the same time is the same step.
    assert timed[make_hash(1), KEY] == 29.0


def test_the_last_point_before_the_step_counts_however_far_back(store: Store) -> None:
    workspace = store.default
    gap = replace(make_points("loss", [1.0, 2.0, 3.0]), steps=[0, 1, 10_000])
    log_run(workspace, 1, gap)
    log_run(workspace, 2, make_points("loss", np.arange(5000.0)))
    source = LocalSource(store)
    records = source.get_records([make_hash(1), make_hash(2)])
    found = values_at_equal_step(source, records)
    assert found == {(make_hash(1), KEY): 2.0, (make_hash(2), KEY): 4999.0}
