"""How things stop in a story, and what is seen of it."""

from app.texts.stops import why_stopped
from tests.given import Agency, Json, Mall

STOPS = ("suspended", "terminated", "agency_retired", "service_retired", "counter_retired", "no_counter")


async def stops(mall: Mall, agency: Agency, how: str, waiting: str) -> Json:
    """One of the ways in which everything that an agency does here stops today. Returns what is left to handle."""
    match how:
        case "suspended" | "terminated":
            noun = {"suspended": "suspension", "terminated": "termination"}[how]
            answer = await mall.interrupt(agency.agreement_id, noun, waiting)
        case "agency_retired":
            answer = await retires(mall, f"agencies/{agency.id}", waiting)
        case "service_retired":
            answer = await retires(mall, f"services/{agency.service}", waiting)
        case "counter_retired":
            answer = await retires(mall, f"counters/{agency.counter}", waiting)
    aftermath: Json = answer["aftermath"]
    return aftermath


async def retires(mall: Mall, what: str, waiting: str = "serve") -> Json:
    return await mall.manager.does(f"/{what}/retirement", {"waiting_tickets": waiting})


async def state(mall: Mall, counter: str) -> str:
    return str((await mall.public.sees(f"/counters/{counter}"))["status"])


async def own(mall: Mall, ticket: Json) -> tuple[str, str | None]:
    seen = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    return seen["status"], said_for(seen["reason"])


def said_for(reason: str | None) -> str | None:
    """The word for which a visitor, who reads Indonesian, is told this."""
    return next((word for word in STOPS if why_stopped(word)["id"] == reason), reason)
