"""Media of a run: images, figures, texts, sounds and distributions, step by step."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from app.commands import Scope, bindings
from app.dialogs.text_input import TextDialog
from app.outside.programs import (
    NO_VIEWER,
    OutsideProgram,
    player_command,
    temporary_file,
    viewer_command,
)
from app.panels.run_tabs.media_pictures import PICTURE_ACTIONS, PicturesTab
from app.sources import Source
from app.traces.export import write_bytes
from app.traces.media import MediaContent, draw_media, texts_of, wanted_digests
from app.traces.media_files import MediaFile, media_file
from app.traces.text_diff import Change, TextPart, text_difference
from app.widgets.plot_view import PlotView
from app.widgets.step_bar import StepBar
from store.models import SequenceKind

PLAYING_S = 0.25
"""How often a player is asked whether it is done."""
NO_PLAYER = "No player was found. Install ffmpeg, mpv, sox or alsa-utils, or set player."


class MediaTab(PicturesTab):
    """All kinds of media, and what can be done with them."""

    SCOPES = (Scope.MEDIA, Scope.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.MEDIA)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._player = OutsideProgram()
        self._viewer = OutsideProgram()
        self._player_watch: Timer | None = None
        self._has_changes = False
        """Whether texts are shown against those of another step."""

    def on_unmount(self) -> None:
        """Be quiet."""
        self._player.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer what makes sense for what is shown."""
        kind = self.kind
        if action == "play":
            return kind is SequenceKind.AUDIOS
        if action == "changes":
            return kind is SequenceKind.TEXTS
        if action == "outside":
            return kind in {SequenceKind.IMAGES, SequenceKind.FIGURES, SequenceKind.AUDIOS}
        if action == "beside":
            return kind is not None
        if action == "open":
            return kind in {SequenceKind.IMAGES, SequenceKind.AUDIOS}
        return action not in PICTURE_ACTIONS or kind is SequenceKind.IMAGES

    # Showing

    def show(self) -> None:
        """Show what is under the cursor."""
        steps, gallery = self.steps(), self.gallery
        index = gallery.columns[gallery.here].index if gallery.columns else 0
        self.query_one(StepBar).show([step.step for step in steps], index)
        kind = self.kind if steps else None
        self.set_class(kind is SequenceKind.IMAGES, "-images")
        self.set_class(kind is SequenceKind.TEXTS, "-texts")
        self.set_class(kind not in {None, SequenceKind.IMAGES, SequenceKind.TEXTS}, "-drawn")
        if kind is SequenceKind.IMAGES:
            self.show_images()
        elif kind is SequenceKind.TEXTS:
            self._show_texts()
        elif kind is not None:
            self._show_drawn(kind)

    def _shown_indices(self) -> list[int]:
        """Which steps are shown: the one under the cursor, after the one that is kept."""
        column = self.gallery.columns[0]
        kept = self.gallery.kept
        at = column.at_step(kept).index if kept is not None else column.index
        return [at, column.index] if at != column.index else [column.index]

    def _show_drawn(self, kind: SequenceKind) -> None:
        steps, ref = self.gallery.columns[0].steps, self.ref
        shown = self._shown_indices()
        wanted = wanted_digests([steps[at] for at in shown])
        title = ref.name if ref is not None else ""
        content = MediaContent(kind, title, steps, tuple(shown), dict(self.blobs))
        self.query_one(PlotView).show_drawing(partial(draw_media, content))
        if missing := [each for each in wanted if each not in self.blobs]:
            self.read_blobs(missing)
        self._show_playing()

    def _show_texts(self) -> None:
        words, steps = self.query_one("#media-words", Static), self.gallery.columns[0].steps
        pane = self.query_one("#viewer-pane")
        pane.border_subtitle = ""
        shown = self._shown_indices()
        index = shown[-1]
        other = shown[0] if len(shown) > 1 else index - 1
        if not self._has_changes or other < 0:
            words.update("\n\n────────\n\n".join(texts_of(steps[at]) for at in shown))
            return
        pane.border_subtitle = f"changes since step {steps[other].step:,}"
        work = partial(text_difference, texts_of(steps[other]), texts_of(steps[index]))
        self.load("changes", work, lambda parts: words.update(_changed_text(parts)))

    def action_changes(self) -> None:
        """Show texts against those of the step before (or the one that is kept), or plainly."""
        self._has_changes = not self._has_changes
        self.show()

    # Files

    def action_open(self) -> None:
        """Go into the pictures; play a sound."""
        if self.kind is SequenceKind.AUDIOS:
            self.action_play()
        elif self.kind is SequenceKind.IMAGES:
            super().action_open()

    def _file(self) -> MediaFile | None:
        """What is under the cursor, as a file."""
        tiles, step = self.gallery.tiles(), self.gallery.step
        if self.ref is None or step is None or not tiles:
            return None
        tile = tiles[min(self.gallery.cursor, len(tiles) - 1)]
        at = self.gallery.columns[tile.column].steps[tile.index] if tile.index >= 0 else step
        return media_file(self.ref, at, tile.item or at.items[0])

    def _content(self, file: MediaFile) -> bytes:
        """The bytes of a file; for threads."""
        if file.digest:
            return self.blobs.get(file.digest) or self.source.read_blob(file.digest)
        return file.data

    def action_save(self) -> None:
        """Write it to a file."""
        if (file := self._file()) is not None:
            dialog = TextDialog("Save as", value=str(Path.cwd() / file.name))
            self.app.push_screen(dialog, partial(self._save, file))

    def _save(self, file: MediaFile, path: str | None) -> None:
        if path:
            place = Path(path).expanduser()
            work = partial(self._write, file, place)
            self.load("save", work, lambda _: self.app.notify(f"Written to {place}", timeout=4))

    def _write(self, file: MediaFile, place: Path) -> None:
        write_bytes(place, self._content(file))

    def action_copy(self) -> None:
        """Copy the hash of the file, or the text."""
        file = self._file()
        if file is not None:
            self.app.copy_to_clipboard(file.digest or file.data.decode("utf-8", "replace"))
            self.app.notify("Hash copied" if file.digest else "Copied", timeout=2)

    def action_outside(self) -> None:
        """Open it in a program of the desktop."""
        command = viewer_command(self._setting("viewer"))
        file = self._file()
        if not command:
            self.app.notify(NO_VIEWER, severity="warning", timeout=6)
        elif file is not None:
            work = partial(self._to_disk, file)
            self.load("outside", work, partial(self._open_outside, command))

    def _to_disk(self, file: MediaFile) -> Path:
        return temporary_file(file.name, self._content(file))

    def _open_outside(self, command: list[str], path: Path) -> None:
        if not self._viewer.start(command, path):
            self.app.notify(f"{command[0]} could not be started.", severity="warning")

    def _setting(self, name: str) -> str:
        return str(getattr(getattr(self.app, "config", None), name, ""))

    # Sounds

    def action_play(self) -> None:
        """Play the sound, or stop it."""
        if self._player.is_running:
            self._player.stop()
            self._show_playing()
            return
        file = self._file()
        if file is None or not file.digest:
            return
        command = player_command(self._setting("player"), Path(file.name).suffix)
        if not command:
            self.app.notify(NO_PLAYER, severity="warning", timeout=6)
            return
        self.load("sound", partial(self._to_disk, file), partial(self._play, command))

    def _play(self, command: list[str], path: Path) -> None:
        if not self._player.start(command, path):
            self.app.notify(f"{command[0]} could not be started.", severity="warning")
        if self._player_watch is None:
            self._player_watch = self.set_interval(PLAYING_S, self._show_playing)
        self._show_playing()

    def _show_playing(self) -> None:
        is_playing = self._player.is_running
        if not is_playing and self._player_watch is not None:
            self._player_watch.stop()
            self._player_watch = None
        if self.kind is SequenceKind.AUDIOS:
            text = "playing, p stops" if is_playing else "p plays"
            self.query_one("#viewer-pane").border_subtitle = text
        elif self.kind is not None:
            self.query_one("#viewer-pane").border_subtitle = ""


def _changed_text(parts: list[TextPart]) -> Content:
    styles = {
        Change.SAME: "",
        Change.ADDED: "$text-success on $success-muted",
        Change.REMOVED: "strike $text-error on $error-muted",
    }
    return Content.assemble(*((part.text, styles[part.change]) for part in parts))
