"""The schemas of the document, as generators of clients need them."""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.texts.members import MEMBERS

Schema = dict[str, Any]
REF = "#/components/schemas/"
ANY_TEXT: Schema = {"type": "string"}
_LONGEST_DEFAULT = 60
"""A default that is longer when written out is described in words where it is declared."""


def nodes(schema: Schema) -> Iterator[Schema]:
    """A schema, and every schema within it."""
    yield schema
    below = [*schema.get("properties", {}).values(), *schema.get("prefixItems", ())]
    for word in ("anyOf", "oneOf", "allOf"):
        below += schema.get(word, ())
    for word in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(word), dict):
            below.append(schema[word])
    for each in below:
        yield from nodes(each)


def plain(schema: Schema) -> None:
    """Take out the titles that Pydantic makes of names: they say nothing, and generators name types after them."""
    for node in nodes(schema):
        node.pop("title", None)


def complete(made: dict[str, Any]) -> None:
    """Say of each schema what a client must know: what is left out of a request, what may be new in an answer."""
    schemas: dict[str, Schema] = made["components"]["schemas"]
    sent = set(_sent(made, schemas))
    for name, schema in schemas.items():
        plain(schema)
        for member, each in schema.get("properties", {}).items():
            if "description" not in each and member in MEMBERS:
                each["description"] = MEMBERS[member]
        if name in sent:
            _may_leave_out(schema)
        else:
            _may_grow(schema, schemas)


def _sent(made: dict[str, Any], schemas: dict[str, Schema]) -> Iterator[str]:
    """The names of the schemas that requests are made of."""
    operations = [each for path in made["paths"].values() for each in path.values()]
    contents = [content for each in operations for content in each.get("requestBody", {}).get("content", {}).values()]
    open_ = [content["schema"] for content in contents]
    seen: set[str] = set()
    while open_:
        for node in nodes(open_.pop()):
            name = node.get("$ref", "").removeprefix(REF)
            if name and name not in seen:
                seen.add(name)
                open_.append(schemas[name])
    yield from seen


def say_what_answers_are(operation: dict[str, Any], schemas: dict[str, Schema]) -> None:
    """An answer is what its schema is, or what the operation does; FastAPI says of each that it is successful."""
    for answer in operation["responses"].values():
        if answer.get("description") == "Successful Response":
            content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
            schema = schemas.get(content.get("schema", {}).get("$ref", "").removeprefix(REF), {})
            answer["description"] = schema.get("description", operation["summary"]).split("\n\n")[0]


def _may_leave_out(schema: Schema) -> None:
    """A default goes into the description: as `default`, generators make its member one that must be sent."""
    for member in schema.get("properties", {}).values():
        default = member.pop("default", None)
        written = default if isinstance(default, str) else json.dumps(default)
        if default not in (None, "") and len(written) <= _LONGEST_DEFAULT:
            said = member.get("description", "").rstrip(".")
            member["description"] = f"{said}{'. ' if said else ''}Default: `{written}`"


def _may_grow(schema: Schema, schemas: dict[str, Schema]) -> None:
    """An answer may have a value that a client does not know yet: a text, with the known values listed."""

    def is_enum(node: Schema) -> bool:
        return "enum" in schemas.get(node.get("$ref", "").removeprefix(REF), node)

    for node in list(nodes(schema)):
        node.pop("propertyNames", None)
        if any(is_enum(each) for each in node.get("anyOf", ())):
            listed = [dict(each) for each in node["anyOf"] if is_enum(each)]
            node["anyOf"] = [*listed, ANY_TEXT, *(each for each in node["anyOf"] if each not in (*listed, ANY_TEXT))]
        elif is_enum(node) and node is not schema and node.keys() & {"$ref", "type"}:
            said: Schema = {word: node.pop(word) for word in ("description", "examples") if word in node}
            known = dict(node)
            node.clear()
            node.update(said, anyOf=[known, ANY_TEXT])


def docstrings(kind: type[object]) -> dict[str, str]:
    """What stands under the members of a class, and of those that it is made of."""
    said: dict[str, str] = {}
    for base in getattr(kind, "__orig_bases__", ()):
        if isinstance(base, type):
            said |= docstrings(base)
    [made] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body = made.body if isinstance(made, ast.ClassDef) else []
    for member, below in pairwise(body):
        match member, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                said[name] = inspect.cleandoc(text)
    return said
