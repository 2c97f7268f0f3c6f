"""Artifacts: files that belong to a run.

Every upload of a path is a version of its own, so bytes are never overwritten; the newest
version is the artifact. Paths under `seq/` hold the bytes of images and audios and are not
listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from duckdb import DuckDBPyConnection
from msgspec import Struct

from store.database import INTEGERS, TEXTS, Database, clean_text, insert_rows, json_list
from store.errors import InvalidDataError, NotFoundError, StoreError
from store.models import Artifact
from store.models.operations import AttachArtifact, RegisterBlob, RunCheck
from store.queries.noun import TenantQueries
from store.registry import check_run_hash

if TYPE_CHECKING:
    from store.core import StoreCore
    from store.ingest import Ingest

DEFAULT_CONTENT_TYPE = "application/octet-stream"
SEQUENCE_PREFIX = "seq/"

_COLUMNS = {
    "run_id": "INTEGER",
    "path": "VARCHAR",
    "version": "INTEGER",
    "content_type": "VARCHAR",
    "digest": "VARCHAR",
    "size_bytes": "BIGINT",
    "created_at": "DOUBLE",
}

_FIELDS = "path, content_type, size_bytes, digest, created_at"


class ArtifactVersion(Struct, frozen=True):
    """One upload of a path."""

    path: str
    version: int
    digest: str
    content_type: str
    created_at: float


def check_artifact_path(path: str) -> str:
    """The path itself when it is relative and stays inside the run.

    Raises:
        InvalidDataError: If it does not.
    """
    why = ""
    if not path or len(path) > 2_000:
        why = "must have 1 to 2000 characters"
    elif "\0" in path or "\\" in path:
        why = "must not contain a backslash or a zero character"
    elif path.startswith("/") or any(part in {"", ".", ".."} for part in path.split("/")):
        why = "must be relative, without empty parts, '.' and '..'"
    if why:
        raise InvalidDataError("artifact_path", why)
    return clean_text(path)


class ArtifactQueries(TenantQueries):
    """Artifacts of one tenant's runs."""

    def __init__(self, core: StoreCore, tenant: str, ingest: Ingest) -> None:
        super().__init__(core, tenant)
        self._ingest = ingest

    def find(self, run_hash: str, *, all_paths: bool = False) -> list[Artifact]:
        """Artifacts of a run by path; with `all_paths` those of images and audios too.

        Raises:
            NotFoundError: If there is no such run.
        """
        rows = self._database.rows(
            f"SELECT {_FIELDS} FROM artifacts WHERE run_id = ? AND version > 0 "
            "AND (? OR NOT starts_with(path, 'seq/')) "
            "QUALIFY row_number() OVER (PARTITION BY path ORDER BY version DESC) = 1 "
            "ORDER BY path",
            [self._run_id(run_hash), all_paths],
        )
        return [Artifact(*row) for row in rows]

    def get(self, run_hash: str, path: str) -> Artifact:
        """The newest version of a path.

        Raises:
            NotFoundError: If there is no such run or path.
        """
        row = self._database.row(
            f"SELECT {_FIELDS} FROM artifacts WHERE run_id = ? AND path = ? AND version > 0 "
            "ORDER BY version DESC LIMIT 1",
            [self._run_id(run_hash), path],
        )
        if row is None:
            raise NotFoundError("artifact", path)
        return Artifact(*row)

    def open(self, run_hash: str, path: str) -> BinaryIO:
        """The bytes of the newest version, as a file open for reading.

        Raises:
            NotFoundError: If there is no such run or path.
        """
        return self._core.blobs.open(self.get(run_hash, path).digest)

    def open_version(self, run_hash: str, digest: str) -> BinaryIO:
        """The bytes of any version of any path of the run, by their digest.

        Raises:
            NotFoundError: If there is no such run, or nothing of it has this digest.
        """
        row = self._database.row(
            "SELECT 1 FROM artifacts WHERE run_id = ? AND digest = ? AND version > 0 LIMIT 1",
            [self._run_id(run_hash), clean_text(digest)],
        )
        if row is None:
            raise NotFoundError("blob", digest)
        return self._core.blobs.open(digest)

    def put(
        self,
        run_hash: str,
        path: str,
        content_type: str | None = None,
        check: RunCheck | None = None,
    ) -> ArtifactUpload:
        """Upload bytes: a context manager to write to.

        The artifact is durable and visible when the block has ended. The run is created if
        it does not exist; bytes for a deleted run are taken and dropped.

        Args:
            run_hash: The run.
            path: Relative path with forward slashes.
            content_type: Of the bytes; None for what was registered for the path, if any.
            check: What has to hold of the run when the bytes are attached; see `Ingest.submit`.

        Raises:
            InvalidDataError: If the path could leave the run, or the hash names no run.
        """
        check_run_hash(run_hash)
        path = check_artifact_path(path)
        return ArtifactUpload(
            self._core, self._ingest, run_hash, path, content_type, check=check
        )


class ArtifactUpload:
    """Streams one file to disk; attached to the run on a clean end of its `with` block."""

    def __init__(
        self,
        core: StoreCore,
        ingest: Ingest,
        run_hash: str,
        path: str,
        content_type: str | None,
        *,
        check: RunCheck | None,
    ) -> None:
        self._core = core
        self._tenant = ingest.tenant
        self._ingest = ingest
        self._run_hash = run_hash
        self._path = path
        self._content_type = content_type
        self._check = check
        self._started_at = core.clock.now()
        self._writer = core.blobs.put()

    def write(self, data: bytes) -> int:
        """Append bytes."""
        return self._writer.write(data)

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._writer.size_bytes

    def __enter__(self) -> ArtifactUpload:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.__exit__(kind, error, trace)
        if kind is not None:
            return
        digest = self._writer.digest
        attach = AttachArtifact(
            path=self._path,
            digest=digest,
            size_bytes=self._writer.size_bytes,
            content_type=self._content_type,
            started_at=self._started_at,
        )
        is_taken = False
        try:
            self._ingest.submit(self._run_hash, [attach], self._check).result()
            is_taken = bool(self._core.registry.ids_of(self._tenant, [self._run_hash]))
        finally:
            self._core.blobs.release(digest)
            if not is_taken:
                # The run was deleted or may not have the bytes. If this fails, whoever opens
                # the store next clears them away.
                with suppress(StoreError):
                    discard_unnamed(self._core, [digest]).result()


def write_artifacts(
    cursor: DuckDBPyConnection,
    operations: Sequence[tuple[int, AttachArtifact | RegisterBlob]],
    now: float,
) -> None:
    """Add versions, and set content types, in order; inside the writer's transaction."""
    if not operations:
        return
    known: dict[tuple[int, str], tuple[int, str]] = {}
    for run_id, path, version, content_type in cursor.execute(
        "SELECT run_id, path, version, content_type FROM artifacts "
        f"WHERE run_id IN {INTEGERS} AND path IN {TEXTS} ORDER BY version",
        [
            json_list({run_id for run_id, _ in operations}),
            json_list({operation.path for _, operation in operations}),
        ],
    ).fetchall():
        known[run_id, path] = (version, content_type)
    rows: dict[tuple[int, str, int], tuple[object, ...]] = {}
    for run_id, operation in operations:
        path = clean_text(operation.path)
        version, content_type = known.get((run_id, path), (-1, DEFAULT_CONTENT_TYPE))
        if isinstance(operation, RegisterBlob):
            content_type = operation.content_type
            if version < 0:
                version = 0
                rows[run_id, path, 0] = (content_type, "", 0, now)
            elif (key := (run_id, path, version)) in rows:
                rows[key] = (content_type, *rows[key][1:])
            else:
                cursor.execute(
                    "UPDATE artifacts SET content_type = ? "
                    "WHERE run_id = ? AND path = ? AND version = ?",
                    [content_type, run_id, path, version],
                )
        else:
            content_type = operation.content_type or content_type
            version = max(version, 0) + 1
            rows[run_id, path, version] = (
                content_type,
                operation.digest,
                operation.size_bytes,
                operation.started_at,
            )
        known[run_id, path] = (version, content_type)
    insert_rows(cursor, "artifacts", _COLUMNS, [(*key, *row) for key, row in rows.items()])


def find_versions(
    database: Database, run_id: int, paths: Iterable[str]
) -> dict[str, list[ArtifactVersion]]:
    """All versions of some paths of a run, oldest first."""
    found: dict[str, list[ArtifactVersion]] = {}
    for row in database.rows(
        "SELECT path, version, digest, content_type, created_at FROM artifacts "
        f"WHERE run_id = ? AND version > 0 AND path IN {TEXTS} ORDER BY path, version",
        [run_id, json_list(set(paths))],
    ):
        found.setdefault(row[0], []).append(ArtifactVersion(*row))
    return found


def discard_unnamed(core: StoreCore, digests: Iterable[str]) -> Future[set[str]]:
    """Delete those of the blobs that no artifact and no object names any more.

    Returns:
        Resolves with them when they are gone.
    """
    wanted = set(digests)

    def unnamed(cursor: DuckDBPyConnection) -> set[str]:
        named = cursor.execute(
            f"SELECT digest FROM artifacts WHERE digest IN {TEXTS} "
            f"UNION SELECT blob FROM objects WHERE blob IN {TEXTS}",
            [json_list(wanted), json_list(wanted)],
        ).fetchall()
        return wanted - {str(digest) for (digest,) in named}

    # In the writer's thread, so that nobody names one of them in between.
    return core.writer.submit(unnamed, core.blobs.discard)
