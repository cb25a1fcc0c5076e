"""The main job with openapi-python-client: a visitor takes a number, an officer serves it."""

import os
from uuid import uuid4

from mpp_client import AuthenticatedClient, Client
from mpp_client.api.board import get_board
from mpp_client.api.counters import call_next_ticket, close_counter, list_counters, open_counter
from mpp_client.api.services import list_availability
from mpp_client.api.sign_in import issue_token
from mpp_client.api.tickets import complete_ticket, issue_ticket, start_ticket
from mpp_client.models import (
    AvailabilityPage,
    Board,
    CallRequest,
    CompletedTicket,
    Counter,
    CounterPage,
    IssuedTicket,
    OfficerBusyProblem,
    Ticket,
    TicketCall,
    TicketRequest,
    TicketStatus,
    Token,
    TokenRequest,
    TokenRequestGrantType,
)

BASE, MALL, AGENCY = os.environ["BASE"], "samarinda", "DISDUKCAPIL"

visitor = Client(base_url=BASE)
offers = list_availability.sync(MALL, client=visitor, agency_code=AGENCY)
assert isinstance(offers, AvailabilityPage), offers
offer = next(each for each in offers.data if each.can_issue)
wanted = TicketRequest(service_id=offer.service_id)
ticket = issue_ticket.sync(MALL, client=visitor, body=wanted, idempotency_key=str(uuid4()))
assert isinstance(ticket, IssuedTicket), ticket

form = TokenRequest(
    grant_type=TokenRequestGrantType.PASSWORD, username=os.environ["USERNAME"], password=os.environ["PASSWORD"]
)
token = issue_token.sync(client=visitor, body=form)
assert isinstance(token, Token), token
officer = AuthenticatedClient(base_url=BASE, token=token.access_token)
counters = list_counters.sync(MALL, client=officer, agency_code=AGENCY)
assert isinstance(counters, CounterPage), counters
first, second = [each for each in counters.data if offer.service_id in each.service_ids][:2]
assert isinstance(open_counter.sync(MALL, first.id, client=officer), Counter)
called = call_next_ticket.sync(MALL, first.id, client=officer, body=CallRequest(ticket_id=ticket.id))
assert isinstance(called, TicketCall), called
board = get_board.sync(MALL, client=visitor, counter_id=first.id)
assert isinstance(board, Board), board
assert called.number in [each.number for each in board.now_serving]
assert isinstance(start_ticket.sync(MALL, ticket.id, client=officer), Ticket)
done = complete_ticket.sync(MALL, ticket.id, client=officer)
assert isinstance(done, CompletedTicket), done
assert done.status is TicketStatus.COMPLETED

busy = open_counter.sync(MALL, second.id, client=officer)
assert isinstance(busy, OfficerBusyProblem), busy
assert busy.counter_id == first.id
assert isinstance(close_counter.sync(MALL, first.id, client=officer), Counter)
print(f"openapi-python-client: {done.number} was served")
