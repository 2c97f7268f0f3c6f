"""Artifacts of a run: a list of files, a preview, saving one or all."""

from __future__ import annotations

import shutil
import zipfile
from functools import partial
from pathlib import Path
from typing import BinaryIO, ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, ScrollableContainer, Vertical
from textual.widgets import Input, Static

from app.charts.half_blocks import draw_image
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.commands import Scope, bindings
from app.dialogs.text_input import TextDialog
from app.formatting import plural, size, timestamp
from app.outside.programs import NO_VIEWER, OutsideProgram, temporary_file, viewer_command
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.artifact_text import (
    MAX_PREVIEW_BYTES,
    is_image,
    is_parquet,
    preview_text,
    table_text,
)
from app.traces.export import ExportFailedError
from app.traces.file_tree import FileRow, file_rows
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.errors import InvalidDataError
from store.models import Artifact, RunRecord

MAX_IMAGE_BYTES = 20_000_000
MAX_REMOTE_BYTES = 64_000_000
"""Larger files are not fetched over a connection only to be looked into."""


class Preview(Struct, frozen=True):
    """What was read of a file: text, or an image."""

    text: str = ""
    image: bytes = b""


class ArtifactsTab(RunTab):
    """A tree of files beside a preview."""

    SCOPES = (Scope.FILES, Scope.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FILES)
    DEFAULT_CSS = """
    ArtifactsTab #artifacts { height: 1fr; }
    ArtifactsTab #files-pane { width: 1fr; }
    ArtifactsTab #preview-pane { width: 1fr; }
    ArtifactsTab #file-filter { border: none; height: 1; padding: 0 1; display: none; }
    ArtifactsTab.-filtering #file-filter { display: block; }
    ArtifactsTab #file-image { display: none; }
    ArtifactsTab.-image #file-image { display: block; }
    ArtifactsTab.-image #file-scroll { display: none; }
    ArtifactsTab #file-text { width: auto; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="artifacts-tab")
        self._all: list[Artifact] = []
        self._rows: list[FileRow] = []
        self._folded: set[str] = set()
        self._viewer = OutsideProgram()

    def compose(self) -> ComposeResult:
        """List and preview."""
        with Horizontal(id="artifacts"):
            with Vertical(id="files-pane", classes="pane") as pane:
                pane.border_title = "files"
                yield Input(placeholder="find a file", id="file-filter")
                yield SimpleGrid(id="files")
            with Vertical(id="preview-pane", classes="pane"):
                yield PlotView(id="file-image")
                with ScrollableContainer(id="file-scroll"):
                    yield Static(id="file-text", markup=False)

    def on_mount(self) -> None:
        """Columns of the list."""
        columns = [
            GridColumn("path", "path", 40),
            GridColumn("size", "size", 10, is_right=True),
            GridColumn("type", "type", 20),
            GridColumn("time", "written", 16),
        ]
        self.files.set_columns(columns, 1)

    @property
    def files(self) -> SimpleGrid:
        """The list."""
        return self.query_one("#files", SimpleGrid)

    def start(self) -> SimpleGrid:
        """The list."""
        return self.files

    # Reading

    def read(self, record: RunRecord) -> None:
        """List the files of the run."""
        find = partial(self.source.find_artifacts, record.run.hash)
        self.load("artifacts", find, self._show)

    def _show(self, artifacts: list[Artifact]) -> None:
        is_first = not self._all
        self._all = artifacts
        self._refilter()
        if is_first:
            files = (at for at, row in enumerate(self._rows) if row.artifact is not None)
            self.files.cursor_row = next(files, 0)
        total = sum(artifact.size_bytes for artifact in artifacts)
        pane = self.query_one("#files-pane")
        pane.border_subtitle = f"{plural(len(artifacts), 'file')} · {size(total)}"

    def _refilter(self) -> None:
        needle = self.query_one("#file-filter", Input).value
        self._rows = file_rows(self._all, self._folded, needle)
        self.files.show_rows([_row(row) for row in self._rows])

    @property
    def _here(self) -> FileRow | None:
        key = self.files.cursor_key
        return next((row for row in self._rows if row.path == key), None)

    @on(GridView.RowHighlighted, "#files")
    def _highlighted(self) -> None:
        row = self._here
        if row is None or self.record is None:
            self.query_one("#preview-pane").border_title = ""
            self._show_preview(Preview())
            return
        self.query_one("#preview-pane").border_title = row.path
        if row.artifact is None:
            words = f"{plural(row.file_count, 'file')}, {size(row.size_bytes)}"
            self._show_preview(Preview(words))
        else:
            work = partial(self._read_preview, self.record.run.hash, row.artifact)
            self.load("preview", work, self._show_preview)

    def _read_preview(self, run_hash: str, artifact: Artifact) -> Preview:
        if self.source.is_remote and artifact.size_bytes > MAX_REMOTE_BYTES:
            words = f"{size(artifact.size_bytes)} are not fetched for a look. s saves the file."
            return Preview(words)
        with self.source.open_artifact(run_hash, artifact.path) as file:
            if is_parquet(artifact.path, artifact.content_type):
                return Preview(_parquet_text(file))
            is_picture = is_image(artifact.path, artifact.content_type)
            limit = MAX_IMAGE_BYTES if is_picture else MAX_PREVIEW_BYTES
            data = file.read(limit + 1)
        if is_picture and len(data) <= limit:
            return Preview(image=data)
        return Preview(preview_text(artifact.path, data[:limit], is_cut=len(data) > limit))

    def _show_preview(self, preview: Preview) -> None:
        self.set_class(bool(preview.image), "-image")
        if preview.image:
            drawing = partial(_draw_preview, preview.image)
            self.query_one(PlotView).show_drawing(drawing)
        else:
            self.query_one("#file-text", Static).update(preview.text)

    # Acts

    def focus_query(self) -> bool:
        """Find a file."""
        self.add_class("-filtering")
        self.query_one("#file-filter").focus()
        return True

    @on(Input.Changed, "#file-filter")
    def _search(self) -> None:
        self._refilter()

    @on(Input.Submitted, "#file-filter")
    def _search_left(self) -> None:
        self.files.focus()

    def step_back(self) -> bool:
        """Leave the preview, or close the search."""
        if self.query_one("#file-scroll").has_focus:
            self.files.focus()
            return True
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one("#file-filter", Input).value = ""
        self.files.focus()
        return True

    @on(GridView.RowSelected, "#files")
    def action_open(self) -> None:
        """Go into the preview, or fold a folder."""
        row = self._here
        if row is None:
            return
        if row.artifact is None:
            self._folded ^= {row.path}
            self._refilter()
        elif not self.has_class("-image"):
            self.query_one("#file-scroll").focus()

    def action_copy(self) -> None:
        """Copy the path of the file."""
        if (row := self._here) is not None:
            self.app.copy_to_clipboard(row.path)
            self.app.notify("Path copied", timeout=2)

    def action_outside(self) -> None:
        """Open the file in a program of the desktop."""
        config = getattr(self.app, "config", None)
        command = viewer_command(getattr(config, "viewer", ""))
        row = self._here
        if not command:
            self.app.notify(NO_VIEWER, severity="warning", timeout=6)
        elif row is not None and row.artifact is not None and self.record is not None:
            work = partial(self._to_disk, self.record.run.hash, row.artifact)
            self.load("outside", work, partial(self._open_outside, command))

    def _to_disk(self, run_hash: str, artifact: Artifact) -> Path:
        place = temporary_file(artifact.name, b"")
        self._write_file(run_hash, [artifact], place)
        return place

    def _open_outside(self, command: list[str], path: Path) -> None:
        if not self._viewer.start(command, path):
            self.app.notify(f"{command[0]} could not be started.", severity="warning")

    def action_save(self) -> None:
        """Write the file under the cursor to a place; of a folder a ZIP."""
        row = self._here
        if row is None:
            return
        if row.artifact is not None:
            dialog = TextDialog("Save as", value=str(Path.cwd() / row.artifact.name))
            self.app.push_screen(dialog, partial(self._save, [row.artifact]))
        else:
            inside = [each for each in self._all if each.path.startswith(row.path)]
            name = row.name.rstrip("/")
            dialog = TextDialog("Save the folder as", value=str(Path.cwd() / f"{name}.zip"))
            self.app.push_screen(dialog, partial(self._save, inside, is_zip=True))

    def action_save_all(self) -> None:
        """Write all files as one ZIP."""
        if self._all and self.record is not None:
            name = self.record.run.name or self.record.run.hash[:8]
            dialog = TextDialog("Save all as", value=str(Path.cwd() / f"{name}.zip"))
            self.app.push_screen(dialog, partial(self._save, list(self._all), is_zip=True))

    def _save(
        self, artifacts: list[Artifact], path: str | None, *, is_zip: bool = False
    ) -> None:
        if path and self.record is not None:
            place = Path(path).expanduser()
            write = self._write_zip if is_zip else self._write_file
            work = partial(write, self.record.run.hash, artifacts, place)
            self.load("save", work, lambda _: self.app.notify(f"Written to {place}", timeout=4))

    def _write_file(self, run_hash: str, artifacts: list[Artifact], place: Path) -> None:
        try:
            with (
                self.source.open_artifact(run_hash, artifacts[0].path) as file,
                place.open("wb") as out,
            ):
                shutil.copyfileobj(file, out)
        except OSError as error:
            raise ExportFailedError(place, error.strerror or str(error)) from error

    def _write_zip(self, run_hash: str, artifacts: list[Artifact], place: Path) -> None:
        try:
            with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
                for artifact in artifacts:
                    with (
                        self.source.open_artifact(run_hash, artifact.path) as file,
                        archive.open(artifact.path, "w", force_zip64=True) as out,
                    ):
                        shutil.copyfileobj(file, out)
        except OSError as error:
            raise ExportFailedError(place, error.strerror or str(error)) from error


def _row(row: FileRow) -> GridRow:
    artifact = row.artifact
    mark = "  " if artifact is not None else "▸ " if row.is_folded else "▾ "
    tone = "" if artifact is not None else "primary"
    name = Cell(((" " * 2 * row.depth, ""), (mark, "muted"), (row.name, tone)))
    kind = artifact.content_type if artifact is not None else plural(row.file_count, "file")
    time = artifact.created_at if artifact is not None else 0.0
    cells = (
        name,
        plain(size(row.size_bytes), is_right=True),
        plain(kind, "muted"),
        plain(timestamp(time) if time else "", "muted"),
    )
    return GridRow(row.path, cells, (row.path, row.size_bytes, kind, time))


def _parquet_text(file: BinaryIO) -> str:
    # Local: loads the database, which a dashboard over a server does without.
    from store.objects.tables import preview_parquet

    try:
        return table_text(preview_parquet(file))
    except InvalidDataError as error:
        return str(error)


def _draw_preview(data: bytes, shape: Size, theme: ChartTheme) -> Plot:
    return Plot(draw_image(data, shape, theme.muted), Area(0, 0, 0, 0))
