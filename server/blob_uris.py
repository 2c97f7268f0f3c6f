"""Addresses of the bytes of images and audios, as searches hand them out.

An address is the same every time, so that the web UI's cache works. It names the run, the
artifact path, and the content when that is known already: bytes that are still on their way
when a search runs are found by their path later.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from msgspec import Struct

_PREFIX = "rf."
"""No address may start with `progress`: readers would take it for a progress frame."""


class BlobUri(Struct, frozen=True):
    """What an address says."""

    run_hash: str
    path: str
    digest: str | None

    def __str__(self) -> str:
        text = "\0".join((self.run_hash, self.digest or "", self.path))
        return _PREFIX + urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_blob_uri(text: str) -> BlobUri | None:
    """The address that a text stands for; None if it is no address of ours."""
    if not text.startswith(_PREFIX):
        return None
    encoded = text.removeprefix(_PREFIX)
    try:
        decoded = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    parts = decoded.split("\0", 2)
    if len(parts) != 3:
        return None
    run_hash, digest, path = parts
    return BlobUri(run_hash, path, digest or None)
