"""Agencies: in the catalogue, described by the mall's manager, found by anybody."""

from tests.given import Given, must_refuse, must_show, names

CONTACT = {"name": "Dewi", "phone": "+62 811 000", "email": None}


async def test_an_agency_is_described_and_its_contact_stays_out_of_the_journal(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    changes = {"office_address": "Jl. Kesuma Bangsa", "contact": CONTACT}
    changed = await mall.manager.edits(f"/agencies/{agency.id}", changes)
    must_show(changed.json(), **changes, version=2)
    last = (await mall.entries())[-1]
    must_show(last, type="agency.changed", agency_id=agency.id)
    must_show(last["data"], office_address="Jl. Kesuma Bangsa", changed=["contact", "office_address"])
    assert "contact" not in last["data"]
    assert "Dewi" not in str(await mall.entries())
    must_show(await mall.public.sees(f"/agencies/{agency.id}"), office_address="Jl. Kesuma Bangsa", contact=None)


async def test_an_agency_is_found_by_its_code_and_its_category(given: Given) -> None:
    mall = await given.mall()
    await mall.newcomer("CIVIL")
    await mall.manager.does("/agencies", {"code": "BANK", "name": names("Bank"), "category": "private"})
    assert [each["code"] for each in await mall.public.all("/agencies", code="BANK")] == ["BANK"]
    assert [each["code"] for each in await mall.public.all("/agencies", category="private")] == ["BANK"]
    assert [each["code"] for each in await mall.public.all("/agencies", category="vertical_agency")] == ["CIVIL"]


async def test_a_code_is_one_agencys(given: Given) -> None:
    mall = await given.mall()
    await mall.newcomer("CIVIL")
    again = await mall.manager.post("/agencies", {"code": "CIVIL", "name": names("Again"), "category": "private"})
    must_refuse(again, 409, "code_taken")
    assert len(await mall.public.all("/agencies")) == 1
