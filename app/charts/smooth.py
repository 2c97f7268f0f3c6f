"""Smoothing by an exponential moving average that is not drawn towards zero at the start.

The average starts at zero and is divided by the weight it has collected, so the first value
stands for itself. Values that are not finite stay as they are and leave the average alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRENGTHS = (0.0, 0.6, 0.9, 0.99)
"""What the key for smoothing goes through."""

_LARGEST_FACTOR = 1e9
"""Powers inside a block stay below this, so that no digits are lost."""


def smooth(values: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """The average of each value with those before it.

    Args:
        values: One dimension, in order.
        strength: 0 changes nothing; 0.9 averages over about ten values; below 1.

    Raises:
        ValueError: If the strength is not in [0, 1).
    """
    if not 0 <= strength < 1:
        raise ValueError(f"a strength of {strength} is not at least 0 and below 1")
    if strength == 0 or len(values) == 0:
        return values
    is_finite = np.isfinite(values)
    known = values if is_finite.all() else values[is_finite]
    if not len(known):
        return values
    # A common factor keeps sums of huge values finite.
    factor = max(1.0, float(np.abs(known).max()) / 1e100)
    averages = _ema(known / factor, strength)
    weights = 1.0 - strength ** np.arange(1.0, len(known) + 1.0)
    result = values.copy()
    smoothed = averages / weights * factor
    # Rounding must not make a constant curve waver.
    result[is_finite] = np.clip(smoothed, known.min(), known.max())
    return result


def _ema(values: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """Moving average from zero, block by block: inside a block it is a weighted sum."""
    count = len(values)
    length = max(1, min(count, int(math.log(_LARGEST_FACTOR) / -math.log(strength))))
    block_count = -(-count // length)
    padded = np.zeros(block_count * length)
    padded[:count] = values
    blocks = padded.reshape(block_count, length)
    places = np.arange(length)
    decay = strength**places
    inside = np.cumsum(blocks / decay, axis=1) * decay * (1.0 - strength)
    carried = np.empty(block_count)
    carry, block_decay = 0.0, strength**length
    for number, last in enumerate(inside[:, -1].tolist()):
        carried[number] = carry
        carry = carry * block_decay + last
    result: NDArray[np.float64] = inside + carried[:, None] * (decay * strength)
    return result.reshape(-1)[:count]
