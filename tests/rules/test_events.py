"""The catalogue of events is whole, its names follow the rules, and nothing private can get into an entry."""

import ast
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from fastapi import FastAPI
from sqlalchemy import Enum, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column
from typing_extensions import TypedDict

from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.events import TOLD as TOLD_TO_OTHERS
from app.domain.events import Audience, Event, Subject
from app.domain.lifecycle import Lifecycle
from app.domain.number_blocks import BLOCK_LIFE
from app.domain.tickets import TICKET_LIFE
from app.models.base import PRIVATE, Base, Personal, Recorded, Secret, personal_columns, private_columns
from app.texts.events import DESCRIPTIONS
from app.web.routing import operations as operations_of
from tests.catalogue import leaked, shape
from tests.contract import Contract
from tests.servers import ROOT

ACTIONS = sorted((ROOT / "app" / "actions").glob("*.py"))
RECORDS = {"created", "changed", "deleted"}
LIVES: dict[Subject, Lifecycle[Any]] = {
    Subject.AGREEMENT: AGREEMENT_LIFE,
    Subject.COUNTER: COUNTER_LIFE,
    Subject.NUMBER_BLOCK: BLOCK_LIFE,
    Subject.TICKET: TICKET_LIFE,
}
"""Each verb of these is an event. (An invitation's three answers are one: `invitation.answered`.)"""
TOLD = {
    Audience.BOARD: """
        ticket.postponed ticket.transferred ticket.reopened
        ticket.issued ticket.called ticket.recalled ticket.started ticket.held ticket.returned ticket.completed
        ticket.marked_no_show ticket.cancelled ticket.expired counter.created counter.changed counter.retired
        counter.opened counter.paused counter.resumed counter.taken_over counter.started_closing counter.closed
        service.created
        service.changed service.retired agency.changed agency.retired agreement.signed agreement.corrected
        agreement.suspended agreement.reinstated agreement.terminated calendar.changed calendar.deleted
        calendar_period.created
        calendar_period.changed calendar_period.deleted calendar_exception.created calendar_exception.changed
        calendar_exception.deleted closure.created closure.ended
        holiday.created holiday.changed holiday.deleted day.ended""",
    Audience.AGENCY: """
        ticket.print_reported ticket.neared service.absences_pardoned
        number_series.created number_series.changed agency.created invitation.created invitation.answered
        agreement.drafted agreement.reviewed agreement.rejected mall.changed location.created location.changed
        client.registered client.changed client.secret_rotated client.revoked""",
    Audience.OWNER: """
        webhook.registered webhook.changed webhook.secret_rotated webhook.disabled webhook.enabled webhook.retired
        webhook.replayed webhook.pinged""",
    Audience.MALL: """
        device.registered device.changed device.revoked account.created account.changed account.disabled
        account.enabled account.password_reset role.granted role.revoked
        number_block.reserved number_block.reported number_block.expired visit.planned""",
    Audience.PLATFORM: "account.password_changed mall.created signing_key.rotated",
}
"""Whatever changes what the public sees now is for the board: a counter that is new may be the first that serves a
service again. What people do not show to other agencies is for the mall."""
WITHOUT_AN_OPERATION = {"expire", "start_closing", "stop"}
"""The verbs that only the program itself does."""
TOLD_AS = {"stop": "cancelled"}
"""A ticket that ends with what it waited for is told as cancelled; `closed_by` says why."""
REGISTER = {
    "accounts.name",
    "accounts.username",
    "agencies.contact",
    "agreements.reason",
    "idempotency_keys.answer",
    "invitations.note",
    "suspensions.reason",
    "tickets.access_needs",
    "tickets.priority_class",
    "tickets.reason",
    "webhook_deliveries.answer",
}
"""The columns that say something of a person: what an export shows and an erasure empties."""
NEITHER_PRIVATE_NOR_RECORDED = {
    "tickets.broken_rule",
    "agreements.scope",
    "agreements.title",
    "clients.secret_prefix",
    "closures.counter_ids",
    "counter_sessions.break_reason",
    "closures.service_ids",
    "devices.key_prefix",
    "entries.content",
    "entries.type",
    "followers.name",
    "idempotency_keys.caller",
    "idempotency_keys.key",
    "idempotency_keys.route",
    "leases.name",
    "removed_holidays.proposal",
    "service_figures.channel",
    "service_figures.counter",
    "service_figures.hour",
    "service_figures.officer",
    "service_figures.service",
    "service_stops.reason",
    "signing_keys.kid",
    "signing_keys.public",
    "ticket_intervals.outcome",
    "webhook_deliveries.event_id",
    "webhook_deliveries.event_type",
}
"""Texts of the program and of papers, looked at one by one. A new text column is marked, recorded, or named here."""


def trees() -> Iterator[ast.Module]:
    for path in ACTIONS:
        yield ast.parse(path.read_text())


def past(verb: str) -> str:
    """`call` is `called`, `mark_no_show` is `marked_no_show`."""
    first, *rest = verb.split("_")
    irregular = {"hold": "held", "cancel": "cancelled", "reset": "reset", "take": "taken", "transfer": "transferred"}
    irregular |= {"plan": "planned"}
    made = irregular.get(first) or (f"{first}d" if first.endswith("e") else f"{first}ed")
    return "_".join([made, *rest])


def recorded_classes() -> list[type[Recorded]]:
    configure_mappers()
    found = [each.class_ for each in Base.registry.mappers if issubclass(each.class_, Recorded)]
    return sorted(found, key=lambda each: each.__name__)


def test_a_name_is_its_subject_and_a_verb_that_is_used_elsewhere(app: FastAPI) -> None:
    operations = [each.id for each in operations_of(app)]
    actions = [each.name for tree in trees() for each in tree.body if isinstance(each, ast.AsyncFunctionDef)]
    known = set(RECORDS)
    for verb in (*operations, *actions, *(verb for life in LIVES.values() for _, verb, _ in life.arrows())):
        first, *rest = verb.strip("_").split("_")
        known |= {past(verb), past(first), *(f"{rest[-1]}_{past(first)}" for _ in rest[-1:])}
    for event in Event:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", event), event
        assert event.partition(".")[2] in known, event
        assert event.name == event.replace(".", "_").upper()
    assert {each.subject for each in Event} == set(Subject)


@pytest.mark.parametrize("subject", LIVES)
def test_an_act_has_one_verb_in_its_lifecycle_its_operation_and_its_event(app: FastAPI, subject: Subject) -> None:
    operations = {each.id for each in operations_of(app)}
    for _, verb, _ in LIVES[subject].arrows():
        assert f"{subject}.{TOLD_AS.get(verb, past(verb))}" in set(Event)
        has_one = any(each == verb or each.startswith(f"{verb}_") for each in operations)
        assert has_one is (verb not in WITHOUT_AN_OPERATION), verb


def test_every_event_is_recorded_and_only_by_actions() -> None:
    used = {
        Event[each.attr]
        for tree in trees()
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "Event"
    }
    assert used == set(Event)
    for path in (ROOT / "app").rglob("*.py"):
        if path not in ACTIONS and path.name != "journal.py":
            assert not re.search(r"journal\.record|\.record_edit\(", path.read_text()), path


def test_who_is_told_of_an_event_is_this_table() -> None:
    assert sorted(" ".join(TOLD.values()).split()) == sorted(Event)
    assert [each for each in Event if each not in TOLD[each.audience].split()] == []


@pytest.mark.parametrize("event", Event)
def test_the_data_of_an_event_has_a_schema_and_all_of_it_is_always_there(event: Event) -> None:
    schema = shape(event).json_schema()
    assert set(schema["properties"]) == set(schema["required"]) == event.members
    assert [name for name, each in schema["properties"].items() if not each] == [], "a member without a type"


@pytest.mark.parametrize("kind", recorded_classes())
def test_a_row_has_what_it_records_and_events_that_record_it(kind: type[Recorded]) -> None:
    members = set(kind.records.__annotations__)
    assert [name for name in members | {kind.recorded_id} if not hasattr(kind, name)] == []
    events = [event for event in Event if members <= event.members]
    assert events
    private = {each.key for each in private_columns(kind)}
    assert [event for event in events if private & event.members] == [], "not even a detail has such a name"


def test_every_event_is_described_in_both_languages() -> None:
    assert list(DESCRIPTIONS) == list(Event)
    for language in ("id", "en"):
        said = [each[language] for each in DESCRIPTIONS.values()]
        assert all(re.fullmatch(r"[A-Z].{8,}\.", each) for each in said)
        assert len(set(said)) == len(said)
    assert not [event for event, each in DESCRIPTIONS.items() if each["id"] == each["en"]]


def test_what_is_personal_is_in_the_register() -> None:
    assert {str(each) for each in personal_columns()} == REGISTER


def test_every_column_with_text_in_it_was_judged() -> None:
    left: set[str] = set()
    for mapper in Base.registry.mappers:
        recorded = set(getattr(getattr(mapper.class_, "records", None), "__annotations__", ()))
        for column in mapper.class_.__table__.columns:
            is_text = isinstance(column.type, (Text, JSONB)) and not isinstance(column.type, Enum)
            if is_text and PRIVATE not in column.info and column.key not in recorded:
                left.add(str(column))
    assert left == NEITHER_PRIVATE_NOR_RECORDED


class Said(TypedDict):
    """What a row might record."""

    code: str
    note: str


@pytest.mark.parametrize("kind", [Personal, Secret], ids=["personal", "secret"])
def test_a_class_that_would_record_what_is_private_is_not_made(kind: Any) -> None:
    class Alone(DeclarativeBase):
        """So that no other test meets the table."""

    with pytest.raises(TypeError, match="would record what is private"):

        class Leak(Recorded, Alone):
            __tablename__ = "leaks"
            records: ClassVar[type[Any]] = Said

            code: Mapped[str] = mapped_column(primary_key=True)
            note: Mapped[kind[str]]


@pytest.mark.parametrize(
    ("data", "before", "found"),
    [
        ({"number": "A-001", "why": "elderly"}, None, {"elderly"}),
        ({"needs": ["companion"]}, None, {"companion"}),
        ({"reason": {"id": "Ani sakit", "en": "Ani is ill"}}, None, {"Ani sakit"}),
        ({"status": "closed"}, {"said": "Ani sakit"}, {"Ani sakit"}),
        ({"head_start_minutes": {"elderly": 10}, "status": "none"}, {"priority": True}, set()),
    ],
)
def test_what_is_private_is_seen_under_any_name(data: Any, before: Any, found: set[str]) -> None:
    assert leaked({"data": data, "before": before}, {"elderly", "companion", "Ani sakit", "none"}) == found


def test_every_event_that_is_told_has_a_schema_and_a_webhook_in_the_document(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]
    assert schemas["EventType"]["enum"] == list(document["webhooks"]) == list(TOLD_TO_OTHERS)
    ids = [each.id for each in operations_of(app)]
    for event in TOLD_TO_OTHERS.values():
        sent = document["webhooks"][event.wire]["post"]
        [content] = sent["requestBody"]["content"].values()
        schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]
        assert schema["properties"]["type"]["const"] == event.wire
        data = schemas[schema["properties"]["data"]["$ref"].rsplit("/", 1)[1]]
        assert set(data["properties"]) == event.members
        assert schema["properties"].keys() == schemas["Event"]["properties"].keys()
        Contract(document).validator(content["schema"]).validate(content["example"])
        ids.append(sent["operationId"])
    assert len(ids) == len(set(ids))
