"""The demonstration's data, networks, plan and pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from app.demo.datasets import MAKERS, make_dataset
from app.demo.network import ACTIVATIONS, OPTIMISERS, Network, Optimiser
from app.demo.pictures import PICTURE_SIZE, boundary_png, confusion_figure, describe_mistakes
from app.demo.plan import FIRST_SETTINGS, SEARCH, make_plan, shortened


def make_network(activation: str = "tanh", classes: int = 3) -> Network:
    return Network((2, 8, 6, classes), activation, np.random.default_rng(1))


@pytest.mark.parametrize("name", MAKERS)
def test_a_dataset_is_balanced_in_the_window_and_the_same_every_time(name: str) -> None:
    dataset = make_dataset(name, count=400, seed=3)
    again = make_dataset(name, count=400, seed=3)
    other = make_dataset(name, count=400, seed=4)
    assert np.array_equal(dataset.train_points, again.train_points)
    assert not np.array_equal(dataset.train_points, other.train_points)
    assert len(dataset.train_points) == 300
    assert len(dataset.val_points) == 100
    shares = np.bincount(dataset.train_classes) / 300
    assert len(shares) == len(dataset.class_names)
    assert shares.min() > 0.5 / len(shares)
    assert np.abs(dataset.train_points).max() < 3


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_the_slopes_of_the_loss(activation: str) -> None:
    network = make_network(activation)
    rng = np.random.default_rng(2)
    points, classes = rng.normal(size=(20, 2)), rng.integers(0, 3, 20)
    _, gradients = network.gradients(points, classes, weight_decay=0.0)
    for values, gradient in zip(network.parameters, gradients, strict=True):
        place = (0,) * values.ndim
        before, nudge = values[place], 1e-6
        values[place] = before + nudge
        above, _ = network.evaluate(points, classes)
        values[place] = before - nudge
        below, _ = network.evaluate(points, classes)
        values[place] = before
        assert gradient[place] == pytest.approx((above - below) / (2 * nudge), abs=1e-5)


@pytest.mark.parametrize("kind", OPTIMISERS)
def test_every_optimiser_lowers_the_loss(kind: str) -> None:
    dataset = make_dataset("moons", count=200, seed=0)
    network = make_network(classes=2)
    optimiser = Optimiser(kind, network)
    before, _ = network.evaluate(dataset.train_points, dataset.train_classes)
    for _ in range(60):
        _, gradients = network.gradients(dataset.train_points, dataset.train_classes, 0.0)
        optimiser.apply(gradients, 0.02)
    after, _ = network.evaluate(dataset.train_points, dataset.train_classes)
    assert after < before


def test_a_plan_is_a_prefix_of_a_longer_one_and_hashes_follow_the_seed() -> None:
    plan = make_plan(30, seed=5)
    assert make_plan(10, seed=5) == plan[:10]
    assert len({run.hash for run in plan}) == 30
    assert not {run.hash for run in plan} & {run.hash for run in make_plan(30, seed=6)}
    assert [run.setting for run in plan[:24]] == list(FIRST_SETTINGS)
    assert all(run.study == SEARCH for run in plan[24:])


def test_the_first_four_runs_show_every_study_a_failure_and_a_divergence() -> None:
    plan = make_plan(4, seed=0)
    assert len({run.study for run in plan}) == 4
    assert [run.setting.broken_epoch is not None for run in plan].count(True) == 1
    assert [run.setting.schedule for run in plan].count("rising") == 1


def test_a_shortened_run_still_breaks() -> None:
    broken = next(run for run in make_plan(24, 0) if run.setting.broken_epoch is not None)
    short = shortened(broken, 3).setting
    assert short.epochs == 3
    assert short.broken_epoch == 2


def test_the_boundary_is_a_picture_even_when_the_weights_are_not_numbers() -> None:
    dataset = make_dataset("rings", count=100, seed=0)
    network = make_network()
    colors = Image.open(io.BytesIO(boundary_png(network, dataset))).convert("RGB")
    network.parameters[0][:] = np.nan
    grey = Image.open(io.BytesIO(boundary_png(network, dataset))).convert("RGB")
    assert colors.size == grey.size == (PICTURE_SIZE, PICTURE_SIZE)
    assert grey.getpixel((0, 0)) == (128, 128, 128)
    assert colors.getpixel((0, 0)) != (128, 128, 128)


def test_confusion_and_mistakes_count_the_same() -> None:
    dataset = make_dataset("spirals", count=200, seed=0)
    network = make_network()
    table = np.array(confusion_figure(network, dataset)["data"][0]["z"])
    wrong = int(table.sum() - np.trace(table))
    assert table.sum() == len(dataset.val_points)
    assert describe_mistakes(network, dataset).startswith(f"{wrong} of {table.sum()} wrong")


def test_without_mistakes_it_says_so() -> None:
    dataset = make_dataset("moons", count=200, seed=0)
    network = make_network(classes=2)
    said = network.predict(dataset.val_points).argmax(axis=1)
    perfect = replace(dataset, val_classes=said)
    assert describe_mistakes(network, perfect) == "No mistake on the validation set."
