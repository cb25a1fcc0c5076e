"""Health and metrics."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.domain.errors import Unauthenticated
from app.errors import MallError
from app.queries import health
from app.routers.me import FAR_BEHIND
from app.schemas.health import Liveness, Readiness
from app.web.callers import TheHouse, is_operator
from app.web.declared import refuses
from app.web.metrics import MEDIA, Metrics

router = APIRouter()


READY_SECONDS = 1


@router.get("/health/live", tags=["system"])
async def check_live() -> Liveness:
    """Say that the process runs. Asks nothing of the database."""
    return Liveness(status="pass")


@router.get("/health/ready", tags=["system"], responses={503: {"model": Readiness}})
async def check_ready(request: Request, response: Response, house: TheHouse) -> Readiness:
    """Say whether requests can be served: the database answers and has the schema of this program.

    It fails from the moment at which the server is told to end. What was looked at is shown to who may read metrics.
    A follower of the journals that is far behind is shown as a warning, and the server is ready all the same.
    """
    checks: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_SECONDS), house.database.reading() as reading:
            checks["database"] = "pass"
            head = await health.migration(reading.session)
            checks["migration"] = "pass" if head == request.app.state.migration_head else "fail"
            checks["clock"] = "fail" if house.database.is_skewed(reading.at) else "pass"
    except (MallError, TimeoutError):
        checks["database"] = "fail"
    metrics: Metrics = request.app.state.metrics
    checks["followers"] = "warn" if max(metrics.followers.values(), default=0) > FAR_BEHIND else "pass"
    if request.app.state.stopping:
        checks["stopping"] = "fail"
    if "fail" in checks.values():
        response.status_code = 503
    status = "fail" if "fail" in checks.values() else "pass"
    return Readiness(status=status, checks=checks if is_operator(request) else None)


@router.get(
    "/metrics",
    tags=["system"],
    response_class=PlainTextResponse,
    responses=refuses(Unauthenticated),
    openapi_extra={"security": [{}, {"operator": []}]},
)
async def read_metrics(request: Request) -> PlainTextResponse:
    """Read what this process counts, in Prometheus' text format.

    For the machine itself, and for who shows the token that the deployment has set (`MPP_METRICS_TOKEN`).
    """
    if not is_operator(request):
        raise Unauthenticated
    metrics: Metrics = request.app.state.metrics
    return PlainTextResponse(metrics.page(), media_type=MEDIA)
