"""Notes: texts by people on a run, an experiment, or one point of a metric."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from store.database import Row, clean_params, clean_text
from store.errors import NotFoundError
from store.models import Context, Note
from store.queries.noun import TenantQueries

_SELECT = """
SELECT n.id, n.content, n.created_at, n.updated_at, r.hash, n.experiment_id, n.metric,
       n.context, n.step
FROM notes n LEFT JOIN runs r ON r.id = n.run_id
WHERE n.tenant = ? AND coalesce(r.tenant, n.tenant) = n.tenant
"""


class NoteQueries(TenantQueries):
    """Notes of one tenant."""

    def find(
        self,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        search: str = "",
    ) -> list[Note]:
        """Notes by creation; of one run or experiment if given, else all.

        Args:
            run_hash: Only of this run; an unknown one has no notes.
            experiment_id: Only of this experiment.
            search: Only those that contain the text, whatever the case.
        """
        rows = self._database.rows(
            f"{_SELECT} AND (? IS NULL OR r.hash = ?) AND (? IS NULL OR n.experiment_id = ?) "
            "AND contains(lower(n.content), lower(?)) ORDER BY n.created_at, n.id",
            [
                self._tenant,
                run_hash,
                run_hash,
                experiment_id,
                experiment_id,
                search,
            ],
        )
        return [_note(row) for row in rows]

    def get(self, note_id: str) -> Note:
        """One note.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND n.id = ?", [self._tenant, note_id])
        if row is None:
            raise NotFoundError("note", note_id)
        return _note(row)

    def create(
        self,
        content: str,
        *,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        metric: str | None = None,
        context: Context | None = None,
        step: int | None = None,
    ) -> Note:
        """Write a note; white space around the text goes.

        Args:
            content: The text.
            run_hash: The run that it is on, if any.
            experiment_id: The experiment that it is on, if any.
            metric: With a run: the metric that it is on.
            context: Of the metric.
            step: Of the point.

        Raises:
            NotFoundError: If there is no such run.
        """
        run_id = None if run_hash is None else self._run_id(run_hash)
        note_id, now = self._core.clock.new_id(), self._core.clock.now()
        values = [
            note_id,
            self._tenant,
            run_id,
            *clean_params([experiment_id, content.strip(), metric]),
            None if context is None else clean_text(context.text),
            step,
            now,
            now,
        ]

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                "INSERT INTO notes (id, tenant, run_id, experiment_id, content, metric, "
                "context, step, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

        self._core.writer.run(work, lambda _: self._told(run_hash))
        return self.get(note_id)

    def update(self, note_id: str, content: str) -> Note:
        """Replace the text; white space around it goes.

        Raises:
            NotFoundError: If there is none of this id.
        """
        note = self.get(note_id)
        values = [clean_text(content).strip(), self._core.clock.now(), note.id]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "UPDATE notes SET content = ?, updated_at = ? WHERE id = ?", values
            ),
            lambda _: self._told(note.run_hash),
        )
        return self.get(note_id)

    def delete(self, note_id: str) -> None:
        """Delete a note.

        Raises:
            NotFoundError: If there is none of this id.
        """
        note = self.get(note_id)
        self._core.writer.run(
            lambda cursor: cursor.execute("DELETE FROM notes WHERE id = ?", [note.id]),
            lambda _: self._told(note.run_hash),
        )

    def _told(self, run_hash: str | None) -> None:
        self._core.names.forget()
        self._core.changes.touch([] if run_hash is None else [(self._tenant, run_hash)])


def _note(row: Row) -> Note:
    return Note(
        id=row[0],
        content=row[1],
        created_at=row[2],
        updated_at=row[3],
        run_hash=row[4],
        experiment_id=row[5],
        metric=row[6],
        context=None if row[7] is None else Context(row[7]),
        step=row[8],
    )
