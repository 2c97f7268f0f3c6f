"""Columns of numbers on the wire: a small tree around little-endian doubles.

Steps, epochs and times travel as doubles too; NaN stands for what is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEMBERS = {"type", "shape", "dtype", "blob"}


def number_array(values: NDArray[Any] | Sequence[float]) -> dict[str, Any]:
    """The tree of a column; the order of its members is part of the format."""
    doubles = np.ascontiguousarray(values, dtype="<f8")
    return {
        "type": "numpy",
        "shape": doubles.shape[0],
        "dtype": "float64",
        "blob": doubles.tobytes(),
    }


def read_number_array(tree: Mapping[str, Any]) -> NDArray[np.float64] | None:
    """The column that a decoded tree stands for; None if it is another tree."""
    if tree.keys() != _MEMBERS or tree["type"] != "numpy":
        return None
    blob = tree["blob"]
    if not isinstance(blob, bytes) or len(blob) % 8:
        return None
    source = "<i8" if tree["dtype"] == "int64" else "<f8"
    return np.frombuffer(blob, dtype=source).astype(np.float64, copy=False)
