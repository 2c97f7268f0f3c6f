"""From an address to a source: the nearest store, its owner's socket, servers of other makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.querying.plain_words import as_query
from app.serving import Serving, ServingError
from app.sources import Feature, FeatureMissingError, SourceUnavailableError
from app.sources.foreign import ForeignSource
from app.sources.http import HttpDoor
from app.sources.local import LocalSource
from app.sources.opening import find_store, open_source
from app.sources.protocol import TraceRef
from store import Store
from store.errors import NotAStoreError, OpenError, StoreLockedError
from tests.factories import VAL, fill_demo, log_run, make_hash


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[tuple[Store, Serving]]:
    """A store that this process owns and whose socket it serves."""
    store = Store.open(tmp_path / "lab.rf")
    serving = Serving(store)
    serving.open_socket()
    yield store, serving
    serving.close()
    store.close()


def test_the_nearest_store_is_found_from_below(tmp_path: Path) -> None:
    Store.open(tmp_path / "lab.rf").close()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_store(below) == tmp_path / "lab.rf"
    assert find_store(tmp_path / "lab.rf") == tmp_path / "lab.rf"


def test_a_store_is_opened_and_created_only_if_wanted(tmp_path: Path) -> None:
    path = tmp_path / "new.rf"
    with pytest.raises(NotAStoreError):
        open_source(str(path), create=False)
    source = open_source(str(path), create=True)
    assert isinstance(source, LocalSource)
    source.close()
    again = open_source(str(path), create=False)
    again.close()


def test_whoever_comes_second_attaches_to_the_owner(owned: tuple[Store, Serving]) -> None:
    store, _ = owned
    new = log_run(store.default, 1, name="shared", metrics={"loss": [1.0, 0.5]})
    source = open_source(str(store.path))
    assert source.is_remote
    assert list(source.find_runs().hashes) == [new]
    source.update_run(new, name="renamed from afar")
    assert store.default.runs.get(new).name == "renamed from afar"
    assert Feature.SERVE not in source.features
    source.close()


def test_a_store_deep_in_folders_can_be_attached_to(tmp_path: Path) -> None:
    path = tmp_path / ("deep" * 30) / "lab.rf"
    store = Store.open(path)
    serving = Serving(store)
    serving.open_socket()
    source = open_source(str(path))
    assert source.is_remote
    assert source.find_runs().total == 0
    source.close()
    owner = store.ownership.owner
    serving.close()
    store.close()
    assert owner.socket is not None
    assert not Path(owner.socket).is_relative_to(tmp_path)
    assert Path(owner.socket).parent.stat().st_mode & 0o077 == 0
    Path(owner.socket).parent.rmdir()


def test_a_place_where_nobody_may_write_is_named() -> None:
    with pytest.raises(OpenError, match=r"cannot be used: .*copy it to a place where you may"):
        open_source("/sys/lab.rf", create=True)


def test_an_owner_that_does_not_listen_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sources.opening.ATTACH_PATIENCE_S", 0.1)
    store = Store.open(tmp_path / "lab.rf")
    with pytest.raises(StoreLockedError):
        open_source(str(store.path))
    store.close()


def test_a_store_is_served_on_an_address_and_no_longer(owned: tuple[Store, Serving]) -> None:
    _, serving = owned
    url = serving.start("127.0.0.1", 0, 0.0)
    source = open_source(url)
    assert source.version() >= 0
    assert (figures := serving.figures()) is not None
    assert figures.request_count > 0
    serving.stop()
    with pytest.raises(SourceUnavailableError):
        source.version()
    source.close()


def test_a_taken_address_is_named(owned: tuple[Store, Serving], tmp_path: Path) -> None:
    _, serving = owned
    port = int(serving.start("127.0.0.1", 0, 0.0).rpartition(":")[2])
    other = Store.open(tmp_path / "other.rf")
    with pytest.raises(ServingError, match=str(port)):
        Serving(other).start("127.0.0.1", port, 0.0)
    other.close()


def test_nobody_listening_is_a_clear_sentence() -> None:
    with pytest.raises(SourceUnavailableError, match=r"http://127\.0\.0\.1:9: does not answer"):
        open_source("http://127.0.0.1:9")


def test_a_server_of_another_make_is_read_through_its_searches(
    owned: tuple[Store, Serving],
) -> None:
    store, serving = owned
    fill_demo(store.default)
    source = ForeignSource(HttpDoor(serving.start("127.0.0.1", 0, 0.0)))
    index = source.find_runs("run.hparams.lr < 0.05")
    assert index.total == len(index.hashes) > 0
    records = source.get_records(index.hashes[:2])
    assert [each.run.hash for each in records] == list(index.hashes[:2])
    assert records[0].metrics
    assert 0 < source.find_runs(as_query("VISION")).total < source.find_runs().total
    words = source.vocabulary()
    assert ("hparams", "lr") in [each.keys for each in words.params]
    assert "loss" in [each.name for each in words.metrics]
    (series,) = source.read_series([TraceRef(make_hash(("demo", 2)), "loss", VAL)])
    assert len(series) == 20
    hits = source.find_metrics('metric.name == "loss"', limit=2)
    assert len(hits) == 2
    with pytest.raises(FeatureMissingError):
        source.statistics()
    source.close()
