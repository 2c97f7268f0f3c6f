"""What is drawn, in a line."""

from __future__ import annotations

import re

from app.commands.charts import METRICS_COMMANDS
from app.traces.options import ExploreOptions
from app.traces.summary import summary


def test_a_crowded_chart_names_the_keys_that_help() -> None:
    text = summary(ExploreOptions(), 100, 2)
    keys = {command.name: command.keys for command in METRICS_COMMANDS}
    found = re.search(r"crowded: (\w) shows means of groups, (\w) groups", text)
    assert found is not None
    assert found.groups() == (keys["aggregate"], keys["group"])
    assert "crowded" not in summary(ExploreOptions(), 40, 2)
