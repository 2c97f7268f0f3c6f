"""Sets of compared runs under a name. Mixed into the screen of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.formatting import plural
from app.screens.base import DashboardScreen

SETS = "comparisons"
"""Name under which the view state keeps them."""


class CompareSets(DashboardScreen):
    """Keeps and opens sets of runs."""

    run_hashes: tuple[str, ...]

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def compare_hashes(self, run_hashes: tuple[str, ...]) -> None: ...  # noqa: D102

    def kept_sets(self) -> dict[str, tuple[str, ...]]:
        """Hashes by the name of the set."""
        kept = self.dashboard.view_state.extra_value(SETS, ())
        return {str(name): tuple(hashes) for name, hashes in kept}

    def action_keep_set(self) -> None:
        """Keep the compared runs under a name; an empty set takes the name away."""
        if not self.run_hashes:
            self.notify("There are no runs to keep.", timeout=2)
            return
        names = list(self.kept_sets())
        dialog = TextDialog(
            f"Keep {plural(len(self.run_hashes), 'run')} as",
            placeholder="name of the set",
            suggestions=names,
            hint=f"kept: {', '.join(names)}" if names else "",
        )
        self.app.push_screen(dialog, self._keep)

    def _keep(self, name: str | None) -> None:
        if name:
            kept = self.kept_sets() | {name: self.run_hashes}
            self.dashboard.set_extra(SETS, tuple(sorted(kept.items())))
            self.notify(f"Kept as {name}; o opens it.", timeout=3, markup=False)

    def action_open_set(self) -> None:
        """Compare the runs of a set, or forget one."""
        kept = self.kept_sets()
        if not kept:
            self.notify("No set was kept yet: ctrl+s keeps these runs.", timeout=3)
            return
        choices = [
            Choice(f"open:{name}", name, plural(len(hashes), "run"), group="Open")
            for name, hashes in kept.items()
        ]
        choices += [Choice(f"drop:{name}", f"Forget {name}", group="Forget") for name in kept]
        self.app.push_screen(CommandMenu("Sets of runs", choices), self._opened)

    def _opened(self, answer: str | None) -> None:
        if answer is None:
            return
        verb, _, name = answer.partition(":")
        kept = self.kept_sets()
        hashes = kept.pop(name)
        if verb == "drop":
            self.dashboard.set_extra(SETS, tuple(sorted(kept.items())))
        else:
            self.compare_hashes(hashes)
