"""The lab, once with its points sealed and once with its points in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.store.aimql.lab import open_lab

if TYPE_CHECKING:
    from store.workspace import Workspace


@pytest.fixture(scope="package", params=["sealed", "unsealed"])
def lab(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """The four runs of the reference tables. Read them, never write."""
    path = tmp_path_factory.mktemp("lab") / "lab.rf"
    store = open_lab(path, is_sealed=request.param == "sealed")
    yield store.default
    store.close()
