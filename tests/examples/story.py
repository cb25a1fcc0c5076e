"""The story that gives the examples of operations: each once, on the demo at ten in the morning.

Who adds an operation adds the line here by which it is asked.
"""

import re

import httpx

from tests.examples.streams import streams_are_refused
from tests.examples.webhooks import a_webhook
from tests.given import Asker, Json, must_refuse
from tests.given.samarinda import Samarinda

PASSWORD = "hujan deras di tepi Mahakam"
PHONE = "0812-3456-7890"
HOURS = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 6)]


def text(indonesian: str, english: str) -> Json:
    """A text in both languages."""
    return {"id": indonesian, "en": english}


class Story:
    """Who plays, and what they have made so far."""

    manager: Asker
    agency_manager: Asker
    officer: Asker
    colleague: Asker
    dewi: Asker
    admin: Asker
    kiosk: Asker

    def __init__(self, demo: Samarinda) -> None:
        self.demo = demo
        self.mall = demo.mall
        self.public = demo.mall.public
        self.ids: dict[str, str] = {}
        self.tickets: dict[str, Json] = {}

    async def tell(self) -> None:
        """All of it."""
        await self.signing_in()
        await self.looking()
        await self.a_visitor_is_served()
        await self.a_kiosk_is_cut_off()
        await self.an_agency_joins()
        await self.what_it_serves()
        await self.the_calendar()
        await self.people()
        await self.machines()
        await self.a_phone_is_proven()
        await self.the_platform()

    async def person(self, username: str) -> Asker:
        """Somebody of the demo, signed in."""
        form = {"grant_type": "password", "username": username, "password": self.demo.passwords[username]}
        token = await self.public.does("//v1/oauth/token", data=form)
        self.tokens = token
        return Asker(self.mall.http, self.mall.path, token["access_token"])

    async def refused(self, answer: httpx.Response, code: str) -> None:
        """Insist on a refusal."""
        assert not answer.is_success, code
        must_refuse(answer, answer.status_code, code)

    async def edits(self, who: Asker, path: str, changes: Json, method: str = "PATCH") -> Json:
        """Change a thing as it stands now."""
        answer = await who.ask(method, path, json=changes, headers=await self.tagged(who, path))
        assert answer.is_success, answer.text
        made: Json = answer.json()
        return made

    async def tagged(self, who: Asker, path: str) -> dict[str, str]:
        """The header by which an edit says which version it was made from; none where a thing has no version."""
        tag = (await who.get(path)).headers.get("ETag")
        return {"If-Match": tag} if tag else {}

    async def signing_in(self) -> None:
        self.officer = await self.person("petugas.disdukcapil.1")
        self.manager = await self.person("manajer.mal")
        self.agency_manager = await self.person("manajer.disdukcapil")
        self.admin = await self.person("admin")
        self.colleague = await self.person("petugas.disdukcapil.2")
        self.kiosk = Asker(self.mall.http, self.mall.path, self.demo.kiosk_key)
        await self.person("petugas.disdukcapil.2")  # at another screen, where the colleague signs out again
        assert (
            await self.public.ask("POST", "//v1/oauth/revoke", data={"token": self.tokens["refresh_token"]})
        ).is_success
        for path in ("jwks.json", "oauth-authorization-server"):
            await self.public.sees(f"//.well-known/{path}")
        await self.public.get("//metrics")
        for path in ("health/live", "health/ready", "problems/service_closed"):
            await self.public.sees(f"//{path}")

    async def looking(self) -> None:
        see = self.public.sees
        await see("//v1/malls", limit=2)
        await see("//v1/malls/samarinda")
        [agency] = (await see("/agencies", code="DISDUKCAPIL"))["data"]
        [service] = (await see("/services", code="KTP-BARU"))["data"]
        others = await self.public.all("/services", agency_code="DISDUKCAPIL")
        self.ids["other"] = next(each["id"] for each in others if each["code"] != "KTP-BARU")
        self.ids["passport"] = (await self.public.all("/services", agency_code="IMIGRASI"))[0]["id"]
        counters = await self.public.all("/counters", agency_code="DISDUKCAPIL")
        serving = [each["id"] for each in counters if service["id"] in each["service_ids"]]
        self.ids |= {"agency": agency["id"], "service": service["id"], "counter": serving[0], "second": serving[1]}
        self.ids |= {"location": counters[0]["location_id"], "series": service["number_series_id"]}
        await see("/counters", agency_code="DISDUKCAPIL", limit=1)
        for path in ("agencies/{agency}", "services/{service}", "counters/{counter}", "locations/{location}"):
            await see("/" + path.format(**self.ids))
        for path in ("locations", "members", "mou-status", "calendar/exceptions", "calendar/holidays"):
            await see(f"/{path}", limit=2)
        await see("/calendar")
        await see("/board/words")

    async def a_visitor_is_served(self) -> None:
        ids, officer = self.ids, self.officer
        await officer.does(f"/counters/{ids['counter']}/opening", {"move": True})
        await self.public.sees("/availability", channel="web", agency_code="DISDUKCAPIL", limit=2)
        await self.public.sees(f"/services/{ids['service']}/estimate", channel="web", priority_class="elderly")
        ticket = await self.public.takes(ids["service"], priority_class="elderly")
        await self.public.sees(f"/claims/{ticket['claim_code']}")
        await officer.sees(f"/counters/{ids['counter']}/queue", limit=2)
        await officer.sees("//v1/me")
        at = f"/tickets/{ticket['id']}"
        called = await officer.calls(ids["counter"])
        assert called["id"] == ticket["id"]
        await self.public.sees("/board", counter_id=ids["counter"])
        await self.streams(ticket)
        for verb in ("recall", "start", "hold"):
            await officer.does(f"{at}/{verb}")
        await officer.does(f"{at}/return", {"place": "later"})
        await officer.calls(ids["counter"], ticket)
        await officer.handles(ticket, "start", "completion", "reopening")
        following = await self.kiosk.takes(ids["service"])
        await officer.does(f"{at}/completion", {"call_next": True})
        await officer.handles(following, "start", "completion")
        await officer.sees(at)
        await officer.sees("/tickets", limit=2)
        await self.colleague.does(f"/counters/{ids['counter']}/takeover")
        await officer.does(f"/counters/{ids['counter']}/takeover")
        back = f"{await self.mall.today()}T23:00:00+08:00"
        lunch = {"reason": text("Istirahat makan siang", "Lunch break"), "until": back}
        await officer.does(f"/counters/{ids['counter']}/break", lunch)
        await officer.does(f"/counters/{ids['counter']}/resumption")
        await self.edits(self.manager, f"/services/{ids['service']}", {"no_shows_before_block": 1})
        absent = await self.kiosk.takes(ids["service"], phone=PHONE)
        await self.kiosk.sees(f"/tickets/{absent['id']}/print")
        await self.kiosk.does(f"/tickets/{absent['id']}/print-report", {"outcome": "printed"})
        await officer.calls(ids["counter"])
        for _ in range(2):
            await officer.does(f"/tickets/{absent['id']}/recall")
        await officer.does(f"/tickets/{absent['id']}/no-show")
        leaving = await self.public.takes(ids["service"])
        await self.kiosk.takes(ids["service"])
        await self.public.does(f"/claims/{leaving['claim_code']}/postponement", {"places": 3})
        await self.public.does(f"/claims/{leaving['claim_code']}/cancellation")
        other = await self.kiosk.takes(ids["service"])
        await officer.does(f"/tickets/{other['id']}/transfer", {"service_id": ids["other"], "keep_arrival": True})
        await officer.does(f"/tickets/{other['id']}/cancellation", {"reason": "Berkas dibawa ke kantor kecamatan"})
        visit = await self.kiosk.plans(ids["service"], ids["passport"], in_order=True)
        await officer.sees(f"/visits/{visit['id']}")
        for step in visit["tickets"]:
            await self.public.does(f"/claims/{step['claim_code']}/cancellation")
        await officer.sees("/statistics/own")
        await self.agency_manager.sees("/statistics", limit=2)
        await self.agency_manager.get("/statistics/table", params={"by": "hour"})
        await officer.does(f"/counters/{ids['counter']}/closing", {"force": False})

    async def streams(self, ticket: Json) -> None:
        await self.public.get("/board/stream", params={"counter_id": self.ids["counter"]})
        await self.public.get(f"/claims/{ticket['claim_code']}/stream")
        await streams_are_refused(self.demo.app, f"{self.mall.path}/board/stream", self.mall.http, self.refused)

    async def a_kiosk_is_cut_off(self) -> None:
        service, kiosk = self.ids["service"], self.kiosk
        block = await kiosk.reserves(self.ids["series"], 3)
        first, second, _ = block["numbers"]
        at = block["reserved_at"]
        given: list[Json] = [{"number": first["number"], "issued_at": at, "service_id": service}]
        given.append({"number": second["number"], "issued_at": at, "service_id": None})
        where = f"/number-blocks/{block['id']}"
        await kiosk.does(f"{where}/report", {"numbers": given})
        await self.manager.sees(where)
        await self.manager.sees("/number-blocks", limit=2)
        await self.officer.does(f"/tickets/{first['ticket_id']}/cancellation")

    async def a_phone_is_proven(self) -> None:
        ids, refused, phone = self.ids, self.refused, PHONE
        wanted = {"agency_id": ids["agency"], "name": "Gerbang SMS", "scopes": ["messages:send"]}
        gateway = await self.mall.bearing(await self.manager.does("/clients", wanted))
        await self.public.does("/phone-confirmations", {"phone": phone})
        [message] = (await gateway.sees("/messages"))["data"]
        await gateway.does(f"/messages/{message['id']}/delivery", {"outcome": "delivered"})
        [code] = re.findall(r"\b\d{6}\b", message["text"])
        wrong = f"{(int(code) + 1) % 10**6:06}"
        await refused(await self.public.issue(ids["service"], phone=phone), "phone_not_proven")
        await refused(await self.public.issue(ids["service"], phone=phone, phone_code=wrong), "phone_code_invalid")
        await self.edits(self.manager, f"/services/{ids['service']}", {"web_needs_phone": True})
        await refused(await self.public.issue(ids["service"]), "phone_required")
        await self.edits(self.manager, f"/services/{ids['service']}", {"web_needs_phone": False})
        blocked = await self.public.issue(ids["service"], phone=phone, phone_code=code)
        await refused(blocked, "web_blocked_after_no_shows")
        await self.officer.does(f"/services/{ids['service']}/pardon", {"phone": phone})
        ticket = await self.public.takes(ids["service"], phone=phone, phone_code=code)
        assert (await self.public.issue(ids["service"], phone=phone, phone_code=code)).status_code == 200
        await self.public.does(f"/claims/{ticket['claim_code']}/cancellation")

    async def an_agency_joins(self) -> None:
        manager = self.manager
        newcomer = {
            "code": "ARSIP-KOTA",
            "name": text("Dinas Perpustakaan dan Kearsipan Kota Samarinda", "Library and Archive Office of Samarinda"),
            "category": "city_office",
            "office_address": "Jl. Kesuma Bangsa, Samarinda",
            "contact": {"name": "Dewi Lestari", "phone": "+62 541 000 000"},
        }
        agency = await manager.does("/agencies", newcomer)
        self.ids["newcomer"] = agency["id"]
        await self.edits(manager, f"/agencies/{agency['id']}", {"website": "https://arsip.example"})
        invitation = await manager.does("/invitations", {"agency_id": agency["id"]})
        await self.refused(await manager.post("/invitations", {"agency_id": agency["id"]}), "invitation_open")
        await manager.sees(f"/invitations/{invitation['id']}")
        await manager.sees("/invitations", limit=2)
        answer = {"answer": "committed", "note": "Dua loket, mulai bulan depan"}
        await manager.does(f"/invitations/{invitation['id']}/answer", answer)
        self.ids["invitation"] = invitation["id"]
        first = await self.paper("memorandum")
        await manager.does(f"/agreements/{first}/rejection", {"reason": "Loket belum siap"})
        paper = await self.paper("memorandum")
        signature = {"starts_on": "2026-01-01", "ends_on": "2099-12-31", "mall_number": "100.3.7/12/DPMPTSP/2026"}
        signature |= {"signed_on": "2026-01-02", "agency_number": "B-77/ARSIP/2026"}
        await manager.does(f"/agreements/{paper}/signature", signature)
        await manager.does(f"/agreements/{paper}/correction", {**signature, "mall_number": "100.3.7/21/DPMPTSP/2026"})
        self.ids["agreement"] = paper
        await manager.sees(f"/agreements/{paper}")
        await manager.sees("/agreements", agency_id=agency["id"], limit=2)

    async def paper(self, kind: str, agency: str = "newcomer") -> str:
        """A paper under review."""
        wanted: Json = {"agency_id": self.ids[agency], "kind": kind, "scope": "Layanan kartu anggota dan salinan arsip"}
        made = await self.manager.does("/agreements", wanted)
        await self.manager.does(f"/agreements/{made['id']}/review")
        return str(made["id"])

    async def what_it_serves(self) -> None:
        manager, agency = self.manager, self.ids["newcomer"]
        series = await manager.does(
            "/number-series",
            {"prefix": "ARS", "name": text("Antrean kearsipan", "Archive queue"), "agency_id": agency},
        )
        at = f"/number-series/{series['id']}"
        await self.edits(manager, at, {"name": text("Perpustakaan dan arsip", "Library and archive")})
        await manager.sees(at)
        await manager.sees("/number-series", limit=2)
        wanted: Json = {"agency_id": agency, "number_series_id": series["id"], "code": "KARTU-ANGGOTA"}
        wanted |= {"name": text("Kartu anggota perpustakaan", "Library card"), "daily_quota": 40}
        service = await manager.does("/services", wanted)
        await self.edits(manager, f"/services/{service['id']}", {"handling_minutes": 15, "daily_quota": 60})
        hall: Json = {"name": text("Gedung Layanan Timur", "East hall"), "address": "Jl. Pahlawan, Samarinda"}
        hall |= {"floors": [{"code": "1", "name": text("Lantai 1", "Floor 1")}], "starts_on": "2026-01-01"}
        location = await manager.does("/locations", hall)
        await self.edits(manager, f"/locations/{location['id']}", {"address": "Jl. Pahlawan No. 1, Samarinda"})
        counter: Json = {"agency_id": agency, "location_id": location["id"], "code": "L-90", "floor": "1"}
        counter |= {"name": text("Loket 90", "Counter 90"), "service_ids": [service["id"]], "desk": "M-90"}
        made = await manager.does("/counters", counter)
        served = {"service_ids": [service["id"]], "helps_with_service_ids": []}
        await self.edits(manager, f"/counters/{made['id']}", served)
        self.ids |= {"card": service["id"], "hall": location["id"], "ninety": made["id"], "own_series": series["id"]}

    async def counters_have_their_days(self, counter: Json) -> None:
        another = (await self.mall.today()).isoweekday() % 7 + 1
        made = await self.manager.does("/counters", {**counter, "weekdays": [another]})
        await self.refused(await self.manager.post(f"/counters/{made['id']}/opening"), "counter_not_today")

    async def the_calendar(self) -> None:
        manager = self.manager
        week = [{**day, "breaks": [{"starts": "12:00", "ends": "13:00"}]} for day in HOURS]
        await self.edits(manager, "/calendar", {"hours": week}, "PUT")
        own = f"/calendar?agency_id={self.ids['newcomer']}"
        await self.edits(manager, own, {"hours": HOURS}, "PUT")
        assert (await manager.ask("DELETE", own, headers=await self.tagged(manager, own))).is_success
        repairs: Json = {
            "agency_id": self.ids["newcomer"],
            "kind": "closed",
            "starts_on": "2097-03-02",
            "ends_on": "2097-03-03",
        }
        repairs |= {"opens": "12:00", "closes": "24:00", "reason": text("Perbaikan jaringan", "Network repairs")}
        await self.made_and_deleted("/calendar/exceptions", repairs, {"ends_on": "2097-03-04"})
        closing: Json = {"agency_id": self.ids["newcomer"], "reason": text("Jaringan terputus", "The network is down")}
        closing |= {"waiting_tickets": "keep", "ends_at": None}
        closed = await self.manager.does("/closures", closing)
        await self.manager.sees("/closures", limit=2)
        await self.manager.sees(f"/closures/{closed['id']}")
        await self.manager.does(f"/closures/{closed['id']}/ending")
        await self.refused(await self.manager.post(f"/closures/{closed['id']}/ending"), "closure_ended")
        await self.refused(await self.manager.post("/closures", {**closing, "floor": "1"}), "closure_not_possible")
        birthday: Json = {"date": "2097-01-21", "kind": "national_holiday", "name": text("Hari jadi kota", "City day")}
        birthday |= {"source": "Keputusan Wali Kota Samarinda"}
        await self.made_and_deleted("/calendar/holidays", birthday, {"closes_mall": False})
        ramadan: Json = {
            "name": text("Ramadan 1520 H", "Ramadan 1520 AH"),
            "starts_on": "2097-03-10",
            "ends_on": "2097-04-08",
        }
        await self.made_and_deleted("/calendar/periods", {**ramadan, "hours": HOURS}, {"ends_on": "2097-04-09"})
        proposals = await manager.sees("/calendar/holiday-proposals", year=2027)
        keys = [each["key"] for each in proposals["proposals"][:1]]
        await manager.does("/calendar/holiday-proposals/acceptance", {"year": 2027, "keys": keys})

    async def made_and_deleted(self, path: str, body: Json, changes: Json | None = None) -> None:
        """A thing of the calendar through its life."""
        made = await self.manager.does(path, body)
        at = f"{path}/{made['id']}"
        if changes:
            await self.edits(self.manager, at, changes)
        await self.manager.sees(path, limit=2)
        answer = await self.manager.ask("DELETE", at, headers=await self.tagged(self.manager, at))
        assert answer.is_success, answer.text

    async def people(self) -> None:
        manager = self.manager
        person = {
            "username": "dewi.lestari",
            "name": "Dewi Lestari",
            "role": "officer",
            "agency_id": self.ids["newcomer"],
        }
        staff = await manager.does("/staff", person)
        at = f"/staff/{staff['id']}"
        await self.edits(manager, at, {"name": "Dewi Lestari Putri"})
        await manager.sees("/staff", username="dewi.lestari")
        await manager.sees(at)
        granted = await manager.does("/grants", {"username": "dewi.lestari", "role": "auditor"})
        await manager.does(f"{at}/grants/{granted['id']}/revocation")
        await manager.does(f"{at}/disabling")
        await manager.does(f"{at}/enabling")
        reset = await manager.does(f"{at}/password-reset")
        await self.dewi_signs_in(reset["password"])
        self.ids["dewi"] = staff["id"]
        change = {"current_password": reset["password"], "new_password": PASSWORD}
        token = await self.dewi.does("//v1/me/password", change)
        self.dewi = Asker(self.mall.http, self.mall.path, token["access_token"])

    async def dewi_signs_in(self, password: str) -> None:
        """The newcomer's officer."""
        form = {"grant_type": "password", "username": "dewi.lestari", "password": password}
        token = await self.public.does("//v1/oauth/token", data=form)
        self.dewi = Asker(self.mall.http, self.mall.path, token["access_token"])

    async def machines(self) -> None:
        manager = self.manager
        kiosk = {"kind": "kiosk", "name": text("Kios lobi", "Lobby kiosk"), "location_id": self.ids["location"]}
        device = await manager.does("/devices", kiosk)
        at = f"/devices/{device['id']}"
        await self.edits(manager, at, {"name": text("Kios pintu timur", "Kiosk at the east door")})
        await manager.sees("/devices", limit=2)
        await manager.sees(at)
        await manager.does(f"{at}/revocation")
        system: Json = {
            "agency_id": self.ids["newcomer"],
            "name": "Aplikasi perpustakaan",
            "scopes": ["tickets:write", "tickets:read"],
        }
        client = await manager.does("/clients", system)
        at = f"/clients/{client['id']}"
        await self.edits(manager, at, {"name": "Aplikasi perpustakaan digital"})
        await manager.sees("/clients", limit=2)
        await manager.sees(at)
        rotated = await manager.does(f"{at}/secret-rotation", {"overlap_hours": 24})
        self.client = {**client, **rotated}
        await a_webhook(manager, self.ids["newcomer"])

    async def the_platform(self) -> None:
        admin = self.admin
        await self.manager.sees("/events", agency_id=self.ids["agency"], limit=2)
        await self.edits(self.manager, f"/{self.mall.path}", {"operator": "DPMPTSP Kota Samarinda"})
        mall: Json = {"slug": "balikpapan-contoh", "name": text("MPP Contoh Balikpapan", "Example mall of Balikpapan")}
        mall |= {"region": "Kota Balikpapan, Kalimantan Timur", "operator": "DPMPTSP", "time_zone": "Asia/Makassar"}
        await admin.does("//v1/malls", mall)
        person = {"username": "pengamat.dua", "name": "Rahmat Hidayat", "role": "ministry_observer"}
        account = await admin.does("//v1/accounts", person)
        at = f"//v1/accounts/{account['id']}"
        await admin.sees(at)
        await admin.sees("//v1/accounts", limit=2)
        for verb in ("disabling", "enabling", "password-reset"):
            await admin.does(f"{at}/{verb}")
        self.ids["observer"] = account["id"]
