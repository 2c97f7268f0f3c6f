"""Alerts in the dashboard: told when something happens, listed, acted on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.dialogs.alerts import AlertsDialog
from store.models import Context
from store.models.operations import CreateRun, LogPoints, SetProperty
from tests.app.dashboard import driven

if TYPE_CHECKING:
    from store import Store

PLAIN = Context()


def log_loss(store: Store, value: float, step: int = 0) -> None:
    operations = [
        CreateRun(),
        SetProperty(name="shaky"),
        LogPoints("loss", PLAIN, [step], [value]),
    ]
    store.default.ingest.submit("shaky", operations).result(timeout=20)


async def test_a_loss_that_turns_to_nan_is_told_while_it_runs(store: Store) -> None:
    log_loss(store, 0.5)
    async with driven(store) as run:
        log_loss(store, math.nan, step=1)
        await run.until(lambda: run.application.standing.alert_count == 1, "the alert")
        assert "▲ 1 alert" in run.text()
        await run.press("f4")
        assert "loss is nan" in run.text()
        await run.press("a")
        await run.press("escape")
        assert run.application.standing.alert_count == 0


async def test_an_alert_leads_to_its_chart(store: Store) -> None:
    log_loss(store, math.nan)
    async with driven(store) as run:
        await run.until(lambda: run.application.standing.alert_count == 1, "the alert")
        await run.press("f4", "enter")
        await run.until(lambda: run.application.current_mode == "metrics", "the chart")


async def test_a_typed_rule_is_kept_with_the_store(store: Store) -> None:
    log_loss(store, 0.5)
    async with driven(store) as run:
        await run.press("colon")
        await run.type("alert loss > 0.1")
        await run.press("enter")
        await run.until(lambda: run.application.standing.alert_count == 1, "the alert")
    async with driven(store) as run:
        await run.until(lambda: run.application.standing.alert_count == 1, "the alert")
        await run.press("f4", "tab")
        assert isinstance(run.application.screen, AlertsDialog)
        assert "loss > 0.1" in run.text()


async def test_a_line_that_is_no_rule_says_how_rules_look(store: Store) -> None:
    async with driven(store) as run:
        await run.press("colon")
        await run.type("alert loss is bad")
        await run.press("enter")
        await run.until(lambda: "no alert rule" in run.text(), "the message")
