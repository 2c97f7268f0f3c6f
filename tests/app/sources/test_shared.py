"""A store that another process has open: attached to, taken over, found again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.serving import Serving
from app.sources import SourceUnavailableError
from app.sources.opening import open_source
from store import Store
from tests.app.dashboard import driven
from tests.e2e.serving import ServerProcess
from tests.factories import log_run


@pytest.fixture
def owner(tmp_path: Path, empty_store_folder: Path) -> Iterator[Owner]:
    owner = Owner(shutil.copytree(empty_store_folder, tmp_path / "lab.rf"))
    yield owner
    owner.leave()


class Owner:
    """Whoever has the store open and listens for others."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store.open(path)
        self.run = log_run(self.store.default, 1, name="kept", metrics={"loss": [1.0, 0.5]})
        self.serving = Serving(self.store)
        self.serving.open_socket()

    def leave(self) -> None:
        self.serving.close()
        self.store.close()


def test_the_store_is_opened_here_once_its_owner_has_left(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sources.opening.ATTACH_PATIENCE_S", 0.1)
    first, second = open_source(str(owner.path)), open_source(str(owner.path))
    assert first.store is second.store is None
    assert first.reconnect() == "Connected again."
    owner.leave()
    with pytest.raises(SourceUnavailableError) as caught:
        first.version()
    assert "Errno" not in str(caught.value)
    assert "is open in this one now" in first.reconnect()
    assert first.store is not None
    with pytest.raises(SourceUnavailableError, match="does not answer yet"):
        second.reconnect()
    first.update_run(owner.run, name="written here")
    serving = Serving(first.store)
    serving.open_socket()
    # Both are in this process, as the first owner was.
    assert second.reconnect() == "Connected again."
    assert second.get_record(owner.run).run.name == "written here"
    second.close()
    serving.close()
    first.close()


async def test_a_dashboard_takes_over_and_keeps_what_is_on_screen(
    tmp_path: Path, owner: Owner
) -> None:
    owner.leave()
    process = ServerProcess(owner.path, socket=True)
    process.start()
    source = open_source(str(owner.path))
    try:
        async with driven(source) as run:
            assert run.application.source.store is None
            run.screen.set_query("run.name == 'kept'")
            await run.until(lambda: "kept" in run.text(), "the run")
            process.kill()
            await run.until(lambda: "in this one now" in run.text(), "the sentence")
            assert source.store is not None
            assert "run.name == 'kept'" in run.text()
            assert "Errno" not in run.text()
            await run.until(lambda: run.application.serving.has_socket, "the socket")
            again = open_source(str(owner.path))
            again.update_run(owner.run, name="from a third")
            again.close()
            await run.until(lambda: not run.screen.is_loading, "the change")
            await run.press("9")
            await run.until(lambda: "not serving" in run.text(), "a server that can start")
    finally:
        process.stop()
        source.close()


async def test_a_lost_server_is_told_of_and_found_again(owner: Owner) -> None:
    owner.leave()
    process = ServerProcess(owner.path)
    process.start()
    source = open_source(process.url)
    try:
        async with driven(source) as run:
            await run.until(lambda: "kept" in run.text(), "the run")
            process.kill()
            await run.until(lambda: "does not answer" in run.text(), "the banner")
            await run.until(lambda: "ctrl+r tries now" in run.text(), "the countdown")
            assert "kept" in run.text()
            assert "Errno" not in run.text()
            process.start()
            await run.press("ctrl+r")
            await run.until(lambda: "Connected again" in run.text(), "the connection")
            assert "does not answer" not in run.text()
    finally:
        process.stop()
        source.close()
