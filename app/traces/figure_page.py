"""A Plotly figure as an HTML page. Pure."""

from __future__ import annotations

import html
import json
from typing import Any

SCRIPT = "https://cdn.plot.ly/plotly-2.35.2.min.js"
"""Draws the figure; without a network the page shows its data instead."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ margin: 0; font-family: system-ui, sans-serif; }}
#figure {{ width: 100vw; height: 100vh; }}
pre {{ padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<div id="figure"></div>
<script id="data" type="application/json">{data}</script>
<script src="{script}"></script>
<script>
const figure = JSON.parse(document.getElementById("data").textContent);
const place = document.getElementById("figure");
if (window.Plotly) {{
  Plotly.newPlot(place, figure.data || [], figure.layout || {{}}, {{ responsive: true }});
}} else {{
  const words = document.createElement("pre");
  words.textContent = JSON.stringify(figure, null, 2);
  place.replaceWith(words);
}}
</script>
</body>
</html>
"""


def figure_page(figure: Any, title: str) -> str:
    """The page; whatever the figure is, nothing of it can leave its place in the page."""
    text = figure if isinstance(figure, str) else json.dumps(figure)
    try:
        text = json.dumps(json.loads(text))
    except (TypeError, ValueError):
        text = "{}"
    return _PAGE.format(
        title=html.escape(title), data=text.replace("<", "\\u003c"), script=SCRIPT
    )
