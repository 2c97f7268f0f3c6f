"""Makes every picture of the README: `python screenshots/take.py [NAME...]`.

The demonstration is trained into a temporary store with a clock and ids that are always the
same, two runs are left half done, and each picture is a state of the dashboard reached by keys.
The SVG comes from Textual, the PNG from a headless Chromium.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from textual.pilot import Pilot

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HOME = tempfile.mkdtemp()
# A home of its own: no settings of whoever runs this, and paths that read `demo.rf`.
os.environ |= {"HOME": HOME, "TZ": "UTC", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
for variable in ("NO_COLOR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
    os.environ.pop(variable, None)
time.tzset()
os.chdir(HOME)

from app.application import RunfolioApplication  # noqa: E402
from app.demo.client import RunLogger, ServerClient  # noqa: E402
from app.demo.plan import PlannedRun, make_plan  # noqa: E402
from app.demo.trainer import prepare, train_run  # noqa: E402
from app.demo.training import Training  # noqa: E402
from app.settings.config import Config  # noqa: E402
from app.sources.local import LocalSource  # noqa: E402
from server.embed import EmbeddedServer  # noqa: E402
from server.settings import ServerSettings  # noqa: E402
from store import Store  # noqa: E402

HERE = Path(__file__).resolve().parent
START = 1_790_000_000.0
TICK_S = 0.004
RUN_EVERY_S = 47.0
RUN_COUNT = 24
HALF_DONE = 2
SETTLE_S = 0.2
WIDE = (160, 45)
SMALL = (80, 24)
FONT = '"DejaVu Sans Mono", Menlo, Consolas, monospace'


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name and the keys that lead to it."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = WIDE
    theme: str = "runfolio"


TAB = "greater_than_sign"
KEY_NAMES = {" ": "space", "_": "underscore", "-": "minus"}
"""Names of keys that are not those of their characters."""

BLANKS = str.maketrans(" -", "__")


def typed(text: str) -> tuple[str, ...]:
    """The keys that write a text."""
    return tuple(
        char
        if char.isalnum()
        else KEY_NAMES.get(char) or unicodedata.name(char).lower().translate(BLANKS)
        for char in text
    )


VALIDATION = (
    "4",
    "slash",
    *typed('metric.context.subset == "val" and run.experiment == "spirals-capacity"'),
    "enter",
)
SECOND_RUN = ("3", "end", "up", "enter")
FAILED_RUN = ("3", "end", "up", "up", "up", "enter")
MARKED = ("3", "down", "down", "space", "down", "down", "down", "space", "down", "space")

SHOTS = (
    Shot("home", ("1",)),
    Shot("experiments", ("2",)),
    Shot("runs", ("3",)),
    Shot("run", SECOND_RUN),
    Shot("run-metrics", (*SECOND_RUN, TAB)),
    Shot("run-media", (*SECOND_RUN, TAB, TAB)),
    Shot("run-logs", (*FAILED_RUN, TAB, TAB, TAB)),
    Shot("metrics", VALIDATION),
    Shot("compare", (*MARKED, "c")),
    Shot("parallel", ("3", "vertical_line")),
    Shot("scatter", ("3", "W")),
    Shot("importance", ("3", "I")),
    Shot("notes", ("6",)),
    Shot("dashboard", ("7", "m")),
    Shot("report", ("8", "n", *typed("What the learning rate does"), "enter")),
    Shot("server", ("9",)),
    Shot("menu", ("3", "question_mark")),
    Shot("query", ("3", "slash", *typed("run.hparams.learning_rate < 0.1 and run.dataset."))),
    Shot("runs-light", ("3",), theme="runfolio-light"),
    Shot("metrics-light", VALIDATION, theme="runfolio-light"),
    Shot("runs-small", ("3",), size=SMALL),
)


class TickingClock:
    """A clock that moves a little whenever it is read, and ids that are counted."""

    def __init__(self) -> None:
        self.time_s = START
        self.id_count = 0

    def __call__(self) -> float:
        """The same as `now`."""
        return self.now()

    def now(self) -> float:
        """Seconds since the epoch."""
        self.time_s += TICK_S
        return self.time_s

    def new_id(self) -> str:
        """The next UUID."""
        self.id_count += 1
        return str(uuid.UUID(int=self.id_count))


def main() -> None:
    """Take the named pictures, or all of them."""
    wanted = set(sys.argv[1:])
    # Runs tell which Python trained them; the pictures need not tell where ours is.
    sys.executable = "/usr/bin/python3"
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    try:
        with trained_store(Path()) as (store, now):
            for shot in shots:
                svg = asyncio.run(take(shot, store, now))
                path = HERE / f"{shot.name}.svg"
                path.write_text(svg, encoding="utf-8")
                draw_png(path)
                print(path.name)
    finally:
        shutil.rmtree(HOME)


@contextmanager
def trained_store(folder: Path) -> Iterator[tuple[Store, float]]:
    """The demonstration's store, and the time at which its last points came in."""
    clock = TickingClock()
    store = Store.open(folder / "demo.rf", clock=clock)
    server = EmbeddedServer(store, ServerSettings(port=0))
    url = server.start()
    assert url is not None
    client = ServerClient(url)
    plan = make_plan(RUN_COUNT, seed=0)
    prepare(client, plan)
    with np.errstate(all="ignore"):
        for run in plan:
            clock.time_s = max(clock.time_s, START + RUN_EVERY_S * run.number)
            if run.number <= RUN_COUNT - HALF_DONE:
                train_run(client, run, clock=clock)
            else:
                train_half(client, run, clock)
    client.close()
    server.stop()
    yield store, clock.time_s
    store.close()


def train_half(client: ServerClient, run: PlannedRun, clock: TickingClock) -> None:
    """Train and log the first half of a run, and leave it running."""
    with RunLogger(client, run.hash, clock) as logger:
        training = Training(run, logger)
        training.describe()
        for epoch in range(run.setting.epochs // 2):
            training.train_epoch(epoch)
            training.finish_epoch(epoch)


async def take(shot: Shot, store: Store, now: float) -> str:
    """The SVG of one state of the dashboard."""
    config = Config(theme=shot.theme)
    application = RunfolioApplication(LocalSource(store), config, clock=lambda: now)
    async with application.run_test(size=shot.size) as pilot:
        await settle(application, pilot)
        for key in shot.keys:
            await pilot.press(key)
            await settle(application, pilot)
        return own_fonts(application.export_screenshot(title="runfolio"))


async def settle(application: RunfolioApplication, pilot: Pilot[None]) -> None:
    """Wait until nothing is being loaded or drawn any more."""
    for _ in range(3):
        await pilot.pause(SETTLE_S)
        while any(not worker.is_finished for worker in application.workers):
            await pilot.pause(SETTLE_S)


def own_fonts(svg: str) -> str:
    """The drawing without fonts from the internet."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "DejaVu Sans Mono").replace(
        "font-family: arial", f"font-family: {FONT}"
    )


def draw_png(svg: Path) -> None:
    """The drawing as pixels, beside it."""
    head = svg.read_text(encoding="utf-8")[:600]
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    assert found, head
    width, height = (round(float(number)) for number in found.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(
            f'<body style="margin:0"><img src="{svg.as_uri()}" width="{width}" height="{height}">'
        )
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--allow-file-access-from-files", f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}", f"--screenshot={svg.with_suffix('.png')}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip
    png = svg.with_suffix(".png")
    Image.open(png).convert("RGB").quantize(192, dither=Image.Dither.NONE).save(
        png, optimize=True
    )


if __name__ == "__main__":
    main()
