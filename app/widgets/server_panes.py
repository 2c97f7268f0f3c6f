"""What the Server screen tells about a server, as content and rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from app.formatting import clock_time, count, duration, short_count, size, timestamp
from app.sources.figures import ServerFigures
from app.widgets.cells import plain, sparkline
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow
from store.models.access import Token

REQUEST_COLUMNS = (
    GridColumn("method", "method", 7),
    GridColumn("path", "path", 52),
    GridColumn("count", "count", 9, is_right=True),
    GridColumn("median", "p50", 10, is_right=True),
    GridColumn("p95", "p95", 10, is_right=True),
)
TOKEN_COLUMNS = (
    GridColumn("name", "token", 20),
    GridColumn("role", "role", 6),
    GridColumn("tenant", "tenant", 12),
    GridColumn("expiry", "expires", 17),
)
CURVE_CELLS = 40


def serving_text(url: str, since_s: float, *, needs_token: bool) -> Content:
    """How a server that runs can be reached."""
    return Content.assemble(
        ("● serving ", "bold $success"),
        (f"{url}\n", "bold"),
        (f"for {duration(since_s)}", "$foreground 60%"),
        (", clients need a token\n\n" if needs_token else "\n\n", "$foreground 60%"),
        ("API       ", "$foreground 60%"),
        f"{url}/docs\n",
        ("Python    ", "$foreground 60%"),
        f'Run(repo="{url}")\n',
        ("attach    ", "$foreground 60%"),
        f"runfolio {url}\n",
        ("curl      ", "$foreground 60%"),
        curl_line(url, needs_token=needs_token),
    )


def curl_line(url: str, *, needs_token: bool) -> str:
    """A line for a shell that asks the server something."""
    token = ' -H "Authorization: Bearer $RUNFOLIO_TOKEN"' if needs_token else ""
    return f"curl{token} {url}/api/v1/rest/projects/"


def load_text(
    figures: ServerFigures, rates: Sequence[float], connection_count: int | None
) -> Content:
    """How busy a server is."""
    clients = f"{count(figures.clients)} logging"
    if connection_count is not None:
        clients += f"   {count(connection_count)} connected"
    rate = rates[-1] if rates else 0.0
    rows = [
        ("clients", clients),
        ("requests", f"{count(figures.request_count)}   {figures.requests_per_s:.1f}/s"),
        ("latency", f"p50 {figures.median_ms:.1f} ms   p95 {figures.p95_ms:.1f} ms"),
        ("errors", count(figures.error_count)),
        ("frames", count(figures.frames)),
        ("points", f"{count(figures.point_count)}   {size(figures.size_bytes)} on disk"),
        ("ingest", f"{short_count(rate)} points/s"),
    ]
    parts = [
        Content.assemble((f"{name:<10}", "$foreground 60%"), f"{value}\n")
        for name, value in rows
    ]
    curve = sparkline(list(rates), min(len(rates), CURVE_CELLS)) if rates else ""
    return Content("").join([*parts, Content.styled(curve, "$primary")])


def request_rows(figures: ServerFigures) -> list[GridRow]:
    """Requests by path."""
    return [
        GridRow(
            f"{each.method} {each.path}",
            (
                plain(each.method, "muted"),
                plain(each.path),
                plain(count(each.count), is_right=True),
                plain(f"{each.median_ms:.1f} ms", is_right=True),
                plain(f"{each.p95_ms:.1f} ms", is_right=True),
            ),
            (each.method, each.path, each.count, each.median_ms, each.p95_ms),
        )
        for each in figures.paths
    ]


def error_text(figures: ServerFigures) -> str:
    """The last requests that failed."""
    lines = [
        f"{clock_time(each.time_s)}  {each.status}  {each.method} {each.path}"
        for each in figures.errors[-6:]
    ]
    return "\n".join(lines) or "none"


def token_rows(tokens: Iterable[Token], now_s: float) -> list[GridRow]:
    """Access tokens, those that open something first."""
    rows = []
    for token in sorted(tokens, key=lambda each: not each.is_valid(now_s)):
        is_valid = token.is_valid(now_s)
        expiry = "never" if token.expires_at is None else timestamp(token.expires_at)
        if token.revoked_at is not None:
            expiry = "revoked"
        elif not is_valid:
            expiry = "expired"
        tone = "" if is_valid else "muted"
        texts = (token.name, token.role.value, token.tenant, expiry)
        rows.append(GridRow(token.id, tuple(plain(text, tone) for text in texts)))
    return rows
