"""What a later version may add, given to every operation of the Python client: new values, codes and members."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from mpp_client import Client
from mpp_client.generated.models import OAuthProblem, Problem

NEW = "unheard_of"
document = json.loads(Path(sys.argv[1]).read_text("utf-8"))
client = Client(base_url="http://nowhere")


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document where it stands once."""
    while "$ref" in part:
        kind, name = part["$ref"].split("/")[-2:]
        part = document["components"][kind][name]
    return part


def later(schema: dict[str, Any], value: Any) -> Any:
    """A value as a later version may send it: a new word from every open list, one more member in every object."""
    schema = resolved(schema)
    choices = [resolved(each) for each in schema.get("anyOf", [])]
    if any("enum" in each for each in choices) and isinstance(value, str):
        return NEW
    for each in choices:
        value = later(each, value)
    if isinstance(value, list):
        return [later(schema.get("items", {}), each) for each in value]
    if isinstance(value, dict) and "properties" in schema:
        return {name: later(schema["properties"].get(name, {}), each) for name, each in value.items()} | {NEW: NEW}
    return value


tried = 0
for path in document["paths"].values():
    for operation in path.values():
        tag = operation["tags"][0].replace(" ", "_").replace("-", "_")
        parse = importlib.import_module(f"mpp_client.generated.api.{tag}.{operation['operationId']}")._parse_response
        for status, answer in operation["responses"].items():
            for content in resolved(answer).get("content", {}).values():
                shown = [content["example"]] if "example" in content else []
                shown += [resolved(each)["value"] for each in content.get("examples", {}).values()]
                for example in shown:
                    refused = status[0] in "45" and isinstance(example, dict) and "code" in example
                    body = {**example, "code": NEW, NEW: NEW} if refused else later(content["schema"], example)
                    parsed = parse(client=client, response=httpx.Response(int(status), json=body))
                    if refused:
                        assert isinstance(parsed, (Problem, OAuthProblem)), (operation["operationId"], parsed)
                    tried += 1
print(f"python: {tried} answers of a later version were read")
