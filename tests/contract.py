"""Holds every answer to the OpenAPI document: its status, its media type, its body, its problem's code."""

import re
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator
from starlette.types import Message, Receive, Scope, Send

EVENTS = "text/event-stream"
UNDOCUMENTED = ("/docs", "/openapi.json", "/problems")


def in_process(app: FastAPI, address: str) -> httpx.ASGITransport:
    """The way to a program in this process. Whoever asks for a stream leaves it when its first events have come."""

    async def left(scope: Scope, receive: Receive, send: Send) -> None:
        begun = ended = False

        async def leave() -> Message:
            return {"type": "http.disconnect"} if begun else await receive()

        async def look(message: Message) -> None:
            nonlocal begun, ended
            if message["type"] == "http.response.start":
                begun = (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
            else:
                ended = not message.get("more_body")
            await send(message)

        await app(scope, leave, look)
        if begun and not ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return httpx.ASGITransport(left, client=(address, 50_000))


class Contract:
    """The document, ready to check answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._validators: dict[int, Draft202012Validator] = {}
        self._paths = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in document["paths"]
        ]

    def client(self, app: FastAPI, address: str = "127.0.0.1", base_url: str = "http://mall.test") -> httpx.AsyncClient:
        """A client at an address, of a program in this process, that checks every answer."""
        transport = in_process(app, address)
        return httpx.AsyncClient(transport=transport, base_url=base_url, event_hooks={"response": [self.check]})

    async def check(self, answer: httpx.Response) -> None:
        """Raise AssertionError where the answer is not what the document says."""
        request = answer.request
        path, method = request.url.path, request.method.lower()
        operation = self.operation("get" if method == "head" else method, path)
        if method == "options":
            return  # a browser's question, answered by the CORS layer
        if operation is None:
            known = path == "/" or path.startswith((*UNDOCUMENTED, "/examples/"))
            assert known or answer.status_code in (404, 405, 413, 415, 429), f"{method} {path} is not in the document"
            return
        status = str(answer.status_code)
        if answer.headers.get("content-type", "").startswith(EVENTS):  # its reader holds each event to the document
            assert EVENTS in self._resolved(operation["responses"][status])["content"], f"no stream: {path}"
            return
        await answer.aread()
        where = f"{method.upper()} {path} {status}: {answer.text[:500]}"
        assert status in operation["responses"], f"undeclared status, {where}"
        declared = self._resolved(operation["responses"][status])
        assert answer.headers.get("x-request-id"), f"no request id, {where}"
        if "content" not in declared or method == "head":
            assert not answer.content, f"undeclared body, {where}"
            return
        media = answer.headers["content-type"].split(";")[0]
        assert media in declared["content"], f"undeclared media type {media}, {where}"
        if not media.endswith("json"):
            return
        body = answer.json()
        errors = list(self.validator(declared["content"][media]["schema"]).iter_errors(body))
        assert not errors, f"{errors[0].instance_path} {errors[0].message}, {where}"
        if codes := declared.get("x-codes"):
            assert body["code"] in codes, f"undeclared code, {where}"

    def check_event(self, path: str, name: str, data: Any) -> None:
        """Raise AssertionError where an event of a stream is not what the document says."""
        operation = self.operation("get", path)
        assert operation
        items = operation["responses"]["200"]["content"][EVENTS]["schema"]["contentSchema"]["items"]["anyOf"]
        shapes = {each["properties"]["event"]["const"]: each["properties"]["data"]["contentSchema"] for each in items}
        errors = list(self.validator(shapes[name]).iter_errors(data))
        assert not errors, f"{errors[0].instance_path} {errors[0].message}, {name} of {path}"

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """The operation that answers there."""
        for pattern, template in self._paths:
            if pattern.match(path) and method in self.document["paths"][template]:
                found: dict[str, Any] = self.document["paths"][template][method]
                return found
        return None

    def _resolved(self, response: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        return response

    def validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        """What holds a body to a part of the document, with the components that it refers to."""
        if id(schema) not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[id(schema)] = Draft202012Validator(whole, validate_formats=True)
        return self._validators[id(schema)]
