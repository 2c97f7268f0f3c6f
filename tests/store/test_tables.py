"""Tables as Parquet files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet

from store.errors import WriteFailedError
from store.tables import write_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from store.tables import Column


def test_columns_become_a_parquet_file(tmp_path: Path) -> None:
    columns: Mapping[str, Column] = {
        "trace": ["a", "été"],
        "step": np.array([1, 2**40]),
        "value": np.array([0.1, 2]),
    }
    write_parquet(tmp_path / "table.parquet", columns)
    table = parquet.read_table(tmp_path / "table.parquet")
    assert table.to_pydict() == {
        "trace": ["a", "été"],
        "step": [1, 2**40],
        "value": [0.1, 2.0],
    }


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError):
        write_parquet(tmp_path / "missing" / "table.parquet", {"a": np.arange(2)})
