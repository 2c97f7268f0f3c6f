"""What a network looks like from outside: decision boundary, confusion, misclassified points."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.demo.datasets import Dataset
    from app.demo.network import Network

WINDOW = 2.3
"""Half the width of the window that a picture shows, in the units of the data."""

GRID_SIZE = 64
PICTURE_SIZE = 256
DRAWN_POINTS = 160
COLORS = ((38, 110, 189), (221, 132, 38), (46, 139, 87))
"""One for each class, told apart by their brightness as well."""

UNDECIDED = (128, 128, 128)


def boundary_png(network: Network, dataset: Dataset) -> bytes:
    """The plane coloured by predicted class, pale where undecided, with validation points.

    A point with a white rim is classified correctly, one with a black rim is not.
    """
    from PIL import Image, ImageDraw

    pixels = paint_plane(network, len(dataset.class_names))
    picture = Image.fromarray(pixels).resize(
        (PICTURE_SIZE, PICTURE_SIZE), Image.Resampling.BICUBIC
    )
    draw = ImageDraw.Draw(picture)
    points = dataset.val_points[:DRAWN_POINTS]
    predicted = network.predict(points).argmax(axis=1)
    corners = (points * [1, -1] / WINDOW + 1) / 2 * PICTURE_SIZE
    for (x, y), actual, said in zip(corners, dataset.val_classes, predicted, strict=False):
        rim = (255, 255, 255) if said == actual else (0, 0, 0)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=COLORS[actual], outline=rim)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def paint_plane(network: Network, class_count: int) -> NDArray[np.uint8]:
    """Colours of a grid over the window, shape (GRID_SIZE, GRID_SIZE, 3), top row first."""
    axis = np.linspace(-WINDOW, WINDOW, GRID_SIZE)
    x, y = np.meshgrid(axis, axis[::-1])
    probabilities = network.predict(np.stack([x.ravel(), y.ravel()], axis=1))
    if not np.isfinite(probabilities).all():
        return np.full((GRID_SIZE, GRID_SIZE, 3), UNDECIDED, dtype=np.uint8)
    mixed = probabilities @ np.array(COLORS[:class_count], dtype=np.float64)
    pale = 255 - (255 - mixed) * 0.6
    return pale.reshape(GRID_SIZE, GRID_SIZE, 3).astype(np.uint8)


def confusion_figure(network: Network, dataset: Dataset) -> dict[str, Any]:
    """A plotly heat map: how often each class was taken for which."""
    predicted = network.predict(dataset.val_points).argmax(axis=1)
    count = len(dataset.class_names)
    cells = dataset.val_classes * count + predicted
    table = np.bincount(cells, minlength=count * count).reshape(count, count)
    names = list(dataset.class_names)
    heatmap = {"type": "heatmap", "z": table.tolist(), "x": names, "y": names}
    return {
        "data": [{**heatmap, "colorscale": "Blues", "texttemplate": "%{z}"}],
        "layout": {
            "title": {"text": "Confusion on the validation set"},
            "xaxis": {"title": {"text": "predicted"}},
            "yaxis": {"title": {"text": "actual"}, "autorange": "reversed"},
        },
    }


def describe_mistakes(network: Network, dataset: Dataset, limit: int = 8) -> str:
    """The most confident mistakes on the validation set, one line each."""
    probabilities = network.predict(dataset.val_points)
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != dataset.val_classes)
    if not len(wrong):
        return "No mistake on the validation set."
    confidence = np.nan_to_num(probabilities.max(axis=1)[wrong])
    worst = wrong[np.argsort(-confidence, kind="stable")][:limit]
    lines = [f"{len(wrong)} of {len(predicted)} wrong, the most confident first"]
    for index in worst:
        x, y = dataset.val_points[index]
        said = dataset.class_names[predicted[index]]
        actual = dataset.class_names[dataset.val_classes[index]]
        sure = probabilities[index].max()
        lines.append(f"({x:+.2f}, {y:+.2f}) is {actual}, taken for {said} with {sure:.0%}")
    return "\n".join(lines)
