"""One network being trained and logged: metrics, texts, pictures, histograms, files.

Everything logged but the times follows from the run's setting and seed. Which runs are trained,
and when, is decided in `app.demo.trainer`.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import asdict

from app.demo.client import Moment, RunLogger
from app.demo.datasets import NOISE, Dataset, make_dataset
from app.demo.environment import SYSTEM_PARAMS, ProcessorUse, describe_environment
from app.demo.network import Network, Optimiser, StepResult
from app.demo.pictures import (
    PICTURE_SIZE,
    boundary_png,
    confusion_figure,
    describe_mistakes,
)
from app.demo.plan import PlannedRun, Setting

if TYPE_CHECKING:
    from numpy.typing import NDArray

DETAIL_EVERY = 4
"""Accuracy, gradient norm and learning rate are logged at every this many steps."""

PICTURE_EPOCHS = frozenset({0, 1, 3, 7, 15, 31, 47, 63})
HISTOGRAM_EVERY = 5
HISTOGRAM_BINS = 48
TRAIN = {"subset": "train"}
VAL = {"subset": "val"}


class Training:
    """One network being trained, and logged as it goes."""

    def __init__(self, run: PlannedRun, logger: RunLogger) -> None:
        setting = run.setting
        self.run = run
        self.setting = setting
        self.logger = logger
        self.dataset = make_dataset(setting.dataset, count=setting.count, seed=run.seed)
        self.rng = np.random.default_rng(run.seed)
        sizes = (2, *setting.hidden, len(self.dataset.class_names))
        self.network = Network(sizes, setting.activation, self.rng)
        self.optimiser = Optimiser(setting.optimiser, self.network)
        self.processor = ProcessorUse()
        self.step = 0
        self.history: list[tuple[int, float, float]] = []
        """Epoch, validation loss and validation accuracy."""

    def describe(self) -> None:
        """Log who this run is and what it is made of."""
        run, setting = self.run, self.setting
        widths = " and ".join(str(width) for width in setting.hidden)
        rate = f"{setting.optimiser} at {setting.learning_rate:g}"
        self.logger.set_properties(
            name=run.name,
            experiment=run.study.experiment,
            description=f"{run.study.question} Here: {rate}, {widths} {setting.activation} units.",
        )
        self.logger.set_params(describe_setting(run, self.network, self.dataset))
        self.logger.set_params({SYSTEM_PARAMS: describe_environment()})
        self.logger.add_tag(run.study.tag)
        self.logger.log_record(logging.INFO, "Training started", dataset=setting.dataset)
        self.logger.log_line(f"$ train --dataset {setting.dataset} --seed {run.seed}")
        self.logger.flush()

    def train_epoch(self, epoch: int) -> None:
        """One pass over the training points."""
        points, classes = self.dataset.train_points, self.dataset.train_classes
        if self.setting.broken_epoch is not None and epoch >= self.setting.broken_epoch:
            classes = damage_classes(classes, self.rng)
        order = self.rng.permutation(len(points))
        for start in range(0, len(points), self.setting.batch_size):
            batch = order[start : start + self.setting.batch_size]
            rate = learning_rate_at(self.setting, epoch + start / len(points))
            measured, gradients = self.network.gradients(
                points[batch], classes[batch], self.setting.weight_decay
            )
            self.optimiser.apply(gradients, rate)
            self._log_step(measured, rate, epoch)
            self.step += 1

    def finish_epoch(self, epoch: int) -> None:
        """Measure on the validation points and log everything that comes once an epoch."""
        loss, accuracy = self.network.evaluate(
            self.dataset.val_points, self.dataset.val_classes
        )
        self.history.append((epoch, loss, accuracy))
        values = {"loss": loss, "accuracy": accuracy}
        moment = Moment(self.step - 1, epoch)
        self.logger.log_metrics(values, moment, VAL)
        self.logger.log_metrics({"__system__cpu": self.processor.percent()}, moment)
        self.logger.log_line(
            f"epoch {epoch + 1:3d}/{self.setting.epochs}  "
            f"val loss \x1b[36m{loss:.4f}\x1b[0m  val accuracy \x1b[32m{accuracy:.3f}\x1b[0m"
        )
        is_last = epoch == self.setting.epochs - 1
        if is_last or epoch % HISTOGRAM_EVERY == 0:
            self._log_weights(moment)
        if is_last or epoch in PICTURE_EPOCHS:
            self._log_pictures(moment, accuracy)

    @property
    def has_diverged(self) -> bool:
        """Whether the loss on the validation points was once no finite number."""
        return any(not np.isfinite(loss) for _, loss, _ in self.history)

    @property
    def diverged_epoch(self) -> int:
        """First epoch whose validation loss is not finite; ask only when there is one."""
        return next(epoch for epoch, loss, _ in self.history if not np.isfinite(loss))

    def log_results(self) -> None:
        """Upload the weights and the history."""
        names = [
            f"{kind}_{layer}"
            for layer in range(self.network.layer_count)
            for kind in ("weights", "biases")
        ]
        buffer = io.BytesIO()
        arrays = dict(zip(names, self.network.parameters, strict=True))
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        self.logger.log_file("model/weights.npz", buffer.getvalue(), "application/octet-stream")
        rows = [f"{epoch},{loss:.6f},{accuracy:.6f}" for epoch, loss, accuracy in self.history]
        table = "\n".join(["epoch,val_loss,val_accuracy", *rows, ""])
        self.logger.log_file("history.csv", table.encode(), "text/csv")

    def _log_step(self, measured: StepResult, rate: float, epoch: int) -> None:
        moment = Moment(self.step, epoch)
        values = {"loss": measured.loss}
        if self.step % DETAIL_EVERY == 0:
            values |= {"accuracy": measured.accuracy, "grad_norm": measured.grad_norm}
            self.logger.log_metrics({"learning_rate": rate}, moment)
        self.logger.log_metrics(values, moment, TRAIN)

    def _log_weights(self, moment: Moment) -> None:
        for layer in range(self.network.layer_count):
            weights = self.network.parameters[2 * layer]
            if np.isfinite(weights).all():
                counts, edges = np.histogram(weights, bins=HISTOGRAM_BINS)
                low, high = float(edges[0]), float(edges[-1])
                self.logger.log_distribution(
                    f"weights/{layer}", counts.tolist(), moment, low=low, high=high
                )

    def _log_pictures(self, moment: Moment, accuracy: float) -> None:
        self.logger.log_image(
            "boundary",
            boundary_png(self.network, self.dataset),
            moment,
            size=(PICTURE_SIZE, PICTURE_SIZE),
            caption=f"epoch {moment.epoch + 1}, accuracy {accuracy:.1%}",
        )
        self.logger.log_text("mistakes", describe_mistakes(self.network, self.dataset), moment)
        self.logger.log_figure(
            "confusion", confusion_figure(self.network, self.dataset), moment
        )


def describe_setting(run: PlannedRun, network: Network, dataset: Dataset) -> dict[str, Any]:
    """The params of a run."""
    setting = asdict(run.setting)
    data = {
        "name": setting.pop("dataset"),
        "noise": NOISE[run.setting.dataset],
        "train_points": len(dataset.train_points),
        "val_points": len(dataset.val_points),
        "classes": list(dataset.class_names),
    }
    del setting["broken_epoch"]
    setting["hidden"] = list(run.setting.hidden)
    setting.pop("count")
    model = {
        "layers": network.layer_count,
        "parameters": sum(values.size for values in network.parameters),
    }
    return {"hparams": setting, "dataset": data, "model": model, "seed": run.seed}


def learning_rate_at(setting: Setting, epoch: float) -> float:
    """The learning rate after so many epochs, parts of epochs included."""
    progress = epoch / setting.epochs
    if setting.schedule == "cosine":
        return float(setting.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
    if setting.schedule == "rising":
        return float(setting.learning_rate * 1e5 ** (progress - 1))
    return setting.learning_rate


def damage_classes(classes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Labels as a damaged file would have them: a few name a class that does not exist."""
    damaged = classes.copy()
    damaged[rng.integers(0, len(classes), 12)] = 7
    return damaged
