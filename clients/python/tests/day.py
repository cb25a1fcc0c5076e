"""Kiosk, visitor, display and counter, played against the demo that listens at BASE; CAST is its file of accounts."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
from mpp_client import AuthenticatedClient, Retrying, connect, every, follow, must
from mpp_client.generated.api.counters import call_next_ticket, close_counter, list_counters, open_counter
from mpp_client.generated.api.own_ticket import cancel_own_ticket, get_own_ticket
from mpp_client.generated.api.services import list_availability
from mpp_client.generated.api.sign_in import get_me, issue_token
from mpp_client.generated.api.tickets import (
    complete_ticket,
    get_ticket_print,
    issue_ticket,
    report_print,
    start_ticket,
)
from mpp_client.generated.models import (
    AvailabilityPage,
    CallRequest,
    CompletedTicket,
    Counter,
    CounterPage,
    IssuedTicket,
    Me,
    OfficerBusyProblem,
    OwnTicket,
    PrintOutcome,
    PrintReport,
    Ticket,
    TicketCall,
    TicketPrint,
    TicketRequest,
    TicketStatus,
    Token,
    TokenRequest,
    TokenRequestGrantType,
)

BASE, AGENCY = os.environ["BASE"], "DISDUKCAPIL"
CAST = json.loads(Path(os.environ["CAST"]).read_text("utf-8"))
MALL = CAST["mall"]
KEYS = {each["kind"]: each["key"] for each in CAST["devices"]}
ACCOUNT = next(each for each in CAST["accounts"] if each["username"] == "petugas.disdukcapil.1")


class Losing(httpx.HTTPTransport):
    """A network that does what it is told and loses the answer, as often as it is told."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        answer = super().handle_request(request)
        if self.times > 0:
            self.times -= 1
            raise httpx.ReadError("the answer was lost")
        return answer


class Cut(httpx.SyncByteStream):
    """What came first, and then nothing more."""

    def __init__(self, whole: httpx.SyncByteStream) -> None:
        self.whole = whole

    def __iter__(self) -> Iterator[bytes]:
        yield next(iter(self.whole))
        raise httpx.ReadError("the line was cut")

    def close(self) -> None:
        """Let go of the connection."""
        self.whole.close()


class Breaking(httpx.HTTPTransport):
    """A network that breaks the first stream off."""

    whole = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        answer = super().handle_request(request)
        if not self.whole and answer.headers["Content-Type"].startswith("text/event-stream"):
            assert isinstance(answer.stream, httpx.SyncByteStream)
            self.whole, answer.stream = True, Cut(answer.stream)
        return answer


# The kiosk offers what it can give, and one press is one number, whatever the network does.
kiosk = connect(BASE, KEYS["kiosk"], language="en")
assert must(Me, get_me.sync(client=kiosk)).device
offers = every(
    AvailabilityPage,
    lambda cursor: list_availability.sync(MALL, client=kiosk, agency_code=AGENCY, cursor=cursor, limit=2),
)
services = [each.service_id for each in offers if each.can_issue]
assert len(services) > 2, "the offers stand on one page"
service = services[0]


def issue(client: AuthenticatedClient, key: str) -> IssuedTicket:
    """Press the button of the service."""
    wanted = TicketRequest(service_id=service)
    return must(IssuedTicket, issue_ticket.sync(MALL, client=client, body=wanted, idempotency_key=key))


key = str(uuid4())
ticket = issue(connect(BASE, KEYS["kiosk"], transport=Retrying(Losing(2))), key)
assert issue(kiosk, key).id == ticket.id
paper = must(TicketPrint, get_ticket_print.sync(MALL, ticket.id, client=kiosk))
assert ticket.number in json.dumps(paper.to_dict())
must(Ticket, report_print.sync(MALL, ticket.id, client=kiosk, body=PrintReport(outcome=PrintOutcome.PRINTED)))

# The visitor sees their place in the queue, and gives another number back.
visitor = connect(BASE)
assert ticket.claim_code
assert must(OwnTicket, get_own_ticket.sync(MALL, ticket.claim_code, client=visitor)).number == ticket.number
other = issue(visitor, str(uuid4()))
assert other.claim_code
given = must(OwnTicket, cancel_own_ticket.sync(MALL, other.claim_code, client=visitor))
assert given.status is TicketStatus.CANCELLED

# The display follows the board, also over a line that was cut.
display = connect(BASE, KEYS["display"], transport=Retrying(Breaking()))
shown = follow(display, f"/v1/malls/{MALL}/board/stream")
assert next(shown).type == "board"

# The counter calls; the display shows it.
form = TokenRequest(
    grant_type=TokenRequestGrantType.PASSWORD, username=ACCOUNT["username"], password=ACCOUNT["password"]
)
token = must(Token, issue_token.sync(client=visitor, body=form))
officer = connect(BASE, token.access_token, transport=Retrying(Losing(1)))
counters = every(
    CounterPage, lambda cursor: list_counters.sync(MALL, client=officer, agency_code=AGENCY, cursor=cursor)
)
first, second, *_ = (each.id for each in counters if service in each.service_ids)
must(Counter, open_counter.sync(MALL, first, client=officer))
called = must(TicketCall, call_next_ticket.sync(MALL, first, client=officer, body=CallRequest(ticket_id=ticket.id)))
while called.number not in [each["number"] for each in next(shown).data.get("tickets", [])]:
    pass
must(Ticket, start_ticket.sync(MALL, ticket.id, client=officer))
done = must(CompletedTicket, complete_ticket.sync(MALL, ticket.id, client=officer))
assert done.status is TicketStatus.COMPLETED

# A refusal has its code and its facts.
busy = must(OfficerBusyProblem, open_counter.sync(MALL, second, client=officer))
assert busy.counter_id == first
must(Counter, close_counter.sync(MALL, first, client=officer))
print(f"python: {done.number} was served")
