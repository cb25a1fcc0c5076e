"""Who may do what: every operation with every kind of caller, cell by cell, both ways.

The rows below are the table of `app/domain/roles.py`, written out by operation; the program's own is not read here.
"""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import httpx
from fastapi import FastAPI

from app.domain.devices import DeviceKind
from app.domain.roles import Permission, Role
from tests.given import Agency, Asker, Given, Json, Mall, code_of, names

CATALOGUE = """list_malls get_mall list_agencies get_agency list_mou_status list_members list_availability get_board
    get_board_words stream_board
    get_calendar list_closures get_closure list_calendar_exceptions get_calendar_exception list_holidays get_holiday
    list_calendar_periods get_calendar_period list_locations
    get_location list_services get_service estimate_wait list_counters get_counter"""
DESK = """take_over_counter list_counter_queue pause_counter call_next_ticket close_counter open_counter
    resume_counter complete_ticket hold_ticket mark_no_show recall_ticket return_ticket start_ticket
    transfer_ticket reopen_ticket pardon_absences"""
OF_THE_MALL = """change_mall create_location change_location change_calendar delete_calendar create_holiday
    change_holiday delete_holiday list_holiday_proposals accept_holidays
    create_calendar_period change_calendar_period delete_calendar_period
    create_agency change_agency invite_agency draft_agreement review_agreement
    reject_agreement sign_agreement correct_agreement suspend_agreement reinstate_agreement terminate_agreement
    create_counter retire_counter retire_agency register_device change_device revoke_device"""
OF_THE_AGENCY = """answer_invitation change_counter create_service change_service create_number_series
    change_number_series change_staff revoke_role disable_staff enable_staff reset_staff_password retire_service
    register_client change_client rotate_client_secret revoke_client create_calendar_exception
    register_webhook change_webhook rotate_webhook_secret ping_webhook replay_webhook disable_webhook enable_webhook
    retire_webhook
    change_calendar_exception delete_calendar_exception create_closure end_closure"""
PLATFORM = """create_mall create_account list_accounts get_account disable_account enable_account
    reset_account_password"""
PEOPLE = "public kiosk display officer agency_manager mall_manager auditor ministry_observer platform_admin"
SCOPES = (
    "catalogue:read",
    "joining:read",
    "tickets:write",
    "tickets:read",
    "statistics:read",
    "events:read",
    "messages:send",
)
"""What a partner's system has tokens for, each a caller of its own."""
ROWS = {
    CATALOGUE: f"{PEOPLE} catalogue:read",
    "get_own_ticket stream_own_ticket cancel_own_ticket postpone_own_ticket": f"{PEOPLE} tickets:write tickets:read",
    DESK: "officer* agency_manager* mall_manager",
    "cancel_ticket": "officer* agency_manager* mall_manager tickets:write*",
    OF_THE_MALL: "mall_manager",
    OF_THE_AGENCY: "agency_manager* mall_manager",
    "list_number_series get_number_series": "agency_manager mall_manager auditor",
    "list_agreements get_agreement list_invitations get_invitation": """agency_manager* mall_manager auditor
        platform_admin joining:read*""",
    "confirm_phone": "public",
    "list_messages report_delivery": "messages:send",
    "issue_ticket plan_visit": "public kiosk officer agency_manager mall_manager tickets:write*",
    "get_ticket_print report_print": "kiosk officer* agency_manager* mall_manager",
    "reserve_numbers report_numbers": "kiosk",
    "list_number_blocks get_number_block": "kiosk mall_manager auditor",
    "get_ticket get_visit": "kiosk officer* agency_manager* mall_manager auditor tickets:read*",
    "list_tickets": "officer* agency_manager* mall_manager auditor tickets:read*",
    "list_statistics get_statistics_table": "agency_manager mall_manager auditor ministry_observer statistics:read",
    "list_events": "display agency_manager mall_manager auditor events:read",
    "get_own_statistics": "officer agency_manager mall_manager",
    PLATFORM: "platform_admin",
    "create_staff grant_role": "agency_manager* mall_manager platform_admin",
    "list_staff get_staff list_clients get_client": "agency_manager* mall_manager auditor",
    "list_devices get_device": "mall_manager auditor",
    "list_webhooks get_webhook list_webhook_deliveries": "agency_manager* mall_manager auditor events:read*",
}
"""An asterisk: the things of the caller's own agency only."""
CELLS = {operation: callers.split() for row, callers in ROWS.items() for operation in row.split()}
MAY = {operation: [each.rstrip("*") for each in callers] for operation, callers in CELLS.items()}
NOBODY_LISTENS = "http://127.0.0.1:9/"
OF_AN_AGENCY = ("officer", "agency_manager", *SCOPES)
NAMED_IN_BODY = (
    "create_service",
    "create_number_series",
    "create_staff",
    "grant_role",
    "register_client",
    "register_webhook",
    "issue_ticket",
    "plan_visit",
)
CHANNELS = {"public": "web", "tickets:write": "partner"}
FOR_ALL = {
    "check_live",
    "check_ready",
    "read_metrics",
    "describe_sign_in",
    "explain_problem",
    "issue_token",
    "revoke_token",
    "show_signing_keys",
    "get_me",
    "change_my_password",
}
"""Operations that ask for no role."""
NEEDED = {"list_availability": {"channel": "web"}, "list_holiday_proposals": {"year": 2027}}
"""Parameters that an operation cannot do without."""


class Operation(NamedTuple):
    """Where it is, and the document's example of its body."""

    method: str
    path: str
    example: Json | None


@dataclass
class Scene:
    """One thing of each kind that belongs to an agency, and what the operations need to be asked about them."""

    mall: Mall
    agency: Agency
    ids: dict[str, str]
    partners: dict[str, str] = field(default_factory=dict)
    """What a partner's client has of its own."""
    username: str = ""
    """The user name of one of its officers."""
    watcher: str = str(uuid4())
    """An account of the platform."""

    @classmethod
    async def of(cls, mall: Mall, code: str) -> "Scene":
        agency = await mall.agency(code, services=2)
        holiday = {"date": "2020-01-01", "kind": "national_holiday", "name": names("New Year"), "source": "SKB"}
        period = {"starts_on": "2020-05-01", "ends_on": "2020-05-30", "name": names("Ramadan"), "hours": []}
        ticket = await mall.kiosk.takes(agency.service)
        person = {"username": f"{code}.{mall.slug}".lower(), "name": "Dewi", "role": "officer", "agency_id": agency.id}
        staff = await mall.manager.does("/staff", {**person, "password": "a password, long enough"})
        manager = await mall.agency_manager(agency)
        ids = {
            "mall": mall.slug,
            "agency_id": agency.id,
            "agreement_id": str(agency.agreement_id),
            "invitation_id": (await mall.manager.does("/invitations", {"agency_id": agency.id}))["id"],
            "location_id": mall.location_id,
            "closure_id": await cls.closure(manager, agency),
            "exception_id": await cls.closed(manager, agency),
            "series_id": agency.series_id,
            "holiday_id": await cls._known(mall, "/calendar/holidays", holiday),
            "period_id": await cls._known(mall, "/calendar/periods", period),
            "service_id": agency.service,
            "counter_id": agency.counter,
            "ticket_id": ticket["id"],
            "visit_id": ticket["visit_id"],
            "claim_code": ticket["claim_code"],
            "account_id": staff["id"],
            "grant_id": staff["grants"][0]["id"],
            "client_id": (await mall.client(agency))["id"],
            "webhook_id": (await mall.webhook(NOBODY_LISTENS, agency=agency))["id"],
            "device_id": str((await mall.device(DeviceKind.KIOSK)).id),
            "message_id": await cls.message(mall, agency),
            "block_id": (await mall.kiosk.reserves(agency.series_id, 1))["id"],
        }
        return cls(mall, agency, ids, username=staff["username"])

    @staticmethod
    async def message(mall: Mall, agency: Agency) -> str:
        """The newest one to a visitor."""
        await mall.public.does("/phone-confirmations", {"phone": "0812-3456-7890"})
        return str((await (await mall.gateway(agency)).sees("/messages", sort="-id", limit=1))["data"][0]["id"])

    @staticmethod
    async def closure(manager: Asker, agency: Agency) -> str:
        """What an agency's manager had closed, and has ended: the agency goes on."""
        body = {"agency_id": agency.id, "reason": names("Repairs"), "waiting_tickets": "serve"}
        made = await manager.does("/closures", body)
        await manager.does(f"/closures/{made['id']}/ending")
        return str(made["id"])

    @staticmethod
    async def closed(manager: Asker, agency: Agency) -> str:
        """What an agency's manager has closed for a while."""
        days = {"kind": "closed", "starts_on": "2020-01-01", "ends_on": "2020-01-02", "reason": names("Repairs")}
        return str((await manager.does("/calendar/exceptions", {**days, "agency_id": agency.id}))["id"])

    @staticmethod
    async def _known(mall: Mall, path: str, body: Json) -> str:
        """The mall's own one of a kind: scenes of one mall share it."""
        known = await mall.manager.all(path)
        return str((known[0] if known else await mall.manager.does(path, body))["id"])

    def body(self, operation: str, example: Json, caller: str) -> Json:
        """The document's example, told of these things and not of the example's own."""
        own = {
            "agency_id": self.agency.id,
            "number_series_id": self.agency.series_id,
            "service_id": self.agency.service,
            "location_id": self.mall.location_id,
        }
        manager = caller == "platform_admin"
        role = {"role": "mall_manager"} if manager else {"role": "officer", "agency_id": self.agency.id}
        more: dict[str, Json] = {
            "create_calendar_exception": {"kind": "closed", "agency_id": self.agency.id, "counter_id": None},
            "create_closure": {"service_id": None, "waiting_tickets": "serve"},
            "create_mall": {"slug": self.mall.slug},
            "create_counter": {"floor": "1"},
            "create_number_series": {"agency_id": self.agency.id},
            "create_account": {"username": f"admin.{uuid4()}"},
            "create_staff": {"username": f"staff.{uuid4()}", **role},
            "grant_role": {"username": self.username, **role},
            "issue_ticket": {"channel": CHANNELS.get(caller, "kiosk")},
            "plan_visit": {"channel": None, "service_ids": list(self.agency.services.values())},
            "report_numbers": {"numbers": []},
        }
        return example | {name: own[name] for name in example.keys() & own} | more.get(operation, {})

    async def ask(self, asker: Asker, name: str, operation: Operation, caller: str = "") -> httpx.Response:
        """Ask for an operation about these things."""
        method, path, example = operation
        ids = self.ids | (self.partners if caller in SCOPES else {})
        ids |= {"account_id": self.watcher} if path.startswith("/v1/accounts") else {}
        url = "/" + path.format(**ids)
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        if method in ("PATCH", "PUT", "DELETE"):
            headers = {"If-Match": (await self.mall.manager.get(url)).headers.get("ETag", "*")}
        how: Json = {} if example is None else {"json": self.body(name, example, caller)}
        if name in NEEDED:
            how["params"] = NEEDED[name]
        return await asker.ask(method, url, headers=headers, **how)


def operations(app: FastAPI) -> dict[str, Operation]:
    """Every operation of the document that asks for a role, by its id; what takes a thing away comes last."""
    found = {
        each["operationId"]: Operation(method.upper(), path, example_of(each))
        for path, methods in app.openapi()["paths"].items()
        for method, each in methods.items()
        if each["operationId"] not in FOR_ALL
    }
    return dict(sorted(found.items(), key=lambda each: each[1].method == "DELETE"))


def example_of(operation: Json) -> Json | None:
    """The document's example of a body, where there is one."""
    content = operation.get("requestBody", {}).get("content", {})
    example: Json | None = content.get("application/json", {}).get("example")
    return example


async def cast(given: Given, mall: Mall, agency: Agency) -> dict[str, Asker]:
    """One of every kind of caller."""
    client = await mall.client(agency, *SCOPES)
    return {
        "public": mall.public,
        "kiosk": mall.kiosk,
        "display": mall.display,
        "officer": await mall.officer(agency),
        "agency_manager": await mall.agency_manager(agency),
        "mall_manager": mall.manager,
        "auditor": mall.auditor,
        "ministry_observer": await given.platform_person(Role.MINISTRY_OBSERVER),
        "platform_admin": await given.admin(),
        **{scope: await mall.bearing(client, scope) for scope in SCOPES},
    }


def is_let_in(answer: httpx.Response) -> bool:
    """Whether the caller was let in; the mall's rules may still refuse what was asked."""
    return answer.status_code < 500 and answer.status_code not in (401, 403, 404, 412, 428)


def test_the_rows_name_every_operation_and_the_operations_every_verb(app: FastAPI) -> None:
    assert set(MAY) == set(operations(app))
    verbs = {each.get("x-permission") for methods in app.openapi()["paths"].values() for each in methods.values()}
    assert verbs - {None} == {verb.value for verb in Permission}


async def test_every_operation_lets_in_whom_the_table_names_and_nobody_else(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    own = await Scene.of(mall, "CIVIL")
    own.watcher = str((await given.platform_person(Role.MINISTRY_OBSERVER)).id)
    callers = await cast(given, mall, own.agency)
    issued = await callers["tickets:write"].takes(own.agency.service)
    own.partners |= {"ticket_id": issued["id"], "visit_id": issued["visit_id"]}
    closed = iter([await own.closed(callers["agency_manager"], own.agency) for _ in callers])
    wrong = []
    for name, operation in operations(app).items():
        for caller, asker in callers.items():
            if name == "delete_calendar_exception":  # two kinds of callers may, and the first takes it away
                own.ids["exception_id"] = next(closed)
            answer = await own.ask(asker, name, operation, caller)
            refusal = (401, "unauthenticated") if caller == "public" else (403, "forbidden")
            right = is_let_in(answer) if caller in MAY[name] else code_of(answer) == refusal
            if answer.status_code == 403:  # it says who may, whom the table names
                required = set(answer.json()["required"])
                right = right and caller not in required and set(MAY[name]) <= required
            if not right:
                wrong.append((name, caller, answer.status_code, answer.text[:200]))
    assert wrong == []


async def test_another_agencys_things_are_not_there_but_where_the_table_reaches_over_all(
    given: Given, app: FastAPI
) -> None:
    mall = await given.mall()
    own, other = await Scene.of(mall, "CIVIL"), await Scene.of(mall, "TAX")
    callers = await cast(given, mall, own.agency)
    single = {name: each for name, each in operations(app).items() if not name.startswith("list_")}
    before = len(await mall.entries())
    for name, operation in single.items():
        expected = (422, "unknown_reference") if name in NAMED_IN_BODY else (404, "not_found")
        for caller in OF_AN_AGENCY:
            if f"{caller}*" in CELLS[name]:
                answer = await other.ask(callers[caller], name, operation, caller)
                assert code_of(answer) == expected, (name, caller)
    assert len(await mall.entries()) == before

    for name, operation in single.items():
        for caller in OF_AN_AGENCY:
            if caller in CELLS[name]:
                assert is_let_in(await other.ask(callers[caller], name, operation, caller)), (name, caller)


async def test_lists_show_an_agencys_people_its_own_rows_alone(given: Given) -> None:
    mall = await given.mall()
    own, other = await Scene.of(mall, "CIVIL"), await Scene.of(mall, "TAX")
    callers = await cast(given, mall, own.agency)
    for path in ("/invitations", "/agreements", "/tickets", "/clients", "/webhooks"):
        agencies = {each["agency_id"] for each in await callers["agency_manager"].all(path)}
        assert agencies == {own.agency.id}, path
        assert {each["agency_id"] for each in await mall.auditor.all(path)} == {own.agency.id, other.agency.id}
        assert await callers["agency_manager"].all(path, agency_id=other.agency.id) == []
    assert {each["agency_id"] for each in await callers["officer"].all("/tickets")} == {own.agency.id}
    assert {each["agency_id"] for each in await callers["joining:read"].all("/agreements")} == {own.agency.id}
    assert {each["agency_id"] for each in await callers["agency_manager"].all("/number-series")} == {
        own.agency.id,
        other.agency.id,
    }


async def test_another_malls_people_and_devices_find_nothing(given: Given, app: FastAPI) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    scene = await Scene.of(mall, "CIVIL")
    strangers = await cast(given, elsewhere, await elsewhere.agency("CIVIL"))
    before = len(await mall.entries())
    for name, operation in operations(app).items():
        if name == "list_malls" or name in PLATFORM.split():
            continue
        for caller in strangers.keys() - {"public", "ministry_observer", "platform_admin"}:
            answer = await scene.ask(strangers[caller], name, operation, caller)
            expected = (404, "not_found") if caller in MAY[name] else (403, "forbidden")
            assert code_of(answer) == expected, (name, caller)
    assert len(await mall.entries()) == before
