"""Put traces on another metric's axis; arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.models import Series


def aligned(steps: NDArray[np.int64], axis: Series) -> tuple[Series, NDArray[np.intp]]:
    """The axis metric at the steps of a trace.

    Each step gets the axis point of the same step or, where there is none, of the nearest
    one before. Steps before the first axis point have no place on the axis and are left
    out.

    Args:
        steps: Steps of the trace, ascending.
        axis: All points of the metric that serves as axis, ascending.

    Returns:
        The axis values with the trace's steps, and the positions in `steps` they belong
        to; both of the same length.
    """
    places = np.searchsorted(axis.steps, steps, side="right") - 1
    positions = np.flatnonzero(places >= 0)
    places = places[positions]
    placed = Series(
        steps[positions], axis.values[places], axis.epochs[places], axis.times[places]
    )
    return placed, positions
