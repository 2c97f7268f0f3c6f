"""Charts: drawing, data change to paint, zoom, log, crosshair, a million points, idling.

    python -m tests.benchmarks.bench_charts

Times are CPU milliseconds of this process, medians of several rounds. Every picture is checked
for the spike that its data hold before it is timed, and every paint for having changed.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

import numpy as np
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from app.charts.line import LineOptions, draw_lines
from app.charts.palette import DARK
from app.charts.picture import Size
from app.charts.plot import Labels
from app.charts.scale import ScaleKind
from app.charts.smooth import smooth
from app.charts.traces import Trace
from app.widgets.chart_pointer import View
from app.widgets.chart_surface import ChartContent
from app.widgets.chart_view import ChartView
from tests.benchmarks.report import print_figure, print_machine

SIZE = Size(160, 40)
ROUNDS = 9
SHAPES = ((10, 1_000), (50, 1_000), (10, 100_000), (1, 1_000_000))
SPIKE = 5.0


def make_traces(count: int, length: int, seed: int = 0) -> tuple[Trace, ...]:
    """Noisy falling curves, each with one spike."""
    rng = np.random.default_rng(seed)
    x = np.arange(length, dtype=np.float64)
    traces = []
    for number in range(count):
        y = np.exp(-3 * x / length) + rng.normal(0, 0.02, length) + 0.1 * number / count
        y[length // 3 + 7 * number % length] = SPIKE
        traces.append(Trace(str(number), f"run {number}", x, y, DARK.color(number)))
    return tuple(traces)


class ChartApplication(App[None]):
    """One chart that fills the screen."""

    def compose(self) -> ComposeResult:
        """The chart."""
        yield ChartView()


def cpu_ms(work: Callable[[], object]) -> float:
    """Median CPU milliseconds of a call, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


async def cpu_ms_of(work: Callable[[int], Awaitable[None]]) -> float:
    """The same for something awaited; it is given the number of the round."""
    await work(-1)
    times = []
    for number in range(ROUNDS):
        start = time.process_time()
        await work(number)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def check_spike(traces: tuple[Trace, ...]) -> None:
    """Every spike must reach the top row of the plot area."""
    plot = draw_lines(traces, SIZE)
    row = plot.row_of(SPIKE)
    assert row is not None
    columns = {plot.column_of(float(trace.x[int(np.argmax(trace.y))])) for trace in traces}
    line = plot.picture.line(row)
    for column in columns:
        assert column is not None
        # A dot on the border of two cells may be in either.
        near = line[column - 1 : column + 2]
        assert any("⠀" < char <= "⣿" for char in near), near


async def settle(pilot: Pilot[None], chart: ChartView, before: object) -> None:
    """Wait until another picture was painted."""
    while chart.plot is before:
        await pilot.pause()
    await pilot.pause()


async def measure_widget() -> None:
    """Paint in a real screen, without a terminal."""
    application = ChartApplication()
    async with application.run_test(size=SIZE) as pilot:
        chart = application.query_one(ChartView)
        for count, length in SHAPES:
            traces = make_traces(count, length)
            name = f"{count} x {length:,}"

            async def change(number: int, traces: tuple[Trace, ...] = traces) -> None:
                shown = tuple(replace(trace, y=trace.y + 0.001 * number) for trace in traces)
                before = chart.plot
                chart.show_content(ChartContent("loss", shown))
                await settle(pilot, chart, before)

            print_figure(
                f"data change to paint, {name}", f"{await cpu_ms_of(change):.1f} ms CPU"
            )

            async def zoom(number: int, length: int = length) -> None:
                before = chart.plot
                chart.follow_view(View((number + 2.0, length * 0.8)))
                await settle(pilot, chart, before)

            print_figure(f"zoom to paint, {name}", f"{await cpu_ms_of(zoom):.1f} ms CPU")
            chart.follow_view(View())

            async def logarithm(number: int) -> None:
                before = chart.plot
                kind = ScaleKind.LOG if number % 2 else ScaleKind.LINEAR
                options = LineOptions(Labels(f"loss {number}"), y_kind=kind)
                chart.show_content(replace(chart.content, options=options))
                await settle(pilot, chart, before)

            print_figure(f"log to paint, {name}", f"{await cpu_ms_of(logarithm):.1f} ms CPU")

            async def point(number: int, length: int = length) -> None:
                chart.point(length * 0.4 + number)
                await pilot.pause()
                assert chart._overlay.rows

            print_figure(f"crosshair step, {name}", f"{await cpu_ms_of(point):.1f} ms CPU")
        start = time.process_time()
        await asyncio.sleep(3)
        share = (time.process_time() - start) / 3 * 100
        print_figure("idle with a chart on screen", f"{share:.1f} % of one core")


def main() -> None:
    """Print all figures."""
    print_machine()
    for count, length in SHAPES:
        traces = make_traces(count, length)
        check_spike(traces)
        name = f"{count} x {length:,}"
        drawn = cpu_ms(lambda traces=traces: draw_lines(traces, SIZE))  # type: ignore[misc]
        print_figure(f"drawing {name} at 160 x 40", f"{drawn:.1f} ms CPU")
    million = make_traces(1, 1_000_000)[0].y
    print_figure(
        "smoothing 1,000,000 points", f"{cpu_ms(lambda: smooth(million, 0.9)):.1f} ms CPU"
    )
    asyncio.run(measure_widget())


if __name__ == "__main__":
    main()
