"""Pages as HTML that needs nothing else: charts are inline SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from msgspec.structs import replace

from app.boards.contents import EmptyContent, PanelLook, TableContent
from app.boards.drawing import draw_content
from app.boards.pages import ShownPanel
from app.charts.export import DARK_GROUND, LIGHT_GROUND, to_svg
from app.charts.palette import DARK, LIGHT
from app.formatting import one_line, timestamp
from app.links import unlinked

_STYLE = """
:root { color-scheme: light dark; --text: #20242b; --ground: #fff; --faint: #5d6673;
  --line: #e1e5ea; --raised: #f6f7f9; --best: #2c8a35; --spark: #1f6fc2; }
.dark { display: none; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7ec; --ground: #14171c; --faint: #98a2b1; --line: #2c323b;
    --raised: #1d2128; --best: #63c96d; --spark: #6aaef5; }
  .light { display: none; } .dark { display: block; }
}
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: var(--text);
  background: var(--ground); font: 16px/1.55 system-ui, sans-serif; }
figure { margin: 1.5rem 0; } figcaption { font-weight: 600; margin-bottom: .4rem; }
svg { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; font-size: .85rem; display: block; overflow-x: auto; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); text-align: left; }
td.right, th.right { text-align: right; font-variant-numeric: tabular-nums; }
td .muted { color: var(--faint); } td .best { color: var(--best); font-weight: 600; }
td .spark { color: var(--spark); }
pre { background: var(--raised); padding: .8rem; overflow-x: auto; border-radius: 6px; }
blockquote { border-left: 3px solid var(--faint); margin-left: 0; padding-left: 1rem; }
.nothing, footer { color: var(--faint); } footer { margin-top: 3rem; font-size: .85rem; }
""".strip()


def html_page(title: str, parts: Sequence[ShownPanel | str], look: PanelLook) -> str:
    """A whole document."""
    name = escape(one_line(title))
    shown = [_text(part) if isinstance(part, str) else _panel(part, look) for part in parts]
    head = "" if shown and shown[0].startswith("<h1>") else f"<h1>{name}</h1>"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            f'<head><meta charset="utf-8"><title>{name}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{_STYLE}</style></head>",
            f"<body>{head}",
            *shown,
            f"<footer>Written by runfolio, {timestamp(look.now_s)}</footer>",
            "</body></html>",
            "",
        ]
    )


def _text(markdown: str) -> str:
    # Only loaded for an export. HTML inside of the text stays text.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return str(parser.render(unlinked(markdown))).strip()


def _panel(part: ShownPanel, look: PanelLook) -> str:
    caption = f"<figcaption>{escape(one_line(part.panel.caption))}</figcaption>"
    match part.content:
        case EmptyContent(why=why):
            body = f'<p class="nothing">{escape(why)}</p>'
        case TableContent():
            body = _table(part.content)
        case content:
            light = to_svg(
                draw_content(content, part.size, LIGHT, look),
                LIGHT_GROUND,
                LIGHT.text or "#000000",
            )
            dark = to_svg(
                draw_content(content, part.size, DARK, replace(look, is_dark=True)),
                DARK_GROUND,
                DARK.text or "#ffffff",
            )
            body = f'<div class="light">{light}</div><div class="dark">{dark}</div>'
    return f"<figure>{caption}{body}</figure>"


def _table(content: TableContent) -> str:
    sides = [' class="right"' if column.is_right else "" for column in content.columns]
    head = "".join(
        f"<th{side}>{escape(column.title)}</th>"
        for side, column in zip(sides, content.columns, strict=True)
    )
    rows = []
    for _, cells in content.rows:
        shown = []
        for side, cell in zip(sides, cells, strict=True):
            pieces = "".join(_piece(text, tone) for text, tone in cell.pieces)
            shown.append(f"<td{side}>{pieces}</td>")
        rows.append(f"<tr>{''.join(shown)}</tr>")
    body = "\n".join(rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _piece(text: str, tone: str) -> str:
    shown = escape(text)
    return (
        f'<span class="{tone}">{shown}</span>' if tone in ("muted", "best", "spark") else shown
    )
