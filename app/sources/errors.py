"""What can go wrong between the dashboard and its data, beyond the store's own errors.

They are `StoreError`s, so a load has one thing to catch whatever the source is.
"""

from __future__ import annotations

from store.errors import StoreError


class SourceError(StoreError):
    """A server answered with something that we cannot explain better."""

    code = "source_error"

    def __init__(self, address: str, why: str) -> None:
        self.address = address
        self.why = why
        super().__init__(f"{address}: {why}")


class SourceUnavailableError(SourceError):
    """The server does not answer."""

    code = "source_unavailable"


class FeatureMissingError(StoreError):
    """The source cannot do this at all, for a reason that can be named."""

    code = "feature_missing"

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"{what} is not possible here: {why}.")
