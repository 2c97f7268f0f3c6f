"""Artifacts of a run: a list of files, a preview, saving one or all."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from app.charts.half_blocks import draw_image
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.dialogs.text_input import TextDialog
from app.formatting import plural, size, timestamp
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.artifact_text import MAX_PREVIEW_BYTES, is_image, preview_text
from app.traces.export import ExportFailedError
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import Artifact, RunRecord

MAX_IMAGE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read of a file: text, or an image."""

    text: str = ""
    image: bytes = b""


class ArtifactsTab(RunTab):
    """Files beside a preview."""

    DEFAULT_CSS = """
    ArtifactsTab #artifacts { height: 1fr; }
    ArtifactsTab #files-pane { width: 1fr; }
    ArtifactsTab #preview-pane { width: 1fr; }
    ArtifactsTab #file-filter { border: none; height: 1; padding: 0 1; display: none; }
    ArtifactsTab.-filtering #file-filter { display: block; }
    ArtifactsTab #file-image { display: none; }
    ArtifactsTab.-image #file-image { display: block; }
    ArtifactsTab.-image #file-scroll { display: none; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="artifacts-tab")
        self._all: list[Artifact] = []
        self._shown: list[Artifact] = []

    def compose(self) -> ComposeResult:
        """List and preview."""
        with Horizontal(id="artifacts"):
            with Vertical(id="files-pane", classes="pane") as pane:
                pane.border_title = "files"
                yield Input(placeholder="find a file", id="file-filter")
                yield SimpleGrid(id="files")
            with Vertical(id="preview-pane", classes="pane"):
                yield PlotView(id="file-image")
                with VerticalScroll(id="file-scroll"):
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
        self._all = artifacts
        self._refilter()
        total = sum(artifact.size_bytes for artifact in artifacts)
        pane = self.query_one("#files-pane")
        pane.border_subtitle = f"{plural(len(artifacts), 'file')} · {size(total)}"

    def _refilter(self) -> None:
        needle = self.query_one("#file-filter", Input).value.lower()
        self._shown = [each for each in self._all if needle in each.path.lower()]
        self.files.show_rows([_row(artifact) for artifact in self._shown])

    @on(GridView.RowHighlighted, "#files")
    def _highlighted(self, message: GridView.RowHighlighted) -> None:
        if 0 <= message.row < len(self._shown) and self.record is not None:
            artifact = self._shown[message.row]
            self.query_one("#preview-pane").border_title = artifact.path
            work = partial(self._read_preview, self.record.run.hash, artifact)
            self.load("preview", work, self._show_preview)

    def _read_preview(self, run_hash: str, artifact: Artifact) -> Preview:
        is_picture = is_image(artifact.path, artifact.content_type)
        limit = MAX_IMAGE_BYTES if is_picture else MAX_PREVIEW_BYTES
        with self.source.open_artifact(run_hash, artifact.path) as file:
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
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one("#file-filter", Input).value = ""
        self.files.focus()
        return True

    def action_save(self) -> None:
        """Write the file under the cursor to a place."""
        row = self.files.cursor_row
        if row < len(self._shown):
            artifact = self._shown[row]
            dialog = TextDialog("Save as", value=str(Path.cwd() / artifact.name))
            self.app.push_screen(dialog, partial(self._save, [artifact]))

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


def _row(artifact: Artifact) -> GridRow:
    cells = (
        plain(artifact.path),
        plain(size(artifact.size_bytes), is_right=True),
        plain(artifact.content_type, "muted"),
        plain(timestamp(artifact.created_at), "muted"),
    )
    values = (artifact.path, artifact.size_bytes, artifact.content_type, artifact.created_at)
    return GridRow(artifact.path, cells, values)


def _draw_preview(data: bytes, shape: Size, theme: ChartTheme) -> Plot:
    return Plot(draw_image(data, shape, theme.muted), Area(0, 0, 0, 0))
