"""Themes of one's own, from TOML files beside the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.settings.user_themes import read_themes
from tests.app.dashboard import driven

if TYPE_CHECKING:
    from store import Store

DUSK = """
primary = "#c792ea"
background = "#1b1a26"
dark = true

[variables]
"border" = "#3c3850"
"""


async def test_a_theme_of_ones_own_can_be_chosen(demo_store: Store, tmp_path: Path) -> None:
    (tmp_path / "dusk.toml").write_text(DUSK)
    (theme,), problems = read_themes(tmp_path)
    assert (theme.name, theme.background, problems) == ("dusk", "#1b1a26", [])
    async with driven(demo_store) as run:
        run.application.register_theme(theme)
        run.application.theme = "dusk"
        await run.settle()
        assert run.application.theme_variables["background"].lower() == "#1b1a26"
        assert run.application.theme_variables["border"] == "#3c3850"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("primary = ", "not valid TOML"),
        ('background = "red"', "primary is missing"),
        ('primary = "blurple"', "primary must be a colour"),
        ('primary = "red"\nshine = 3', "a theme has no 'shine'"),
        ('primary = "red"\ndark = "yes"', "dark is of the wrong kind"),
        ('primary = "red"\n[variables]\nborder = 3', "all variables must be texts"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    (tmp_path / "dusk.toml").write_text(DUSK)
    themes, (problem,) = read_themes(tmp_path)
    assert [theme.name for theme in themes] == ["dusk"]
    assert "bad.toml" in problem
    assert why in problem


def test_no_folder_is_no_theme(tmp_path: Path) -> None:
    assert read_themes(tmp_path / "none") == ([], [])
