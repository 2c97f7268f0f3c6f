"""Log lines as JSON, one object a line."""

from __future__ import annotations

import json
import logging
import time
from typing import TextIO

_OWN_MEMBERS = (
    "request_id",
    "tenant",
    "actor",
    "method",
    "path",
    "status",
    "ms",
    "client",
    "run",
)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; members of requests stand on their own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = time.gmtime(record.created)
        line = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', moment)}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {
            name: value
            for name in _OWN_MEMBERS
            if (value := getattr(record, name, None)) is not None
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logs(stream: TextIO, level: int = logging.INFO) -> None:
    """Send what runfolio logs to a stream, as JSON lines; other handlers of it go."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("runfolio")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
