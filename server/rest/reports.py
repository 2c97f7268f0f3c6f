"""Reports: written pages with live charts."""

from fastapi import APIRouter, Response

from server.deps import WorkspaceDep
from server.flavours import FlavourDep
from server.responses import deleted
from server.schemas.common import error_responses
from server.schemas.nouns import ReportIn, ReportOut, ReportUpdateIn
from store.models import Report

router = APIRouter(prefix="/reports", tags=["reports"])


@router.get("")
def reports_find(workspace: WorkspaceDep) -> list[ReportOut]:
    """All reports."""
    return [_report(report) for report in workspace.reports.find()]


@router.post("", status_code=201)
def report_create(new: ReportIn, workspace: WorkspaceDep) -> ReportOut:
    """Write a report."""
    created = workspace.reports.create(
        new.name, code=new.code or "", description=new.description or ""
    )
    return _report(created)


@router.get("/{report_id}", responses=error_responses(404))
def report_get(report_id: str, workspace: WorkspaceDep) -> ReportOut:
    """One report."""
    return _report(workspace.reports.get(report_id))


@router.put("/{report_id}", responses=error_responses(404))
def report_update(
    report_id: str, changed: ReportUpdateIn, workspace: WorkspaceDep
) -> ReportOut:
    """Change what was sent."""
    updated = workspace.reports.update(
        report_id, name=changed.name, code=changed.code, description=changed.description
    )
    return _report(updated)


@router.delete("/{report_id}", status_code=204, responses=error_responses(404))
def report_delete(report_id: str, workspace: WorkspaceDep, flavour: FlavourDep) -> Response:
    """Delete a report."""
    workspace.reports.delete(report_id)
    return deleted(report_id, flavour)


def _report(report: Report) -> ReportOut:
    return ReportOut(
        id=report.id,
        name=report.name,
        code=report.code,
        description=report.description,
        updated_at=report.updated_at,
        created_at=report.created_at,
    )
