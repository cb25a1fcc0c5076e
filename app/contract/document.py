"""The contract as a document (OpenAPI 3.1), made from the code: what handlers do not say, this adds for all alike."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from string import Template
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.auth.authentication import REMEMBERED_SECONDS
from app.contract import events, examples, refusals, shapes, streams
from app.contract import operations as described
from app.database.journals import ANSWER_LIFETIME
from app.domain.paces import GUESSES
from app.domain.roles import TABLE, USABLE_SCOPES
from app.domain.sign_in import ACCESS_TOKEN_LIFE, REFRESH_GRACE, REFRESH_TOKEN_LIFE
from app.queries.tickets import CLAIM_LIFE
from app.texts.introduction import INTRODUCTION, TAGS
from app.web.bodies import WHOLE_LIMIT
from app.web.etags import Encoded, etag
from app.web.paging import LIMIT
from app.web.routing import operations

VERSION = "1.0.0"


class Document:
    """The document of one program, made at the first asking."""

    def __init__(self, app: FastAPI, settings: Mapping[str, object]) -> None:
        """`settings` are the usual values of the settings, which the introduction names."""
        self._app, self._settings = app, settings

    @cached_property
    def content(self) -> dict[str, Any]:
        """As it is read."""
        return document(self._app, self._settings)

    @cached_property
    def encoded(self) -> Encoded:
        """As it goes out."""
        text = json.dumps(self.content, ensure_ascii=False).encode()
        return Encoded(text, etag(text))


def document(app: FastAPI, settings: Mapping[str, object]) -> dict[str, Any]:
    """The whole document."""
    made: dict[str, Any] = get_openapi(
        title="Mal Pelayanan Publik API",
        version=VERSION,
        openapi_version="3.1.0",
        summary="Agreements, services, counters and tickets of Indonesian public service malls",
        description=Template(INTRODUCTION).substitute(settings, **_LIMITS),
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": "/", "description": "The program that serves this document"}],
        contact={"name": "The operator of the program that serves this document"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    made = json.loads(re.sub(r"\bPage_(\w+)_\b", r"\1Page", json.dumps(made)))  # what Pydantic calls `Page[Ticket]`
    published = [each for each in operations(app) if each.route.include_in_schema]
    components = made["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    made_here = streams.schemas(published) | events.schemas() | refusals.schemas()
    components["schemas"] = dict(sorted((made_here | components["schemas"]).items()))
    components["parameters"] = {**described.PARAMETERS, **events.PARAMETERS}
    components["examples"] = refusals.examples()
    components["headers"] = described.headers(published)
    components["securitySchemes"] = _SECURITY
    for operation in published:
        for method in operation.methods:
            one = made["paths"][operation.path][method.lower()]
            described.complete(one, operation)
            examples.into(one)
    shapes.complete(made)
    made["webhooks"] = events.webhooks()
    for path in made["paths"].values():
        for one in path.values():
            shapes.say_what_answers_are(one, components["schemas"])
    components["responses"] = refusals.shared([each for path in made["paths"].values() for each in path.values()])
    written = json.dumps(made)
    for name in refusals.names():
        if f'"{shapes.REF}{name}"' not in written:  # it leaves in the words of OAuth, or where there is no operation
            del components["schemas"][name]
    for name in list(components["examples"]):
        if f'"#/components/examples/{name}"' not in written:
            del components["examples"][name]
    return made


_LIMITS = {
    "access_token_minutes": ACCESS_TOKEN_LIFE // timedelta(minutes=1),
    "refresh_token_days": REFRESH_TOKEN_LIFE.days,
    "refresh_grace_seconds": REFRESH_GRACE.seconds,
    "remembered_seconds": REMEMBERED_SECONDS,
    "claim_days": CLAIM_LIFE.days,
    "key_hours": ANSWER_LIFETIME // timedelta(hours=1),
    "body_kib": WHOLE_LIMIT >> 10,
    "page_items": LIMIT,
    "guesses": GUESSES.burst,
    "guess_seconds": GUESSES.every.seconds,
}
"""What the introduction says of limits and lifetimes, beside the settings."""
_OPENS = {scope: [verb.value for verb, row in TABLE.items() if scope in row] for scope in USABLE_SCOPES}
_SECURITY: dict[str, Any] = {
    "account": {
        "type": "oauth2",
        "description": "People: user name and password of a built-in account",
        "flows": {"password": {"tokenUrl": "/v1/oauth/token", "refreshUrl": "/v1/oauth/token", "scopes": {}}},
    },
    "client": {
        "type": "oauth2",
        "description": "Partners' systems: the id and secret of a client",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/oauth/token",
                "scopes": {scope.value: ", ".join(verbs) for scope, verbs in _OPENS.items()},
            }
        },
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token, or the key of a kiosk (`mpk_…`) or display (`mpd_…`)",
    },
    "operator": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of the deployment for its monitoring (`MPP_METRICS_TOKEN`)",
    },
}
