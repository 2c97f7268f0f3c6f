"""Which networks the demonstration trains: four studies, six settings each, and more on request.

The order mixes the studies, so the first few runs already show all of them, a run that fails
and a run that diverges.
"""

from __future__ import annotations

import hashlib

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from app.demo.network import ACTIVATIONS, OPTIMISERS

MINI_BATCHES = (16, 32, 64)


class Study(Struct, frozen=True):
    """An experiment of the demonstration and the question it asks."""

    experiment: str
    question: str
    tag: str
    """Tag that its runs carry."""
    color: str
    """Colour of the tag."""


STUDIES = {
    "moons": Study(
        "moons-optimisers",
        "Which optimiser gets around the moons first?",
        "optimiser",
        "#3E72E7",
    ),
    "spirals": Study(
        "spirals-capacity", "How wide and deep for three spirals?", "capacity", "#8E44AD"
    ),
    "rings": Study(
        "rings-learning-rate", "How large may the learning rate be?", "rate", "#E8853D"
    ),
    "checkers": Study(
        "checkers-regularisation", "Does weight decay help on noise?", "decay", "#18AB6D"
    ),
}
"""Data set to the study made on it."""

SEARCH = Study("random-search", "What do settings drawn at random give?", "search", "#7F8C8D")
DIVERGED_TAG = ("diverged", "#F4D160")
BROKEN_TAG = ("broken-data", "#E64E48")


class Setting(Struct, frozen=True):
    """Everything that decides how one network is trained."""

    dataset: str
    learning_rate: float
    optimiser: str = "adam"
    hidden: tuple[int, ...] = (32, 32)
    activation: str = "tanh"
    batch_size: int = 32
    weight_decay: float = 0.0
    schedule: str = "constant"
    """`constant`, `cosine`, or `rising` from a hundred-thousandth of the rate to all of it."""
    epochs: int = 60
    count: int = 1200
    """Points in the data set, validation included."""
    broken_epoch: int | None = None
    """From this epoch on the data hold a class that does not exist: the run fails."""


class PlannedRun(Struct, frozen=True):
    """One run to be: who it is and what it trains."""

    number: int
    """From 1, in the order of training."""
    hash: str
    name: str
    study: Study
    setting: Setting
    seed: int


FIRST_SETTINGS = (
    Setting("moons", 0.01, "adam"),
    Setting("spirals", 0.02, "adam", hidden=(64, 64), schedule="cosine", epochs=80),
    Setting("rings", 2000.0, "sgd", hidden=(64, 64), weight_decay=0.02, schedule="rising"),
    Setting("checkers", 0.01, "adam", hidden=(64, 64), activation="relu", broken_epoch=41),
    Setting("moons", 0.05, "sgd"),
    Setting("spirals", 0.01, "adam", hidden=(16,), epochs=80),
    Setting("rings", 0.3, "momentum"),
    Setting("checkers", 0.01, "adam", hidden=(64, 64), activation="sine", weight_decay=0.001),
    Setting("moons", 0.05, "momentum"),
    Setting("spirals", 0.01, "adam", hidden=(8, 8), activation="relu", epochs=80),
    Setting("rings", 0.003, "momentum"),
    Setting("checkers", 0.01, "adam", hidden=(64, 64), activation="relu", epochs=80),
    Setting("moons", 0.3, "sgd", schedule="cosine"),
    Setting("spirals", 0.01, "adam", hidden=(32, 32, 32), activation="relu", epochs=80),
    Setting("rings", 0.03, "momentum", activation="relu"),
    Setting("checkers", 0.003, "adam", hidden=(128, 64), activation="tanh", epochs=80),
    Setting("moons", 0.003, "adam", batch_size=16),
    Setting("spirals", 0.05, "momentum", hidden=(64, 64), activation="sine", epochs=80),
    Setting("rings", 0.1, "sgd", batch_size=64),
    Setting("checkers", 0.01, "adam", hidden=(64, 64), activation="sine", weight_decay=0.02),
    Setting("moons", 0.1, "momentum", activation="relu", batch_size=64),
    Setting("spirals", 0.005, "adam", hidden=(128,), activation="sine", epochs=80),
    Setting("rings", 1.0, "sgd", schedule="cosine"),
    Setting("checkers", 0.02, "momentum", hidden=(64, 64), activation="sine", batch_size=16),
)
"""The default plan."""


def random_setting(rng: np.random.Generator) -> Setting:
    """A setting drawn at random, for plans longer than the default one."""
    depth = int(rng.integers(1, 4))
    dataset = str(rng.choice(list(STUDIES)))
    return Setting(
        dataset,
        float(f"{10 ** rng.uniform(-3, 0):.2g}"),
        str(rng.choice(OPTIMISERS)),
        hidden=tuple(int(width) for width in rng.choice([8, 16, 32, 64], depth)),
        activation=str(rng.choice(ACTIVATIONS)),
        batch_size=int(rng.choice(MINI_BATCHES)),
        weight_decay=float(rng.choice([0.0, 0.0001, 0.001, 0.01])),
        schedule=str(rng.choice(["constant", "cosine"])),
    )


def make_plan(count: int, seed: int) -> list[PlannedRun]:
    """The first `count` runs; the same for the same seed, and a prefix of a longer plan."""
    rng = np.random.default_rng(seed)
    settings = [*FIRST_SETTINGS[:count]]
    settings += [random_setting(rng) for _ in range(count - len(settings))]
    return [
        PlannedRun(
            number=number,
            hash=hashlib.md5(
                f"demo {seed} {number}".encode(), usedforsecurity=False
            ).hexdigest(),
            name=run_name(setting, number),
            study=STUDIES[setting.dataset] if number <= len(FIRST_SETTINGS) else SEARCH,
            setting=setting,
            seed=seed * 10_000 + number,
        )
        for number, setting in enumerate(settings, start=1)
    ]


def run_name(setting: Setting, number: int) -> str:
    """A short name that tells a run from its neighbours."""
    widths = "x".join(str(width) for width in setting.hidden)
    return f"{number:02d}-{setting.dataset}-{setting.optimiser}-{widths}"


def shortened(run: PlannedRun, epochs: int) -> PlannedRun:
    """The same run with at most `epochs` epochs, for tests that have no time."""
    setting = run.setting
    broken = None if setting.broken_epoch is None else min(setting.broken_epoch, epochs - 1)
    return replace(
        run, setting=replace(setting, epochs=min(setting.epochs, epochs), broken_epoch=broken)
    )
