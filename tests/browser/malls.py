"""The demo mall behind a proxy: its server can be started anew, and its cable be pulled."""

from typing import Any
from uuid import uuid4

import httpx

from tests.browser.fronts import Front
from tests.given import Json
from tests.servers import Demo


class Mall:
    """The demo mall behind a proxy, whose server can be started anew."""

    def __init__(self, demo: Demo, front: Front) -> None:
        self.demo, self.front = demo, front
        self.slug: str = demo.cast["mall"]
        self.serve_again()

    def serve_again(self) -> None:
        """The newest server is the one that the proxy leads to."""
        self.front.target = self.http.base_url.port

    @property
    def http(self) -> httpx.AsyncClient:
        return self.demo.servers.clients[-1]

    async def server_ends(self) -> None:
        await self.demo.servers.told_to_end(len(self.demo.servers.clients) - 1)

    async def server_starts(self) -> None:
        await self.demo.servers.start(1, MPP_EXAMPLES="true")
        self.serve_again()

    async def is_well(self) -> None:
        """Whatever the last test has left broken is mended."""
        self.front.mend()
        try:
            await self.http.get("/health/live")
        except httpx.TransportError:
            await self.server_starts()

    async def asks(self, method: str, path: str, part: str = "manajer.mal", body: Json | None = None) -> Any:
        """What the API says, beside the screens."""
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        if token := await self.demo.credential(part):
            headers["Authorization"] = f"Bearer {token}"
        url = f"/v1/malls/{self.slug}{path}"
        return (await self.http.request(method, url, headers=headers, json=body)).raise_for_status().json()

    async def service(self, code: str) -> Json:
        found: Json = (await self.asks("GET", f"/services?code={code}"))["data"][0]
        return found

    async def counters(self, service: Json) -> list[Json]:
        """The counters that serve it."""
        listed = await self.asks("GET", f"/counters?agency_id={service['agency_id']}")
        return [each for each in listed["data"] if service["id"] in each["service_ids"]]

    async def nobody_waits_at(self, service: Json) -> None:
        """What others have left at its agency goes away: its counters would call that first."""
        living = "&".join(f"status={each}" for each in ("waiting", "called", "serving", "on_hold"))
        for each in (await self.asks("GET", f"/tickets?agency_id={service['agency_id']}&limit=100&{living}"))["data"]:
            await self.asks("POST", f"/tickets/{each['id']}/cancellation")

    async def takes(self, service: Json, **more: Any) -> Json:
        """A visitor takes a number on the web."""
        body = {"service_id": service["id"], "channel": "web", **more}
        issued: Json = await self.asks("POST", "/tickets", "public", body)
        return issued
