"""The caller itself."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter

from app import models
from app.domain.callers import CallerKind
from app.domain.malls import MallRef
from app.domain.roles import RoleBinding
from app.queries import counters, malls
from app.schemas.me import Grant, Me, MyClient, MyDevice
from app.web.dependencies import Context, SignedIn

router = APIRouter()


@router.get("/v1/me", tags=["sign-in"])
async def get_me(caller: SignedIn, context: Context) -> Me:
    """Show the caller: its name, its grants, a device's mall and location, and the counter that it has open today.

    It is the first call after a start: `counter_id` brings an officer back to the open counter.
    """
    mall_ids = {grant.mall_id for grant in caller.grants if grant.mall_id}
    async with context.database.reading() as reading:
        refs = {each.id: each for each in await malls.refs(reading.session, mall_ids)}
        account = await reading.session.get(models.Account, caller.id) if caller.kind is CallerKind.ACCOUNT else None
    own = list(refs.values())
    counter_id = device = client = None
    agencies: dict[UUID, models.Agency] = {}
    for mall in own:
        async with context.database.reading(mall) as reading:
            for grant in caller.grants:
                if grant.mall_id == mall.id and (agency := await reading.get(models.Agency, grant.agency_id)):
                    agencies[agency.id] = agency
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
        name=account and account.name,
        grants=[_grant(each, refs, agencies) for each in caller.grants],
        mall=own[0].slug if device or client else None,
        device=device and MyDevice.model_validate(device),
        client=client and MyClient.model_validate(client),
        counter_id=counter_id,
    )


def _grant(binding: RoleBinding, refs: Mapping[int, MallRef], agencies: Mapping[UUID, models.Agency]) -> Grant:
    agency = agencies.get(binding.agency_id) if binding.agency_id else None
    return Grant(
        role=binding.part,
        mall=refs[binding.mall_id].slug if binding.mall_id else None,
        agency_id=binding.agency_id,
        agency_code=agency and agency.code,
        agency_name=agency and agency.name,
    )
