"""The caller itself."""

from fastapi import APIRouter

from app import models
from app.domain.callers import CallerKind
from app.queries import counters, malls
from app.schemas.me import Grant, Me, MyClient, MyDevice
from app.web.dependencies import Context, SignedIn

router = APIRouter()


@router.get("/v1/me", tags=["sign-in"])
async def get_me(caller: SignedIn, context: Context) -> Me:
    """Show the caller: its grants, a device's mall and location, and the counter that it has open today."""
    mall_ids = {grant.mall_id for grant in caller.grants if grant.mall_id}
    async with context.database.reading() as reading:
        refs = {each.id: each for each in await malls.refs(reading.session, mall_ids)}
    own = list(refs.values())
    counter_id = device = client = None
    for mall in own:
        async with context.database.reading(mall) as reading:
            if caller.kind is CallerKind.DEVICE:
                device = await reading.session.get(models.Device, (mall.id, caller.id))
            elif caller.kind is CallerKind.CLIENT:
                client = await reading.session.get(models.Client, (mall.id, caller.id))
            elif caller.id and (session := await counters.session_of(reading, caller.id)):
                counter_id = session.counter_id
    return Me(
        kind=caller.kind,
        id=caller.id,
        username=caller.username,
        grants=[
            Grant(role=grant.part, mall=refs[grant.mall_id].slug if grant.mall_id else None, agency_id=grant.agency_id)
            for grant in caller.grants
        ],
        mall=own[0].slug if device or client else None,
        device=device and MyDevice.model_validate(device),
        client=client and MyClient.model_validate(client),
        counter_id=counter_id,
    )
