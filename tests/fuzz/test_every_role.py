"""Schemathesis, with all its checks, against a live server with each role, each in a demo of its own."""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.domain.devices import DeviceKind
from app.domain.roles import Anyone, Role
from app.security.tokens import Keyring, RingKey, unsealed
from app.settings import Settings
from tests.conftest import demo_of_ones_own
from tests.contract import Contract
from tests.databases import connected
from tests.given import ALL_SCOPES, Asker, Json, names, showing
from tests.servers import ROOT, SERVER_KEY, Demo

EXAMPLES = os.environ.get("MPP_FUZZ_EXAMPLES", "20")
CONFIG = ROOT / "tests" / "fuzz" / "schemathesis.toml"
OFFICER = "petugas.disdukcapil.1"
LISTS = {
    "agency_id": "/agencies",
    "service_id": "/services",
    "counter_id": "/counters",
    "location_id": "/locations",
    "number_series_id": "/number-series",
    "agreement_id": "/agreements",
    "invitation_id": "/invitations",
    "exception_id": "/calendar/exceptions",
    "holiday_id": "/calendar/holidays",
    "period_id": "/calendar/periods",
    "device_id": "/devices",
    "client_id": "/clients",
    "ticket_id": "/tickets",
    "closure_id": "/closures",
    "block_id": "/number-blocks",
}
"""Where the ids for what an operation asks are found."""
OFTEN = 0.7
"""How often a made-up id is replaced by one that is there."""


PARTNER = "partner"
LONG = timedelta(hours=6)
"""How long a token lasts here: in life it is renewed every quarter of an hour, which a made-up request cannot do."""


async def lasting(demo: Demo, token: str) -> str:
    """The same token for as long as a round can take, signed by the server's own key."""
    async with connected(demo.database_url) as connection:
        rows = await connection.fetch("SELECT sealed, clock_timestamp() AS at FROM signing_keys ORDER BY created_at")
    keys = [RingKey(unsealed(row["sealed"], SERVER_KEY.encode())) for row in rows]
    settings = Settings()
    ring = Keyring(keys, issuer=settings.issuer, audience=settings.audience)
    bearer = ring.read(token, rows[0]["at"])
    assert bearer
    return ring.sign(bearer, at=rows[0]["at"], until=rows[0]["at"] + LONG)


async def partners_token(demo: Demo) -> str:
    """A token of a partner's system that may do all that such systems may."""
    manager = Asker(demo.http, f"/v1/malls/{demo.cast['mall']}", await demo.credential("mall_manager"))
    [agency] = await manager.all("/agencies", code="DISDUKCAPIL")
    wanted = {"agency_id": agency["id"], "name": "Sistem mitra", "scopes": [*ALL_SCOPES, "messages:send"]}
    client = await manager.does("/clients", wanted)
    return str((await Asker(demo.http, "").does("//v1/oauth/token", data=showing(client)))["access_token"])


async def credential_of(demo: Demo, part: str) -> str | None:
    """What the caller shows in every request."""
    if part == PARTNER:
        return await lasting(demo, await partners_token(demo))
    credential = await demo.credential(part)
    return await lasting(demo, str(credential)) if part in list(Role) else credential


async def things(demo: Demo, own: str | None) -> dict[str, list[str]]:
    """What there is in the mall, after it has run a little: ids and claim codes by the parameter that takes them.

    The caller's own account is left out: shut out by its own hand, it would ask the rest as nobody.
    """

    async def asker(part: str) -> Asker:
        return Asker(demo.http, f"/v1/malls/{demo.cast['mall']}", await demo.credential(part))

    manager, kiosk, officer = await asker("mall_manager"), await asker("kiosk"), await asker(OFFICER)
    [service] = await manager.all("/services", code="KTP-BARU")
    tickets = [await kiosk.takes(service["id"]) for _ in range(8)]
    counter = (await manager.all("/counters", agency_id=service["agency_id"]))[0]
    await officer.does(f"/counters/{counter['id']}/opening")
    await officer.does(f"/counters/{counter['id']}/calls")
    client = {"agency_id": service["agency_id"], "name": "Sistem lain", "scopes": ["tickets:read"]}
    await manager.does("/clients", client)
    [other] = await manager.all("/services", code="KK")
    visits = [await kiosk.plans(service["id"], other["id"]) for _ in range(2)]
    await kiosk.reserves(service["number_series_id"], 5)
    away = (await manager.all("/counters"))[-1]["id"]
    await manager.does("/closures", {"counter_id": away, "reason": names("Repairs"), "waiting_tickets": "serve"})
    await Asker(demo.http, manager.path).does("/phone-confirmations", {"phone": "0812-3456-7890"})
    messages = await Asker(demo.http, manager.path, await partners_token(demo)).all("/messages")
    found = {name: [row["id"] for row in await manager.all(path)] for name, path in LISTS.items()}
    staff = [each for each in await manager.all("/staff") if each["id"] != own]
    platform = [each for each in await (await asker("platform_admin")).all("//v1/accounts") if each["id"] != own]
    return found | {
        "mall": [demo.cast["mall"]],
        "series_id": found["number_series_id"],
        "account_id": [each["id"] for each in [*staff, *platform]],
        "visit_id": [each["id"] for each in visits],
        "message_id": [each["id"] for each in messages],
        "grant_id": [grant["id"] for each in staff for grant in each["grants"]],
        "claim_code": [each["claim_code"] for each in tickets],
        "uuid": [str(uuid4()) for _ in range(50)],
    }


def configured(found: dict[str, list[str]]) -> str:
    """The configuration, with what there is in the mall."""
    said = [CONFIG.read_text("utf-8")]
    said += [f"[dictionaries.{name}]\nvalues = {values}" for name, values in found.items() if values]
    places = [f"{where}.{name}" for name, values in found.items() if values for where in ("path", "query", "body")]
    bound = {place: place.partition(".")[2] for place in places} | {"header.Idempotency-Key": "uuid"}
    said += ["[parameters]", *(f'"{at}" = {{dictionary = "{of}", probability = {OFTEN}}}' for at, of in bound.items())]
    return "\n".join(said) + "\n"


async def ran(*command: str, **how: Any) -> tuple[int, str]:
    """Run a command of this environment. Returns its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, **how
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize("part", [*Anyone, *DeviceKind, *Role, PARTNER])
async def test_no_request_of_a_role_breaks_the_contract(
    part: str,
    demo_template: tuple[str, Json],
    server_url: str,
    contract: Contract,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    async with demo_of_ones_own(demo_template, server_url, contract) as demo:
        config = tmp_path / "schemathesis.toml"
        credential = await credential_of(demo, part)
        own = (await Asker(demo.http, "", credential).sees("//v1/me"))["id"] if credential else None
        config.write_text(configured(await things(demo, own)))
        header = ["--header", f"Authorization: Bearer {credential}"] if credential else []
        address = f"{demo.base}/openapi.json"
        st = str(Path(sys.executable).with_name("st"))
        command = [st, "--no-color", "--config-file", str(config), "run", address]
        hooked = {
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.fuzz.own_account",
            "MPP_FUZZ_OWN_ACCOUNT": own or "",
        }
        code, said = await ran(
            *command, *header, "--max-examples", EXAMPLES, cwd=tmp_path, env={**os.environ, **hooked}
        )
        summary = re.search(r"\d+ generated, .*", said)
        record_property("says", f"{part}: {summary[0] if summary else 'nothing'}")
        assert code == 0, said
        assert summary
        if credential:
            me = await demo.http.get("/v1/me", headers={"Authorization": f"Bearer {credential}"})
            assert me.status_code == httpx.codes.OK, "the rest was asked by nobody"
        assert "defect" not in demo.servers.said(0)
        assert "Traceback" not in demo.servers.said(0)
        verified, journal = await ran(
            *(sys.executable, "-m", "app", "verify-journal"),
            cwd=ROOT,
            env={**os.environ, "MPP_DATABASE_URL": demo.database_url},
        )
        assert verified == 0, journal
