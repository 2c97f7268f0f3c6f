"""Every error that the store raises on purpose.

    StoreError
    ├── OpenError                the store cannot be used at all
    │   ├── NotAStoreError       the path exists and is something else
    │   │   └── NoStoreError     there is nothing at all
    │   ├── StoreLockedError     another process owns it
    │   ├── StoreVersionError    made by a newer program
    │   └── StoreCorruptError    a file is damaged
    ├── NotFoundError            kind and key
    ├── ConflictError            a true request at the wrong moment
    │   ├── NameTakenError
    │   └── StateConflictError
    ├── InvalidDataError         the caller's data breaks a rule
    │   └── QueryError           a query that cannot be understood
    ├── ReadOnlyError
    ├── WriteFailedError         the disk is full or refuses
    └── QueryStoppedError        cancelled, or over its limit of work

An error has fields and makes its own sentence from them: what was wrong with what,
and what to do where that is known. Driver errors never leave the store.
"""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """Base of everything the store raises on purpose."""

    code = "store_error"
    """A stable machine-readable name; renaming a class does not change it."""


class OpenError(StoreError):
    """The store cannot be used at all."""

    code = "store_unusable"


class NotAStoreError(OpenError):
    """The path exists but is no store."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(
            f"{path} is not a runfolio store: {why}. "
            "Name another folder, or a new one to create a store in."
        )


class NoStoreError(NotAStoreError):
    """There is nothing at the path, and nothing shall be made there."""

    def __init__(self, path: Path, *, is_search: bool = False) -> None:
        super().__init__(path, "there is nothing")
        if is_search:
            sentence = f"There is no store in {path} or further up. Name one with --store."
        else:
            sentence = f"There is no store at {path}. Name another folder."
        self.args = (sentence,)


class StoreLockedError(OpenError):
    """Another process owns the store."""

    code = "store_locked"

    def __init__(self, path: Path, pid: int | None = None) -> None:
        self.path = path
        self.pid = pid
        owner = f"process {pid}" if pid is not None else "another process"
        super().__init__(f"{path} is in use by {owner}. Attach to it, or stop it first.")


class StoreVersionError(OpenError):
    """The store was made by a newer version of the program."""

    def __init__(self, path: Path, found: int, supported: int) -> None:
        self.path = path
        self.found = found
        self.supported = supported
        super().__init__(
            f"{path} has format {found}, newer than the {supported} known here. "
            "Upgrade runfolio to open it."
        )


class StoreCorruptError(OpenError):
    """A file of the store is damaged."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        super().__init__(
            f"{path} is damaged: {what}. Nothing was changed; restore this file "
            "from a backup, or move it away."
        )


class NotFoundError(StoreError):
    """Nothing has this key."""

    code = "not_found"

    def __init__(self, kind: str, key: str) -> None:
        self.kind = kind
        self.key = key
        super().__init__(f"{kind.capitalize()} not found: {key}")


class ConflictError(StoreError):
    """A true request at the wrong moment."""

    code = "conflict"


class NameTakenError(ConflictError):
    """The name is in use and must be unique."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"{kind.capitalize()} with name '{name}' already exists")


class StateConflictError(ConflictError):
    """The object is in a state that does not allow this."""


class InvalidDataError(StoreError):
    """The caller's data breaks a rule of the domain."""

    code = "bad_request"

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        self.why = why
        super().__init__(f"{field}: {why}")


class QueryError(InvalidDataError):
    """A query that cannot be understood, or may not be asked."""

    code = "bad_query"

    def __init__(
        self,
        why: str,
        *,
        statement: str = "",
        line: int = 1,
        offset: int = 0,
        end_offset: int = 0,
    ) -> None:
        super().__init__("q", why)
        self.statement = statement
        """The query as the person typed it."""
        self.line = line
        """Line of the error, from 1."""
        self.offset = offset
        """Column of the error in that line, from 1; 0 if unknown."""
        self.end_offset = end_offset
        """Column where the offending text ends, from 1; 0 if unknown."""

    def __str__(self) -> str:
        return f"Invalid query syntax: {self.why}"


class ReadOnlyError(StoreError):
    """The store may not be changed through this door."""

    code = "read_only"


class WriteFailedError(StoreError):
    """The disk did not take what should have been written; nothing of it counts."""

    code = "write_failed"

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} cannot be written: {why}. Free some space and try again.")


class QueryStoppedError(StoreError):
    """Work was cancelled or ran over its limit."""

    code = "query_stopped"
