"""Points in the plane with a class each: moons, rings, spirals and a checkerboard.

The points lie within about two units of the origin, so one window shows every data set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRAINING_SHARE = 0.75


class Dataset(Struct, frozen=True, eq=False):
    """Points with classes, split for training and validation."""

    name: str
    class_names: tuple[str, ...]
    train_points: NDArray[np.float64]
    """Shape (count, 2)."""
    train_classes: NDArray[np.int64]
    val_points: NDArray[np.float64]
    val_classes: NDArray[np.int64]


def make_moons(
    count: int, noise: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Two half circles that reach into each other."""
    classes = rng.integers(0, 2, count)
    angles = rng.uniform(0, np.pi, count)
    sign = 1 - 2 * classes
    x = sign * np.cos(angles) + classes - 0.5
    y = sign * np.sin(angles) + classes * 0.5 - 0.25
    points = np.stack([x, y], axis=1) * 1.2
    return points + rng.normal(0, noise, points.shape), classes


def make_rings(
    count: int, noise: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A disc inside a ring inside a ring."""
    classes = rng.integers(0, 3, count)
    angles = rng.uniform(0, 2 * np.pi, count)
    radii = 0.35 + 0.65 * classes
    points = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return points + rng.normal(0, noise, points.shape), classes


def make_spirals(
    count: int, noise: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Three arms wound around the origin."""
    classes = rng.integers(0, 3, count)
    along = np.sqrt(rng.uniform(0.01, 1, count))
    angles = 5.6 * along + classes * (2 * np.pi / 3)
    points = 1.8 * along[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return points + rng.normal(0, noise, points.shape), classes


def make_checkers(
    count: int, noise: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Exclusive or, four squares by four: the class alternates from square to square."""
    points = rng.uniform(-1.8, 1.8, (count, 2))
    squares = np.floor((points + 1.8) / 0.9).astype(np.int64)
    classes = (squares[:, 0] + squares[:, 1]) % 2
    return points + rng.normal(0, noise, points.shape), classes


Maker = Callable[
    [int, float, np.random.Generator], "tuple[NDArray[np.float64], NDArray[np.int64]]"
]

MAKERS: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "moons": (make_moons, ("upper", "lower")),
    "rings": (make_rings, ("core", "inner", "outer")),
    "spirals": (make_spirals, ("first arm", "second arm", "third arm")),
    "checkers": (make_checkers, ("black", "white")),
}
"""Data set by name: how it is made and what its classes are called."""


NOISE = {"moons": 0.2, "rings": 0.16, "spirals": 0.12, "checkers": 0.1}
"""Standard deviation of what is added to each coordinate: hard, but not hopeless."""


def make_dataset(name: str, *, count: int, seed: int) -> Dataset:
    """The data set of this name; the same for the same arguments."""
    maker, class_names = MAKERS[name]
    points, classes = maker(count, NOISE[name], np.random.default_rng(seed))
    split = int(count * TRAINING_SHARE)
    return Dataset(
        name=name,
        class_names=class_names,
        train_points=points[:split],
        train_classes=classes[:split],
        val_points=points[split:],
        val_classes=classes[split:],
    )
