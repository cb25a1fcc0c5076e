"""Every example of the document is what the program says."""

import json
import os

import pytest

from app.contract.examples import FILE
from app.schemas.events import EventType
from app.settings import Settings
from tests.contract import Contract
from tests.databases import own_database
from tests.examples.recorder import Recorder, alike, renewed
from tests.examples.refusals import ISSUER, WholeStory
from tests.given import Json
from tests.given.samarinda import samarinda, till_ten_in_the_morning

ADVICE = "add it to the story in tests/examples/ where it is missing, then `make examples`"


@pytest.fixture(scope="module")
async def seen(server_url: str, template: str, settings: Settings, contract: Contract) -> Json:
    """What the program has answered while the story was played."""
    recorder = Recorder(contract)
    usual = {"web_tickets_waiting": 12, "streams_per_address": 1}
    told = settings.model_copy(update={"oidc_issuer": ISSUER, "oidc_audience": "mpp", **usual})
    later = till_ten_in_the_morning()
    async with own_database(server_url, template) as url, samarinda(url, told, contract, later) as demo:
        demo.mall.http.event_hooks["response"].append(recorder.see)
        await WholeStory(demo).tell()
    if "MPP_TEST_RENEW_EXAMPLES" in os.environ:
        kept = renewed(json.loads(FILE.read_text("utf-8")), recorder.seen)
        FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return recorder.seen


async def test_the_examples_are_what_the_program_says(seen: Json) -> None:
    kept = json.loads(FILE.read_text("utf-8"))
    for kind in ("operations", "problems", "events"):
        differ = [
            name
            for name in kept[kind].keys() | seen[kind].keys()
            if not (name in kept[kind] and name in seen[kind] and alike(kept[kind][name], seen[kind][name]))
        ]
        assert not differ, ADVICE


async def test_every_operation_code_and_event_has_its_example(seen: Json, contract: Contract) -> None:
    operations = {each["operationId"] for path in contract.document["paths"].values() for each in path.values()}
    assert seen["operations"].keys() == operations, ADVICE
    assert sorted(seen["problems"]) == contract.document["components"]["schemas"]["ProblemCode"]["enum"], ADVICE
    assert sorted(seen["events"]) == sorted(EventType), ADVICE
