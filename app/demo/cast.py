"""Who plays in the demo, and what a newcomer is told."""

import secrets
from dataclasses import dataclass
from typing import Any

from app.database import Database
from app.domain.malls import MallRef
from app.domain.roles import Role
from app.queries import journals, malls

MALL = "samarinda"
SECOND_MALL = "jayapura-contoh"


@dataclass(frozen=True)
class Part:
    """One account of the demo."""

    username: str
    role: Role
    mall: str | None = None
    agency_code: str | None = None


CAST = (
    Part("admin", Role.PLATFORM_ADMIN),
    Part("pengamat.kementerian", Role.MINISTRY_OBSERVER),
    Part("manajer.mal", Role.MALL_MANAGER, MALL),
    Part("auditor.mal", Role.AUDITOR, MALL),
    Part("manajer.disdukcapil", Role.AGENCY_MANAGER, MALL, "DISDUKCAPIL"),
    Part("manajer.imigrasi", Role.AGENCY_MANAGER, MALL, "IMIGRASI"),
    Part("petugas.disdukcapil.1", Role.OFFICER, MALL, "DISDUKCAPIL"),
    Part("petugas.disdukcapil.2", Role.OFFICER, MALL, "DISDUKCAPIL"),
    Part("petugas.imigrasi.1", Role.OFFICER, MALL, "IMIGRASI"),
    Part("manajer.jayapura", Role.MALL_MANAGER, SECOND_MALL),
    Part("petugas.jayapura.1", Role.OFFICER, SECOND_MALL, "DISDUKCAPIL"),
)


async def malls_here(database: Database) -> tuple[dict[str, MallRef], set[int]]:
    """The malls by slug, and the ids of those of which anything has been told."""
    async with database.reading() as reading:
        refs = {each.slug: each for each in await malls.refs(reading.session)}
        return refs, set(await journals.heads(reading.session, [each.id for each in refs.values()]))


async def needs_no_loading(database: Database, kept: dict[str, Any] | None) -> bool:
    """Whether both malls of the demo are there and told, or the malls that are there are not the demo's."""
    refs, told = await malls_here(database)
    return bool(refs) and (kept is None or all(refs[slug].id in told for slug in (MALL, SECOND_MALL)))


def new_cast() -> dict[str, Any]:
    """The accounts with fresh random passwords, as they are kept and printed; the second mall's stand apart."""
    here = [part for part in CAST if part.mall != SECOND_MALL]
    there = [part for part in CAST if part.mall == SECOND_MALL]
    second = {"mall": SECOND_MALL, "accounts": _accounts(there), "devices": []}
    return {"mall": MALL, "accounts": _accounts(here), "devices": [], "second_mall": second}


def _accounts(parts: list[Part]) -> list[dict[str, Any]]:
    return [
        {
            "username": part.username,
            "password": secrets.token_urlsafe(12),
            "role": part.role.value,
            "agency_code": part.agency_code,
        }
        for part in parts
    ]


def welcome(cast: dict[str, Any], base: str) -> str:
    """What the terminal says once the demo is served."""
    width = max(len(each["username"]) for each in cast["accounts"])
    accounts = "\n".join(
        f"    {each['username']:<{width}}  {each['password']}  {each['role']} {each['agency_code'] or ''}".rstrip()
        for each in cast["accounts"]
    )
    devices = "\n".join(f"    {each['kind']:<7}  {each['key']}" for each in cast["devices"])
    return f"""
Mal Pelayanan Publik API
  Open   {base}/docs, and the screens to copy: {base}/examples/
  Try    curl '{base}/v1/malls/{cast["mall"]}/availability?channel=web'

  Demo accounts ('Authorize' on /docs, or POST /v1/oauth/token)
{accounts}

  Device keys (Authorization: Bearer …)
{devices}

  A second mall, {cast["second_mall"]["mall"]}, has accounts of its own: .venv/bin/python -m app demo accounts

  Tickets are issued at any hour: the demo mall has one calendar exception, open 00.00-24.00 without an end.
  For the real hours, list /v1/malls/{cast["mall"]}/calendar/exceptions and DELETE that one as manajer.mal.
  Ctrl-C stops everything.
"""
