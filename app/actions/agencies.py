"""Agencies in the catalogue, and what they answer to an invitation."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.access import Caller
from app.domain.agencies import AgencyCategory, CodeTaken
from app.domain.calendar import Weekly
from app.domain.invitations import DAYS_TO_ANSWER, AgreementExists, Answer, DueDatePassed, InvitationOpen
from app.domain.names import Names
from app.domain.roles import Verb
from app.journal import Journal
from app.queries import agencies as queries
from app.queries.shown import With


async def create(
    journal: Journal,
    by: Caller,
    *,
    code: str,
    name: Names,
    category: AgencyCategory,
    office_address: str | None = None,
    office_hours: list[Any] | None = None,
    website: str | None = None,
    contact: dict[str, Any] | None = None,
) -> With:
    """Put an agency into the catalogue; it is no member yet."""
    by.must(Verb.CHANGE_AGENCIES, journal.mall_id)
    Weekly.of(office_hours or [], "office_hours")
    if await queries.code_is_taken(journal, code):
        raise CodeTaken(value=code)
    agency = models.Agency(
        mall_id=journal.mall_id,
        code=code,
        name=name,
        category=category,
        office_address=office_address,
        office_hours=office_hours,
        website=website,
        contact=contact,
    )
    journal.session.add(agency)
    journal.record(
        "agency.created",
        ("agency", agency.id),
        agency_id=agency.id,
        after={"code": code, "name": name, "category": category},
    )
    return (await queries.shown(journal, by, [agency]))[0]


async def change(journal: Journal, by: Caller, agency_id: UUID, version: int, changes: Mapping[str, Any]) -> With:
    """Change how an agency is described."""
    agency = await access.own(journal, by, Verb.CHANGE_AGENCIES, models.Agency, agency_id, "agency")
    access.same_version(agency, version)
    Weekly.of(changes.get("office_hours") or [], "office_hours")
    before, after = agency.change(changes)
    for facts in (before, after):
        facts.pop("contact", None)  # a person's data
    journal.record("agency.changed", ("agency", agency.id), agency_id=agency.id, before=before, after=after)
    return (await queries.shown(journal, by, [agency]))[0]


async def invite(journal: Journal, by: Caller, *, agency_id: UUID, due_on: date | None) -> With:
    """Invite an agency to join; it has seven days to answer unless another day is named."""
    by.must(Verb.CHANGE_JOINING, journal.mall_id)
    await access.agency_named(journal, agency_id)
    due_on = due_on or journal.today + DAYS_TO_ANSWER
    if due_on < journal.today:
        raise DueDatePassed(due_on=str(due_on))
    if standing := await queries.open_invitation(journal, agency_id):
        raise InvitationOpen(due_on=str(standing.due_on))
    invitation = models.Invitation(
        mall_id=journal.mall_id, agency_id=agency_id, invited_on=journal.today, due_on=due_on
    )
    journal.session.add(invitation)
    journal.record("agency.invited", ("invitation", invitation.id), agency_id=agency_id, after={"due_on": due_on})
    return queries.invitation_shown(invitation, journal.today)


async def answer(journal: Journal, by: Caller, invitation_id: UUID, *, answer: Answer, note: str | None) -> With:
    """The agency commits, declines, or withdraws its commitment before it has signed anything."""
    invitation = await access.own(journal, by, Verb.ANSWER_INVITATIONS, models.Invitation, invitation_id, "invitation")
    before = invitation.status
    if answer is Answer.WITHDRAWN and (agreement := await queries.counting(journal, invitation.agency_id)):
        raise AgreementExists(agreement_id=str(agreement.id))
    invitation.answer(answer, journal.today, note)
    journal.record(
        "invitation.answered",
        ("invitation", invitation.id),
        agency_id=invitation.agency_id,
        before={"status": before},
        after={"status": invitation.status},
    )
    return queries.invitation_shown(invitation, journal.today)
