"""Alerts in the dashboard: told when something happens, listed, acted on."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.dialogs.alerts import AlertsDialog
from app.settings.config import Config
from app.sources.remote import RemoteSource
from app.widgets.chart_view import ChartView
from server.embed import EmbeddedServer
from server.settings import ServerSettings
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
        await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
        assert "▲ 1 alert" in run.text()
        await run.press("exclamation_mark")
        assert "loss is nan" in run.text()
        await run.press("a")
        await run.press("escape")
        assert run.application.standing.alerts.total == 0


async def test_much_trouble_of_one_run_is_told_once(store: Store) -> None:
    log_loss(store, 0.5)
    async with driven(store) as run:
        values = [LogPoints(name, PLAIN, [1], [math.nan]) for name in ("loss", "acc", "norm")]
        store.default.ingest.submit("shaky", values).result(timeout=20)
        told = await run.until(
            lambda: (
                run.application.standing.alerts.total == 3
                and [each.message for each in run.application._notifications]
            ),
            "the alerts",
        )
        assert len(told) == 1
        assert told[0].endswith("and 2 more alerts: ! lists them")


async def test_an_alert_leads_to_its_chart_where_it_began(store: Store) -> None:
    log_loss(store, 0.5)
    for step in (7, 8, 9):
        log_loss(store, math.nan, step=step)
    async with driven(store) as run:
        await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
        await run.press("exclamation_mark")
        await run.until(lambda: "█" in run.text() or "▁" in run.text(), "the curve")
        await run.press("enter")
        await run.until(lambda: run.application.current_mode == "metrics", "the chart")
        await run.until(
            lambda: any(each.pointer_x is not None for each in run.screen.query(ChartView)),
            "the crosshair",
        )
        assert {each.pointer_x for each in run.screen.query(ChartView)} == {7}
        assert run.application.standing.alerts.total == 0


async def test_a_typed_rule_is_kept_with_the_store_and_tells_the_past(store: Store) -> None:
    log_loss(store, 5.0)
    log_loss(store, 0.5, step=1)
    async with driven(store) as run:
        await run.press("colon")
        await run.type("alert loss > 4")
        await run.press("enter")
        await run.until(lambda: "1 run has broken it already: shaky" in run.text(), "the past")
        await run.press("exclamation_mark")
        assert "loss was 5" in run.text()
        await run.press("escape")
        log_loss(store, 6.0, step=2)
        await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
    async with driven(store) as run:
        await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
        await run.press("exclamation_mark", "tab")
        assert isinstance(run.application.screen, AlertsDialog)
        assert "loss > 4" in run.text()
        await run.press("end")
        await run.press("delete")
        await run.until(
            lambda: "loss > 4" not in run.application.alert_sheet.rules, "the rule to go"
        )


async def test_a_second_dashboard_shows_and_acknowledges_the_owners_alerts(
    store: Store,
) -> None:
    log_loss(store, math.nan)
    store.default.alerts.check(None, time.time())
    server = EmbeddedServer(store, ServerSettings(port=0))
    source = RemoteSource.connect(server.start() or "")
    try:
        async with driven(source) as run:
            await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
            await run.press("exclamation_mark", "a")
            await run.until(lambda: not run.application.standing.alerts.total, "no alert")
            assert store.default.alerts.sheet().open_alerts == ()
            await run.press("M", "escape")
            await run.until(lambda: "No more" in run.text(), "the muting")
            run.application.add_alert_rule("loss > 1")
            await run.until(
                lambda: "loss > 1" in store.default.alerts.sheet().rules, "the new rule"
            )
    finally:
        source.close()
        server.stop()


async def test_rules_and_hooks_of_the_settings(store: Store, tmp_path: Path) -> None:
    out, hook = tmp_path / "told", tmp_path / "hook.sh"
    hook.write_text(f'#!/bin/sh\necho "$RUNFOLIO_ALERT_HEADLINE" > {out}\n')
    hook.chmod(0o755)
    config = Config(
        start_screen="runs",
        alert_command=str(hook),
        alert_bell=True,
        alert_rules={"high": "loss > 5", "odd": "loss is odd"},
    )
    log_loss(store, 6.0)
    async with driven(store, config=config) as run:
        await run.until(lambda: run.application.standing.alerts.total == 1, "the alert")
        await run.until(lambda: out.exists() and out.read_text(), "the hook")
        await run.press("exclamation_mark")
        assert "loss > 5  (settings)" in run.text()
        assert "loss is odd" not in run.screen._sheet.fixed_rules
    assert out.read_text() == "shaky: loss is 6, above 5\n"


async def test_a_line_that_is_no_rule_says_how_rules_look(store: Store) -> None:
    async with driven(store) as run:
        await run.press("colon")
        await run.type("alert loss is bad")
        await run.press("enter")
        await run.until(lambda: "no alert rule" in run.text(), "the message")
