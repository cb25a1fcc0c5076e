"""Papers between a test's mall and its agencies, and what they make of an agency on a day."""

from typing import Any

from tests.given.asking import Json
from tests.given.base import Agency, MallBase, numbers


def signature(starts_on: str = "2020-01-01", ends_on: str | None = None, **more: Any) -> Json:
    """What a reviewed paper is signed with."""
    papers = {"mall_number": f"M/{next(numbers)}", "agency_number": "A/1"}
    return {"signed_on": "2020-01-01", "starts_on": starts_on, "ends_on": ends_on, **papers, **more}


class Agreements(MallBase):
    """Drafted, reviewed, signed; suspended and ended."""

    async def paper(self, agency: Agency, kind: str = "memorandum") -> str:
        """A paper that is under review."""
        paper = await self.manager.does(
            "/agreements", {"agency_id": agency.id, "kind": kind, "title": "Nota Kesepahaman"}
        )
        await self.manager.does(f"/agreements/{paper['id']}/review")
        return str(paper["id"])

    async def agreement(
        self, agency: Agency, starts_on: str = "2020-01-01", ends_on: str | None = None, kind: str = "memorandum"
    ) -> str:
        """A signed agreement."""
        paper_id = await self.paper(agency, kind)
        await self.manager.does(f"/agreements/{paper_id}/signature", signature(starts_on, ends_on))
        return paper_id

    async def interrupt(self, agreement_id: str | None, act: str, waiting: str = "serve", **more: Any) -> Json:
        """Suspend (`suspension`) or end (`termination`) an agreement."""
        body = {"waiting_tickets": waiting, "reason": "Audit", **more}
        return await self.manager.does(f"/agreements/{agreement_id}/{act}", body)

    async def standing(self, agency: Agency, on: str | None = None) -> Json:
        """What an agency is to the mall on a day."""
        rows = await self.public.all("/mou-status", **({"on": on} if on else {}))
        return next(row for row in rows if row["agency_id"] == agency.id)

    async def memberships(self, agency: Agency, *days: str) -> list[str]:
        """The word for what an agency is on each of these days."""
        return [(await self.standing(agency, day))["membership"] for day in days]
