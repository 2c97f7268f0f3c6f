"""Why a source cannot do something, in words."""

from __future__ import annotations

from app.sources.protocol import Feature, Source

_WHY = {
    Feature.WRITE: "it may only be read",
    Feature.LIVE: "this server does not say what changed, so all is read again now and then",
    Feature.STATISTICS: "this server does not tell its size and load",
    Feature.SETTINGS: "this server keeps none; they are kept on this machine",
    Feature.SERVE: "the data is on another server already",
    Feature.TRASH: "this server deletes at once",
    Feature.TOKENS: "a server of another make has tokens of its own",
    Feature.ALL_NOTES: "this server lists notes run by run only",
}


def why_missing(source: Source, feature: Feature) -> str:
    """Why a source lacks a feature; empty if it has it."""
    return "" if feature in source.features else _WHY.get(feature, "it is not offered")
