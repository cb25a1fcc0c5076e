"""Public pages from memory: the catalogue and the board are read far more often than they change.

What is answered to a reader whom nobody knows is kept as it went out, and given to the next who asks for the same,
until it may be another: the mall's journal has moved, its day has turned, or the instant has come that the page names.
The feed knows the journal's head: so no answer is older than a write that this process has acknowledged, and others'
writes are seen within a fraction of a second. Whoever shows credentials is answered anew, but for the few pages that
officers' screens and managers ask for again and again: these are kept for all who may see the same. A board, which
displays read with a key, comes from the same picture (`boards.py`).
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeAlias

from fastapi import Depends
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database import Busy, Database
from app.domain.calendar import service_day
from app.domain.callers import Caller
from app.domain.errors import Forbidden, NotThere, Unauthenticated
from app.domain.malls import MallRef
from app.domain.roles import Permission
from app.feed import Feed
from app.web.etags import is_known
from app.web.malls import Malls
from app.web.markers import Markers
from app.web.problems import language_of
from app.web.routing import Found, found

MOST_BYTES = 32_000_000
"""How much is kept; the oldest goes first."""
AROUND_A_PAGE = 2_000
"""About so many bytes a page takes beside its content: short ones by the million would fill the memory, too."""
AHEAD = timedelta(seconds=5)
"""The clock in memory may be ahead by a blink: so shortly after midnight the day may not have turned yet."""
OK = 200
_OF_CONTENT = (b"content-length", b"content-type")
"""Headers that a 304 does not carry."""
_CHANGES_AT = "mpp.changes_at"
State: TypeAlias = tuple[int, date]
"""The journal's head, and the mall's day."""


class _Kept:
    markers: ClassVar = Markers(kept=True)

    async def __call__(self) -> None:
        """The request layer does it."""


KEPT = Depends(_Kept())
"""For a GET in a mall, public to read, whose answer follows from the mall's journal, its local day, the address and the
reader's language. What else the clock changes in it is said with `changes`."""


@dataclass(frozen=True)
class _KeptFor:
    permissions: tuple[Permission, ...]

    @property
    def markers(self) -> Markers:
        return Markers(kept=True, kept_for=self.permissions)

    async def __call__(self) -> None:
        """The request layer does it."""


def kept_for(*permissions: Permission) -> Any:  # noqa: ANN401  # what Depends returns
    """As `KEPT`, also for who shows credentials.

    Of the caller the answer follows from nothing but for which agencies it may do these.
    """
    return Depends(_KeptFor(permissions))


def changes(request: Request, at: datetime | None) -> None:
    """Say when the clock alone may change the answer to this request, other than by the turn of the day."""
    request.scope[_CHANGES_AT] = at


@dataclass(frozen=True)
class _Page:
    """What was answered, when the journal was here and the day was this."""

    state: State
    changes_at: datetime | None
    headers: list[tuple[bytes, bytes]]
    content: bytes

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.content) + AROUND_A_PAGE

    def holds(self, state: State, now: datetime) -> bool:
        """Whether nothing can have changed since."""
        return self.state == state and (self.changes_at is None or now < self.changes_at)

    async def to(self, request: Request, send: Send) -> None:
        """Answer with it, or with 304 who has it."""
        status, headers, content = OK, list(self.headers), self.content
        tag = next((value.decode() for name, value in headers if name == b"etag"), None)
        if tag and is_known(request, tag):
            status, content = 304, b""
            headers = [each for each in headers if each[0] not in _OF_CONTENT]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


class KeptPages:
    """The pages that one process keeps."""

    def __init__(self, database: Database, feed: Feed, malls: Malls) -> None:
        self._database, self._feed, self._malls = database, feed, malls
        self._pages: dict[str, _Page] = {}
        self.bytes_kept = 0
        self._under_way: dict[str, asyncio.Event] = {}

    def mall_of(self, scope: Scope, there: Found) -> MallRef | None:
        """The mall whose page is asked for, where it may be one that is kept."""
        markers = there.operation and there.operation.markers
        if not markers or not markers.kept or scope["method"] != "GET":
            return None
        if not markers.kept_for and any(name == b"authorization" for name, _ in scope["headers"]):
            return None
        return self._malls.known((there.parameters or {})["mall"])

    async def answer(self, app: ASGIApp, mall: MallRef, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or let the application answer; the scope knows the caller.

        Whoever comes while a page is read waits for that reading, and for one more where a write came between. What
        is no page that can be kept (a refusal) is asked for by each.
        """
        request, operation = Request(scope), found(scope).operation
        key = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        if operation and operation.markers.computes_texts:
            key = f"{language_of(request)} {key}"
        for each in operation.markers.kept_for if operation else ():
            key = f"{_reach(scope['caller'], each, mall.id)} {key}"
        for _ in range(3):
            if (state := await self._state(mall)) is None:
                break
            page = self._pages.get(key)
            if page and page.holds(state, self._database.now(mall.id)):
                await page.to(request, send)
                return
            if key not in self._under_way:
                await self._ask(app, key, state, scope, receive, send)
                return
            await self._under_way[key].wait()
        await app(scope, receive, send)

    async def _ask(self, app: ASGIApp, key: str, state: State, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and keep that before it is sent: a slow reader holds up nobody.

        It is not told what the reader has: a 304 could not be kept, and readers of a board always have one.
        """
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        asked = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"if-none-match"]}
        self._under_way[key] = done = asyncio.Event()
        try:
            await app(asked, receive, collect)
            page = self._keep(key, state, asked.get(_CHANGES_AT), messages)
        finally:
            del self._under_way[key]
            done.set()
        if page:
            await page.to(Request(scope), send)
            return
        for message in messages:
            await send(message)

    def _keep(self, key: str, state: State, changes_at: datetime | None, messages: list[Message]) -> _Page | None:
        start, *bodies = messages
        if before := self._pages.pop(key, None):
            self.bytes_kept -= before.size
        if start["status"] != OK:
            return None
        page = _Page(state, changes_at, list(start["headers"]), b"".join(each["body"] for each in bodies))
        self._pages[key] = page
        self.bytes_kept += page.size
        while self.bytes_kept > MOST_BYTES:
            self.bytes_kept -= self._pages.pop(next(iter(self._pages))).size
        return page

    async def _state(self, mall: MallRef) -> State | None:
        """What a page follows from, if it is known: the mall answers, and it is not midnight."""
        try:
            head = await self._feed.head(mall.id)
        except Busy:
            return None
        now = self._database.now(mall.id)
        day = service_day(now, mall.zone)
        return (head, day) if day == service_day(now - AHEAD, mall.zone) else None


def _reach(caller: Caller, permission: Permission, mall_id: int) -> str:
    """For which agencies the caller may do this; nobody keeps what is answered to who may not."""
    try:
        agencies = caller.agencies(permission, mall_id)
    except (Unauthenticated, Forbidden, NotThere):
        return "-"
    return "*" if agencies is None else ",".join(sorted(str(each) for each in agencies))
