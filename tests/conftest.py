"""What every test may lean on: a clean environment, a real store, a real server.

Nothing of the developer's machine reaches a test: home, XDG folders, time zone, locale, colour
variables, proxies and the variables of runfolio and of its clients are set or removed here,
before anything of ours is imported.

Heavy packages are imported inside the fixtures, so a test of a pure function starts at once.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from server.embed import EmbeddedServer
    from store import Store
    from store.workspace import Workspace

TEST_HOME = Path(tempfile.mkdtemp(prefix="runfolio-tests-"))


def isolate_environment() -> None:
    """Give this process, and every one it starts, a home and a locale of its own."""
    for name in list(os.environ):
        is_proxy = name.lower() in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
        if name.startswith(("RUNFOLIO_", "MATYAN_", "XDG_", "LC_", "TEXTUAL")) or is_proxy:
            del os.environ[name]
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "TMUX", "LANGUAGE"):
        os.environ.pop(name, None)
    os.environ |= {
        "HOME": str(TEST_HOME),
        "XDG_CONFIG_HOME": str(TEST_HOME / "config"),
        "XDG_STATE_HOME": str(TEST_HOME / "state"),
        "XDG_CACHE_HOME": str(TEST_HOME / "cache"),
        "XDG_DATA_HOME": str(TEST_HOME / "data"),
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    time.tzset()


isolate_environment()

SUPPRESSED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
# The default is the same on every machine and every time; `explore` looks for new examples.
settings.register_profile(
    "default",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=SUPPRESSED,
)
settings.register_profile(
    "explore",
    max_examples=500,
    deadline=None,
    print_blob=True,
    suppress_health_check=SUPPRESSED,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_unconfigure() -> None:
    """Remove the tests' home."""
    shutil.rmtree(TEST_HOME, ignore_errors=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store on disk, open, owned by this process."""
    from store import Store

    opened = Store.open(tmp_path / "lab.rf")
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> Workspace:
    """The default tenant of `store`."""
    return store.default


@pytest.fixture
def server(store: Store) -> Iterator[EmbeddedServer]:
    """`store` served on a free loopback port; `server.url` says where."""
    from server.embed import EmbeddedServer
    from server.settings import ServerSettings

    embedded = EmbeddedServer(store, ServerSettings(port=0))
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small store with something of everything, always the same, clock and ids included.

    Read it, never write: all tests of a session share it.
    """
    from store import Store
    from tests.factories import DEMO_NOW, StillClock, fill_demo

    path = tmp_path_factory.mktemp("demo") / "demo.rf"
    opened = Store.open(path, clock=StillClock(DEMO_NOW))
    fill_demo(opened.default)
    yield opened
    opened.close()
