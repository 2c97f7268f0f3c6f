"""A multi-layer perceptron and its optimisers in NumPy, small enough to read in one go.

Classes are predicted with a softmax; the loss is cross entropy plus weight decay. Nothing here
guards against a learning rate that is too large: the loss then really becomes NaN.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ACTIVATIONS = ("tanh", "relu", "sine")
OPTIMISERS = ("sgd", "momentum", "adam")


class StepResult(Struct, frozen=True):
    """What one optimisation step measured, before the weights moved."""

    loss: float
    accuracy: float
    grad_norm: float


def activate(name: str, inputs: Floats) -> tuple[Floats, Floats]:
    """Values and slopes of an activation function."""
    if name == "tanh":
        values = np.tanh(inputs)
        return values, 1 - values * values
    if name == "relu":
        return np.maximum(inputs, 0), (inputs > 0).astype(np.float64)
    return np.sin(inputs), np.cos(inputs)


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    normalised: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return normalised


class Network:
    """Layers of weights and biases; `parameters` holds them alternately."""

    def __init__(
        self, sizes: tuple[int, ...], activation: str, rng: np.random.Generator
    ) -> None:
        self.sizes = sizes
        self.activation = activation
        gain = 2.0 if activation == "relu" else 1.0
        self.parameters: list[Floats] = []
        for inputs, outputs in pairwise(sizes):
            self.parameters.append(rng.normal(0, np.sqrt(gain / inputs), (inputs, outputs)))
            self.parameters.append(np.zeros(outputs))

    @property
    def layer_count(self) -> int:
        """Layers of weights."""
        return len(self.parameters) // 2

    def predict(self, points: Floats) -> Floats:
        """Probability of each class for each point, shape (points, classes)."""
        values = points
        for layer in range(self.layer_count):
            weights, biases = self.parameters[2 * layer : 2 * layer + 2]
            values = values @ weights + biases
            if layer < self.layer_count - 1:
                values, _ = activate(self.activation, values)
        return softmax(values)

    def evaluate(self, points: Floats, classes: NDArray[np.int64]) -> tuple[float, float]:
        """Loss and accuracy over a whole set."""
        return score(self.predict(points), classes)

    def gradients(
        self, points: Floats, classes: NDArray[np.int64], weight_decay: float
    ) -> tuple[StepResult, list[Floats]]:
        """Measurements on a batch, and the slope of the loss for each parameter."""
        values, slopes = [points], []
        for layer in range(self.layer_count - 1):
            weights, biases = self.parameters[2 * layer : 2 * layer + 2]
            activated, slope = activate(self.activation, values[-1] @ weights + biases)
            values.append(activated)
            slopes.append(slope)
        probabilities = softmax(values[-1] @ self.parameters[-2] + self.parameters[-1])
        loss, accuracy = score(probabilities, classes)
        error = probabilities.copy()
        error[np.arange(len(classes)), classes] -= 1
        error /= len(classes)
        gradients: list[Floats] = []
        for layer in reversed(range(self.layer_count)):
            weights = self.parameters[2 * layer]
            gradients[:0] = [
                values[layer].T @ error + weight_decay * weights,
                error.sum(axis=0),
            ]
            if layer:
                error = (error @ weights.T) * slopes[layer - 1]
        norm = float(np.sqrt(sum(float(np.sum(slope * slope)) for slope in gradients)))
        return StepResult(loss, accuracy, norm), gradients


def score(probabilities: Floats, classes: NDArray[np.int64]) -> tuple[float, float]:
    """Cross entropy and accuracy of predicted probabilities."""
    chosen = probabilities[np.arange(len(classes)), classes]
    return float(-np.log(chosen).mean()), float(
        (probabilities.argmax(axis=1) == classes).mean()
    )


class Optimiser:
    """Moves a network's parameters along their gradients: plain, with momentum, or Adam."""

    def __init__(self, kind: str, network: Network) -> None:
        self.kind = kind
        self.network = network
        self.step_count = 0
        self.means = [np.zeros_like(values) for values in network.parameters]
        self.squares = [np.zeros_like(values) for values in network.parameters]

    def apply(self, gradients: list[Floats], learning_rate: float) -> None:
        """Take one step."""
        self.step_count += 1
        for index, gradient in enumerate(gradients):
            self.network.parameters[index] -= learning_rate * self._direction(index, gradient)

    def _direction(self, index: int, gradient: Floats) -> Floats:
        if self.kind == "sgd":
            return gradient
        if self.kind == "momentum":
            self.means[index] = 0.9 * self.means[index] + gradient
            return self.means[index]
        self.means[index] = 0.9 * self.means[index] + 0.1 * gradient
        self.squares[index] = 0.999 * self.squares[index] + 0.001 * gradient * gradient
        mean = self.means[index] / (1 - 0.9**self.step_count)
        square = self.squares[index] / (1 - 0.999**self.step_count)
        direction: Floats = mean / (np.sqrt(square) + 1e-8)
        return direction
