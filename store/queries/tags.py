"""Tags: coloured labels on runs. Names are unique in a tenant, by exact text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from msgspec.structs import replace

from store.database import (
    TEXTS,
    Row,
    clean_params,
    clean_text,
    insert_rows,
    json_list,
    json_rows,
)
from store.errors import InvalidDataError, NameTakenError, NotFoundError
from store.models import Run, Tag
from store.queries.noun import TenantQueries
from store.queries.run_rows import find_runs

if TYPE_CHECKING:
    from store.core import StoreCore

_COLUMNS = {
    "id": "VARCHAR",
    "tenant": "VARCHAR",
    "name": "VARCHAR",
    "color": "VARCHAR",
    "description": "VARCHAR",
    "is_archived": "BOOLEAN",
    "created_at": "DOUBLE",
}

_LINKS = {"run_id": "INTEGER", "tag_id": "VARCHAR", "attached_at": "DOUBLE"}

_SELECT = """
SELECT t.id, t.name, t.color, t.description, t.is_archived, coalesce(l.run_count, 0)
FROM tags t
LEFT JOIN (SELECT l.tag_id, r.tenant, count(*) AS run_count
           FROM run_tags l JOIN runs r ON r.id = l.run_id GROUP BY ALL) l
       ON l.tag_id = t.id AND l.tenant = t.tenant
WHERE t.tenant = ?
"""


class TagQueries(TenantQueries):
    """Tags of one tenant."""

    def find(self, search: str = "") -> list[Tag]:
        """Tags whose name contains the text whatever the case, by creation."""
        rows = self._database.rows(
            f"{_SELECT} AND contains(lower(t.name), lower(?)) ORDER BY t.created_at, t.id",
            [self._tenant, search],
        )
        return [Tag(*row) for row in rows]

    def get(self, tag_id: str) -> Tag:
        """One tag.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND t.id = ?", [self._tenant, tag_id])
        if row is None:
            raise NotFoundError("tag", tag_id)
        return Tag(*row)

    def create(
        self, name: str, color: str | None = None, description: str | None = None
    ) -> Tag:
        """Create a tag; white space around the name goes.

        Raises:
            InvalidDataError: If the name is empty.
            NameTakenError: If the name is in use.
        """
        name = _checked_name(name)
        tag = Tag(self._core.clock.new_id(), name, color, description)

        def work(cursor: DuckDBPyConnection) -> None:
            self._check_free(cursor, name, "")
            _insert(self._core, cursor, self._tenant, [tag])

        self._core.writer.run(work, lambda _: self._core.names_changed())
        return self.get(tag.id)

    def update(
        self,
        tag_id: str,
        *,
        name: str | None = None,
        color: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> Tag:
        """Change what is given; an empty name changes nothing.

        Raises:
            NotFoundError: If there is none of this id.
            NameTakenError: If another tag has the name.
        """
        old = self.get(tag_id)
        new = replace(
            old,
            name=clean_text(name or "").strip() or old.name,
            color=old.color if color is None else color,
            description=old.description if description is None else description,
            is_archived=old.is_archived if is_archived is None else is_archived,
        )

        def work(cursor: DuckDBPyConnection) -> None:
            self._check_free(cursor, new.name, new.id)
            cursor.execute(
                "UPDATE tags SET name = ?, color = ?, description = ?, is_archived = ? "
                "WHERE id = ?",
                clean_params([new.name, new.color, new.description, new.is_archived, new.id]),
            )

        # The name of a tag shows in every run that has it.
        self._core.writer.run(work, lambda _: self._core.names_changed())
        return self.get(new.id)

    def delete(self, tag_id: str) -> None:
        """Delete a tag and take it off every run.

        Raises:
            NotFoundError: If there is none of this id.
        """
        tag = self.get(tag_id)

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute("DELETE FROM run_tags WHERE tag_id = ?", [tag.id])
            cursor.execute("DELETE FROM tags WHERE id = ?", [tag.id])

        self._core.writer.run(work, lambda _: self._core.names_changed())

    def runs(self, tag_id: str) -> list[Run]:
        """Runs that have the tag, newest first.

        Raises:
            NotFoundError: If there is no such tag.
        """
        self.get(tag_id)
        return find_runs(
            self._core,
            "r.tenant = ? AND r.id IN (SELECT run_id FROM run_tags WHERE tag_id = ?)",
            [self._tenant, tag_id],
        )

    def attach(self, run_hash: str, name: str) -> Tag:
        """Hang a tag on a run, creating it if need be; twice is the same as once.

        Raises:
            NotFoundError: If there is no such run.
            InvalidDataError: If the name is empty.
        """
        name = _checked_name(name)
        run_id = self._run_id(run_hash)

        def work(cursor: DuckDBPyConnection) -> str:
            ids = resolve_tags(self._core, cursor, self._tenant, [name])
            attach_tags(cursor, [(run_id, ids[name])], self._core.clock.now())
            return ids[name]

        def after(_: str) -> None:
            self._core.names.forget()
            self._core.runs_changed([run_id])

        tag_id = self._core.writer.run(work, after)
        return self.get(tag_id)

    def detach(self, run_hash: str, tag_id: str) -> None:
        """Take a tag off a run; nothing happens if it is not there.

        Raises:
            NotFoundError: If there is no such run.
        """
        run_id = self._run_id(run_hash)
        self._core.writer.run(
            lambda cursor: detach_tags(cursor, [(run_id, tag_id)]),
            lambda _: self._core.runs_changed([run_id]),
        )

    def _check_free(self, cursor: DuckDBPyConnection, name: str, but_id: str) -> None:
        taken = cursor.execute(
            "SELECT 1 FROM tags WHERE tenant = ? AND name = ? AND id <> ?",
            [self._tenant, name, but_id],
        ).fetchone()
        if taken:
            raise NameTakenError("tag", name)


def resolve_tags(
    core: StoreCore,
    cursor: DuckDBPyConnection,
    tenant: str,
    names: Iterable[str],
    *,
    create: bool = True,
) -> dict[str, str]:
    """Ids of tags by exact, clean name; those that are missing are created, or left out.

    Runs inside the writer's transaction.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    rows = cursor.execute(
        f"SELECT name, id FROM tags WHERE tenant = ? AND name IN {TEXTS} ORDER BY created_at",
        [tenant, json_list(wanted)],
    ).fetchall()
    ids = {str(name): str(tag_id) for name, tag_id in rows}
    if create:
        missing = [Tag(core.clock.new_id(), name) for name in wanted if name not in ids]
        _insert(core, cursor, tenant, missing)
        ids |= {tag.name: tag.id for tag in missing}
    return ids


def attach_tags(
    cursor: DuckDBPyConnection, links: Iterable[tuple[int, str]], now: float
) -> None:
    """Hang tags on runs in bulk; a tag that hangs there already is not hung twice."""
    # A microsecond apart, so that they come back in the order in which they were hung.
    rows = [
        (run_id, tag_id, now + place * 1e-6)
        for place, (run_id, tag_id) in enumerate(dict.fromkeys(links))
    ]
    if not rows:
        return
    relation, text = json_rows(_LINKS, rows)
    cursor.execute(
        "INSERT INTO run_tags (run_id, tag_id, attached_at) "
        f"SELECT run_id, tag_id, attached_at FROM {relation} u WHERE NOT EXISTS "
        "(FROM run_tags l WHERE l.run_id = u.run_id AND l.tag_id = u.tag_id)",
        [text],
    )


def detach_tags(cursor: DuckDBPyConnection, links: Iterable[tuple[int, str]]) -> None:
    """Take tags off runs in bulk."""
    rows = list(links)
    if not rows:
        return
    relation, text = json_rows({"run_id": "INTEGER", "tag_id": "VARCHAR"}, rows)
    cursor.execute(
        f"DELETE FROM run_tags USING {relation} u "
        "WHERE run_tags.run_id = u.run_id AND run_tags.tag_id = u.tag_id",
        [text],
    )


def _insert(
    core: StoreCore, cursor: DuckDBPyConnection, tenant: str, tags: Iterable[Tag]
) -> None:
    now = core.clock.now()
    rows: list[Row] = [
        (tag.id, tenant, tag.name, tag.color, tag.description, tag.is_archived, now)
        for tag in tags
    ]
    insert_rows(cursor, "tags", _COLUMNS, rows)


def _checked_name(name: str) -> str:
    name = clean_text(name).strip()
    if not name:
        raise InvalidDataError("name", "must not be empty")
    return name
