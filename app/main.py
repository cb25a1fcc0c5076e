"""The application: settings in, an ASGI application out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.database import Clock, Database
from app.migrating import code_head
from app.routers import accounts, agencies, counters, devices, malls, retirements, services, staff, system, tickets
from app.security.passwords import Passwords
from app.settings import Settings
from app.web import docs, openapi, pages, problems
from app.web.callers import House
from app.web.edge import Edge
from app.web.keys import first_keyring
from app.web.limits import Limits, Rate
from app.web.metrics import Metrics
from app.web.sign_in import SignIn
from app.workers.day_end import end_days

EXPOSED = ["ETag", "Location", "Link", "Retry-After", "X-Request-Id", "Idempotency-Replayed", "Content-Language"]


def create_app(settings: Settings, database_url: str, server_key: bytes, *, clock: Clock | None = None) -> FastAPI:
    """The whole program behind one ASGI callable. It begins nothing before its lifespan does."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lambda app: _life(app, settings, database_url, server_key, clock),
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.stopping = False
    app.state.development = settings.mode == "development"
    app.state.metrics = metrics = Metrics()
    app.state.migration_head = code_head()
    for router in (
        tickets.router,
        counters.router,
        services.router,
        agencies.router,
        retirements.router,
        malls.router,
        staff.router,
        devices.router,
        accounts.router,
        system.router,
        docs.router,
        pages.router,
    ):
        app.include_router(router)
    app.mount("/docs/assets", docs.files)
    problems.install(app)
    app.add_middleware(
        Edge, metrics=metrics, https=settings.issuer.startswith("https:"), stopping=lambda: app.state.stopping
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins or (["*"] if settings.mode == "development" else []),
        allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id"],
        expose_headers=EXPOSED,
        max_age=600,
    )
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(openapi.document(app))
        return made

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to replace it
    return app


def _limits(settings: Settings) -> Limits:
    known, reads = settings.known_rate_per_second, settings.public_reads_per_second
    issues = settings.public_rate_per_minute
    return Limits(
        known=Rate(burst=10 * known, per_second=known),
        public_reads=Rate(burst=20 * reads, per_second=reads),
        public_issues=Rate(burst=issues, per_second=issues / 60),
    )


@contextlib.asynccontextmanager
async def _life(
    app: FastAPI, settings: Settings, database_url: str, server_key: bytes, clock: Clock | None
) -> AsyncIterator[None]:
    metrics: Metrics = app.state.metrics
    database = Database(
        database_url,
        clock=clock,
        pool_size=settings.database_pool_size,
        pooler=settings.database_pooler,
        watch=metrics,
    )
    metrics.watch(database)
    keys = await first_keyring(database, server_key, issuer=settings.issuer, audience=settings.audience)
    passwords = await asyncio.to_thread(Passwords, quick=settings.quick_passwords)
    app.state.house = House(
        database=database,
        keyring=keys,
        server_key=server_key,
        passwords=passwords,
        limits=_limits(settings),
        trusted_proxies=tuple(settings.trusted_proxies),
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
    )
    app.state.sign_in = SignIn(database, passwords, keys, password_grant=settings.password_grant)
    days = asyncio.create_task(end_days(database))
    try:
        yield
    finally:
        app.state.stopping = True
        days.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await days
        await database.close()
