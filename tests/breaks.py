"""What of an OpenAPI document breaks those who build on an earlier one. `make released` keeps the earlier one.

One question, asked in two directions: may everything that one side says still be taken by the other? A request of
yesterday must be taken by today's program, an answer or event of today by yesterday's client. Beside that, what had a
name keeps it, because generated clients are written with names: members, values, codes, schemas, operations.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from tests.servers import ROOT

Json = dict[str, Any]
CURRENT, RELEASED = ROOT / "openapi" / "openapi.json", ROOT / "openapi" / "released.json"
SILENT = {"description", "summary", "title", "example", "examples", "deprecated", "externalDocs", "contact", "license"}
"""What programs do not go by."""
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
PARTS = {
    "properties",
    "required",
    "additionalProperties",
    "items",
    "propertyNames",
    "anyOf",
    "enum",
    "const",
    "type",
    "contentSchema",
}


def shape(part: Any, *, names: bool = False) -> Any:
    """A document without its words. Where the keys are names (of members, say), none of them is a word."""
    if isinstance(part, dict):
        within = {key: shape(each, names=not names and key == "properties") for key, each in part.items()}
        return within if names else {key: each for key, each in within.items() if key not in SILENT}
    return [shape(each) for each in part] if isinstance(part, list) else part


def breaks(old: Json, new: Json) -> list[str]:
    """A sentence for each thing that would break who builds on the old document. Both are shapes."""
    return list(dict.fromkeys(_Comparison(old, new).sentences()))


class _Comparison:
    """Two documents, side by side."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._asked, self._answered = _Schemas(old, new, asked=True), _Schemas(old, new, asked=False)
        self._shared: set[str] = set()

    def sentences(self) -> Iterator[str]:
        """All of it."""
        for name in ("servers", "openapi"):
            if self._old.get(name) != self._new.get(name):
                yield f"`{name}` is another"
        yield from self._operations()
        yield from self._events()
        yield from self._names()
        yield from self._answered.unseen(self._asked.seen)

    def _operations(self) -> Iterator[str]:
        for path, of in self._old["paths"].items():
            for method, operation in of.items():
                now = self._new["paths"].get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                yield from [f"{where} is gone"] if now is None else self._operation(where, operation, now)

    def _events(self) -> Iterator[str]:
        for name, of in self._old.get("webhooks", {}).items():
            now = self._new.get("webhooks", {}).get(name, {})
            for method, event in of.items():
                where = f"the event {name}"
                if method not in now:
                    yield f"{where} is gone"
                else:
                    yield from self._contents(where, event, now[method], "requestBody", self._answered)

    def _names(self) -> Iterator[str]:
        then, now = self._old["components"], self._new["components"]
        for kind in ("schemas", "securitySchemes"):
            yield from (f"{name} is no longer among the {kind}" for name in then[kind] if name not in now[kind])
        for name, scheme in then["securitySchemes"].items():
            if not _kept(scheme, now["securitySchemes"].get(name, scheme)):
                yield f"the security scheme {name} is another"

    def _operation(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where} was {old['operationId']}, is {new['operationId']}"
        for each in ("security", "x-roles"):
            for who in old.get(each, []):
                if who not in new.get(each, []):
                    yield f"{where} no longer takes {json.dumps(who)}"
        yield from self._parameters(where, old, new)
        body, now = old.get("requestBody"), new.get("requestBody")
        if now and now.get("required") and not (body and body.get("required")):
            yield f"{where} requires a body now"
        if body:
            yield from self._contents(f"{where}, body", old, new, "requestBody", self._asked)
        yield from self._answers(where, old["responses"], new["responses"])

    def _answers(self, where: str, old: Json, new: Json) -> Iterator[str]:
        for status, answer in old.items():
            if status not in new:
                yield f"{where} no longer answers {status}"
                continue
            now, name = new[status], f"{where} {status}"
            if "$ref" in answer and answer == now:
                name = answer["$ref"].rsplit("/", 1)[1]
                if name in self._shared:
                    continue
                self._shared.add(name)
            yield from self._answer(name, _resolved(self._old, answer), _resolved(self._new, now))
        for status in new.keys() - old.keys():
            if status[0] == "2":
                yield f"{where} answers {status} now, which nobody expects"

    def _answer(self, where: str, old: Json, new: Json) -> Iterator[str]:
        for code in old.get("x-codes", []):
            if code not in new.get("x-codes", []):
                yield f"{where} has no code `{code}` any more"
        for name, header in old.get("headers", {}).items():
            now = new.get("headers", {}).get(name)
            if now is None:
                yield f"{where} has no header {name} any more"
            else:
                schemas = (_resolved(self._old, header)["schema"], _resolved(self._new, now)["schema"])
                yield from self._answered.node(f"{where} {name}", *schemas)
        yield from self._contents(where, {"answer": old}, {"answer": new}, "answer", self._answered)

    def _parameters(self, where: str, old: Json, new: Json) -> Iterator[str]:
        then, now = (
            {(each["in"], each["name"]): each for each in (_resolved(of, one) for one in operation["parameters"])}
            for of, operation in ((self._old, old), (self._new, new))
        )
        for key, each in now.items():
            if each.get("required") and not then.get(key, {}).get("required"):
                yield f"{where} requires the parameter {key[1]} now"
        for key, each in then.items():
            if key not in now:
                yield f"{where} has no parameter {key[1]} any more"
                continue
            ways = ({k: v for k, v in one.items() if k not in ("required", "schema")} for one in (each, now[key]))
            if next(ways) != next(ways):
                yield f"{where} takes the parameter {key[1]} in another way"
            yield from self._asked.node(f"{where} {key[1]}", each["schema"], now[key]["schema"])

    def _contents(self, where: str, old: Json, new: Json, member: str, schemas: "_Schemas") -> Iterator[str]:
        kept = new.get(member, {}).get("content", {})
        for media, content in old.get(member, {}).get("content", {}).items():
            if media not in kept:
                yield f"{where}: no {media} any more"
                continue
            yield from schemas.node(where, content.get("schema", {}), kept[media].get("schema", {}))


class _Schemas:
    """The schemas of two documents, as they are asked (in requests) or answered (in answers and events)."""

    def __init__(self, old: Json, new: Json, *, asked: bool, by_name: bool = True) -> None:
        """`by_name`: what had a name keeps it. It is not asked of what is new, such as the problem of a new code."""
        self._old, self._new, self._is_asked, self._by_name = old, new, asked, by_name
        self._known: dict[tuple[str, str], list[str]] = {}
        self.seen: set[str] = set()

    def unseen(self, elsewhere: set[str]) -> Iterator[str]:
        """What no operation names, such as what streams send, is answered."""
        for name in sorted(self._old["components"]["schemas"].keys() & self._new["components"]["schemas"].keys()):
            ref = _REF + name
            if ref not in self.seen | elsewhere:
                yield from self.node(name, {"$ref": ref}, {"$ref": ref})

    def node(self, where: str, old: Json, new: Json) -> list[str]:
        """A place in both documents: its choices, compared by name, and those without a namesake by what they are."""
        then, now = list(_choices(old)), list(_choices(new))
        named = [each for each in then if "$ref" in each and each in now]
        open_ = {"type": "string"} in then and not self._is_asked
        said = [sentence for each in named for sentence in self._same(each["$ref"], may_grow=open_)]
        left, came = ([each for each in some if each not in named] for some in (then, now))
        said += self._lost(where, left, now)
        shaped = [each for each in left if "properties" in _resolved(self._old, each)]
        others = [each for each in came if "properties" in _resolved(self._new, each)]
        if len(shaped) == len(others) == 1:  # the same under another name
            said += self._pair(where, shaped[0], others[0])
            left.remove(shaped[0])
            came.remove(others[0])
        else:
            said += [f"{where}: no {each.get('$ref', 'object').removeprefix(_REF)} any more" for each in shaped]
        given, taken = (left, now) if self._is_asked else (came, then)
        for one in given:
            pairs = [(one, each) if self._is_asked else (each, one) for each in taken]
            within = self if self._is_asked or not self._by_name else self._unnamed
            tried = [within._pair(where, *pair) for pair in pairs if self._alike(*pair)]  # noqa: SLF001  # its like
            best: list[str] = min(tried, key=len, default=[f"{where}: {json.dumps(one)} is not in {json.dumps(taken)}"])
            said += best
        return said

    @cached_property
    def _unnamed(self) -> "_Schemas":
        return _Schemas(self._old, self._new, asked=False, by_name=False)

    def _same(self, ref: str, *, may_grow: bool) -> list[str]:
        """A schema that both name. A list of values may grow where any other text may stand beside it."""
        self.seen.add(ref)
        if may_grow and "enum" in _resolved(self._old, {"$ref": ref}):
            return self._lost(ref.removeprefix(_REF), [{"$ref": ref}], [{"$ref": ref}])
        return self._component(ref, ref)

    def _lost(self, where: str, old: list[Json], new: list[Json]) -> list[str]:
        lost = _values(self._old, old) - _values(self._new, new) if self._by_name or self._is_asked else ()
        return [f"{where}: no value {value} any more" for value in sorted(lost)]

    def _alike(self, old: Json, new: Json) -> bool:
        given, taken = self._sides(_resolved(self._old, old), _resolved(self._new, new))
        return "type" not in taken or given.get("type") in (taken["type"], *["integer"] * (taken["type"] == "number"))

    def _sides(self, old: Any, new: Any) -> tuple[Any, Any]:
        """Who says it, who must take it."""
        return (old, new) if self._is_asked else (new, old)

    def _pair(self, where: str, old: Json, new: Json) -> list[str]:
        if "$ref" in old and "$ref" in new:
            return self._component(old["$ref"], new["$ref"])
        return self._one(where, _resolved(self._old, old), _resolved(self._new, new))

    def _component(self, old: str, new: str) -> list[str]:
        if (old, new) not in self._known:
            self._known[old, new] = []  # what refers to itself has been looked at by then
            then, now = _resolved(self._old, {"$ref": old}), _resolved(self._new, {"$ref": new})
            compared = self.node if "anyOf" in then or "anyOf" in now else self._one
            self._known[old, new] = compared(old.removeprefix(_REF), then, now)
        return self._known[old, new]

    def _one(self, where: str, old: Json, new: Json) -> list[str]:
        given, taken = self._sides(old, new)
        side = "taken" if self._is_asked else "sent"

        def other(key: str) -> str:
            return f"{where}: {key} is {json.dumps(new.get(key))}, was {json.dumps(old.get(key))} ({side})"

        said = [other("type")] if not self._alike(old, new) else []
        said += self._lost(where, [old], [new])
        named = _values(self._old, [old])
        added = sorted(_values(self._new, [new]) - named)
        if self._is_asked and added and not named:
            said.append(f"{where}: only {', '.join(added)} now")
        elif not self._is_asked and named:
            said += [f"{where}: the value {value}, in a list that was closed" for value in added]
        for keys, worse in ((LEAST, _more), (MOST, _less)):
            said += [other(key) for key in keys if key in taken and worse(taken[key], given.get(key))]
        rest = (old.keys() | new.keys()) - PARTS - {*LEAST, *MOST}
        said += [other(key) for key in sorted(rest) if key in taken and given.get(key) != taken[key]]
        said += self._members(where, old, new)
        for key in ("items", "propertyNames", "additionalProperties"):
            then, now = (each.get(key, {}) if each.get(key) is not True else {} for each in (old, new))
            if then is False or now is False:
                said += [other(key)] if self._sides(then, now)[1] is False and then != now else []
            elif then or now:
                said += self.node(f"{where}[]", then, now)
        said += self._written(where, old.get("contentSchema", {}), new.get("contentSchema", {}))
        return said

    def _written(self, where: str, old: Json, new: Json) -> Iterable[str]:
        """What is written in a text. The events of a stream have names, and may become more."""
        if "items" not in old:
            yield from self.node(where, old, new) if old or new else []
            return
        then, now = ({each["properties"]["event"]["const"]: each for each in of["items"]["anyOf"]} for of in (old, new))
        for name, event in then.items():
            if name in now:
                yield from self._one(f"{where} {name}", event, now[name])
            else:
                yield f"{where}: no event {name} any more"

    def _members(self, where: str, old: Json, new: Json) -> Iterable[str]:
        then, now = old.get("properties", {}), new.get("properties", {})
        if self._by_name:
            yield from (f"{where}.{name} is gone" for name in then if name not in now)
        given, taken = self._sides(set(old.get("required", [])), set(new.get("required", [])))
        for name in sorted(taken - given):
            if self._is_asked or name in now or not self._by_name:  # otherwise it is gone
                yield f"{where}.{name} is required now" if self._is_asked else f"{where}.{name} may be left out now"
        if not self._is_asked and old.get("additionalProperties") is False:
            yield from (f"{where}.{name}, in an object that was closed" for name in now if name not in then)
        for name in then:
            if name in now:
                yield from self.node(f"{where}.{name}", then[name], now[name])


_REF = "#/components/schemas/"


def _resolved(document: Json, part: Json) -> Json:
    while "$ref" in part:
        kind, name = part["$ref"].split("/")[-2:]
        part = document["components"][kind][name]
    return part


def _choices(schema: Json) -> Iterator[Json]:
    """What a value may be, one by one."""
    if isinstance(schema.get("type"), list):
        yield from ({**schema, "type": each} for each in schema["type"])
    elif "anyOf" in schema:
        beside = {key: each for key, each in schema.items() if key != "anyOf"}
        for each in schema["anyOf"]:
            yield from _choices(each if "$ref" in each else {**beside, **each})
    else:
        yield schema


def _values(document: Json, choices: list[Json]) -> set[str]:
    """The values that are named there."""
    found = [_resolved(document, each) for each in choices]
    return {
        json.dumps(value) for each in found for value in each.get("enum", [each["const"]] if "const" in each else [])
    }


def _kept(old: Any, new: Any, key: str = "") -> bool:
    """Whether what a scheme says is still said. Scopes may be added, and told in other words."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and (key == "scopes" or _kept(old[name], new[name], name)) for name in old)
    return bool(old == new)


def _more(taken: float, given: float | None) -> bool:
    return given is None or taken > given


def _less(taken: float, given: float | None) -> bool:
    return given is None or taken < given


def may_break(old: Json, new: Json) -> bool:
    """Whether the new one says itself that it is another contract, by the first number of its version."""
    then, now = (int(each["info"]["version"].split(".")[0]) for each in (old, new))
    return now > then


def main() -> None:
    """Keep today's document as the released one; after the first release, only one that breaks nobody."""
    released, current = (shape(json.loads(each.read_text("utf-8"))) for each in (RELEASED, CURRENT))
    found = breaks(released, current)
    print("\n".join(found) or "Nothing is broken.")
    was_released = re.search(r"^## \d", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    if found and was_released and not may_break(released, current):
        sys.exit("A release that breaks somebody has a version with a new first number; this one has not.")
    RELEASED.write_text(json.dumps(current, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
