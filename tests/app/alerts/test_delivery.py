"""Alerts on their way out: to the terminal and to a real webhook on this machine."""

from __future__ import annotations

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from app.alerts.checks import Finding
from app.alerts.delivery import WebhookError, desktop_notification, post_alerts
from app.alerts.monitor import Alert
from app.alerts.rules import parse_rule

ALERT = Alert(
    Finding(parse_rule("loss is nan"), "r1", "na\x1bme;", "loss is nan", "loss", step=7), 12.0
)


def test_a_name_cannot_smuggle_escape_codes_into_a_notification() -> None:
    text = desktop_notification(ALERT)
    assert text.count("\x1b") == 2
    assert "name: loss is nan\x07" in text


def test_a_webhook_receives_the_alert_as_json() -> None:
    received: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        post_alerts(f"http://127.0.0.1:{server.server_port}/hook", [ALERT])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert received[0]["rule"] == "loss is nan"
    assert received[0]["step"] == 7
    assert received[0]["value"] == str(math.nan)


def test_a_webhook_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(WebhookError, match="did not take the alert"):
        post_alerts("http://127.0.0.1:9/hook", [ALERT])
