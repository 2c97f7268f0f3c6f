"""Ingestion: matyan-client's WebSocket, presigned uploads, batches over HTTP.

These paths carry nearly all traffic while something trains, so they are dispatched before
the framework's router sees them: see `mount`.
"""

from server.ingest.mount import mount

__all__ = ["mount"]
