"""A headless Chromium, and waiting for what it shows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
DEADLINE_S = 30.0


class Browser:
    """One window on one server."""

    def __init__(self, driver: webdriver.Chrome, pictures: Path | None) -> None:
        self.driver = driver
        self._pictures = pictures

    def open(self, url: str) -> None:
        """Go to a page."""
        self.driver.get(url)

    def text(self) -> str:
        """Everything that is to be read on the page."""
        found: str = self.driver.execute_script("return document.body.innerText")
        return found

    def wait_for_text(self, *texts: str) -> None:
        """Wait until all of these are to be read."""
        self.wait(lambda: all(text in self.text() for text in texts), f"{texts}")

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Poll a condition until it holds; what it gave."""
        deadline = time.monotonic() + DEADLINE_S
        while not (result := condition()):
            if time.monotonic() > deadline:
                self.picture("failure")
            assert time.monotonic() < deadline, f"no {what} in: {self.text()[:2000]}"
        return result

    def find(self, css: str) -> WebElement:
        """The first element that fits, as soon as there is one."""
        found: list[WebElement] = self.wait(
            lambda: self.driver.find_elements(By.CSS_SELECTOR, css), css
        )
        return found[0]

    def click_text(self, text: str, tag: str = "*") -> None:
        """Click the last element with exactly this text."""
        path = f"//{tag}[normalize-space(.)='{text}']"
        found = self.wait(lambda: self.driver.find_elements(By.XPATH, path), text)
        self.driver.execute_script("arguments[0].click()", found[-1])

    def picture(self, name: str) -> None:
        """Keep a picture of the page if somebody wants to look at it."""
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(self._pictures / f"{name}.png"))

    def errors(self) -> list[str]:
        """What the console complained about since the last time, but for other sites."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")  # type: ignore[no-untyped-call]
            if entry["level"] == "SEVERE"
            # The page of what is new is asked of another site, which tests cannot reach.
            and "api.github.com" not in entry["message"]
            and "Failed to fetch" not in entry["message"]
            # A request that the page itself gave up says nothing at all.
            and not entry["message"].endswith(" 0:0 ")
        ]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium without a window, with a fresh profile."""
    options = Options()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1500,1000",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    folder = os.environ.get("BROWSER_PICTURES")
    yield Browser(driver, Path(folder) if folder else None)
    driver.quit()
