"""Links in notes and reports: `@run#name` leads to a run, `[[loss]]` to a metric.

They are written in the text as it is, and become links of Markdown when it is shown. What
stands in code stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from msgspec import Struct

from app.messages import OpenRun, ShowMetrics
from app.querying.fields import quoted
from app.sources import Source

SCHEME = "runfolio:"
RUN, METRIC = "run", "metric"
_CODE = re.compile(
    r"(^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)|\Z)|`[^`\n]*`)", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"""(?<!\w)@run\#(?:"(?P<named>[^"\n]+)"|(?P<run>[\w./:\-]*[\w\-]))
                       |\[\[(?P<metric>[^\[\]\n]+)\]\]""", re.VERBOSE)  # fmt: skip


class Link(Struct, frozen=True):
    """What a link leads to."""

    kind: str
    """`run` or `metric`."""
    name: str

    @property
    def address(self) -> str:
        """How Markdown names it."""
        return f"{SCHEME}{self.kind}/{quote(self.name, safe='')}"

    @classmethod
    def of_address(cls, address: str) -> Link | None:
        """The link that an address of Markdown stands for; None for addresses of others."""
        kind, slash, name = address.removeprefix(SCHEME).partition("/")
        if not address.startswith(SCHEME) or not slash or kind not in (RUN, METRIC):
            return None
        return cls(kind, unquote(name))


def linked(text: str) -> str:
    """Markdown with its links written out."""
    return _replaced(text, lambda link: f"[{_escaped(link.name)}]({link.address})")


def unlinked(text: str) -> str:
    """Markdown for readers who have no dashboard: names alone, set apart."""
    return _replaced(text, lambda link: f"**{_escaped(link.name)}**")


def links_in(text: str) -> list[Link]:
    """All links of a text, each once."""
    found: dict[Link, None] = {}
    _replaced(text, lambda link: found.setdefault(link) or "")
    return list(found)


def follow_link(source: Source, link: Link) -> OpenRun | ShowMetrics | None:
    """Where a link leads; None if there is no such run. Blocks."""
    if link.kind == METRIC:
        # Loaded here: it brings the whole runs table with it.
        from app.boards.metric_names import MetricName

        return ShowMetrics(MetricName.parse(link.name).condition())
    name = quoted(link.name)
    query = f"run.name == {name} or run.hash.startswith({name})"
    hashes = source.find_runs(query, limit=1).hashes
    return OpenRun(hashes[0]) if hashes else None


def _replaced(text: str, make: Callable[[Link], str]) -> str:
    def one(match: re.Match[str]) -> str:
        metric = match["metric"]
        if metric is not None:
            return make(Link(METRIC, metric.strip()))
        return make(Link(RUN, match["named"] or match["run"]))

    parts, start = [], 0
    for code in _CODE.finditer(text):
        parts += [_LINK.sub(one, text[start : code.start()]), code[0]]
        start = code.end()
    return "".join([*parts, _LINK.sub(one, text[start:])])


def _escaped(name: str) -> str:
    return re.sub(r"([\\\[\]*_`<>])", r"\\\1", name)
