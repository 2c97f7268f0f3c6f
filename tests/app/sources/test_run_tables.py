"""Figures over all runs, and the trash: the same from a store, a server, and one that
cannot fold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.sources import Feature, FeatureMissingError, SortKey, Source
from app.sources.foreign import ForeignSource
from app.sources.http import HttpDoor
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from tests.factories import TRAIN, make_hash

if TYPE_CHECKING:
    from server.embed import EmbeddedServer
    from store import Store

LOSS = SortKey("metrics.loss.min", context=TRAIN)


@pytest.fixture
def store(lab: Store) -> Store:
    """The store that is asked, and that `server` serves."""
    return lab


@pytest.fixture
def sources(store: Store, server: EmbeddedServer) -> Iterator[list[Source]]:
    """The same data through three doors."""
    url = server.url or ""
    remote, foreign = RemoteSource.connect(url), ForeignSource(HttpDoor(url))
    yield [LocalSource(store), remote, foreign]
    remote.close()
    foreign.close()


def test_all_doors_give_the_same_figures(sources: list[Source]) -> None:
    near, *others = sources
    columns = [SortKey("metrics.loss.last", descending=True, context=TRAIN)]
    best = near.best_values("run.hparams.lr < 0.05", columns)
    sort, fields = [SortKey("run")], ["params.hparams.optimiser", "tags"]
    groups = near.group_runs("", sort, fields, columns)
    assert len(groups) == 5
    assert groups[0].key == ("adam", "group 1")
    assert sum(len(group.hashes) for group in groups) > near.find_runs().total
    for other in others:
        assert other.best_values("run.hparams.lr < 0.05", columns) == pytest.approx(best)
        found = other.group_runs("", sort, fields, columns)
        assert [each.key for each in found] == [each.key for each in groups]
        assert [list(e.hashes) for e in found] == [list(e.hashes) for e in groups]
        for mine, theirs in zip(groups, found, strict=True):
            (ours,), (figures,) = mine.figures, theirs.figures
            assert ours is not None
            assert figures is not None
            assert figures.count == ours.count
            assert figures.mean == pytest.approx(ours.mean)
            assert figures.deviation == pytest.approx(ours.deviation)
            assert (figures.min, figures.max) == pytest.approx((ours.min, ours.max))


def test_the_trash_is_the_same_through_both_doors(sources: list[Source]) -> None:
    near, remote, foreign = sources
    run = make_hash(("demo", 1))
    before = near.get_record(run)
    for source in (near, remote):
        assert Feature.TRASH in source.features
        source.trash_runs([run])
        assert source.get_records([run]) == []
        (trashed,) = [e for e in source.find_trash() if e.record.run.hash == run]
        assert trashed.record.run.name == before.run.name
        assert sum(m.count for m in trashed.record.metrics) == sum(
            m.count for m in before.metrics
        )
        assert trashed.deleted_at > 0
        source.restore_runs([run])
        assert run not in {each.record.run.hash for each in source.find_trash()}
        assert source.get_record(run).params == before.params
        source.trash_runs([make_hash(("demo", 2 if source is near else 3))])
    assert len(remote.find_trash()) == 2
    remote.delete_trash([each.record.run.hash for each in near.find_trash()])
    assert near.find_trash() == []
    assert Feature.TRASH not in foreign.features
    with pytest.raises(FeatureMissingError):
        foreign.trash_runs([run])
