"""The Server screen: start and stop, figures without its own asking, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from app.screens.server import parse_address
from app.sources.remote import RemoteSource
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from tests.app.dashboard import driven

if TYPE_CHECKING:
    import pytest

    from store import Store


def test_an_address_is_host_and_port() -> None:
    assert parse_address("0.0.0.0:80") == ("0.0.0.0", 80)
    assert parse_address("[::1]:80") == ("::1", 80)
    assert parse_address("8000") == ("127.0.0.1", 8000)
    assert parse_address("host") is None


async def test_the_server_is_started_looked_at_and_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.screens.server.POLL_S", 0.05)
    async with driven(store, screen="server") as run:
        run.application.update_state(serve_address="127.0.0.1:0")
        await run.press("s")
        url = await run.until(lambda: run.application.serving.url, "the server")
        await run.until(lambda: f"curl {url}/api/v1/rest/projects/" in run.text(), "the line")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/health/live")).status_code == 200
            assert (await client.get(f"{url}/api/v1/rest/runs/nobody/info")).status_code == 404
        await run.until(lambda: "404  GET /api/v1/rest/runs/{id}/info" in run.text(), "errors")
        await run.until(lambda: "points/s" in run.text(), "the rate")
        figures = run.application.serving.figures()
        assert figures is not None
        assert figures.request_count == 2, "looking at them is not counted"
        await run.press("Y")
        assert run.application.clipboard == f"curl {url}/api/v1/rest/projects/"
        await run.until(lambda: "copied" in run.text(), "a word about it")
        await run.press("s")
        await run.until(lambda: "not serving" in run.text(), "the server to stop")
        assert not run.application.serving.is_serving


async def test_tokens_are_made_and_revoked(store: Store) -> None:
    async with driven(store, screen="server") as run:
        await run.press("n")
        await run.type("ci")
        for _ in range(3):
            await run.press("enter")
        await run.type("30")
        await run.press("enter")
        await run.until(lambda: "It is shown this once" in run.text(), "the secret")
        (token,) = store.tokens.find()
        assert (token.name, token.role.value, token.tenant) == ("ci", "write", "default")
        assert token.expires_at is not None
        await run.press("y")
        assert store.tokens.verify(run.application.clipboard) == token
        await run.press("escape")
        await run.until(lambda: run.screen.tokens.cursor_key == token.id, "the row")
        await run.press("delete")
        assert "cannot be taken back" in run.text()
        await run.press("escape", "delete", "y")
        await run.until(lambda: "revoked" in run.text(), "the row to say so")
        assert store.tokens.verify(run.application.clipboard) is None


async def test_an_attached_dashboard_shows_the_other_server(store: Store) -> None:
    store.tokens.create("old one")
    server = EmbeddedServer(store, ServerSettings(port=0))
    source = RemoteSource.connect(server.start() or "")
    try:
        async with driven(source, screen="server") as run:
            await run.until(lambda: "old one" in run.text(), "its tokens")
            await run.until(lambda: "points/s" in run.text(), "its figures")
            assert "attached to a server" in run.text()
            assert {"s", "e"} <= run.grey_keys()
            for key in ("s", "e"):
                run.application.clear_notifications()
                await run.press(key)
                assert run.said() == [
                    "Not possible here: the data is on another server already."
                ]
            await run.press("s")
            await run.until(lambda: "already" in run.text(), "why it cannot be started")
            await run.press("question_mark")
            await run.until(
                lambda: "not possible here: the data is on another" in run.text(), "the reason"
            )
            await run.press("escape", "f3")
            await run.until(lambda: "can be served from here: the data is" in run.text(), "why")
    finally:
        source.close()
        server.stop()
