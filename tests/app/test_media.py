"""The gallery of images, sounds and figures of a run."""

from __future__ import annotations

import io
import json
import stat
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PIL import Image

from app.charts.look import ImageCache, Look, Tone
from app.charts.picture import Size
from app.messages import OpenRun
from app.outside.programs import OutsideProgram, Which, player_command, viewer_command
from app.settings.config import Config
from app.traces.figure_page import figure_page
from app.traces.gallery import Column, Gallery, lay_out
from app.traces.media_files import media_file
from store.models import Context, ObjectStep, SequenceKind, SequenceRef
from store.models.operations import LogObjects
from tests.app.dashboard import Driven, driven
from tests.factories import START, log_run

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace


def png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, format="PNG")
    return out.getvalue()


def log_files(
    workspace: Workspace, run: str, kind: SequenceKind, files: list[bytes], ending: str
) -> None:
    for step, data in enumerate(files):
        path = f"seq/x/{step * 10}.{ending}"
        with workspace.artifacts.put(run, path, f"{kind}/{ending}") as writer:
            writer.write(data)
        item = {"caption": f"c{step}", "format": ending, "s3_key": f"{run}/{path}"}
        objects = LogObjects(kind, "x", Context(), step * 10, 0.0, START, [item])
        workspace.ingest.submit(run, [objects]).result()


def column(*steps: int, name: str = "", index: int = 0) -> Column:
    items = [ObjectStep(step, None, START, ({"digest": f"{name}{step}"},)) for step in steps]
    return Column(name, name, tuple(items), index)


def digests(gallery: Gallery) -> list[str]:
    return [tile.digest for tile in gallery.tiles()]


def test_steps_of_one_run_are_gone_through() -> None:
    gallery = Gallery((column(0, 10, 20, 30),))
    assert digests(gallery.scrubbed(1)) == ["10"]
    assert digests(gallery.scrubbed(10)) == ["30"]
    kept = gallery.kept_here().scrubbed(2)
    assert digests(kept) == ["0", "20"]
    assert digests(kept.turned()) == ["0"]
    assert digests(kept.turned().turned()) == ["20"]
    assert digests(kept.kept_here()) == ["20"]
    assert digests(gallery.scrubbed(2).turned()) == ["10"]


def test_runs_stand_in_columns_and_move_together() -> None:
    runs = Gallery((column(0, 10, 20, name="a"), column(0, 9, 21, name="b")))
    assert digests(runs.scrubbed(1)) == ["a10", "b9"]
    alone = replace(runs, is_linked=False, cursor=1)
    assert digests(alone.scrubbed(2)) == ["a0", "b21"]
    table = replace(runs, shows_all=True)
    assert table.row_length() == 2
    assert digests(table) == ["a0", "b0", "", "b9", "a10", "", "a20", "", "", "b21"]
    opened = replace(table, cursor=3).opened()
    assert digests(opened) == ["b9"]
    closed = opened.closed()
    assert closed is not None
    assert closed.cursor == 3
    assert digests(runs.turned()) == ["b0"]


@pytest.mark.parametrize("count", [1, 2, 5, 8, 30, 200])
@pytest.mark.parametrize("size", [Size(120, 36), Size(40, 14), Size(200, 9), Size(10, 3)])
def test_tiles_in_sight_lie_inside_and_apart(count: int, size: Size) -> None:
    layout = lay_out(count, size)
    for cursor in (0, count // 2, count - 1):
        visible = layout.visible(count, cursor)
        assert cursor in visible
        seen: set[tuple[int, int]] = set()
        for place in range(len(visible)):
            area = layout.area(place)
            assert area.right <= size.width
            assert area.bottom <= size.height
            cells = {
                (x, y) for x in range(area.x, area.right) for y in range(area.y, area.bottom)
            }
            assert not cells & seen
            seen |= cells
            if cells:
                assert layout.at(area.x, area.y) == place


def test_a_look_cuts_and_tones_and_nothing_is_decoded_twice() -> None:
    image = Image.new("RGB", (90, 90), (0, 0, 0))
    image.paste((100, 50, 0), (60, 60, 90, 90))
    out = io.BytesIO()
    image.save(out, format="PNG")
    cache = ImageCache(limit=3)
    whole = cache.get("d", out.getvalue(), Look())
    assert whole is not None
    assert cache.get("d", b"never read", Look()) is whole
    corner = cache.get("d", b"", Look().zoomed(3).panned(9, 9))
    assert corner is not None
    assert corner.width == pytest.approx(90 / 1.5**3, abs=1)
    assert corner.getpixel((0, 0)) == (100, 50, 0)
    spread = Look(tone=Tone.SPREAD).apply(whole)
    red, _, blue = spread.getpixel((80, 80))
    assert red >= 250
    assert blue == 0
    assert Look(tone=Tone.GREEN).apply(whole).getpixel((80, 80)) == (50, 50, 50)
    assert cache.get("e", b"no image", Look()) is None
    tone = Look()
    for _ in Tone:
        tone = tone.next_tone()
    assert tone == Look()


async def open_media(driving: Driven, run: str, siblings: tuple[str, ...] = ()) -> None:
    driving.application.post_message(OpenRun(run, siblings, "media"))
    await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
    await driving.until(lambda: driving.screen.tab.kind is not None, "the media")


async def test_images_by_keys_and_mouse(
    store: Store, workspace: Workspace, tmp_path: Path
) -> None:
    runs = [log_run(workspace, number, name=f"run-{number}") for number in range(2)]
    for run in runs:
        shades = [png(60 * step) for step in range(4)]
        log_files(workspace, run, SequenceKind.IMAGES, shades, "png")
    async with driven(store) as driving:
        await open_media(driving, runs[0], tuple(runs))
        tab = driving.screen.tab
        await driving.until(lambda: "▀" in driving.text(), "the image")
        assert "step 30 · 4 of 4" in driving.text()
        await driving.press("shift+left")
        assert "step 0 · 1 of 4" in driving.text()
        await driving.press("g")
        await driving.until(lambda: "▸ step 0 · c0" in driving.text(), "all steps")
        assert "step 30 · c3" in driving.text()
        await driving.press("right", "enter")
        assert "step 10 · 2 of 4" in driving.text()
        assert "c2" not in driving.text()
        await driving.press("right", "escape")
        assert "▸ step 20 · c2" in driving.text()
        await driving.press("escape")
        assert len(tab.gallery.tiles()) == 1
        await driving.press("R")
        await driving.until(lambda: len(tab.gallery.columns) == 2, "the other run")
        assert "run-0 · c2" in driving.text()
        assert "run-1 · c2" in driving.text()
        await driving.press("left")
        assert "run-1 · c1" in driving.text()
        await driving.press("L", "left")
        assert "run-0 · c0" in driving.text()
        assert "run-1 · c1" in driving.text()
        assert "steps not linked" in driving.text()
        await driving.press("x")
        assert "picture A of two" in driving.text()
        assert "run-1 · step 10" in driving.text()
        await driving.press("escape", "R", "plus", "c")
        await driving.until(
            lambda: "zoom 1.5 · brightness spread" in driving.text(), "the look"
        )
        await driving.press("equals_sign", "y")
        assert driving.application.clipboard == tab.gallery.tiles()[0].digest
        await driving.press("g")
        await driving.pilot.click("GalleryView", offset=(3, 3), times=2)
        await driving.until(lambda: tab.gallery.is_solo, "the tile that was clicked")
        await driving.press("s")
        field = driving.screen.query_one("Input")
        assert field.value.endswith("x-step-0.png")
        field.value = str(tmp_path / "kept.png")
        await driving.press("enter")
        await driving.until((tmp_path / "kept.png").exists, "the file")
        assert (tmp_path / "kept.png").read_bytes() == png(0)


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x10" * 4000)
    return out.getvalue()


async def test_a_sound_is_played_and_stopped(
    store: Store, workspace: Workspace, tmp_path: Path
) -> None:
    run = log_run(workspace, 1, name="loud")
    log_files(workspace, run, SequenceKind.AUDIOS, [sound()], "wav")
    heard, player = tmp_path / "heard", tmp_path / "player"
    player.write_text(
        f"#!{sys.executable}\nimport shutil, sys, time\n"
        f"shutil.copy(sys.argv[1], '{heard}')\ntime.sleep(60)\n"
    )
    player.chmod(player.stat().st_mode | stat.S_IXUSR)
    config = Config(start_screen="runs", player=str(player))
    async with driven(store, config=config) as driving:
        await open_media(driving, run)
        await driving.until(lambda: "0.50 s · 8,000 Hz" in driving.text(), "the waveform")
        assert "p play" in driving.text()
        await driving.press("enter")
        await driving.until(lambda: "playing, p stops" in driving.text(), "the player")
        await driving.until(
            lambda: heard.exists() and heard.read_bytes() == sound(), "the sound"
        )
        await driving.press("p")
        await driving.until(lambda: "p plays" in driving.text(), "silence")
        await driving.press("p")
        player_process = driving.screen.tab._player
        await driving.until(lambda: player_process.is_running, "the player again")
    assert not player_process.is_running


def test_players_and_viewers_are_those_that_are_there() -> None:
    def has(*names: str) -> Which:
        return lambda name: f"/bin/{name}" if name in names else None

    assert player_command("", ".wav", has("aplay", "mpv"))[0] == "mpv"
    assert player_command("", ".wav", has("aplay")) == ["aplay", "-q"]
    assert player_command("", ".mp3", has("aplay")) == []
    assert player_command("my player -x", ".mp3", has()) == ["my", "player", "-x"]
    assert viewer_command("", {}, has("xdg-open"), "linux") == []
    assert viewer_command("", {"DISPLAY": ":0"}, has("xdg-open"), "linux") == ["xdg-open"]
    assert viewer_command("", {}, has(), "darwin") == ["open"]
    assert viewer_command("feh -F", {}, has(), "linux") == ["feh", "-F"]
    assert not OutsideProgram().start(["/no/such/program"], Path("x"))


def test_a_figure_is_a_page_that_holds_it_safely() -> None:
    figure = {"data": [{"y": [1, 2]}], "layout": {"title": "</script><b>"}}
    page = figure_page(figure, "a <title>")
    inside = page.split('type="application/json">')[1].split("</script>")[0]
    assert json.loads(inside) == figure
    assert "a &lt;title&gt;" in page
    assert figure_page("no json", "x")


def test_files_are_named_after_what_they_are() -> None:
    step = ObjectStep(7, None, START, ())
    context = Context.of({"subset": "val"})
    for kind, item, name in (
        (SequenceKind.IMAGES, {"digest": "d", "format": "jpeg"}, "x-y-val-step-7.jpeg"),
        (SequenceKind.FIGURES, {"data": {"data": []}}, "x-y-val-step-7.html"),
        (SequenceKind.TEXTS, {"data": "words"}, "x-y-val-step-7.txt"),
        (SequenceKind.DISTRIBUTIONS, {"data": [1]}, "x-y-val-step-7.json"),
    ):
        file = media_file(SequenceRef(1, 1, kind, "x/y", context), step, item)
        assert file is not None
        assert file.name == name
    assert media_file(SequenceRef(1, 1, SequenceKind.AUDIOS, "x", context), step, {}) is None
