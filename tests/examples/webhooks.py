"""What the examples say of webhooks: one whose receiver is not reached, since it has no such name here."""

import asyncio

import httpx

from tests.given import Asker, Json


def asked(agency_id: str) -> Json:
    """What is asked for to register one."""
    return {
        "agency_id": agency_id,
        "name": "Aplikasi perpustakaan",
        "url": "https://antrean.perpustakaan.example/mpp",
        "event_types": ["id.mpp.ticket.issued.v1", "id.mpp.ticket.called.v1"],
    }


async def a_webhook(manager: Asker, agency_id: str) -> None:
    """The whole life of one."""
    webhook = await manager.does("/webhooks", asked(agency_id))
    at = f"/webhooks/{webhook['id']}"
    etag = (await manager.get(at)).headers["ETag"]
    await manager.patch(at, {"name": "Aplikasi perpustakaan digital"}, etag)
    await manager.sees("/webhooks", limit=2)
    await manager.does(f"{at}/ping")
    while (await manager.sees(at))["attempts"] == 0:
        await asyncio.sleep(0.1)
    await manager.sees(f"{at}/deliveries", limit=1)
    await manager.does(f"{at}/secret-rotation", {"overlap_hours": 24})
    await manager.does(f"{at}/replay", {"from_sequence": webhook["sequence"]})
    await manager.does(f"{at}/disabling")
    await manager.does(f"{at}/enabling", {"backlog": "skip"})
    await manager.does(f"{at}/retirement")


async def refused_webhooks(manager: Asker, agency_id: str) -> list[tuple[httpx.Response, str]]:
    """Each way in which one is refused, with its code."""
    hook = asked(agency_id)
    inside = await manager.post("/webhooks", {**hook, "url": "https://10.20.30.40/mpp"})
    eaten = await manager.post("/webhooks", {**hook, "event_types": ["id.mpp.ticket.eaten.v1"]})
    made = [await manager.does("/webhooks", hook) for _ in range(20)]
    another = await manager.post("/webhooks", hook)
    beyond = await manager.post(f"/webhooks/{made[0]['id']}/replay", {"from_sequence": 1_000_000})
    for each in made:
        await manager.does(f"/webhooks/{each['id']}/retirement")
    return [
        (inside, "webhook_address_not_allowed"),
        (eaten, "event_type_unknown"),
        (another, "too_many_webhooks"),
        (beyond, "replay_too_long"),
    ]
