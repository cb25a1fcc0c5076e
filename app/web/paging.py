"""Keyset pages on the wire: opaque cursors, and a Link to the next page."""

import base64
import binascii
import json
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from app.domain.errors import InvalidCursor
from app.domain.events import BEGINNING, CursorUnknown, EventCursor
from app.queries.paging import CURSOR, AgencyFilter, Page, PageRequest
from app.schemas import base as shapes
from app.schemas.base import Code, Output
from app.schemas.events import EventPage
from app.web.markers import Markers

Item = TypeVar("Item", bound=Output)
LIMIT = 100
NOW = "now"


class ListPage:
    """The page that a list is asked for, and the answer that it becomes."""

    def __init__(self, asked: PageRequest, request: Request, response: Response) -> None:
        self.asked = asked
        self._request, self._response = request, response

    def of(self, item: type[Item], found: Page[Any]) -> shapes.Page[Item]:
        """The page on the wire, with its Link."""
        cursor = None if found.next_after is None else _cursor(self.asked.sort, found.next_after)
        if cursor:
            _link(self._request, self._response, cursor=cursor)
        data = [item.model_validate(each) for each in found.data]
        return shapes.Page[Item](data=data, next_cursor=cursor, has_more=cursor is not None)


_LINK = {"Link": '`rel="next"`, where there is a next page'}


def _link(request: Request, response: Response, **place: str) -> None:
    following = request.url.include_query_params(**place)
    response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'


def paged_by(*sorts: str, limit: int = 20) -> Any:  # noqa: ANN401  # what Depends returns
    """The page asked for, in one of these orders (each also backwards); the first is the default, as is the limit."""
    usual = limit
    Order = Literal[tuple(word for name in sorts for word in (name, f"-{name}"))]  # type: ignore[valid-type]  # noqa: N806

    class TakesPage:
        markers: ClassVar = Markers(headers=_LINK, refuses=(InvalidCursor,))

        async def __call__(
            self,
            request: Request,
            response: Response,
            limit: Annotated[int, Query(ge=1, le=LIMIT, description="The most items on a page")] = usual,
            cursor: Annotated[
                str | None,
                Query(max_length=500, description="`next_cursor` of the previous page; left out for the first page"),
            ] = None,
            sort: Annotated[
                Order,  # type: ignore[valid-type]  # its values are this list's own
                Query(description="The order; with `-` backwards. A cursor is valid only with the order it came with"),
            ] = sorts[0],
        ) -> ListPage:
            after = _after(cursor, sort) if cursor is not None else None
            return ListPage(PageRequest(limit, sort, after), request, response)

    return Depends(TakesPage())


def _cursor(sort: str, after: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, after]).encode()).decode().rstrip("=")


def _after(cursor: str, sort: str) -> str:
    try:
        made_for, after = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError):
        raise InvalidCursor(member=CURSOR) from None
    if made_for != sort or not isinstance(after, str) or not after.isprintable():
        raise InvalidCursor(member=CURSOR)
    return after


class JournalPage:
    """From which place of a journal on its events are asked for, how many, and the answer that they become."""

    member = "#query/after"
    """What names the place."""

    def __init__(self, after: EventCursor | None, limit: int, request: Request, response: Response) -> None:
        """`after` is None for what is still to come."""
        self.after, self.limit = after, limit
        self._request, self._response = request, response

    def of(self, data: list[dict[str, Any]], next_cursor: EventCursor, *, has_more: bool = False) -> EventPage:
        """The page on the wire, with its Link."""
        if has_more:
            _link(self._request, self._response, after=str(next_cursor))
        return EventPage.model_validate({"data": data, "next_cursor": str(next_cursor), "has_more": has_more})


class _FromAPlace:
    markers: ClassVar = Markers(headers=_LINK, refuses=(InvalidCursor, CursorUnknown))

    async def __call__(
        self,
        request: Request,
        response: Response,
        after: Annotated[
            str | None,
            Query(
                max_length=40,
                description="`next_cursor` of the last answer, or the `id` of an event: what follows it. Left out:"
                f" from the first event on; `{NOW}`: from this moment on, so this answer has no events",
            ),
        ] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT, description="The most events on a page")] = LIMIT,
    ) -> JournalPage:
        place = BEGINNING if after is None else None if after == NOW else EventCursor.read(after, JournalPage.member)
        return JournalPage(place, limit, request, response)


FromAPlace = Annotated[JournalPage, Depends(_FromAPlace())]
"""From where on a journal's events are told."""


async def _of_agency(
    agency_id: UUID | None = None,
    agency_code: Annotated[Code | None, Query(description="The agency's code, instead of its id")] = None,
) -> AgencyFilter:
    return AgencyFilter(agency_id, agency_code)


OfAgency = Annotated[AgencyFilter, Depends(_of_agency)]
"""Whose rows a list is narrowed to."""
ServiceCode = Annotated[Code | None, Query(description="The service's code, instead of its id")]
