"""A query for use elsewhere: as Python, as an address, as a command. Pure."""

from __future__ import annotations

import json
import shlex
from urllib.parse import quote

from msgspec import Struct

from app.querying.plain_words import understood_everywhere

SEARCH = "/api/v1/rest/runs/search"


class Snippet(Struct, frozen=True):
    """One way to use a query elsewhere."""

    id: str
    title: str
    help: str
    text: str


def snippets(
    query: str, address: str, *, store: str = "", of_metrics: bool = False
) -> list[Snippet]:
    """All ways to use a query elsewhere.

    Args:
        query: In the query language, no plain words.
        address: Of the server that has the data, such as `http://127.0.0.1:53800`.
        store: Path of the store, if it is open here: a command finds it without a server.
        of_metrics: Whether metrics are searched rather than runs.
    """
    kind = "metric" if of_metrics else "run"
    method = "query_metrics" if of_metrics else "query_runs"
    portable = understood_everywhere(query)
    text = json.dumps(portable, ensure_ascii=False)
    url = f"{address}{SEARCH}/{kind}/?q={quote(portable)}"
    matyan = (
        "from matyan_client import Repo\n\n"
        f"repo = Repo({json.dumps(address)})\n"
        f"found = repo.{method}({text})\n"
    )
    aim = (
        "from aim import Repo\n\n"
        'repo = Repo("aim://HOST:PORT")\n'
        f"for found in repo.{method}({text}).iter_runs():\n"
        "    print(found.run.hash, found.run.name)\n"
    )
    quoted = portable.replace("'", "'\\''")
    shell = f"runfolio runs -s {shlex.quote(store or address)} -q '{quoted}'"
    return [
        Snippet("python", "Python", "with matyan_client", matyan),
        Snippet("aim", "Python for Aim", "the same query with Aim's own package", aim),
        Snippet("url", "Address", "of the REST API", url),
        Snippet("shell", "Command", "prints the runs in a shell", shell),
        Snippet("query", "Query", "as it is asked", query),
    ]
