"""The `Host` and `Origin` of a request: protection from pages of other sites.

A page that has made its own name point to this machine (DNS rebinding) can be told by the
`Host` it sends: an address in digits or a name of ours is fine, any other name is not.
A page of another origin that writes gives itself away by `Origin`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

ANY = "*"


class HostPolicy:
    """Which names a server answers to."""

    def __init__(self, bound_host: str, allowed_hosts: Iterable[str]) -> None:
        self._names = {"localhost", bound_host.lower(), socket.gethostname().lower()}
        self._names |= {name.lower().rstrip(".") for name in allowed_hosts}

    def allows(self, host: str | None) -> bool:
        """Whether a `Host` header may be answered; HTTP/1.0 may leave it out."""
        if host is None or ANY in self._names:
            return True
        name = host_name(host)
        return name in self._names or name.endswith(".localhost") or _is_address(name)


class OriginPolicy:
    """Which web pages may write."""

    def __init__(self, cors_origins: Iterable[str]) -> None:
        self._origins = {origin.lower().rstrip("/") for origin in cors_origins}

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this origin may write; programs send no origin."""
        if origin is None or ANY in self._origins:
            return True
        if origin.lower() in self._origins:
            return True
        return host is not None and urlsplit(origin).netloc.lower() == host.lower()


def host_name(host: str) -> str:
    """The name in a `Host` header, without port and brackets, in lower case."""
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
