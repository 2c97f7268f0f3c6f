"""What a run printed: terminal lines and structured records, as binary streams."""

from typing import Any

from fastapi import APIRouter

from server.codec import encode_pairs
from server.deps import WorkspaceDep, parse_range
from server.responses import STREAM_RESPONSES, BinaryStream
from store.models import LogRecord

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"])

LOG_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


@router.get("/logs", response_class=BinaryStream, responses=STREAM_RESPONSES)
def run_logs(run_id: str, workspace: WorkspaceDep, record_range: str = "") -> BinaryStream:
    """Terminal lines by step; the last 200 when no range is given."""
    start, stop = parse_range(record_range) or (None, None)
    lines = workspace.logs.lines(run_id, start, stop)
    return BinaryStream(encode_pairs((line.step, line.text) for line in lines))


@router.get("/log-records", response_class=BinaryStream, responses=STREAM_RESPONSES)
def run_log_records(
    run_id: str, workspace: WorkspaceDep, record_range: str = ""
) -> BinaryStream:
    """First how many records there are, then each by its number."""
    start, stop = parse_range(record_range) or (None, None)
    total, records = workspace.logs.records(run_id, start, stop)
    pairs: list[tuple[str | int, Any]] = [("log_records_count", total)]
    pairs += [(record.number, _tree(record)) for record in records]
    return BinaryStream(encode_pairs(pairs))


def _tree(record: LogRecord) -> dict[str, Any]:
    return {
        "message": record.message,
        "log_level": LOG_LEVELS.get(record.level, "INFO"),
        "timestamp": float(record.time),
        "args": None if record.args is None else dict(record.args),
        "logger_info": record.logger_info,
        "is_notified": True,
    }
