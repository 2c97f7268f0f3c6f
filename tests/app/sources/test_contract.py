"""What every source promises, asked of a store directly and of a server over the wire."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from app.sources import Feature, SortKey, Source, TraceRef
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from store.errors import NameTakenError, NotFoundError, QueryError
from store.models import RunStatus, SequenceKind
from tests.factories import TRAIN, VAL, log_run, make_hash

if TYPE_CHECKING:
    from server.embed import EmbeddedServer
    from store import Store


@pytest.fixture
def store(lab: Store) -> Store:
    """The store that is asked, and that `server` serves."""
    return lab


@pytest.fixture(params=["local", "remote"])
def source(
    request: pytest.FixtureRequest, store: Store, server: EmbeddedServer
) -> Iterator[Source]:
    """The same data through both doors."""
    if request.param == "local":
        yield LocalSource(store)
    else:
        remote = RemoteSource.connect(server.url or "")
        yield remote
        remote.close()


def demo_hash(number: int) -> str:
    return make_hash(("demo", number))


def test_runs_are_found_newest_first_without_archived_ones(source: Source) -> None:
    index = source.find_runs()
    assert list(index.hashes) == [demo_hash(n) for n in (11, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)]
    assert index.total == 11


def test_a_query_and_an_order_are_obeyed(source: Source) -> None:
    found = source.find_runs("run.hparams.lr < 0.05", [SortKey("run")], limit=3)
    names = [source.get_record(each).run.name for each in found.hashes]
    assert names == sorted(names)
    assert len(names) == 3
    assert all(source.get_record(h).params["hparams"]["lr"] < 0.05 for h in found.hashes)


def test_a_broken_query_says_where(source: Source) -> None:
    with pytest.raises(QueryError) as raised:
        source.find_runs("run.hparams.lr <")
    assert raised.value.offset > 0


def test_records_come_in_the_order_asked_for_and_unknown_ones_are_left_out(
    source: Source,
) -> None:
    wanted = [demo_hash(2), make_hash("nobody"), demo_hash(5)]
    records = source.get_records(wanted)
    assert [each.run.hash for each in records] == [demo_hash(2), demo_hash(5)]
    assert source.get_records([]) == []


def test_both_doors_give_the_same_record(store: Store, server: EmbeddedServer) -> None:
    with RemoteSource.connect(server.url or "") as remote:
        for number in (0, 3, 4, 10, 11):
            near = LocalSource(store).get_record(demo_hash(number))
            far = remote.get_record(demo_hash(number))
            assert replace(far.run, id=near.run.id) == near.run
            assert far.params == near.params
            for ours, theirs in zip(near.metrics, far.metrics, strict=True):
                same = replace(theirs, sequence_id=ours.sequence_id, run_id=ours.run_id)
                assert repr(same) == repr(ours)


def test_an_unknown_run_is_not_found(source: Source) -> None:
    with pytest.raises(NotFoundError):
        source.get_record(make_hash("nobody"))


def test_running_runs_are_found(source: Source) -> None:
    assert [each.run.hash for each in source.find_active()] == [demo_hash(11), demo_hash(9)]


def test_a_run_is_renamed_described_and_moved(source: Source) -> None:
    source.update_run(demo_hash(1), name="better", description="why", experiment="new one")
    run = source.get_record(demo_hash(1)).run
    assert (run.name, run.description, run.experiment) == ("better", "why", "new one")
    source.update_run(demo_hash(1), experiment="")
    assert source.get_record(demo_hash(1)).run.experiment is None


def test_runs_are_archived_and_brought_back(source: Source) -> None:
    source.archive_runs([demo_hash(1), demo_hash(2)], True)
    assert source.get_record(demo_hash(1)).run.is_archived
    source.archive_runs([demo_hash(1)], False)
    assert not source.get_record(demo_hash(1)).run.is_archived
    assert source.get_record(demo_hash(2)).run.is_archived


def test_a_running_run_is_finished(source: Source) -> None:
    source.finish_runs([demo_hash(9)])
    assert source.get_record(demo_hash(9)).run.status is RunStatus.FINISHED


def test_runs_are_deleted(source: Source) -> None:
    assert source.delete_runs([demo_hash(1), demo_hash(2)]) == 2
    assert source.get_records([demo_hash(1), demo_hash(2)]) == []


def test_experiments_are_made_changed_and_deleted(source: Source) -> None:
    made = source.create_experiment("zebra", "striped")
    known = {each.id: each for each in source.find_experiments()}[made.id]
    assert (known.name, known.description) == ("zebra", "striped")
    with pytest.raises(NameTakenError):
        source.create_experiment("zebra")
    source.update_experiment(made.id, name="horse", is_archived=True)
    changed = {each.id: each for each in source.find_experiments()}[made.id]
    assert (changed.name, changed.is_archived) == ("horse", True)
    source.delete_experiment(made.id)
    assert made.id not in {each.id for each in source.find_experiments()}


def test_tags_are_hung_on_and_taken_off(source: Source) -> None:
    source.attach_tag(demo_hash(3), "best of all")
    assert "best of all" in {tag.name for tag in source.get_record(demo_hash(3)).run.tags}
    assert "best of all" in {tag.name for tag in source.find_tags()}
    source.detach_tag(demo_hash(3), "best of all")
    assert "best of all" not in {tag.name for tag in source.get_record(demo_hash(3)).run.tags}


def test_notes_are_written_changed_and_deleted(source: Source) -> None:
    note = source.create_note("look here", run_hash=demo_hash(3))
    assert [each.content for each in source.find_notes(run_hash=demo_hash(3))] == ["look here"]
    changed = source.update_note(note, "look there")
    assert changed.content == "look there"
    assert {each.content for each in source.find_notes()} >= {"look there"}
    source.delete_note(changed)
    assert source.find_notes(run_hash=demo_hash(3)) == []


def test_a_note_can_stand_at_a_point_of_a_metric(source: Source) -> None:
    trace = TraceRef(demo_hash(3), "loss", TRAIN)
    source.create_note("a bump", trace=trace, step=7)
    note = next(each for each in source.find_notes() if each.content == "a bump")
    assert (note.run_hash, note.metric, note.context, note.step) == (
        demo_hash(3),
        "loss",
        TRAIN,
        7,
    )


def test_series_come_in_the_order_asked_for(source: Source) -> None:
    traces = [
        TraceRef(demo_hash(3), "grad_norm"),
        TraceRef(demo_hash(3), "no such"),
        TraceRef(demo_hash(2), "loss", TRAIN),
    ]
    broken, absent, loss = source.read_series(traces)
    assert len(broken) == 50
    assert math.isnan(broken.values[-1])
    assert len(absent) == 0
    assert len(loss) == 200
    assert loss.steps.dtype == np.int64
    assert len(source.read_series(traces[2:], step_range=(10, 19))[0]) == 10


def test_thinned_series_keep_their_extremes(source: Source) -> None:
    trace = TraceRef(demo_hash(2), "loss", TRAIN)
    (full,) = source.read_series([trace])
    (thin,) = source.read_series([trace], density=40)
    assert len(thin) <= 90
    assert thin.values.max() == full.values.max()
    assert thin.values.min() == full.values.min()


def test_sequences_and_metrics_are_found(source: Source) -> None:
    kinds = {each.kind for each in source.find_sequences(demo_hash(0))}
    assert {SequenceKind.METRIC, SequenceKind.TEXTS, SequenceKind.FIGURES} <= kinds
    only = source.find_sequences(demo_hash(0), [SequenceKind.TEXTS])
    assert [each.name for each in only] == ["mistakes"]
    hits = source.find_metrics(
        'metric.name == "loss" and metric.context.subset == "val"', limit=2
    )
    assert [hit.record.run.hash for hit in hits] == [demo_hash(11), demo_hash(9)]
    assert [(m.name, m.context) for m in hits[0].metrics] == [("loss", VAL)]


def test_objects_and_logs_are_read(source: Source) -> None:
    steps = source.object_steps(TraceRef(demo_hash(0), "mistakes", VAL), SequenceKind.TEXTS)
    assert [each.step for each in steps] == [0, 50, 100]
    assert steps[1].items[0]["data"] == "step 50"
    assert len(source.log_lines(demo_hash(0))) == 30
    total, records = source.log_records(demo_hash(0))
    assert total == 2
    assert [(each.message, each.level) for each in records] == [
        ("started", 20),
        ("lr is high", 30),
    ]


def test_the_whole_is_summed_up(source: Source) -> None:
    activity = source.activity()
    assert (activity.run_count, activity.archived_run_count) == (12, 1)
    assert activity.active_run_count == 2
    assert len(activity.creation_times) == 12
    overview = source.params_overview()
    assert "lr" in overview.params["hparams"]
    assert "loss" in overview.sequences[SequenceKind.METRIC]
    assert source.statistics().run_count == 12


def test_small_values_are_kept(source: Source) -> None:
    assert Feature.SETTINGS in source.features
    assert source.get_setting("dashboard.test") is None
    source.set_setting("dashboard.test", {"a": [1, 2]})
    assert source.get_setting("dashboard.test") == {"a": [1, 2]}


def test_a_change_is_told_with_the_runs_it_touched(source: Source, store: Store) -> None:
    version = source.version()
    new = log_run(store.default, "new one", metrics={"loss": [1.0]})
    newest = source.wait_for_change(version, 5.0)
    assert newest != version
    changed = source.changed_runs(version)
    assert changed is None or new in changed


def test_names_and_values_are_counted(source: Source) -> None:
    words = source.vocabulary()
    params = {each.keys: each for each in words.params}
    rate = params["hparams", "lr"]
    assert words.run_count == rate.run_count > 1
    assert sum(each.run_count for each in rate.values) == rate.run_count
    assert rate.types == ("float",)
    assert rate.low is not None
    assert "vision" in [each.value for each in words.experiments]
    assert "loss" in [each.name for each in words.metrics]
    assert next(each for each in words.metrics if each.name == "loss").contexts


def test_words_find_runs(source: Source) -> None:
    everything = source.find_runs().total
    assert 0 < source.find_runs('run.mentions("VISION")').total < everything
    assert source.find_runs('run.mentions("nobody wrote this")').total == 0
