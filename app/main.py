"""The application: settings in, an ASGI application out."""

import asyncio
import contextlib
import importlib
import pkgutil
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app import routers
from app.database import Clock, Database
from app.migrating import code_head
from app.security.passwords import Passwords
from app.settings import Settings
from app.web import docs, openapi, pages, problems
from app.web.callers import House
from app.web.edge import Edge
from app.web.issuer import Issuer
from app.web.keys import Keys
from app.web.limits import Limits, Rate
from app.web.metrics import Metrics
from app.web.sign_in import SignIn
from app.workers import day_end, sweeping
from app.workers.rounds import go_round

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
    for found in pkgutil.iter_modules(routers.__path__):
        app.include_router(importlib.import_module(f"app.routers.{found.name}").router)
    for page in (docs.router, pages.router):
        app.include_router(page)
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
    keys = Keys(database, server_key, issuer=settings.issuer, audience=settings.audience)
    await keys.begin()
    passwords = await asyncio.to_thread(Passwords, quick=settings.quick_passwords)
    issuer = None
    if settings.oidc_issuer and settings.oidc_audience:
        claim = settings.oidc_account_claim
        issuer = Issuer(database, issuer=settings.oidc_issuer, audience=settings.oidc_audience, claim=claim)
    app.state.house = House(
        database=database,
        keys=keys,
        server_key=server_key,
        passwords=passwords,
        limits=_limits(settings),
        trusted_proxies=tuple(settings.trusted_proxies),
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        caller_cache_seconds=settings.caller_cache_seconds,
        issuer=issuer,
    )
    app.state.sign_in = SignIn(database, passwords, keys, password_grant=settings.password_grant)
    beside = [
        asyncio.create_task(go_round(database, day_end.end_overdue, day_end.EVERY_SECONDS)),
        asyncio.create_task(go_round(database, sweeping.sweep, sweeping.EVERY_SECONDS)),
    ]
    try:
        yield
    finally:
        app.state.stopping = True
        for each in beside:
            each.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await database.close()
