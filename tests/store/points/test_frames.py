"""Frames survive the round trip; damage is found and cuts the log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, strategies as st

from store.models import SequenceKind, SequenceRef
from store.points.decode import decode_log
from store.points.frames import (
    HEADER,
    Definition,
    PointColumns,
    encode_definitions,
    encode_header,
    encode_points,
)
from store.points.log import PointLog, read_log
from tests import strategies as ours


@st.composite
def batches(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, PointColumns]:
    lengths = np.array(draw(st.lists(st.integers(0, 5), min_size=1, max_size=6)), np.int32)
    ids = np.array(
        draw(st.lists(st.integers(1, 2**31 - 1), min_size=len(lengths), max_size=len(lengths))),
        np.int32,
    )
    count = int(lengths.sum())

    def column() -> np.ndarray:
        return np.array(
            draw(st.lists(ours.numbers, min_size=count, max_size=count)), np.float64
        )

    steps = draw(st.lists(st.integers(0, 2**63 - 1), min_size=count, max_size=count))
    points = PointColumns(
        np.repeat(ids, lengths), np.array(steps, np.int64), column(), column(), column()
    )
    return ids, lengths, points


definitions = st.builds(
    Definition,
    st.builds(
        SequenceRef,
        id=st.integers(1, 2**31 - 1),
        run_id=st.integers(1, 2**31 - 1),
        kind=st.sampled_from(SequenceKind),
        name=st.text(),
        context=ours.contexts,
        dtype=st.text(),
    ),
    run_hash=st.text(),
)


@given(st.lists(batches(), max_size=5), st.lists(definitions, max_size=3))
def test_what_was_written_is_read_back(
    written: list[tuple[np.ndarray, np.ndarray, PointColumns]], defined: list[Definition]
) -> None:
    data = encode_header(7) + encode_definitions(defined)
    data += b"".join(encode_points(*item) for item in written)

    contents = decode_log(data)

    assert contents is not None
    assert contents.generation == 7
    assert contents.good_bytes == len(data)
    assert contents.frame_count == 1 + len(written)
    assert contents.definitions == {item.ref.id: item for item in defined}
    points = PointColumns.joined([points for _, _, points in written])
    for name in PointColumns.__slots__:
        np.testing.assert_array_equal(getattr(contents.points, name), getattr(points, name))


@given(batches(), batches(), st.data())
def test_a_torn_or_damaged_tail_is_cut_at_the_last_good_frame(
    first: tuple[np.ndarray, np.ndarray, PointColumns],
    second: tuple[np.ndarray, np.ndarray, PointColumns],
    data: st.DataObject,
) -> None:
    good = encode_header(1) + encode_points(*first)
    frame = encode_points(*second)
    if data.draw(st.booleans(), label="torn"):
        tail = frame[: data.draw(st.integers(0, len(frame) - 1), label="cut")]
    else:
        place = data.draw(st.integers(0, len(frame) - 1), label="place")
        flip = data.draw(st.integers(1, 255), label="flip")
        tail = frame[:place] + bytes([frame[place] ^ flip]) + frame[place + 1 :]

    contents = decode_log(good + tail)

    assert contents is not None
    assert contents.good_bytes == len(good)
    np.testing.assert_array_equal(contents.points.values, first[2].values)


def test_zeros_after_the_last_frame_are_no_frame() -> None:
    # What a crashed file system may leave behind.
    contents = decode_log(encode_header(3) + bytes(4096))
    assert contents is not None
    assert contents.good_bytes == HEADER.size


def test_a_file_that_is_no_log_is_told_apart() -> None:
    assert decode_log(b"") is None
    assert decode_log(b"PAR1" * 10) is None


def test_appending_goes_on_after_the_last_good_frame(tmp_path: Path) -> None:
    path = tmp_path / "00000001.log"
    ids, lengths = np.array([5], np.int32), np.array([1], np.int32)
    point = PointColumns(
        ids, np.array([1], np.int64), np.ones(1), np.full(1, np.nan), np.full(1, np.nan)
    )
    log = PointLog.create(path, 1)
    log.append(encode_points(ids, lengths, point))
    log.close()
    with path.open("ab") as file:
        file.write(b"torn")
    torn = read_log(path)
    assert torn is not None

    log = PointLog.reopen(path, torn.good_bytes)
    log.append(encode_points(ids, lengths, point))
    log.close()

    contents = read_log(path)
    assert contents is not None
    assert contents.frame_count == len(contents.points) == 2
    assert contents.good_bytes == path.stat().st_size
