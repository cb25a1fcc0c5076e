"""Holds every answer to the OpenAPI document: its status, its media type, its body, its problem's code."""

import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

UNDOCUMENTED = ("/docs", "/openapi.json", "/problems")
DOCUMENT = "urn:mpp"


class Contract:
    """The document, ready to check answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
        self._paths = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in document["paths"]
        ]

    async def check(self, answer: httpx.Response) -> None:
        """Raise AssertionError where the answer is not what the document says."""
        request = answer.request
        path, method = request.url.path, request.method.lower()
        operation = self.operation(method, path)
        if method == "options":
            return  # a browser's question, answered by the CORS layer
        if operation is None:
            known = path == "/" or path.startswith(UNDOCUMENTED)
            assert known or answer.status_code in (404, 405, 413, 415), f"{method} {path} is not in the document"
            return
        await answer.aread()
        status = str(answer.status_code)
        where = f"{method.upper()} {path} {status}: {answer.text[:500]}"
        assert status in operation["responses"], f"undeclared status, {where}"
        declared = self._resolved(operation["responses"][status])
        assert answer.headers.get("x-request-id"), f"no request id, {where}"
        if "content" not in declared:
            assert not answer.content, f"undeclared body, {where}"
            return
        media = answer.headers["content-type"].split(";")[0]
        assert media in declared["content"], f"undeclared media type {media}, {where}"
        if not media.endswith("json"):
            return
        body = answer.json()
        errors = list(self._validator(self._pointer(declared, media)).iter_errors(body))
        assert not errors, f"{errors[0].json_path} {errors[0].message}, {where}"
        if codes := declared.get("x-codes"):
            assert body["code"] in codes, f"undeclared code, {where}"

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

    def _pointer(self, declared: dict[str, Any], media: str) -> str:
        schema = declared["content"][media]["schema"]
        if "$ref" in schema:
            return DOCUMENT + str(schema["$ref"])
        self._inline[id(schema)] = schema
        return str(id(schema))

    _inline: dict[int, dict[str, Any]] = {}

    @cache  # noqa: B019  # there is one contract a run
    def _validator(self, pointer: str) -> Draft202012Validator:
        schema = {"$ref": pointer} if pointer.startswith(DOCUMENT) else self._absolute(self._inline[int(pointer)])
        return Draft202012Validator(schema, registry=self._registry, format_checker=FormatChecker())

    def _absolute(self, schema: Any) -> Any:  # any part of a schema
        if isinstance(schema, dict):
            return {key: DOCUMENT + value if key == "$ref" else self._absolute(value) for key, value in schema.items()}
        return [self._absolute(each) for each in schema] if isinstance(schema, list) else schema
