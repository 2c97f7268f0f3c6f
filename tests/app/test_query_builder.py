"""The builder of queries under real keys, for somebody who never saw the language."""

from __future__ import annotations

from textual.widgets import Static

from app.dialogs.query_builder import QueryBuilder
from store import Store
from tests.app.dashboard import SMALL, Driven, driven


async def opened(run: Driven, query: str = "") -> QueryBuilder:
    """The builder, over a query, knowing what can be asked."""
    await run.press("slash")
    run.screen.query_bar.write(query)
    await run.press("ctrl+b")
    await run.until(lambda: isinstance(run.screen, QueryBuilder), "the builder")
    builder: QueryBuilder = run.screen
    await run.until(lambda: builder.language.is_known and builder.focused, "what can be asked")
    return builder


def query_of(builder: QueryBuilder) -> str:
    return str(builder.query_one("#query", Static).render())


def hint_of(builder: QueryBuilder) -> str:
    return str(builder.query_one("#hint", Static).render())


async def test_a_query_is_built_by_choosing(demo_store: Store) -> None:
    async with driven(demo_store, size=SMALL) as run:
        builder = await opened(run)
        await run.type("optim")
        await run.press("enter")
        assert builder.what.value == "hparams.optimiser"
        await run.press("enter")
        await run.until(lambda: "adam" in run.text(), "values with counts")
        await run.press("down", "enter")
        await run.until(lambda: query_of(builder).startswith("run.hparams.optimiser =="), "one")

        await run.type("lr")
        await run.press("enter")
        await run.type("less")
        await run.press("enter")
        await run.type("fast")
        await run.press("enter")
        assert "no number" in hint_of(builder)
        await run.press("ctrl+u")
        await run.type("0.05")
        await run.press("enter")
        await run.until(lambda: query_of(builder).endswith("run.hparams.lr < 0.05"), "two")
        found = builder.query_one("#found", Static)
        await run.until(lambda: "→" in str(found.render()), "how many runs that are")

        await run.press("ctrl+o")
        assert " or " in query_of(builder)
        assert "Use" in run.text()
        await run.press("enter")
        await run.until(lambda: not isinstance(run.screen, QueryBuilder), "the runs")
        await run.until(lambda: " or " in run.screen.query_text, "the query")
        assert run.screen.query_bar.text == run.screen.query_text


async def test_a_query_that_is_there_is_changed(demo_store: Store) -> None:
    text = 'run.hparams.lr < 0.05 and "sweep" in run.tags'
    async with driven(demo_store, size=SMALL) as run:
        builder = await opened(run, text)
        assert query_of(builder) == text
        builder.conditions.focus()
        await run.press("enter")
        await run.until(lambda: builder.value.has_focus, "the value")
        assert builder.value.value == "0.05"
        await run.press("ctrl+u")
        await run.type("0.5")
        await run.press("enter")
        assert query_of(builder) == 'run.hparams.lr < 0.5 and "sweep" in run.tags'
        builder.conditions.focus()
        await run.press("down", "delete")
        assert query_of(builder) == "run.hparams.lr < 0.5"
        await run.press("ctrl+s")
        await run.until(
            lambda: getattr(run.screen, "query_text", "") == "run.hparams.lr < 0.5", "the query"
        )


async def test_what_cannot_be_taken_apart_stays_as_it_is(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        builder = await opened(run, "run.active or not run.tags")
        builder.conditions.focus()
        await run.press("enter")
        assert "query bar" in hint_of(builder)
        builder.what.focus()
        await run.type("dropout")
        await run.press("enter")
        await run.type("missing")
        await run.press("enter")
        assert query_of(builder) == (
            "(run.active or not run.tags) and run.hparams.dropout is None"
        )
        await run.press("escape")
        await run.until(lambda: not isinstance(run.screen, QueryBuilder), "the runs")
        assert run.screen.query_bar.text == "run.active or not run.tags"
