"""The journal in the hand: the text that is hashed, and the chain."""

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app import models
from app.domain.agencies import AgencyCategory
from app.domain.callers import Caller, CallerKind
from app.domain.events import Event
from app.domain.malls import MallRef
from app.domain.names import Language
from app.domain.services import Channel
from app.domain.tickets import PriorityClass, TicketStatus
from app.journal import GENESIS, Head, Journal, canonical, link

MALL = MallRef(7, "samarinda", ZoneInfo("Asia/Makassar"))
AT = datetime(2027, 3, 4, 16, 0, 0, 5, tzinfo=UTC)
TICKET, SERVICE, AGENCY, COUNTER, OFFICER, VISIT, SERIES = (
    UUID(f"0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a{number}") for number in range(11, 18)
)
ACCOUNT = UUID("0198c1de-0000-7c40-9f3e-2f6c9d0b7a11")


def taken(head: Head | None = None) -> Journal:
    """A journal in the hand; what it decides needs no database."""
    return Journal(cast("Any", None), MALL, AT, head or Head(), Caller(CallerKind.ACCOUNT, ACCOUNT))


def called_ticket() -> models.Ticket:
    """A ticket of somebody with a priority class, at a counter."""
    ticket = models.Ticket(
        mall_id=7,
        id=TICKET,
        series_id=SERIES,
        ordinal=12,
        number="A-012",
        service_day=date(2027, 3, 5),
        visit_id=VISIT,
        issued_service_id=SERVICE,
        agency_id=AGENCY,
        service_id=SERVICE,
        channel=Channel.KIOSK,
        priority_class=PriorityClass.DISABILITY,
        access_needs=["wheelchair"],
        language=Language.ID,
        effective_arrival=Decimal(1),
        arrived_at=AT,
        issued_at=AT,
        issued_by=None,
        claim_hash=b"",
    )
    ticket.call(COUNTER, OFFICER, AT)
    return ticket


def end_day(journal: Journal) -> int:
    return journal.record(Event.DAY_ENDED, tickets=0)


def test_the_text_is_one_line_of_sorted_keys_whatever_the_order_they_came_in() -> None:
    one = canonical({"b": {"y": 1, "x": None}, "a": "é"})
    assert one == canonical({"a": "é", "b": {"x": None, "y": 1}}) == '{"a":"é","b":{"x":null,"y":1}}'


def test_instants_have_six_digits_and_z_and_days_are_dates() -> None:
    witas = timezone(timedelta(hours=8))
    assert canonical({"at": datetime(2027, 3, 5, 0, 0, tzinfo=witas)}) == '{"at":"2027-03-04T16:00:00.000000Z"}'
    assert canonical({"at": AT, "on": date(2027, 3, 5)}) == '{"at":"2027-03-04T16:00:00.000005Z","on":"2027-03-05"}'


def test_ids_places_and_words_are_strings_and_sets_are_sorted() -> None:
    content = {"id": TICKET, "place": Decimal("17.5"), "to": TicketStatus.CALLED, "more": {"b", "a"}, "s": (1, True)}
    assert json.loads(canonical(content)) == {
        "id": str(TICKET),
        "place": "17.5",
        "to": "called",
        "more": ["a", "b"],
        "s": [1, True],
    }


@pytest.mark.parametrize("value", [1.0, float("nan"), b"bytes", timedelta(1), object()])
@pytest.mark.parametrize("deep", [False, True])
def test_an_entry_holds_no_float_and_nothing_that_json_does_not_know(value: object, deep: bool) -> None:
    with pytest.raises(TypeError, match="an entry holds no"):
        canonical({"x": [{"y": value}] if deep else value})


def test_an_entry_says_who_did_what_to_which_when() -> None:
    journal = taken()
    sequence = journal.record(
        Event.TICKET_CALLED, called_ticket(), before={"status": TicketStatus.WAITING}, chosen="first_in_line"
    )
    [entry] = journal.entries
    assert sequence == entry.sequence == journal.sequence == 1
    assert (entry.type, entry.subject_id, entry.agency_id) == ("ticket.called", TICKET, AGENCY)
    assert (entry.at, entry.service_day) == (AT, date(2027, 3, 5)), "the mall's day"
    assert json.loads(entry.content) == {
        "mall": 7,
        "sequence": 1,
        "at": "2027-03-04T16:00:00.000005Z",
        "service_day": "2027-03-05",
        "type": "ticket.called",
        "by": {"kind": "account", "id": str(ACCOUNT)},
        "subject": {"kind": "ticket", "id": str(TICKET)},
        "agency_id": str(AGENCY),
        "before": {"status": "waiting"},
        "data": {
            "number": "A-012",
            "service_id": str(SERVICE),
            "visit_id": str(VISIT),
            "channel": "kiosk",
            "priority": True,
            "status": "called",
            "counter_id": str(COUNTER),
            "officer_id": str(OFFICER),
            "call_count": 1,
            "closed_by": None,
            "chosen": "first_in_line",
        },
    }


def test_what_has_no_row_is_about_the_day_itself() -> None:
    journal = taken()
    journal.record(Event.DAY_ENDED, day=date(2027, 3, 4), tickets=3)
    [entry] = journal.entries
    content = json.loads(entry.content)
    assert (entry.service_day, entry.subject_id) == (date(2027, 3, 4), None)
    assert (content["subject"], content["agency_id"]) == ({"kind": "day", "id": "2027-03-04"}, None)
    assert (content["before"], content["data"]) == (None, {"tickets": 3})


@pytest.mark.parametrize(
    ("event", "before", "details"),
    [
        (Event.TICKET_CALLED, {}, {}),
        (Event.TICKET_CALLED, {}, {"chosen": "by_officer", "reason": "Because"}),
        (Event.TICKET_RECALLED, {"place": 1}, {}),
        (Event.TICKET_ISSUED, {}, {"series_id": SERIES}),
        (Event.AGENCY_RETIRED, {}, {}),
        (Event.DAY_ENDED, {}, {"tickets": 3}),
    ],
    ids=["a member is missing", "one too many", "one too many before", "one of two", "of another row", "of no row"],
)
def test_an_entry_has_the_members_of_its_event_and_no_other(
    event: Event, before: dict[str, object], details: dict[str, Any]
) -> None:
    journal = taken()
    with pytest.raises(TypeError, match="has the members"):
        journal.record(event, called_ticket(), before=before, **details)
    assert journal.entries == []


def test_an_edit_is_recorded_by_what_it_changed_and_one_that_changes_nothing_is_not() -> None:
    journal = taken()
    agency = models.Agency(
        mall_id=7,
        code="CIVIL",
        name={"id": "Dinas", "en": "Office"},
        category=AgencyCategory.CITY_OFFICE,
        office_address=None,
        office_hours=None,
        website=None,
        contact={"name": "Dewi"},
    )
    same = {"code": "CIVIL", "contact": {"name": "Dewi"}}
    journal.record_edit(Event.AGENCY_CHANGED, agency, agency.change(same))
    assert (journal.entries, agency.version) == ([], 1)

    changes = {"website": "https://dinas.example", "contact": {"name": "Sari"}, "code": "CIVIL"}
    journal.record_edit(Event.AGENCY_CHANGED, agency, agency.change(changes))
    [entry] = journal.entries
    content = json.loads(entry.content)
    assert (agency.version, agency.contact) == (2, {"name": "Sari"})
    assert (content["data"]["changed"], content["before"]) == (["contact", "website"], {"website": None})
    assert content["data"]["website"] == "https://dinas.example"
    assert not re.search("Dewi|Sari", entry.content)


def test_each_entry_is_chained_to_the_one_before_and_the_first_to_the_head() -> None:
    head = Head(41, hashlib.sha256(b"forty-one").digest(), AT - timedelta(seconds=1), date(2027, 3, 5), "ticket.called")
    journal = taken(head)
    for _ in range(3):
        end_day(journal)
    assert [entry.sequence for entry in journal.entries] == [42, 43, 44]
    before = head.hash
    for entry in journal.entries:
        assert entry.hash == link(before, entry.content) == hashlib.sha256(before + entry.content.encode()).digest()
        before = entry.hash
    other = taken()
    end_day(other)
    assert other.entries[0].hash == link(GENESIS, other.entries[0].content)


def test_a_day_is_left_open_by_an_entry_that_does_not_end_it() -> None:
    yesterday, today = date(2027, 3, 4), date(2027, 3, 5)

    def head(day: date, kind: str) -> Head:
        return Head(1, GENESIS, AT, day, kind)

    assert head(yesterday, "ticket.issued").leaves_open(today) == yesterday
    assert head(yesterday, "day.ended").leaves_open(today) is None
    assert head(today, "ticket.issued").leaves_open(today) is None
    assert Head().leaves_open(today) is None
