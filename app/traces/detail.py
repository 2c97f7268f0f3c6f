"""Series that were read in parts: finer points for a stretch, new points at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from store.models import Series


def with_detail(series: Series, detail: Series) -> Series:
    """The series with the stretch that `detail` covers replaced by it."""
    if not len(detail):
        return series
    before = int(np.searchsorted(series.steps, detail.steps[0], side="left"))
    after = int(np.searchsorted(series.steps, detail.steps[-1], side="right"))
    columns = [
        np.concatenate(
            [
                getattr(series, name)[:before],
                getattr(detail, name),
                getattr(series, name)[after:],
            ]
        )
        for name in ("steps", "values", "epochs", "times")
    ]
    return type(series)(*columns)
