"""Alerts over HTTP: found without a dashboard, listed, acknowledged, streamed, told to hooks."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.e2e.processes import wait_for
from tests.factories import log_run
from tests.server.client import ApiClient, assert_error


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the hook writes what it was told."""
    return tmp_path / "told"


@pytest.fixture
def watched(store: Store, out: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiClient]:
    """A client of a server that looks for alerts itself."""
    monkeypatch.setattr("server.alerts.PAUSE_S", 0.05)
    script = out.with_name("hook.sh")
    script.write_text(f'#!/bin/sh\necho "$RUNFOLIO_ALERT_HEADLINE" >> {out}\n')
    script.chmod(0o755)
    settings = ServerSettings(
        port=0,
        watches_alerts=True,
        alert_rules=("acc < 0.1",),
        alert_command=str(script),
    )
    server = EmbeddedServer(store, settings)
    client = ApiClient(server.start() or "")
    yield client
    client.close()
    server.stop()


class Listener(threading.Thread):
    """Reads the stream of events."""

    def __init__(self, url: str, headers: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(daemon=True)
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self.is_ready = threading.Event()
        self.may_end = False
        self._request = (url, headers or {}, params)
        self.start()
        assert self.is_ready.wait(20)

    def run(self) -> None:
        url, headers, params = self._request
        path = f"{url}/api/v1/rest/alerts/stream"
        with httpx.stream("GET", path, headers=headers, params=params, timeout=30) as answer:
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                self.is_ready.set()
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    continue
                if "data" in fields:
                    data = json.loads(fields["data"])
                    self.events.append((fields["id"], fields["event"], data))
                    if self.may_end:
                        return
                fields = {}


def test_a_run_that_breaks_is_found_listed_streamed_and_told(
    store: Store, watched: ApiClient, out: Path
) -> None:
    url = str(watched.http.base_url).rstrip("/")
    listener = Listener(url)
    broken = log_run(store.default, 1, name="broken", metrics={"loss": [1.0, math.nan]})
    log_run(store.default, 2, name="poor", metrics={"acc": [0.05]})
    wait_for(lambda: len(listener.events) == 2, "the events")
    assert {event[1] for event in listener.events} == {"alert"}
    found = watched.json("/alerts/")
    assert found["open"] == 2
    assert found["fixed_rules"] == ["acc < 0.1"]
    (alert,) = [each for each in found["alerts"] if each["run"] == broken]
    assert (alert["rule"], alert["severity"], alert["step"]) == ("* is nan", "error", 1)
    assert alert["value"] == "nan"
    assert watched.json("/alerts", run=broken)["alerts"] == [alert]
    wait_for(lambda: out.exists() and out.read_text().count("\n") == 2, "the hook")
    assert "broken: loss is nan" in out.read_text()

    number = alert["number"]
    assert watched.post(f"/alerts/{number}/acknowledge/").json() == {"count": 1}
    wait_for(lambda: len(listener.events) == 3, "the third event")
    assert listener.events[2][1:] == (
        "acknowledged",
        {**alert, "is_acknowledged": True, "serial": 3},
    )
    assert [each["run_name"] for each in watched.json("/alerts", state="open")["alerts"]] == [
        "poor"
    ]
    # Whoever comes back gets what was missed, and nothing twice.
    again = Listener(url, {"Last-Event-ID": listener.events[0][0]})
    wait_for(lambda: len(again.events) == 2, "what was missed")
    assert [event[0] for event in again.events] == ["2", "3"]
    muted = watched.post(f"/alerts/{number}/mute").json()
    assert muted["number"] == number
    assert watched.post("/alerts/acknowledge", {}).json() == {"count": 1}
    assert_error(watched.post("/alerts/99/mute"), 404, "not_found")
    assert_error(watched.post("/alerts/99/acknowledge"), 404, "not_found")


def test_rules_are_read_written_and_asked_about_the_past(
    store: Store, client: ApiClient
) -> None:
    log_run(store.default, 1, name="high", metrics={"loss": [9.0, 1.0]})
    assert client.json("/alerts/rules")["rules"] == ["* is nan", "failed", "stalled 10m"]
    past = client.json("/alerts/past", rule="loss  > 5")
    assert past["rule"] == "loss > 5"
    assert [(each["run_name"], each["step"]) for each in past["findings"]] == [("high", 0)]
    answer = client.put("/alerts/rules", {"rules": ["loss  > 5", "loss > 5.0"]})
    assert answer.json()["rules"] == ["loss > 5"]
    assert_error(
        client.put("/alerts/rules", {"rules": ["nonsense"]}), 400, "bad_request", "stalled"
    )
    assert client.get("/alerts/past", rule="nonsense").status_code == 400


def test_a_tenant_has_alerts_of_its_own(store: Store, watched: ApiClient) -> None:
    _, secret = store.tokens.create("acme", tenant="acme")
    log_run(store.workspace("acme"), 1, name="theirs", metrics={"loss": [math.nan]})
    log_run(store.default, 1, name="ours", metrics={"loss": [math.nan]})
    wait_for(lambda: bool(watched.json("/alerts")["alerts"]), "ours")
    headers = {"Authorization": f"Bearer {secret}"}

    def theirs() -> list[str]:
        answer = watched.request("GET", "/alerts", headers=headers).json()
        return [each["run_name"] for each in answer["alerts"]]

    wait_for(lambda: theirs() == ["theirs"], "theirs")
    assert [each["run_name"] for each in watched.json("/alerts")["alerts"]] == ["ours"]
    refused = watched.request("POST", "/alerts/1/mute", headers=headers)
    assert refused.status_code == 403


def test_a_server_stops_while_somebody_listens(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0))
    listener = Listener(server.start() or "")
    started = time.monotonic()
    server.stop()
    listener.join(20)
    assert not listener.is_alive()
    assert time.monotonic() - started < 15
