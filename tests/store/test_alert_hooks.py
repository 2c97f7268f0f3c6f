"""Alerts on their way out: to a real web address on this machine, and to a real command."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from store.alerts.hooks import AlertHooks, HookError, post, run
from store.models.alerts import Alert, Finding, Severity

FINDING = Finding("loss is nan", Severity.ERROR, "r1", "a; b", "loss is nan", "loss", step=7)
ALERT = Alert(FINDING, 12.0, number=1)


class Receiver:
    """A web address that takes what is posted, after it failed as often as wanted."""

    def __init__(self, failures: int = 0) -> None:
        self.received: list[dict[str, Any]] = []
        self.calls = 0
        self.has_received = threading.Event()
        receiver = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls += 1
                is_good = receiver.calls > failures
                self.send_response(204 if is_good else 500)
                self.end_headers()
                if is_good:
                    receiver.received.append(json.loads(body))
                    receiver.has_received.set()

            def log_message(self, *_: object) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Hook)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(failures=1)
    yield receiver
    receiver.close()


def test_a_webhook_gets_the_alert_as_json_and_is_tried_again(receiver: Receiver) -> None:
    hooks = AlertHooks(receiver.url, pauses_s=[0.0])
    hooks.tell([ALERT])
    assert receiver.has_received.wait(20)
    hooks.stop()
    (told,) = receiver.received
    assert told["headline"] == "a; b: loss is nan"
    assert (told["rule"], told["step"], told["value"]) == ("loss is nan", 7, str(math.nan))
    assert receiver.calls == 2


def test_a_command_gets_the_alert_and_no_shell_reads_its_names(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = tmp_path / "hook.sh"
    script.write_text(f'#!/bin/sh\necho "$RUNFOLIO_ALERT_RUN_NAME|$1" > {out}; cat >> {out}\n')
    script.chmod(0o755)
    run(f"{script} 'one argument'", ALERT)
    first, _, rest = out.read_text().partition("\n")
    assert first == "a; b|one argument"
    assert json.loads(rest)["run"] == "r1"


def test_a_hook_that_fails_is_told_in_words_and_holds_nothing_up(tmp_path: Path) -> None:
    told: list[str] = []
    is_told = threading.Event()

    def failed(error: HookError) -> None:
        told.append(str(error))
        is_told.set()

    hooks = AlertHooks("http://127.0.0.1:9/hook", pauses_s=[], on_failure=failed)
    hooks.tell([ALERT])
    assert is_told.wait(20)
    hooks.stop()
    assert told == [
        "The webhook http://127.0.0.1:9/hook did not take the alert: connection refused."
    ]
    with pytest.raises(HookError, match="begin with http"):
        post("file:///etc/passwd", ALERT)
    with pytest.raises(HookError, match="ended with status 3"):
        run("sh -c 'exit 3'", ALERT)
    with pytest.raises(HookError, match="no such file"):
        run(str(tmp_path / "nothing"), ALERT)


def test_too_many_alerts_drop_the_oldest() -> None:
    gate = threading.Event()
    hooks = AlertHooks("http://127.0.0.1:9/", on_failure=lambda _: gate.wait(10), pauses_s=[])
    hooks.tell([ALERT] * 500)
    assert hooks.dropped >= 299
    gate.set()
    hooks.stop()
