"""Keeping Python's garbage collector from making people and clients wait."""

from __future__ import annotations

import atexit
import gc


def calm_collector(*thresholds: int) -> None:
    """Leave out everything that is alive now, and look at the rest less often.

    For a process that is ready for its work. A full collection looks at every object of every
    framework and stops all threads for a tenth of a second; what is loaded now stays loaded.

    Args:
        thresholds: As of `gc.set_threshold`.
    """
    gc.freeze()
    gc.set_threshold(*thresholds)
    gc.enable()
    # Libraries that count what they gave out complain at the end about what was left out.
    atexit.register(gc.unfreeze)
