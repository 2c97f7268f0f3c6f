"""The places of the dashboard: screens that number keys open."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True):
    """A screen that a number key opens."""

    name: str
    """Name of the mode."""
    key: str
    title: str
    module: str
    """Imported when the screen is first opened."""
    screen: str
    """Name of the class."""
    help: str


PLACES = (
    Place("home", "1", "Home", "app.screens.home", "HomeScreen", "What is going on."),
    Place(
        "experiments",
        "2",
        "Experiments",
        "app.screens.experiments",
        "ExperimentsScreen",
        "Groups of runs and how busy they are.",
    ),
    Place("runs", "3", "Runs", "app.screens.runs", "RunsScreen", "The table of all runs."),
    Place(
        "metrics",
        "4",
        "Metrics",
        "app.screens.metrics",
        "MetricsScreen",
        "Charts of metrics over many runs.",
    ),
    Place(
        "compare",
        "5",
        "Compare",
        "app.screens.compare",
        "CompareScreen",
        "Runs side by side.",
    ),
    Place("notes", "6", "Notes", "app.screens.notes", "NotesScreen", "All notes."),
    Place(
        "dashboards",
        "7",
        "Dashboards",
        "app.screens.dashboards",
        "DashboardsScreen",
        "Saved boards of panels.",
    ),
    Place(
        "reports",
        "8",
        "Reports",
        "app.screens.reports",
        "ReportsScreen",
        "Written pages with live panels.",
    ),
    Place("server", "9", "Server", "app.screens.server", "ServerScreen", "The REST server."),
)
"""Screens in the order of the header."""


def place_named(name: str) -> Place:
    """The place of a mode."""
    return next(place for place in PLACES if place.name == name)
