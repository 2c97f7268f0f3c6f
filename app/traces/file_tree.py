"""Artifacts as the rows of a tree of folders that can be folded and searched. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from store.models import Artifact


class FileRow(Struct, frozen=True):
    """A file, or a folder with what lies in it."""

    path: str
    """Of a folder with a slash at its end."""
    name: str
    depth: int
    size_bytes: int
    file_count: int
    artifact: Artifact | None = None
    """None for a folder."""
    is_folded: bool = False


def file_rows(
    artifacts: Sequence[Artifact], folded: Collection[str] = (), needle: str = ""
) -> list[FileRow]:
    """The rows in the order of the tree: folders and files by name.

    Args:
        artifacts: The files.
        folded: Folders whose contents are hidden.
        needle: Only files with this in their path; folding does not count then.
    """
    wanted = needle.lower()
    found = [each for each in artifacts if wanted in each.path.lower()]
    return _rows(found, "", 0, frozenset() if wanted else frozenset(folded))


def _rows(
    artifacts: Sequence[Artifact], prefix: str, depth: int, folded: frozenset[str]
) -> list[FileRow]:
    folders: dict[str, list[Artifact]] = {}
    files: list[Artifact] = []
    for each in artifacts:
        head, slash, _ = each.path[len(prefix) :].partition("/")
        if slash:
            folders.setdefault(head, []).append(each)
        else:
            files.append(each)
    rows = []
    for name in sorted(folders):
        inside, path = folders[name], f"{prefix}{name}/"
        size = sum(each.size_bytes for each in inside)
        is_folded = path in folded
        rows.append(FileRow(path, f"{name}/", depth, size, len(inside), None, is_folded))
        if not is_folded:
            rows += _rows(inside, path, depth + 1, folded)
    for each in sorted(files, key=lambda artifact: artifact.path):
        name = each.path[len(prefix) :]
        rows.append(FileRow(each.path, name, depth, each.size_bytes, 1, each))
    return rows
