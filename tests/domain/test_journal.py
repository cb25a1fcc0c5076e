"""The journal in the hand: the text that is hashed, and the chain."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.domain.callers import Caller, CallerKind
from app.domain.malls import MallRef
from app.domain.tickets import TicketStatus
from app.journal import DAY_ENDED, GENESIS, Head, Journal, canonical, link

MALL = MallRef(7, "samarinda", ZoneInfo("Asia/Makassar"))
AT = datetime(2027, 3, 4, 16, 0, 0, 5, tzinfo=UTC)
ACCOUNT = UUID("0198c1de-0000-7c40-9f3e-2f6c9d0b7a11")
TICKET = UUID("0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11")


def taken(head: Head | None = None) -> Journal:
    """A journal in the hand; what it decides needs no database."""
    return Journal(cast("Any", None), MALL, AT, head or Head(), Caller(CallerKind.ACCOUNT, ACCOUNT))


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
    sequence = journal.record("ticket.called", ("ticket", TICKET), before={"status": "waiting"}, after={"counter": 3})
    [entry] = journal.entries
    assert sequence == entry.sequence == journal.sequence == 1
    assert (entry.subject_id, entry.at, entry.service_day) == (TICKET, AT, date(2027, 3, 5)), "the mall's day"
    assert json.loads(entry.content) == {
        "mall": 7,
        "sequence": 1,
        "at": "2027-03-04T16:00:00.000005Z",
        "service_day": "2027-03-05",
        "type": "ticket.called",
        "by": {"kind": "account", "id": str(ACCOUNT)},
        "subject": {"kind": "ticket", "id": str(TICKET)},
        "agency_id": None,
        "before": {"status": "waiting"},
        "after": {"counter": 3},
    }


def test_each_entry_is_chained_to_the_one_before_and_the_first_to_the_head() -> None:
    head = Head(41, hashlib.sha256(b"forty-one").digest(), AT - timedelta(seconds=1), date(2027, 3, 5), "ticket.called")
    journal = taken(head)
    for _ in range(3):
        journal.record("ticket.issued")
    assert [entry.sequence for entry in journal.entries] == [42, 43, 44]
    before = head.hash
    for entry in journal.entries:
        assert entry.hash == link(before, entry.content) == hashlib.sha256(before + entry.content.encode()).digest()
        before = entry.hash
    other = taken()
    other.record("ticket.issued")
    assert other.entries[0].hash == link(GENESIS, other.entries[0].content)


def test_a_day_is_left_open_by_an_entry_that_does_not_end_it() -> None:
    yesterday, today = date(2027, 3, 4), date(2027, 3, 5)

    def head(day: date, kind: str) -> Head:
        return Head(1, GENESIS, AT, day, kind)

    assert head(yesterday, "ticket.issued").leaves_open(today) == yesterday
    assert head(yesterday, DAY_ENDED).leaves_open(today) is None
    assert head(today, "ticket.issued").leaves_open(today) is None
    assert Head().leaves_open(today) is None
