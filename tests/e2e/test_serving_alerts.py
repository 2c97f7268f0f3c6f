"""`runfolio serve` looks for alerts by itself, by the rules of the settings and of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.processes import run, serving, wait_for


def test_a_server_without_a_dashboard_finds_alerts_and_runs_the_hook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "told"
    hook = tmp_path / "hook.sh"
    hook.write_text(f'#!/bin/sh\necho "$RUNFOLIO_ALERT_RULE|$RUNFOLIO_ALERT_STEP" >> {out}\n')
    hook.chmod(0o755)
    settings = tmp_path / "config.toml"
    settings.write_text(f'alert_command = "{hook}"\n[alert_rules]\n"too high" = "loss > 5"\n')
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(settings))
    with serving(str(tmp_path / "lab.rf"), "--port", "0") as server:
        api = f"{server.url}/api/v1/rest"

        def log(value: float, step: int) -> None:
            points = [{"name": "loss", "value": value, "step": step}]
            httpx.post(f"{api}/runs/r1/log", json={"points": points}).raise_for_status()

        def alerts() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = httpx.get(f"{api}/alerts").json()["alerts"]
            return found

        log(1.0, 0)
        log(9.0, 1)
        wait_for(lambda: bool(alerts()), "the alert")
        (alert,) = alerts()
        assert (alert["rule"], alert["step"], alert["value"]) == ("loss > 5", 1, 9.0)
        wait_for(lambda: out.exists() and bool(out.read_text()), "the hook")
        httpx.post(f"{api}/alerts/{alert['number']}/acknowledge").raise_for_status()
        assert server.stop() == 0
    assert out.read_text() == "loss > 5|1\n"
    # What was told is kept with the data: another server neither forgets nor repeats.
    with serving(str(tmp_path / "lab.rf"), "--port", "0") as server:
        (again,) = httpx.get(f"{server.url}/api/v1/rest/alerts").json()["alerts"]
        assert again["is_acknowledged"]
    assert run("config").stdout.count("loss > 5") == 1
