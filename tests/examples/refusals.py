"""What the story goes on with: every refusal of the program. Who adds a code adds the line here by which it is met."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from app.security.tokens import Bearer
from app.web.bodies import WHOLE_LIMIT
from app.web.connections import HEAD_LIMIT
from app.web.context import context_of
from tests.databases import connected, execute
from tests.examples.events import every_event_is_told
from tests.examples.story import HOURS, PASSWORD, Story, text
from tests.examples.trouble import CUT, never_ending
from tests.examples.webhooks import refused_webhooks
from tests.given import Asker, Json
from tests.given.samarinda import served

TOO_MANY = 429
ISSUER = "http://127.0.0.1:9"
"""An issuer elsewhere that does not answer."""


class WholeStory(Story):
    """Every operation, and after that every refusal."""

    async def tell(self) -> None:
        """All of it."""
        await super().tell()
        await self.requests_are_refused()
        await self.people_are_refused()
        await self.joining_is_refused()
        await self.plans_are_refused()
        await self.visitors_are_refused()
        await self.blocks_are_refused()
        await self.tickets_are_refused()
        await self.endings()
        await self.trouble()

    async def requests_are_refused(self) -> None:
        refused, manager, ids = self.refused, self.manager, self.ids
        agency = f"/agencies/{ids['newcomer']}"
        await refused(await self.public.get("/tickets"), "unauthenticated")
        unknown, late = [Asker(self.mall.http, self.mall.path, each) for each in ("mpk_1_salah", await self.run_out())]
        await refused(await unknown.get("/tickets"), "token_invalid")
        await refused(await late.get("/tickets"), "token_expired")
        await refused(await self.public.at(self.mall.http).get("/services/" + ids["agency"]), "not_found")
        await refused(await self.officer.post("/agencies", {}), "forbidden")
        await refused(await manager.ask("DELETE", agency), "method_not_allowed")
        await refused(await manager.post("/agencies", {"code": "arsip", "category": "office"}), "invalid_request")
        await refused(await self.public.get("/services", params={"cursor": "x"}), "invalid_cursor")
        await refused(await manager.get("/events", params={"after": "1-00000000"}), "cursor_unknown")
        await refused(await manager.patch(agency, {}), "precondition_required")
        await refused(await manager.patch(agency, {}, '"1-0000000000000000"'), "precondition_failed")
        large = b"x" * (WHOLE_LIMIT + 1)
        await refused(await manager.ask("POST", "/agencies", content=large), "payload_too_large")
        form = {"name": "Arsip"}
        await refused(await manager.ask("POST", "/agencies", data=form), "unsupported_media_type")
        packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        await refused(await manager.post("/agencies", content=b"{}", headers=packed), "unsupported_encoding")
        twice = [("Authorization", f"Bearer {manager.credential}")] * 2
        await refused(await self.mall.http.get("/v1/me", headers=twice), "authorization_repeated")
        wanted: Json = {"service_id": ids["service"], "channel": "kiosk"}
        await refused(await self.kiosk.post("/tickets", wanted), "idempotency_key_required")
        await refused(await self.kiosk.issue(ids["service"], channel="web"), "channel_not_yours")
        await refused(await self.public.issue(ids["service"], key="1"), "idempotency_key_invalid")
        key = str(uuid4())
        await self.kiosk.takes(ids["service"], key=key)
        await refused(await self.kiosk.issue(ids["service"], key, language="en"), "idempotency_key_reused")
        person = {"username": "rina.wati", "name": "Rina Wati", "role": "officer", "agency_id": ids["newcomer"]}
        once = {"Idempotency-Key": str(uuid4())}
        await manager.does("/staff", person, headers=once)
        await refused(await manager.post("/staff", person, headers=once), "secret_already_shown")

    async def run_out(self) -> str:
        """A token whose time is over."""
        context = context_of(self.demo.app)
        async with context.database.reading() as reading:
            return context.signing_keys.ring.sign(Bearer(uuid4(), 1, uuid4()), at=reading.at, until=reading.at)

    async def people_are_refused(self) -> None:
        refused, manager, ids = self.refused, self.manager, self.ids
        token = self.public.ask
        url = "//v1/oauth/token"
        wrong = {"grant_type": "password", "username": "dewi.lestari", "password": "salah"}
        await refused(await token("POST", url, data=wrong), "invalid_grant")
        await refused(await token("POST", url, data={"grant_type": "device_code"}), "unsupported_grant_type")
        shown = {"grant_type": "client_credentials", "client_id": self.client["id"]}
        right = {**shown, "client_secret": self.client["client_secret"]}
        await refused(await token("POST", url, data={**shown, "client_secret": "mpc_salah"}), "invalid_client")
        await refused(await token("POST", url, data={**right, "scope": "catalogue:read"}), "invalid_scope")
        basic = base64.b64encode(f"{self.client['id']}:{self.client['client_secret']}".encode()).decode()
        both = await token("POST", url, data=right, headers={"Authorization": f"Basic {basic}"})
        await refused(both, "two_credentials")
        person = {"username": "dewi.lestari", "name": "Dewi Lestari", "role": "officer", "agency_id": ids["newcomer"]}
        await refused(await manager.post("/staff", person), "username_taken")
        misplaced = {**person, "username": "siti.aminah", "agency_id": None}
        await refused(await manager.post("/staff", misplaced), "agency_misplaced")
        same = {**misplaced, "role": "auditor", "username": "siti.aminah.01", "password": "siti.aminah.01"}
        await refused(await manager.post("/staff", same), "password_guessable")
        role, dewi = {"role": "officer", "agency_id": ids["newcomer"]}, {"username": "dewi.lestari"}
        await refused(await manager.post("/grants", {**dewi, **role}), "role_already_granted")
        change = {"current_password": "salah sekali", "new_password": PASSWORD}
        await refused(await self.dewi.post("//v1/me/password", change), "password_wrong")
        mine = (await manager.sees("//v1/me"))["id"]
        await refused(await manager.post(f"/staff/{mine}/disabling"), "own_account")
        await manager.does("/grants", {**dewi, "role": "auditor"})
        [boss] = await manager.all("/staff", username="manajer.disdukcapil")
        await manager.does("/grants", {"username": boss["username"], **role, "role": "agency_manager"})
        beyond = await self.agency_manager.post(f"/staff/{ids['dewi']}/disabling")
        await refused(beyond, "account_beyond_reach")
        another = {**misplaced, "role": "mall_manager"}
        await refused(await self.admin.post(f"/{self.mall.path}/staff", another), "mall_has_manager")
        system: Json = {"agency_id": ids["newcomer"], "name": "Aplikasi", "scopes": ["appointments:write"]}
        await refused(await manager.post("/clients", system), "scope_not_available")
        for answer, code in await refused_webhooks(manager, ids["newcomer"]):
            await refused(answer, code)
        taken: Json = {"slug": "samarinda", "name": text("MPP", "Mall"), "region": "Kota", "operator": "DPMPTSP"}
        await refused(await self.admin.post("//v1/malls", {**taken, "time_zone": "Asia/Makassar"}), "slug_taken")

    async def joining_is_refused(self) -> None:
        refused, manager, ids = self.refused, self.manager, self.ids
        agreement = f"/agreements/{ids['agreement']}"
        past = {"agency_id": ids["newcomer"], "due_on": "2026-01-01"}
        await refused(await manager.post("/invitations", past), "due_date_passed")
        taken_back = {"answer": "withdrawn"}
        await refused(await manager.post(f"/invitations/{ids['invitation']}/answer", taken_back), "agreement_exists")
        await refused(await manager.post(f"{agreement}/review"), "illegal_transition")
        paper = await self.paper("memorandum")

        async def signs(code: str, **more: Any) -> None:
            signature = {
                "starts_on": "2030-01-01",
                "mall_number": "100.3.7/13/DPMPTSP/2026",
                "agency_number": "B-78/ARSIP/2026",
            }
            await refused(await manager.post(f"/agreements/{paper}/signature", {**signature, **more}), code)

        await signs("agreement_overlap")
        await signs("term_reversed", ends_on="2029-12-31")
        await signs("signed_in_future", signed_on="2099-01-01")
        await signs("number_missing", agency_number=None)
        suspension = {"waiting_tickets": "serve", "reason": "Pemeriksaan berkas"}
        early, late = ({**suspension, "from_on": day} for day in ("2026-01-05", "2100-06-01"))
        await refused(await manager.post(f"{agreement}/suspension", early), "date_in_past")
        await refused(await manager.post(f"{agreement}/suspension", late), "after_the_term")

    async def plans_are_refused(self) -> None:
        refused, manager, ids = self.refused, self.manager, self.ids
        again: Json = {"code": "ARSIP-KOTA", "name": text("Arsip", "Archive"), "category": "city_office"}
        await refused(await manager.post("/agencies", again), "code_taken")
        prefix: Json = {"prefix": "ARS", "name": text("Antrean", "Queue")}
        await refused(await manager.post("/number-series", prefix), "prefix_taken")
        counter: Json = {"agency_id": ids["newcomer"], "location_id": ids["hall"], "code": "L-91", "floor": "1"}
        counter |= {"name": text("Loket 91", "Counter 91")}
        foreign = {**counter, "service_ids": [ids["service"]]}
        await refused(await manager.post("/counters", foreign), "foreign_service")
        await refused(await manager.post("/counters", {**counter, "desk": "M-90"}), "desk_taken")
        await self.counters_have_their_days({**counter, "code": "L-92"})
        helping = {**counter, "helps_with_service_ids": [ids["card"]]}
        await refused(await manager.post("/counters", helping), "helps_with_unserved")
        await refused(await manager.post("/counters", {**counter, "floor": "9"}), "floor_unknown")
        unknown = {**counter, "location_id": str(uuid4())}
        await refused(await manager.post("/counters", unknown), "unknown_reference")
        await refused(
            await manager.edits(
                f"/locations/{ids['hall']}", {"floors": [{"code": "2", "name": text("Lantai 2", "Floor 2")}]}
            ),
            "floor_in_use",
        )
        await refused(await manager.edits(f"/locations/{ids['hall']}", {"ends_on": "2026-01-31"}), "location_in_use")
        gone: Json = {"name": text("Gedung lama", "Old hall"), "address": "Jl. Lama", "starts_on": "2020-01-01"}
        gone |= {"ends_on": "2021-01-01", "floors": [{"code": "1", "name": text("Lantai 1", "Floor 1")}]}
        old = await manager.does("/locations", gone)
        in_old = {**counter, "location_id": old["id"]}
        await refused(await manager.post("/counters", in_old), "location_not_in_use")
        reversed_ = {**gone, "ends_on": "2019-01-01"}
        await refused(await manager.post("/locations", reversed_), "dates_reversed")
        wrong = {"hours": [{"weekday": 1, "opens": "15:00", "closes": "08:00"}]}
        tag = await self.tagged(manager, "/calendar")
        await refused(await manager.ask("PUT", "/calendar", json=wrong, headers=tag), "hours_invalid")
        new_year: Json = {
            "date": "2098-01-01",
            "kind": "national_holiday",
            "name": text("Tahun Baru", "New Year"),
            "source": "SKB 3 Menteri",
        }
        await manager.does("/calendar/holidays", new_year)
        await refused(await manager.post("/calendar/holidays", new_year), "holiday_exists")
        period: Json = {
            "name": text("Ramadan", "Ramadan"),
            "starts_on": "2098-03-01",
            "ends_on": "2098-03-30",
            "hours": HOURS,
        }
        await manager.does("/calendar/periods", period)
        await refused(await manager.post("/calendar/periods", period), "periods_overlap")

    async def visitors_are_refused(self) -> None:
        refused, service = self.refused, self.ids["service"]
        ticket = await self.public.takes(service)
        later = f"/claims/{ticket['claim_code']}/postponement"
        for _ in range(2):
            await self.public.does(later, {"places": 1})
        await refused(await self.public.post(later, {"places": 1}), "postponed_too_often")
        report = f"/tickets/{ticket['id']}/print-report"
        await refused(await self.officer.post(report, {"outcome": "failed"}), "not_on_paper")

    async def blocks_are_refused(self) -> None:
        refused, ids, kiosk = self.refused, self.ids, self.kiosk
        block = await kiosk.reserves(ids["series"], 2)
        wanted = {"number_series_id": ids["series"], "size": 2}
        again = await kiosk.post("/number-blocks", wanted, headers={"Idempotency-Key": str(uuid4())})
        await refused(again, "block_open")
        first, second = block["numbers"]
        at, where = block["reserved_at"], f"/number-blocks/{block['id']}/report"
        given = {"number": first["number"], "issued_at": at, "service_id": ids["service"]}
        after = given | {"number": second["number"]}
        await refused(await kiosk.post(where, {"numbers": [after]}), "number_out_of_order")
        early = {"numbers": [given | {"issued_at": "2026-01-01T08:00:00+08:00"}]}
        await refused(await kiosk.post(where, early), "time_out_of_order")
        await refused(await kiosk.post(where, {"numbers": [{**given, "service_id": ids["card"]}]}), "other_series")
        await kiosk.does(where, {"numbers": []})

    async def tickets_are_refused(self) -> None:
        refused, ids, officer, kiosk = self.refused, self.ids, self.officer, self.kiosk
        counter, second = f"/counters/{ids['counter']}", f"/counters/{ids['second']}"
        await refused(await officer.post(f"{counter}/calls"), "counter_not_open")
        await officer.does(f"{counter}/opening")
        for each in await officer.all("/tickets", status="waiting"):
            await officer.does(f"/tickets/{each['id']}/cancellation")
        await refused(await officer.post(f"{counter}/calls"), "nobody_waiting")
        await refused(await officer.post(f"{second}/opening"), "officer_busy")
        await refused(await self.colleague.post(f"{counter}/break"), "not_your_counter")
        ticket = await kiosk.takes(ids["service"])
        await refused(await kiosk.issue(ids["service"], visit_id=ticket["visit_id"]), "already_waiting")
        await refused(await kiosk.issue(ids["service"], phone="0812-KENARI"), "phone_invalid")
        await refused(await kiosk.issue(ids["service"], phone="+65 9123 4567"), "phone_foreign")
        await self.transfers_are_refused(ticket)
        crowd = [await self.public.issue(ids["service"]) for _ in range(13)]
        await refused(crowd[-1], "too_many_waiting")
        await officer.calls(ids["counter"])
        await refused(await officer.post(f"/tickets/{ticket['id']}/no-show"), "no_show_too_early")
        await refused(await officer.post(f"{counter}/break"), "counter_busy")
        await refused(await officer.post(f"{counter}/calls", {"ticket_id": ticket["id"]}), "already_called")
        self.yesterdays = ticket["visit_id"]
        await self.dewi_opens()
        await self.who_is_elsewhere_is_refused(ticket)
        await self.reopening_is_refused(ticket)
        wanted: Json = {"agency_id": ids["agency"], "number_series_id": ids["series"], "code": "SALINAN-AKTA"}
        copies = await self.manager.does("/services", {**wanted, "name": text("Salinan akta", "Copies of deeds")})
        served = (await self.manager.sees(second))["service_ids"]
        await self.edits(self.manager, second, {"service_ids": [*served, copies["id"]]})
        unserved = await kiosk.takes(copies["id"])
        await refused(await officer.post(f"{counter}/calls", {"ticket_id": unserved["id"]}), "service_not_served")
        await self.manager.does(f"/tickets/{unserved['id']}/cancellation")
        await refused(await self.manager.edits(f"/counters/{ids['ninety']}", {"service_ids": []}), "last_counter")
        await self.edits(self.manager, f"/services/{ids['card']}", {"channels": ["kiosk"], "daily_quota": 1})
        await refused(await self.public.issue(ids["card"]), "channel_not_allowed")
        await refused(await kiosk.issue(ids["card"]), "quota_exhausted")
        await self.windows_are_refused()
        today = str(await self.mall.today())
        closed: Json = {"agency_id": ids["newcomer"], "kind": "closed", "starts_on": today, "ends_on": today}
        closed |= {"reason": text("Perbaikan jaringan", "Network repairs")}
        opened = {**closed, "kind": "open", "service_id": ids["card"]}
        await refused(await self.manager.post("/calendar/exceptions", opened), "exception_not_possible")
        await self.manager.does("/calendar/exceptions", {**closed, "agency_id": None, "counter_id": ids["second"]})
        await refused(await self.manager.post(f"{second}/opening"), "counter_closed")
        exception = await self.manager.does("/calendar/exceptions", closed)
        await self.edits(self.manager, f"/services/{ids['card']}", {"daily_quota": None})
        await refused(await kiosk.issue(ids["card"]), "service_closed")
        at = f"/calendar/exceptions/{exception['id']}"
        await self.manager.ask("DELETE", at, headers=await self.tagged(self.manager, at))

    async def who_is_elsewhere_is_refused(self, ticket: Json) -> None:
        """Who is at another counter with this ticket, and who has another counter to go to first."""
        card, calls = self.ids["card"], f"/counters/{self.ids['ninety']}/calls"
        other = await self.kiosk.takes(card, visit_id=ticket["visit_id"])
        await self.refused(await self.dewi.post(calls), "waiting_elsewhere")
        await self.refused(await self.dewi.post(calls, {"ticket_id": other["id"]}), "visit_busy")
        await self.officer.handles(ticket, "start", "completion")
        steps = (await self.kiosk.plans(self.ids["service"], card, in_order=True))["tickets"]
        await self.refused(await self.dewi.post(calls, {"ticket_id": steps[1]["id"]}), "visit_out_of_order")
        for each in steps:
            await self.public.does(f"/claims/{each['claim_code']}/cancellation")

    async def reopening_is_refused(self, ticket: Json) -> None:
        at, mall = f"/tickets/{ticket['id']}/reopening", f"/{self.mall.path}"
        await self.edits(self.manager, mall, {"reopening_minutes": 0})
        await self.refused(await self.officer.post(at), "reopening_too_late")
        await self.edits(self.manager, mall, {"reopening_minutes": 10})
        leaving = await self.kiosk.takes(self.ids["service"])
        await self.public.does(f"/claims/{leaving['claim_code']}/cancellation")
        await self.refused(await self.officer.post(f"/tickets/{leaving['id']}/reopening"), "ended_otherwise")

    async def transfers_are_refused(self, ticket: Json) -> None:
        at, mall = f"/tickets/{ticket['id']}/transfer", f"/{self.mall.path}"
        await self.refused(await self.officer.post(at, {"service_id": self.ids["service"]}), "same_service")
        await self.edits(self.manager, mall, {"transfers_between_agencies": False})
        await self.refused(await self.officer.post(at, {"service_id": self.ids["card"]}), "transfer_not_allowed")
        await self.edits(self.manager, mall, {"transfers_between_agencies": True})

    async def windows_are_refused(self) -> None:
        """Numbers at night only, and at hours that never come."""
        at, card = f"/services/{self.ids['card']}", self.ids["card"]
        night = {"channel_windows": {"kiosk": [{"opens": "23:00", "closes": "24:00"}]}}
        await self.edits(self.manager, at, night)
        await self.refused(await self.kiosk.issue(card), "outside_window")
        night["channel_windows"]["kiosk"][0]["closes"] = "22:00"
        await self.refused(await self.manager.edits(at, night), "windows_invalid")
        await self.edits(self.manager, at, {"channel_windows": {}})

    async def dewi_opens(self) -> None:
        """The newcomer's officer goes to work."""
        await self.dewi_signs_in(PASSWORD)
        await self.dewi.does(f"/counters/{self.ids['ninety']}/opening")

    async def endings(self) -> None:
        refused, manager, ids = self.refused, self.manager, self.ids
        long = {"until": "2099-12-31T12:00:00+08:00"}
        await refused(await self.dewi.post(f"/counters/{ids['ninety']}/break", long), "break_end_not_possible")
        await self.edits(manager, f"/services/{ids['card']}", {"near_places": 1})
        absent, served = [await self.kiosk.takes(ids["card"]) for _ in range(2)]
        await self.dewi.calls(ids["ninety"], absent)
        for _ in range(2):
            await self.dewi.does(f"/tickets/{absent['id']}/recall")
        await self.dewi.does(f"/tickets/{absent['id']}/no-show")
        await self.dewi.calls(ids["ninety"], served)
        stop = {"waiting_tickets": "cancel", "reason": "Pemeriksaan berkas"}
        await manager.does(f"/agreements/{ids['agreement']}/suspension", stop)
        await self.dewi.handles(served, "start", "completion")
        await refused(await self.kiosk.issue(ids["card"]), "membership_not_in_force")
        await refused(await self.dewi.post(f"/tickets/{absent['id']}/return"), "queue_stopped")
        await manager.does(f"/agreements/{ids['agreement']}/reinstatement", {})
        retired = {"waiting_tickets": "cancel"}
        await manager.does(f"/counters/{ids['ninety']}/retirement", retired)
        await refused(await manager.post(f"/counters/{ids['ninety']}/opening"), "counter_retired")
        await refused(await self.kiosk.issue(ids["card"]), "no_counter")
        await manager.does(f"/services/{ids['card']}/retirement", retired)
        await refused(await self.kiosk.issue(ids["card"]), "service_retired")
        await manager.does(f"/agreements/{ids['agreement']}/termination", stop)
        await manager.does(f"/clients/{self.client['id']}/revocation")
        await manager.does(f"/agencies/{ids['newcomer']}/retirement", retired)
        await refused(
            await manager.post("/agreements", {"agency_id": ids["newcomer"], "kind": "decree"}), "agency_retired"
        )

    async def trouble(self) -> None:
        """What befalls a program: an issuer that is down, a clock that is wrong, a database that is lost or blocked."""
        refused, ids, kiosk = self.refused, self.ids, self.kiosk
        claims = json.dumps({"iss": ISSUER, "aud": "mpp", "sub": "dewi", "exp": 9_999_999_999}).encode()
        header = json.dumps({"alg": "EdDSA", "typ": "at+jwt", "kid": "none"}).encode()
        parts = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in (header, claims, b"no signature")]
        await refused(await Asker(self.mall.http, "", ".".join(parts)).get("//v1/me"), "issuer_unavailable")
        stranger = httpx.ASGITransport(self.demo.app, client=("192.0.2.7", 50_000))
        hooks = self.mall.http.event_hooks
        async with httpx.AsyncClient(transport=stranger, base_url="http://mall.test", event_hooks=hooks) as http:
            guesses = [Asker(http, self.mall.path).get(f"/claims/{'0' * 16}") for _ in range(30)]
            answers = await asyncio.gather(*guesses)  # at once: places are given back with time
        await refused(next(each for each in answers if each.status_code == TOO_MANY), "rate_limited")
        await self.connections_are_refused()
        self.mall.pass_time(timedelta(minutes=-5))
        await refused(await kiosk.issue(ids["service"]), "clock_skew")
        await self.public.get("//health/ready")
        self.mall.pass_time(timedelta(minutes=5))
        await execute(self.demo.url, "ALTER TABLE locations RENAME TO gone")
        await refused(await self.public.get("/locations"), "internal_error")
        await execute(self.demo.url, "ALTER TABLE gone RENAME TO locations")
        await execute(self.demo.url, CUT)
        await refused(await kiosk.issue(ids["service"]), "outcome_unknown")
        await execute(self.demo.url, "DROP FUNCTION cut CASCADE")
        async with connected(self.demo.url) as outside, outside.transaction():
            await outside.execute("SELECT * FROM journals FOR UPDATE")
            await refused(await kiosk.issue(ids["service"]), "busy")
        early = await kiosk.takes(ids["service"])
        self.mall.pass_time(timedelta(minutes=11))
        await refused(await kiosk.get(f"/tickets/{early['id']}/print"), "print_time_over")
        await kiosk.reserves(ids["series"], 2)
        self.mall.pass_time(timedelta(days=1))
        await refused(await kiosk.issue(ids["service"], visit_id=self.yesterdays), "visit_over")
        await every_event_is_told(self.manager)

    async def connections_are_refused(self) -> None:
        """What is refused before there is a request, and one that never comes to its end."""
        see = {"response": self.mall.http.event_hooks["response"][-1:]}  # where no operation is asked
        async with served(self.demo.app) as base, httpx.AsyncClient(base_url=base, event_hooks=see) as http:
            await self.refused(await http.get("/", headers={"X": "x" * HEAD_LIMIT}), "headers_too_large")
            await self.refused(await http.request("BREW", "/"), "request_unreadable")
        context = context_of(self.demo.app)
        context.body_seconds, usual = 0, context.body_seconds
        await self.refused(await self.manager.post("/agencies", content=never_ending()), "request_too_slow")
        context.body_seconds = usual
