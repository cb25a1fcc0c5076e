"""Health and metrics."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.errors import MallError
from app.queries import health
from app.schemas.health import Liveness, Readiness
from app.web.dependencies import OPERATOR, Context, is_operator
from app.web.metrics import MEDIA

router = APIRouter()
READY_SECONDS = 1
FAR_BEHIND = 5000
"""Entries of all malls, half a minute of the nation's busiest hour: followers that work are not so far behind."""


@router.get("/health/live", tags=["system"])
async def check_live() -> Liveness:
    """Say that the process runs. The database is not asked."""
    return Liveness(status="pass")


@router.get("/health/ready", tags=["system"], responses={503: {"model": Readiness}})
async def check_ready(request: Request, response: Response, context: Context) -> Readiness:
    """Say whether requests can be served: the database answers and its schema fits this program.

    It fails as soon as the server is told to stop. `checks` is null for callers who may not read `/metrics`.
    A follower of the journals that is far behind is shown as a warning, and the server is ready all the same.
    """
    checks: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_SECONDS), context.database.reading() as reading:
            checks["database"] = "pass"
            head = await health.migration(reading.session)
            checks["migration"] = "pass" if head == context.migration_head else "fail"
            checks["clock"] = "fail" if context.database.is_skewed(reading.at) else "pass"
    except (MallError, TimeoutError):
        checks["database"] = "fail"
    checks["followers"] = "warn" if max(context.metrics.followers.values(), default=0) > FAR_BEHIND else "pass"
    if context.stopping:
        checks["stopping"] = "fail"
    if "fail" in checks.values():
        response.status_code = 503
    status = "fail" if "fail" in checks.values() else "pass"
    return Readiness(status=status, checks=checks if is_operator(request) else None)


@router.get("/metrics", tags=["system"], response_class=PlainTextResponse, dependencies=[OPERATOR])
async def read_metrics(context: Context) -> PlainTextResponse:
    """Read the metrics of this process, in the text format of Prometheus.

    Open to the machine itself, and to callers with the deployment's token (`MPP_METRICS_TOKEN`).
    """
    return PlainTextResponse(context.metrics.page(), media_type=MEDIA)
