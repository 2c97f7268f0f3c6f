"""Alerts through every door: a store here, a server of ours, a server of another make."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from app.sources import Feature, Source
from app.sources.foreign import ForeignSource
from app.sources.http import HttpDoor
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from store.alerts.checks import default_direction
from store.alerts.rules import RuleError
from store.errors import InvalidDataError, NotFoundError
from tests.factories import log_run

NOW = 1_800_000_000.0


@pytest.fixture(params=["local", "remote", "foreign"])
def source(request: pytest.FixtureRequest, store: Store) -> Iterator[Source]:
    log_run(store.default, 1, name="broken", metrics={"loss": [9.0, 1.0, math.nan]})
    log_run(store.default, 2, name="fine", metrics={"loss": [1.0, 0.5]})
    if request.param == "local":
        yield LocalSource(store)
        return
    server = EmbeddedServer(store, ServerSettings(port=0))
    url = server.start() or ""
    kind = {"remote": RemoteSource, "foreign": ForeignSource}[request.param]
    opened = kind(HttpDoor(url))
    yield opened
    opened.close()
    server.stop()


def look(source: Source, store: Store) -> list[str]:
    """What is told after a look, whoever takes it."""
    if Feature.FINDS_ALERTS not in source.features:
        store.default.alerts.check(None, NOW)
    sheet = source.look_for_alerts(None, NOW)
    return [alert.headline for alert in sheet.open_alerts]


def test_alerts_are_found_acknowledged_and_muted(source: Source, store: Store) -> None:
    source.set_alert_rules(["* is nan"])
    source.use_alert_rules([], default_direction)
    assert look(source, store) == ["broken: loss is nan"]
    assert look(source, store) == ["broken: loss is nan"]
    (alert,) = source.look_for_alerts([], NOW).alerts
    assert (alert.finding.metric, alert.finding.step) == ("loss", 2)
    source.acknowledge_alerts([alert.number])
    assert look(source, store) == []
    source.mute_alert(alert.number)
    with pytest.raises(NotFoundError):
        source.mute_alert(99)


def test_rules_are_set_and_tell_their_past(source: Source) -> None:
    past = source.past_alerts("loss > 5", NOW)
    # A server of another make does not tell at which step it was.
    step = None if isinstance(source, ForeignSource) else 0
    assert [(each.run_name, each.step, each.value) for each in past] == [("broken", step, 9.0)]
    source.set_alert_rules(["loss > 5", "loss>5.0"])
    assert source.look_for_alerts([], NOW).rules == ("loss > 5",)
    with pytest.raises((RuleError, InvalidDataError)):
        source.set_alert_rules(["nonsense"])
