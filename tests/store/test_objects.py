"""Images, texts, audios, figures and distributions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from store import Store
from store.errors import NotFoundError
from store.models import Context, ObjectStep, SequenceKind
from store.models.operations import LogObjects
from store.objects.resolve import match_versions
from store.queries.artifacts import ArtifactVersion
from store.workspace import Workspace
from tests.factories import TRAIN, VAL, StillClock, log_run, make_hash

RUN = make_hash("objects")


def log(workspace: Workspace, *operations: LogObjects) -> None:
    workspace.ingest.submit(RUN, operations).result()


def text(data: str) -> dict[str, Any]:
    return {"type": "text", "data": data}


def steps_of(
    workspace: Workspace, context: Context | None = None, **options: Any
) -> list[ObjectStep]:
    (ref,) = [
        ref
        for ref in workspace.sequences.find(RUN)
        if context is None or ref.context == context
    ]
    return workspace.objects.steps(ref.id, **options)


def test_steps_come_back(workspace: Workspace) -> None:
    log(workspace, LogObjects(SequenceKind.TEXTS, "t", step=3, epoch=1.5, items=[text("a")]))
    log(workspace, LogObjects(SequenceKind.TEXTS, "t", step=1, items=[text("b"), text("c")]))
    log(workspace, LogObjects(SequenceKind.TEXTS, "t", items=[text("d")]))
    found = steps_of(workspace)
    assert [(step.step, step.epoch) for step in found] == [(1, None), (3, 1.5), (4, None)]
    assert found[0].items == (text("b"), text("c"))


def test_a_step_logged_twice_keeps_the_last(workspace: Workspace) -> None:
    for data in ("a", "b"):
        log(workspace, LogObjects(SequenceKind.TEXTS, "t", step=0, items=[text(data)]))
    assert [step.items for step in steps_of(workspace)] == [(text("b"),)]


def test_ranges_and_thinning(workspace: Workspace) -> None:
    log(
        workspace,
        *(
            LogObjects(SequenceKind.TEXTS, "t", step=n, items=[text(str(n))])
            for n in range(200)
        ),
    )
    assert [step.step for step in steps_of(workspace, density=3)] == [0, 100, 199]
    assert len(steps_of(workspace, density=0)) == 200
    ranged = steps_of(workspace, step_range=(10, 12), density=50)
    assert [step.step for step in ranged] == [10, 11, 12]


def test_one_step(workspace: Workspace) -> None:
    log(workspace, *(LogObjects(SequenceKind.TEXTS, "t", step=n, items=[]) for n in (2, 5)))
    (ref,) = workspace.sequences.find(RUN)
    last = workspace.objects.step(ref.id)
    assert last is not None
    assert last.step == 5
    assert workspace.objects.step(ref.id, 3) is None
    assert workspace.objects.bounds([ref.id]) == {ref.id: (2, 5)}
    with pytest.raises(NotFoundError):
        workspace.objects.steps(999)


def test_a_large_figure_lies_in_a_blob(store: Store) -> None:
    figure = {"type": "figure", "data": {"x": list(range(50_000)), "t": "été \ud83d"}}
    log(store.default, LogObjects(SequenceKind.FIGURES, "f", items=[figure]))
    (step,) = steps_of(store.default)
    assert step.items[0]["data"]["x"][-1] == 49_999
    assert [path for path in (store.path / "blobs").rglob("*") if path.is_file()]
    store.default.runs.delete([RUN])
    assert not [path for path in (store.path / "blobs").rglob("*") if path.is_file()]


def test_a_large_figure_that_is_replaced_leaves_no_bytes(store: Store) -> None:
    for number in range(3):
        figure = {"type": "figure", "data": [number] * 50_000}
        log(store.default, LogObjects(SequenceKind.FIGURES, "f", step=0, items=[figure]))
    store.default.settings.set("after", "the bytes went in the writer's own time")
    assert steps_of(store.default)[0].items[0]["data"][0] == 2
    assert len([path for path in (store.path / "blobs").rglob("*") if path.is_file()]) == 1


def test_custom_objects_are_kept_and_never_listed(workspace: Workspace) -> None:
    log(workspace, LogObjects(SequenceKind.CUSTOM, "c", items=[{"any": "thing"}], dtype="Mine"))
    assert workspace.sequences.find(RUN) == []
    (ref,) = workspace.sequences.find(RUN, [SequenceKind.CUSTOM])
    assert workspace.objects.steps(ref.id)[0].items == ({"any": "thing"},)
    assert SequenceKind.CUSTOM not in workspace.projects.params().sequences


def image(path: str) -> dict[str, Any]:
    return {"type": "image", "format": "png", "s3_key": f"{RUN}/{path}"}


def upload(workspace: Workspace, path: str, data: bytes) -> None:
    with workspace.artifacts.put(RUN, path, "image/png") as file:
        file.write(data)


def bytes_of(workspace: Workspace, step: ObjectStep) -> bytes | None:
    digest = step.items[0]["digest"]
    return None if digest is None else workspace.blobs.path(digest).read_bytes()


def test_an_image_knows_its_bytes_once_they_are_there(workspace: Workspace) -> None:
    path = "seq/img/0.png"
    log(workspace, LogObjects(SequenceKind.IMAGES, "img", step=0, items=[image(path)]))
    (step,) = steps_of(workspace)
    assert (step.items[0]["digest"], step.items[0]["artifact_path"]) == (None, path)
    upload(workspace, path, b"png")
    (step,) = steps_of(workspace)
    assert bytes_of(workspace, step) == b"png"


def test_one_path_in_two_contexts_keeps_both_pictures(tmp_path: Path) -> None:
    clock = StillClock()
    path = "seq/img/0.png"
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        workspace = store.default
        for context, data in ((TRAIN, b"train"), (VAL, b"val")):
            upload(workspace, path, data)
            clock.time_s += 0.01
            log(
                workspace,
                LogObjects(SequenceKind.IMAGES, "img", context, 0, items=[image(path)]),
            )
            clock.time_s += 0.05
        assert bytes_of(workspace, steps_of(workspace, TRAIN)[0]) == b"train"
        assert bytes_of(workspace, steps_of(workspace, VAL)[0]) == b"val"
        clock.time_s += 1000
        upload(workspace, path, b"again")
        log(workspace, LogObjects(SequenceKind.IMAGES, "img", TRAIN, 0, items=[image(path)]))
        assert bytes_of(workspace, steps_of(workspace, TRAIN)[0]) == b"again"
        assert bytes_of(workspace, steps_of(workspace, VAL)[0]) == b"val"


def version(number: int, at: float) -> ArtifactVersion:
    return ArtifactVersion("p", number, str(number), "image/png", at)


times = st.lists(st.floats(0, 100), max_size=7)


@given(times, times)
def test_every_message_gets_an_upload_of_its_own_if_there_are_enough(
    messages: list[float], uploads: list[float]
) -> None:
    versions = [version(number, at) for number, at in enumerate(sorted(uploads))]
    found = match_versions(list(enumerate(messages)), versions)
    if versions:
        assert len(found) == len(messages)
    if len(versions) >= len(messages):
        in_order = [found[key].version for key in sorted(found, key=messages.__getitem__)]
        assert in_order == sorted(set(in_order))


def test_messages_and_uploads_at_the_same_times_belong_together() -> None:
    at = [1.0, 2.0, 50.0, 51.0]
    found = match_versions([("a", 2.1), ("b", 50.5)], [version(n, t) for n, t in enumerate(at)])
    assert {key: item.version for key, item in found.items()} == {"a": 1, "b": 2}


def test_sequences_of_several_kinds_are_listed(workspace: Workspace) -> None:
    run = log_run(
        workspace, 1,
        LogObjects(SequenceKind.TEXTS, "x", items=[]),
        LogObjects(SequenceKind.AUDIOS, "x", items=[]),
        metrics={"x": [1.0]},
    )  # fmt: skip
    kinds = {ref.kind for ref in workspace.sequences.find(run)}
    assert kinds == {SequenceKind.TEXTS, SequenceKind.AUDIOS, SequenceKind.METRIC}
    overview = workspace.projects.params([SequenceKind.TEXTS], with_params=False)
    assert overview.sequences == {SequenceKind.TEXTS: {"x": [{}]}}
