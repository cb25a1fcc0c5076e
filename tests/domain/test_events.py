"""Who may be told of what, over the whole catalogue."""

from uuid import uuid4

import pytest

from app.domain.errors import InvalidCursor
from app.domain.events import Event, EventCursor, Recipient

OWN, OTHER = uuid4(), uuid4()
MALL = Recipient(None)
AGENCY = Recipient(frozenset({OWN}))
DISPLAY = Recipient(None, board_only=True)
NOBODY = Recipient(frozenset())
TOLD: dict[str, tuple[Recipient, ...]] = {
    "board": (MALL, AGENCY, DISPLAY),
    "agency": (MALL, AGENCY),
    "owner": (MALL, AGENCY),
    "mall": (MALL,),
    "platform": (),
}
"""Of what concerns the agency."""


@pytest.mark.parametrize("event", Event)
def test_who_may_be_told_is_said_by_the_audience_and_the_agency(event: Event) -> None:
    for each in (MALL, AGENCY, DISPLAY):
        may = each in TOLD[event.audience]
        assert each.may_be_told(event, {OWN}) is each.may_be_told(event, {OWN, OTHER}) is may
        of_the_mall_alone = each is AGENCY and event.audience == "owner"
        assert each.may_be_told(event, ()) is (may and not of_the_mall_alone)
        assert (event in each.events) is may
        assert each.may_be_told(event, {OTHER}) is (may and each is not AGENCY)
    assert not NOBODY.may_be_told(event, {OWN})


def test_a_cursor_reads_as_it_is_written() -> None:
    cursor = EventCursor.of(344, bytes.fromhex("1a2b3c4d") + bytes(28))
    assert str(cursor) == "344-1a2b3c4d"
    assert EventCursor.read("344-1a2b3c4d", "after") == cursor
    for nonsense in (
        "",
        "344",
        "344-1A2B3C4D",
        "\N{ARABIC-INDIC DIGIT THREE}-1a2b3c4d",
        "0344-1a2b3c4d",
        "3-1a2b3c4d\n",
    ):
        with pytest.raises(InvalidCursor):
            EventCursor.read(nonsense, "after")
