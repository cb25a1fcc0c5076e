"""Examples for every request and answer of the document, made from the shapes themselves.

A member's own `examples` come first; then what its name usually holds; then what its type allows.
"""

from typing import Any

_DEEPEST = 8
_ID = "0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11"
_BY_NAME: dict[str, Any] = {
    "name": {"id": "Dinas Kependudukan dan Pencatatan Sipil", "en": "Population and Civil Registration Office"},
    "code": "DISDUKCAPIL",
    "service_code": "KTP-BARU",
    "counter_code": "L-07",
    "counter_name": {"id": "Loket 7", "en": "Counter 7"},
    "slug": "samarinda",
    "number": "B-012",
    "prefix": "B",
    "region": "Kota Samarinda, Kalimantan Timur",
    "operator": "DPMPTSP Kota Samarinda",
    "floor": "3",
    "claim_code": "7ZK3M9QH2RTX4B8V",
    "reason": None,
    "address": "Jl. Pahlawan, Samarinda",
    "next_cursor": None,
    "agreement_number": "100.3.7/12/DPMPTSP/2026",
    "position": 3,
    "people_ahead": 2,
    "days_left": 1132,
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZDI1NTE5In0.e30.c2ln",
    "refresh_token": "k3u0n1cQm6rYw8b2",
    "username": "petugas.disdukcapil.1",
    "request_id": "3f0c9a3be6a94c5e8d0b8a5a3c1f7e42",
    "detail": "Keterangan untuk pembaca.",
    "title": "Perjanjian Kerja Sama",
    "instance": "/v1/malls/samarinda/tickets",
    "type": "/problems/service_closed",
    "sentence": "Nomor antrean B-012, silakan menuju Loket 7.",
    "tokens": ["nomor", "antrean", "B", "nol", "satu", "dua", "silakan", "menuju", "loket", "tujuh"],
    "time_zone": "Asia/Makassar",
    "opens": "08:00",
    "closes": "15:00",
    "sequence": 4711,
    "version": 1,
    "source": "SKB 3 Menteri",
    "starts_on": "2026-01-01",
    "ends_on": "2029-12-31",
}
_BY_FORMAT = {"uuid": _ID, "date": "2026-11-24", "date-time": "2026-11-24T01:15:00.000000Z", "uri-reference": "/docs"}


class Examples:
    """Makes examples out of a document's schemas."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas

    def into(self, operation: dict[str, Any]) -> None:
        """Give an operation's request and answers their examples."""
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for each in bodies:
            for content in each.get("content", {}).values():
                if "schema" in content and "example" not in content and "examples" not in content:
                    content["example"] = self._of(content["schema"], "")

    def _of(self, schema: dict[str, Any], name: str, depth: int = 0) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912  # a JSON value
        if "$ref" in schema:
            return self._of(self._schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth)
        if schema.get("examples"):
            return schema["examples"][0]
        if "anyOf" in schema:
            if name in _BY_NAME and _BY_NAME[name] is None:
                return None
            return self._of(schema["anyOf"][0], name, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if "default" in schema and schema["default"] is not None:
            return schema["default"]
        match schema.get("type"):
            case "object":
                members = schema.get("properties", {})
                if schema.get("additionalProperties") is False:  # a request: what may be left out is left out
                    members = {key: members[key] for key in schema.get("required", ())}
                return (
                    {key: self._of(each, key, depth + 1) for key, each in members.items()} if depth < _DEEPEST else {}
                )
            case "array":
                if isinstance(_BY_NAME.get(name), list):
                    return _BY_NAME[name]
                return [self._of(schema.get("items", {}), name, depth + 1)]
            case "null":
                return None
        if isinstance(_BY_NAME.get(name), (str, int)):
            return _BY_NAME[name]
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        plain: dict[str | None, Any] = {"integer": max(1, schema.get("minimum", 1)), "boolean": True, "number": 1}
        return plain.get(schema.get("type"), "Contoh")
