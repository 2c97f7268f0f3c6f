"""Columns written to a Parquet file, by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import WriteFailedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64] | NDArray[np.int64] | Sequence[str]


def write_parquet(path: Path, columns: Mapping[str, Column]) -> None:
    """Write columns of one length, numbers as arrays and texts as sequences; NaN is NULL.

    Raises:
        WriteFailedError: If the file cannot be written.
    """
    # Local: tables are rarely written, and DuckDB takes its time to load.
    import duckdb
    import numpy as np

    arrays: dict[str, Any] = {
        name: column if isinstance(column, np.ndarray) else np.array(column, dtype=object)
        for name, column in columns.items()
    }
    with duckdb.connect(":memory:") as connection:
        connection.register("exported", arrays)
        try:
            relation = connection.sql("SELECT * FROM exported")
            relation.write_parquet(str(path), compression="zstd")
        except (duckdb.Error, OSError) as error:
            raise WriteFailedError(path, str(error)) from error
