"""Opening the comparison of the first runs of the demonstration store."""

from __future__ import annotations

from app.messages import CompareRuns
from tests.app.dashboard import Driven
from tests.factories import make_hash

HASHES = tuple(make_hash(("demo", number)) for number in range(4))


async def compare(
    driving: Driven, tab: str = "params", hashes: tuple[str, ...] = HASHES
) -> None:
    """Compare runs, and open a tab with everything of it read."""
    driving.application.post_message(CompareRuns(hashes, tab))
    await driving.until(
        lambda: (
            len(getattr(getattr(driving.screen, "compared", None), "records", ()))
            == len(hashes)
        ),
        "the runs",
    )
    await driving.until(lambda: driving.screen.tab.id == f"{tab}-tab", "the tab")


async def population(driving: Driven, count: int) -> None:
    """Wait until a tab shows all runs of a query."""
    await driving.until(
        lambda: len(driving.screen.tab.compared.records) == count, f"{count} runs of the query"
    )
