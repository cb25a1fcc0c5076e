"""Who takes numbers without credentials: known by an address alone, and counted so that all processes agree."""

from app.auth.brute_force import attempt_key, register
from app.database import Database
from app.domain.issuing import WebVisitor
from app.domain.malls import MallRef
from app.domain.paces import Pace
from app.security.secrets import address_mark


class WebVisitors:
    """The visitors of one program's malls."""

    def __init__(self, database: Database, server_key: bytes, *, pace: Pace, most_waiting: int) -> None:
        self._database, self._server_key = database, server_key
        self._pace, self._most_waiting = pace, most_waiting

    def mark(self, mall: MallRef, address: str) -> bytes:
        """What of an address is kept beside a ticket."""
        return address_mark(self._server_key, mall.id, address)

    async def asking(self, mall: MallRef, address: str, numbers: int = 1) -> WebVisitor:
        """Who asks for so many numbers in the mall, counted whether it gets them or not. Raises RateLimited."""
        await register(self._database, {attempt_key("web_ticket", mall.id, address): self._pace}, numbers)
        return WebVisitor(self.mark(mall, address), self._most_waiting)
