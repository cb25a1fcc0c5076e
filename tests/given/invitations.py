"""Invitations of a test's mall."""

from tests.given.asking import Json
from tests.given.base import Agency, MallBase


class Invitations(MallBase):
    """How an agency comes to join."""

    async def invite(self, agency: Agency, **more: str) -> tuple[Json, str]:
        """An invitation, and where its answer goes."""
        invitation = await self.manager.does("/invitations", {"agency_id": agency.id, **more})
        return invitation, f"/invitations/{invitation['id']}/answer"

    async def commit(self, agency: Agency) -> str:
        """Invite an agency that says yes. Returns where it could say so otherwise."""
        _, answer = await self.invite(agency)
        await self.manager.does(answer, {"answer": "committed"})
        return answer
