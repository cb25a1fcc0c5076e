"""What accepting a year's proposals does beside the days that a mall has already."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from app.domain.holidays import HolidayKind, Known, Proposal, ProposalState, judge
from app.domain.names import LocalizedText
from app.queries.holidays import proposals
from tests.domain.weeks import told

NATIONAL = HolidayKind.NATIONAL_HOLIDAY
EID, SECOND, NEW_YEAR = (
    Proposal(key, dt.date(2030, 2, day), NATIONAL, told(key), estimated)
    for key, day, estimated in (("eid", 5, True), ("second", 6, True), ("new-year", 1, False))
)


@dataclass
class Day:
    """A mall's day."""

    date: dt.date
    proposal: str | None
    by_hand: bool
    name: LocalizedText
    kind: HolidayKind = NATIONAL
    estimated: bool = True
    id: UUID = field(default_factory=uuid4)


def day(at: int, proposal: str | None = None, *, by_hand: bool = False) -> Day:
    return Day(dt.date(2030, 2, at), proposal, by_hand, told(proposal or "ours"))


def states(*known: Known) -> str:
    """What becomes of Eid and its second day."""
    return " ".join(each.state for each in judge([EID, SECOND], known))


def test_a_day_is_new_until_it_is_accepted() -> None:
    assert states() == "new new"
    assert states(day(5, "eid")) == "accepted new"
    assert states(day(5, "eid"), day(6, "second")) == "accepted accepted"


def test_a_corrected_date_changes_what_was_accepted() -> None:
    assert states(day(4, "eid"), day(5, "second")) == "changed changed", "neighbours move together"
    assert states(day(7, "eid")) == "changed new"
    known = Day(EID.date, "eid", by_hand=False, name=EID.name, estimated=False)
    assert states(known) == "changed new"


def test_what_people_set_is_kept() -> None:
    moved, other = day(9, "eid", by_hand=True), day(6, by_hand=True)
    judged = judge([EID, SECOND], [moved, other])
    assert [(each.state, each.holiday_id) for each in judged] == [
        (ProposalState.KEPT, moved.id),
        (ProposalState.KEPT, other.id),
    ]
    assert states(day(7, "second"), day(6, by_hand=True)) == "new kept", "nor is an accepted day moved onto it"


def test_a_day_that_another_name_was_accepted_for_is_renamed() -> None:
    assert states(day(5, "idul-fitri")) == "changed new"
    assert [each.state for each in judge([EID, NEW_YEAR], [day(5, "new-year")])] == ["new", "changed"]


def test_every_year_of_the_century_has_keys_and_days_of_its_own() -> None:
    for year in range(1946, 2100):
        found = proposals(year)
        assert len({each.key for each in found}) == len({each.date for each in found}) == len(found)
        assert {each.date.year for each in found} <= {year}
        assert all(each.key.startswith(f"{year}/{each.kind}/") for each in found)
