"""Health, sign-in, and who is asking."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse

from app import models, schemas
from app.domain.accounts import RateLimited, Unauthenticated, UnsupportedGrantType
from app.domain.agencies import NotThere
from app.errors import MallError
from app.queries import counters, malls, system
from app.texts.problems import DETAILS, TITLES
from app.web.callers import STRANGER, Anybody, TheHouse, address, is_operator
from app.web.declared import refuses
from app.web.metrics import MEDIA, Metrics
from app.web.problems import all_facts, status_of
from app.web.sign_in import SignIn, credentials

router = APIRouter()
READY_SECONDS = 1


@router.get("/health/live", tags=["system"])
async def check_live() -> schemas.Liveness:
    """Say that the process runs. Asks nothing of the database."""
    return schemas.Liveness(status="pass")


@router.get("/health/ready", tags=["system"], responses={503: {"model": schemas.Readiness}})
async def check_ready(request: Request, response: Response, house: TheHouse) -> schemas.Readiness:
    """Say whether requests can be served: the database answers and has the schema of this program.

    It fails from the moment at which the server is told to end. What was looked at is shown to who may read metrics.
    """
    checks: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_SECONDS), house.database.reading() as reading:
            checks["database"] = "pass"
            head = await system.migration(reading.session)
            checks["migration"] = "pass" if head == request.app.state.migration_head else "fail"
            heads = await system.heads(reading.session)
            checks["clock"] = "fail" if house.database.is_skewed(heads, reading.at) else "pass"
    except (MallError, TimeoutError):
        checks["database"] = "fail"
    if request.app.state.stopping:
        checks["stopping"] = "fail"
    if "fail" in checks.values():
        response.status_code = 503
    status = "fail" if "fail" in checks.values() else "pass"
    return schemas.Readiness(status=status, checks=checks if is_operator(request) else None)


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


@router.get("/problems/{code}", tags=["system"])
async def explain_problem(code: str) -> schemas.Explanation:
    """Explain a problem's code in both languages."""
    kind = next((each for each in all_facts() if each.code == code), None)
    if kind is None:
        raise NotThere(thing="problem")
    return schemas.Explanation.model_validate(
        {"code": code, "status": status_of(kind), "title": TITLES[code], "detail": DETAILS[code]}
    )


@router.post("/v1/oauth/token", tags=["sign-in"], dependencies=[STRANGER])
async def issue_token(
    request: Request,
    house: TheHouse,
    grant_type: Annotated[str, Form(description="`password`, `refresh_token` or `client_credentials`")],
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200, json_schema_extra={"format": "password"})] = "",
    refresh_token: Annotated[str, Form(max_length=200)] = "",
    client_id: Annotated[str, Form(max_length=100)] = "",
    client_secret: Annotated[str, Form(max_length=200, json_schema_extra={"format": "password"})] = "",
    scope: Annotated[str, Form(max_length=500, description="A client's: what of its scopes it asks for")] = "",
) -> schemas.Token | schemas.ClientToken:
    """Sign in with a password, go on with a refresh token, or come as a partner's system (RFC 6749).

    An access token is good for 15 minutes. A refresh token is used once; the answer brings the next one.
    A client shows its secret in the header (`client_secret_basic`) or the form, and has no refresh token.
    """
    sign_in: SignIn = request.app.state.sign_in
    match grant_type:
        case "password":
            return await sign_in.with_password(username, password, address(request))
        case "refresh_token":
            return await sign_in.with_refresh_token(refresh_token)
        case "client_credentials":
            shown = credentials(request.headers.get("authorization", ""), client_id, client_secret)
            return await sign_in.with_client_secret(shown, scope, address(request))
        case _:
            raise UnsupportedGrantType


@router.post(
    "/v1/oauth/revoke",
    tags=["sign-in"],
    response_class=Response,
    dependencies=[STRANGER],
    responses=refuses(RateLimited),
)
async def revoke_token(request: Request, token: Annotated[str, Form(min_length=1, max_length=2000)]) -> Response:
    """Sign out: end a refresh token and all that came from the same sign-in (RFC 7009)."""
    await request.app.state.sign_in.out(token)
    return Response(status_code=200)


@router.get("/v1/me", tags=["sign-in"])
async def get_me(request: Request, caller: Anybody, house: TheHouse) -> schemas.Me:
    """Say who is asking: the grants, a device's mall and place, and the counter that is open today."""
    if caller.id is None:
        raise Unauthenticated
    house.limits.pace(caller, address(request))
    mall_ids = {grant.mall_id for grant in caller.grants if grant.mall_id}
    async with house.database.reading() as reading:
        refs = {each.id: each for each in await malls.refs(reading.session, mall_ids)}
    own = list(refs.values())
    counter_id = device = client = None
    for mall in own:
        async with house.database.reading(mall) as reading:
            if caller.kind == "device":
                device = await reading.session.get(models.Device, (mall.id, caller.id))
            elif caller.kind == "client":
                client = await reading.session.get(models.Client, (mall.id, caller.id))
            elif session := await counters.session_of(reading, caller.id):
                counter_id = session.counter_id
    return schemas.Me(
        kind=caller.kind,
        id=caller.id,
        username=caller.username,
        grants=[
            schemas.Grant(
                role=grant.part, mall=refs[grant.mall_id].slug if grant.mall_id else None, agency_id=grant.agency_id
            )
            for grant in caller.grants
        ],
        mall=own[0].slug if device or client else None,
        device=device and schemas.MyDevice.model_validate(device),
        client=client and schemas.MyClient.model_validate(client),
        counter_id=counter_id,
    )
