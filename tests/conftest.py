"""What every test may lean on: a clean environment, a real store, a real server.

Nothing of the developer's machine reaches a test: home, XDG folders, time zone, locale, colour
variables, proxies and the variables of runfolio and of its clients are set or removed here,
before anything of ours is imported.

Heavy packages are imported inside the fixtures, so a test of a pure function starts at once.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from server.embed import EmbeddedServer
    from store import Store
    from store.workspace import Workspace

gc.freeze()
gc.set_threshold(5_000, 10, 10)
"""Looking for garbage was a quarter of the time of a test that starts a dashboard."""

TEST_HOME = Path(tempfile.mkdtemp(prefix="runfolio-tests-"))


def one_certificate() -> Path:
    """A file with one authority to trust.

    Every HTTP client reads the file of authorities when it is made. Tests call nobody but this
    machine, and all of the world's authorities take fifty milliseconds.
    """
    end = "-----END CERTIFICATE-----\n"
    first, _, _ = Path(certifi.where()).read_text(encoding="utf-8").partition(end)
    path = TEST_HOME / "authority.pem"
    path.write_text(first + end, encoding="utf-8")
    return path


def isolate_environment() -> None:
    """Give this process, and every one it starts, a home and a locale of its own."""
    for name in list(os.environ):
        is_proxy = name.lower() in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
        is_foreign = name.startswith(("RUNFOLIO_", "MATYAN_", "XDG_", "LC_", "TEXTUAL"))
        # The first process of a test run tells the others where pictures are collected.
        if is_proxy or (is_foreign and name != "TEXTUAL_SNAPSHOT_TEMPDIR"):
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
        "SSL_CERT_FILE": str(one_certificate()),
    }
    time.tzset()


isolate_environment()

SUPPRESSED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
# The default is the same on every machine and every time, `thorough` too, with more examples;
# `explore` looks for new ones.
settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=SUPPRESSED,
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=200)
settings.register_profile(
    "explore",
    max_examples=500,
    deadline=None,
    print_blob=True,
    suppress_health_check=SUPPRESSED,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--slow`: the tests marked as slow as well; `-m slow` runs nothing but them."""
    parser.addoption("--slow", action="store_true", help="run the slow tests as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow unless somebody asks for it."""
    if config.getoption("--slow") or "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]


def pytest_unconfigure() -> None:
    """Remove the tests' home, and let the collector see everything again for the end."""
    gc.unfreeze()
    shutil.rmtree(TEST_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was made and closed: copying it is faster than making one."""
    from store import Store

    path = tmp_path_factory.mktemp("empty") / "lab.rf"
    Store.open(path).close()
    return path


@pytest.fixture(scope="session")
def demo_store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with `fill_demo` in it, to be copied."""
    from store import Store
    from tests.factories import DEMO_NOW, StillClock, fill_demo

    path = tmp_path_factory.mktemp("demo") / "demo.rf"
    with Store.open(path, clock=StillClock(DEMO_NOW)) as opened:
        fill_demo(opened.default)
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store_folder: Path) -> Iterator[Store]:
    """An empty store on disk, open, owned by this process."""
    from store import Store

    opened = Store.open(shutil.copytree(empty_store_folder, tmp_path / "lab.rf"))
    yield opened
    opened.close()


@pytest.fixture
def lab(tmp_path: Path, demo_store_folder: Path) -> Iterator[Store]:
    """A store of its own with something of everything, to be changed."""
    from store import Store

    opened = Store.open(shutil.copytree(demo_store_folder, tmp_path / "demo.rf"))
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> Workspace:
    """The default tenant of `store`."""
    return store.default


@pytest.fixture
def still_lab(tmp_path: Path, demo_store_folder: Path) -> Iterator[Store]:
    """Like `lab`, with a clock that stands and counted ids."""
    from store import Store
    from tests.factories import DEMO_NOW, StillClock

    clock = StillClock(DEMO_NOW)
    # The first ids were given when the demonstration was made.
    clock.id_count = 1000
    opened = Store.open(shutil.copytree(demo_store_folder, tmp_path / "demo.rf"), clock=clock)
    yield opened
    opened.close()


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
def shared_demo_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The one behind `demo_store`."""
    from store import Store
    from tests.factories import DEMO_NOW, StillClock, fill_demo

    path = tmp_path_factory.mktemp("shared") / "demo.rf"
    opened = Store.open(path, clock=StillClock(DEMO_NOW))
    fill_demo(opened.default)
    yield opened
    opened.close()


@pytest.fixture
def demo_store(shared_demo_store: Store) -> Iterator[Store]:
    """A small store with something of everything, always the same, clock and ids included.

    Read it, never write: all tests of a session share it. Who writes takes `lab`.
    """
    before = shared_demo_store.changes.version
    yield shared_demo_store
    written = shared_demo_store.changes.runs_since(before)
    assert written == set(), "runs of the store that all tests share were changed"
