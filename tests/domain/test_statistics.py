"""What is counted of a service's day."""

from app.domain.statistics import COUNTED, Count, counted
from app.domain.tickets import TICKET_LIFE, TicketStatus

AT_AN_END = (TicketStatus.COMPLETED, TicketStatus.NO_SHOW, TicketStatus.CANCELLED, TicketStatus.EXPIRED)


def test_each_count_has_its_event() -> None:
    assert sorted([*COUNTED.values(), Count.TRANSFERRED_OUT]) == sorted(Count)


def test_what_is_open_is_what_was_issued_and_has_not_ended() -> None:
    """Each way in which a ticket ends is counted, and no state that it can leave again stays counted."""
    counted_at_an_end = {each.value for each in Count} & set(TicketStatus)
    assert counted_at_an_end - {TicketStatus.CALLED} == set(AT_AN_END)
    leaving = [(state, verb) for state, verb, _ in TICKET_LIFE.arrows() if state in AT_AN_END]
    assert leaving == [(TicketStatus.NO_SHOW, "return")]


def test_a_return_takes_back_a_no_show_and_nothing_else() -> None:
    assert counted("ticket.returned", "no_show") == {Count.NO_SHOW: -1}
    assert [counted("ticket.returned", state) for state in ("called", "serving", "on_hold")] == [{}] * 3


def test_what_is_not_counted_adds_nothing() -> None:
    assert [counted(event, "called") for event in ("ticket.recalled", "ticket.held", "counter.opened")] == [{}] * 3
