"""All routes of this API, in the order in which they are tried.

The word `runs` stands where the id of an experiment may stand, so everything under `/runs`
comes first, and `/runs/compare` before `/runs/{run_id}`.
"""

from fastapi import APIRouter

from server.matih import artifacts, compare, experiments, logs, runs
from server.matih.routes import PREFIX

router = APIRouter()
for part in (compare, runs, logs, artifacts, experiments):
    router.include_router(part.router, prefix=PREFIX)
