"""What accepting a year's proposals does beside the days that a mall has already."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from app.domain.holidays import HolidayKind, Known, Proposal, ProposalState, judge
from app.domain.names import LocalizedText
from app.queries.holidays import proposals
from tests.domain.weeks import told

NATIONAL = HolidayKind.NATIONAL_HOLIDAY


def proposal(at: int, what: str = "eid", *, estimated: bool = True) -> Proposal:
    date = dt.date(2030, 2, at)
    return Proposal(f"2030/{NATIONAL}/{what}/{date}", date, NATIONAL, told(what), estimated)


EID, SECOND, NEW_YEAR = proposal(5), proposal(6), proposal(1, "new-year", estimated=False)


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


def day(at: int, accepted: Proposal | None = None, *, by_hand: bool = False, estimated: bool = True) -> Day:
    """A day as it stands now, and the proposal that it was accepted from."""
    name = accepted.name if accepted else told("ours")
    return Day(dt.date(2030, 2, at), accepted.key if accepted else None, by_hand, name, estimated=estimated)


@dataclass
class Gone:
    """A day that people deleted."""

    date: dt.date
    proposal: str | None


def states(*known: Known, of: tuple[Proposal, ...] = (EID, SECOND), removed: tuple[Gone, ...] = ()) -> str:
    """What becomes of each day, Eid and its second day, in their order."""
    return " ".join(f"{each.proposal.date:%d}:{each.state}" for each in judge(2030, of, known, removed))


def test_a_day_is_new_until_it_is_accepted() -> None:
    assert states() == "05:new 06:new"
    assert states(day(5, EID)) == "05:accepted 06:new"
    assert states(day(5, EID), day(6, SECOND)) == "05:accepted 06:accepted"


def test_a_corrected_date_changes_what_was_accepted() -> None:
    assert states(day(4, proposal(4)), day(5, EID)) == "05:accepted 06:changed", "the nearest one moves"
    assert states(day(9, proposal(9))) == "05:changed 06:new"
    assert states(day(5, EID), of=(proposal(5, estimated=False),)) == "05:changed", "it is certain now"


def test_one_edited_day_does_not_shift_its_neighbours() -> None:
    leave = tuple(proposal(at, "leave") for at in (12, 17, 18, 19))
    rows = [day(at, each) for at, each in zip((12, 17, 18, 19), leave, strict=True)]
    rows[1] = day(25, leave[1], by_hand=True)
    assert states(*rows, of=leave) == "12:accepted 17:kept 18:accepted 19:accepted"
    assert states(*rows[2:], of=leave) == "12:new 17:new 18:accepted 19:accepted"


def test_a_confirmed_date_still_follows_a_correction() -> None:
    confirmed = day(5, EID, estimated=False)
    assert states(confirmed, of=(EID,)) == "05:accepted"
    assert states(confirmed, of=(proposal(7),)) == "07:changed"


def test_what_people_set_is_kept() -> None:
    moved, other = day(9, EID, by_hand=True), day(6, by_hand=True)
    judged = judge(2030, [EID, SECOND], [moved, other])
    assert [(each.state, each.holiday_id) for each in judged] == [
        (ProposalState.KEPT, moved.id),
        (ProposalState.KEPT, other.id),
    ]
    assert states(day(7, SECOND), day(6, by_hand=True)) == "05:new 06:kept", "nor is an accepted day moved onto it"


def test_a_day_that_another_name_was_accepted_for_is_renamed() -> None:
    assert states(day(5, proposal(5, "idul-fitri"))) == "05:changed 06:new"
    assert states(day(5, NEW_YEAR), of=(NEW_YEAR, EID)) == "01:changed 05:new"


def test_what_is_proposed_no_more_is_withdrawn_unless_people_changed_it() -> None:
    dropped = day(18, proposal(18, "leave"))
    [first, last] = judge(2030, [EID], [day(5, EID), dropped])
    assert first.state is ProposalState.ACCEPTED
    assert (last.state, last.holiday_id, last.proposal.key) == (ProposalState.WITHDRAWN, dropped.id, dropped.proposal)
    assert states(day(20, proposal(18, "leave"), by_hand=True), of=()) == "20:kept"
    assert states(day(18, by_hand=True), of=()) == "", "a day of the mall's own was never proposed"


def test_a_deleted_day_is_not_new_again() -> None:
    assert states(removed=(Gone(EID.date, EID.key),)) == "05:deleted 06:new"
    assert states(removed=(Gone(SECOND.date, None),)) == "05:new 06:deleted", "also one that was entered by hand"
    assert states(day(5, EID), removed=(Gone(EID.date, EID.key),)) == "05:accepted 06:new", "it was added again"


def test_every_year_of_the_century_has_keys_and_days_of_its_own() -> None:
    for year in range(1946, 2100):
        found = proposals(year)
        assert len({each.key for each in found}) == len({each.date for each in found}) == len(found)
        assert {each.date.year for each in found} <= {year}
        assert all(each.key.startswith(f"{year}/{each.kind}/") for each in found)
