"""Reports written to HTML, opened in a real browser: text, charts and tables, dark and light."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.boards.contents import PanelLook
from app.boards.export import report_text
from app.sources.local import LocalSource
from store import Store
from store.models import Report
from tests.factories import log_run
from tests.server.browser.conftest import Browser

pytestmark = pytest.mark.browser
CODE = """# What was found

The run @run#first was **better**.

```panel
kind: chart
metric: loss
```

```panel
kind: leaderboard
metric: loss
```
"""


def test_a_report_is_a_page_of_its_own(browser: Browser, store: Store, tmp_path: Path) -> None:
    log_run(store.default, name="first", metrics={"loss": [3.0, 1.0]})
    report = Report("1", "findings", CODE, "", 0.0, 0.0)
    page = tmp_path / "findings.html"
    source = LocalSource(store)
    page.write_text(report_text(source, report, PanelLook(), "html"), "utf-8")
    for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 28)")):
        browser.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        browser.open(page.as_uri())
        browser.wait_for_text("What was found", "first was better")
        shown = [
            each
            for each in browser.driver.find_elements("css selector", "figure svg")
            if each.is_displayed()
        ]
        assert len(shown) == 1
        assert shown[0].size["height"] > 100
        assert "first" in browser.find("table").text
        script = "return getComputedStyle(document.body).backgroundColor"
        assert browser.driver.execute_script(script) == ground
        browser.picture(f"report {scheme}")
    assert not browser.errors()
    loaded = "return performance.getEntriesByType('resource').length"
    assert browser.driver.execute_script(loaded) == 0
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
