"""What could be typed next, in a list below the line."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.formatting import shorten
from app.querying.completing import Completion, Offers

TEXT_COLUMNS = 46


class QueryPopup(OptionList):
    """Offers; the line keeps the focus."""

    DEFAULT_CSS = """
    QueryPopup, QueryPopup:focus {
        display: none; overlay: screen; constrain: inside inside; width: 86; max-width: 95vw;
        height: auto; max-height: 12; background: $panel; border: round $border; padding: 0;
        border-title-color: $text-muted;
    }
    """
    can_focus = False

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.offers = Offers()
        self.is_chosen = False
        """Whether one was gone to, rather than the first one standing there by itself."""

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.offers.items)

    @property
    def chosen(self) -> Completion | None:
        """The offer that is lit."""
        if self.highlighted is None or not self.is_open:
            return None
        return self.offers.items[self.highlighted]

    def show(self, offers: Offers) -> None:
        """Show offers in place of those before."""
        self.offers = offers
        self.is_chosen = False
        self.clear_options()
        self.border_title = offers.title
        self.add_options([Option(_line(each)) for each in offers.items])
        self.highlighted = 0 if offers.items else None
        self.display = bool(offers.items)

    def close(self) -> None:
        """Show nothing."""
        if self.is_open:
            self.show(Offers())

    def move(self, step: int) -> None:
        """Go to the next offer, or the one before."""
        self.is_chosen = True
        if step < 0:
            self.action_cursor_up()
        else:
            self.action_cursor_down()


def _line(offer: Completion) -> Content:
    text = shorten(offer.text.strip(), TEXT_COLUMNS - 1)
    detail = (f"{offer.kind:<7}{offer.detail}", "$foreground 60%")
    return Content.assemble(f"{text:<{TEXT_COLUMNS}}", detail)
