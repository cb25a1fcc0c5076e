"""The application: settings in, an ASGI application out."""

import asyncio
import contextlib
import importlib
import pkgutil
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

from app import routers
from app.actions import day_end
from app.auth.authentication import REMEMBERED_SECONDS, Authentication
from app.auth.issuing import WebVisitors
from app.auth.oidc import OidcIssuer
from app.auth.sign_in import SignIn
from app.auth.signing_keys import SigningKeys
from app.auth.visitors import PhoneCodes
from app.contract import docs, pages, screens
from app.contract.document import Document
from app.database import Clock, Database
from app.domain.paces import Pace
from app.feed import Feed
from app.schema_version import code_head
from app.security.passwords import Passwords
from app.settings import Settings
from app.web import problems
from app.web.board_streams import BoardStreams
from app.web.boards import Boards
from app.web.context import AppContext
from app.web.cross_origin import CrossOrigin
from app.web.kept_pages import KeptPages
from app.web.limits import Limits
from app.web.malls import Malls
from app.web.metrics import Metrics
from app.web.request_layer import RequestLayer
from app.web.routing import RouteIndex
from app.web.streams import StreamLimits, Streams
from app.web.ticket_streams import TicketStreams
from app.workers import cleanup, following
from app.workers import day_end as day_end_worker
from app.workers.deliveries import Deliveries
from app.workers.periodic import end_all, run_in_one_process, run_periodically
from app.workers.receivers import Names, Receivers
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from app.workers.service_figures import SERVICE_FIGURES

ALLOWED = [
    *("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "X-Request-Id")
]
EXPOSED = ["ETag", "Location", "Link", "Retry-After", "X-Request-Id", "Idempotency-Replayed", "Content-Language"]

USUAL = {name: field.default for name, field in Settings.model_fields.items()}
"""What settings are where nobody sets them, as the document names them."""
FOLLOWERS = [SERVICE_DAY_COUNTS, SERVICE_FIGURES]
ROUTERS = [importlib.import_module(f"app.routers.{found.name}") for found in pkgutil.iter_modules(routers.__path__)]


def create_app(
    settings: Settings,
    database_url: str,
    server_key: bytes,
    *,
    clock: Clock | None = None,
    names: Names | None = None,
    remembered_seconds: float = REMEMBERED_SECONDS,
) -> FastAPI:
    """The whole program behind one ASGI callable. It begins nothing before its lifespan does.

    Only tests move its clock, tell it where names lead, or let it forget callers sooner.
    """

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        index.begin()
        async with _context(
            settings, database_url, server_key, clock, names or Names(), remembered_seconds, document
        ) as context:
            app.state.context = context
            yield

    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=life,
        generate_unique_id_function=lambda route: route.name,
    )
    index, document = RouteIndex(app), Document(app, USUAL)
    app.openapi = lambda: document.content  # type: ignore[method-assign]  # FastAPI's own way to replace it
    for each in ROUTERS:
        app.include_router(each.router)
    for page in (docs.router, pages.router):
        app.include_router(page)
    app.mount("/docs/assets", docs.files)
    if settings.examples:
        app.mount("/examples", screens.Screens(directory=screens.EXAMPLES, html=True))
    problems.install(app)
    app.build_middleware_stack = lambda: _layers(app, index, settings)  # type: ignore[method-assign]
    return app


def _layers(app: FastAPI, index: RouteIndex, settings: Settings) -> ASGIApp:
    """What every request passes. The framework's own layers for errors, sizes and traces would do it all again."""
    inner = ExceptionMiddleware(AsyncExitStackMiddleware(index), handlers=app.exception_handlers)
    layer = RequestLayer(inner, index=index, https=settings.issuer.startswith("https:"))
    if origins := settings.cors_origins or (["*"] if settings.mode == "development" else []):
        return CrossOrigin(
            layer,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
            allow_headers=ALLOWED,
            expose_headers=EXPOSED,
            max_age=600,
        )
    return layer


def _limits(settings: Settings) -> Limits:
    known, public = settings.known_rate_per_second, settings.public_requests_per_second
    return Limits(known=Pace.per_second(known, burst=10 * known), public=Pace.per_second(public, burst=4 * public))


def _stream_limits(settings: Settings) -> StreamLimits:
    return StreamLimits(settings.streams_per_address, settings.streams_per_caller, settings.streams_per_process)


@contextlib.asynccontextmanager
async def _context(
    settings: Settings,
    database_url: str,
    server_key: bytes,
    clock: Clock | None,
    names: Names,
    remembered_seconds: float,
    document: Document,
) -> AsyncIterator[AppContext]:
    """What belongs to the program, and what it does beside its requests, while it runs."""
    metrics = Metrics()
    database = Database(
        database_url,
        before_write=day_end.end_overdue,
        clock=clock,
        pool_size=settings.database_pool_size,
        pooler=settings.database_pooler,
        observer=metrics,
    )
    feed, malls = Feed(database), Malls(database)
    signing_keys = SigningKeys(database, server_key, issuer=settings.issuer, audience=settings.audience)
    await signing_keys.begin()
    passwords = await asyncio.to_thread(Passwords, quick=settings.quick_passwords)
    issuer = None
    if settings.oidc_issuer and settings.oidc_audience:
        claim = settings.oidc_account_claim
        issuer = OidcIssuer(database, issuer=settings.oidc_issuer, audience=settings.oidc_audience, claim=claim)
    authentication = Authentication(database, signing_keys, issuer, remembered_seconds=remembered_seconds)
    boards, trusted_proxies = Boards(database, feed), tuple(settings.trusted_proxies)
    loopback = settings.mode == "development" and settings.webhooks_to_loopback
    context = AppContext(
        database=database,
        feed=feed,
        authentication=authentication,
        sign_in=SignIn(database, passwords, signing_keys, server_key, password_grant=settings.password_grant),
        web_visitors=WebVisitors(
            database,
            server_key,
            pace=Pace(settings.web_tickets_at_once, timedelta(minutes=1) / settings.web_tickets_per_minute),
            most_waiting=settings.web_tickets_waiting,
        ),
        phone_codes=PhoneCodes(database, server_key),
        signing_keys=signing_keys,
        passwords=passwords,
        malls=malls,
        boards=boards,
        kept_pages=KeptPages(database, feed, malls),
        streams=Streams(authentication, _stream_limits(settings), trusted_proxies),
        board_streams=BoardStreams(database, feed, boards),
        ticket_streams=TicketStreams(database, feed),
        limits=_limits(settings),
        metrics=metrics,
        document=lambda: document.encoded,
        server_key=server_key,
        trusted_proxies=trusted_proxies,
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        migration_head=code_head(),
        development=settings.mode == "development",
        webhooks_to_loopback=loopback,
        examples=bool(settings.examples),
    )
    metrics.watch(database, context.streams)
    receivers = Receivers(names, loopback=loopback)
    deliveries = Deliveries(database, feed, receivers, server_key, metrics.behind)
    beside = [
        asyncio.create_task(each)
        for each in (
            feed.run(),
            context.streams.run(),
            deliveries.run(),
            run_in_one_process(database, "day_end", day_end_worker.end_overdue, day_end_worker.EVERY_SECONDS),
            run_in_one_process(database, "cleanup", cleanup.clean_up, cleanup.EVERY_SECONDS),
            *(
                run_periodically(
                    each.name, partial(following.follow, database, each, metrics.behind), following.EVERY_SECONDS
                )
                for each in FOLLOWERS
            ),
        )
    ]
    try:
        yield context
    finally:
        context.stopping = True
        context.streams.end_all()
        await end_all(beside)
        await database.close()
