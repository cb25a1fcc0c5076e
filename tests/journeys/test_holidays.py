"""Holidays: proposed for a year, accepted by the mall's manager, moved by a decree, and the kiosk follows."""

from typing import Any
from uuid import UUID

from app import models
from app.domain.callers import SYSTEM
from app.domain.roles import Role
from app.journal import Journal
from tests.given import Agency, Given, Json, Mall, must_refuse, must_show, names

DAILY = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]
HOLIDAYS, ACCEPTANCE = "/calendar/holidays", "/calendar/holiday-proposals/acceptance"
DECREE = {"date": "2026-08-26", "source": "SKB perubahan (contoh)"}
SKB_2026 = """01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25"""
LEAVE_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
"""The joint decree's days of 2026."""


async def proposed(mall: Mall, year: int) -> dict[str, Json]:
    """A year's proposals by their day."""
    answer = await mall.manager.sees("/calendar/holiday-proposals", year=year)
    return {each["date"]: each for each in answer["proposals"]}


async def days(mall: Mall, **wanted: Any) -> list[str]:
    return [each["date"] for each in await mall.public.all(HOLIDAYS, **wanted)]


async def on(mall: Mall, day: str) -> Json:
    """What stands on a day."""
    return next(each for each in await mall.public.all(HOLIDAYS, year=day[:4]) if each["date"] == day)


async def withdraw(mall: Mall, day: str) -> Json:
    """A day of leave that was accepted from a list of which it is no part any more."""
    body = {"date": day, "kind": "collective_leave", "name": names("Leave"), "source": "SKB"}
    made = await mall.manager.does(HOLIDAYS, body)

    async def accepted(journal: Journal) -> None:
        holiday = await journal.session.get(models.Holiday, (mall.ref.id, UUID(made["id"])))
        assert holiday
        holiday.by_hand, holiday.proposal = False, f"{day[:4]}/collective_leave/leave/{day}"

    await mall.database.write(mall.ref, SYSTEM, accepted)
    return made


async def drawn(mall: Mall, agency: Agency) -> tuple[bool, Any, str | None]:
    """What the kiosk draws for the agency's service: whether, why not, when again."""
    rows = await mall.kiosk.all("/availability", channel="kiosk")
    row = next(each for each in rows if each["service_id"] == agency.service)
    return row["can_issue"], row["code"], row["next_opening_at"]


async def test_the_proposals_of_2026_are_the_days_of_the_decree(given: Given) -> None:
    mall = await given.mall()
    year = await proposed(mall, 2026)
    kinds = {
        kind: [on for on, each in year.items() if each["kind"] == kind]
        for kind in ("national_holiday", "collective_leave")
    }
    assert kinds["national_holiday"] == [f"2026-{day}" for day in SKB_2026.split()]
    assert kinds["collective_leave"] == [f"2026-{day}" for day in LEAVE_2026.split()]
    assert {each["state"] for each in year.values()} == {"new"}
    assert year["2026-12-25"]["name"] == {"id": "Hari Raya Natal", "en": "Christmas Day"}


async def test_holidays_of_the_lunar_calendar_are_marked_as_estimated(given: Given) -> None:
    mall = await given.mall()
    year = {each["name"]["en"]: each for each in (await proposed(mall, 2030)).values()}
    assert year["Eid al-Fitr"]["estimated"]
    assert year["Islamic New Year"]["estimated"]
    assert not year["Christmas Day"]["estimated"]
    assert not any("perkiraan" in each["name"]["id"] or "estimated" in each["name"]["en"] for each in year.values())
    assert {each["kind"] for each in year.values()} == {"national_holiday"}, "no decree on leave is known yet"
    twice = [each for each in (await proposed(mall, 2033)).values() if each["name"]["en"] == "Eid al-Fitr"]
    assert len({each["key"] for each in twice}) == 2, "the moon's year fits twice"


async def test_a_manager_accepts_a_year_in_one_act_and_the_kiosk_follows(given: Given) -> None:
    mall = await given.mall(at="2026-12-23T09:00", hours=DAILY)
    agency = await mall.agency()
    before = len(await mall.entries())
    taken = await mall.manager.does(ACCEPTANCE, {"year": 2026})
    assert len(taken["added"]) == 25
    must_show(taken, changed=[], kept=[], removed=[])
    assert {each["source"] for each in taken["added"]} == {taken["source"]}
    assert taken["source"].startswith("holidays ")
    entries = (await mall.entries())[before:]
    assert [each["type"] for each in entries] == ["holiday.created"] * 25
    assert {each["by"]["id"] for each in entries} == {str(mall.manager.id)}

    assert await drawn(mall, agency) == (True, None, None)
    mall.set_time("2026-12-24T09:00")  # leave, then Christmas
    assert await drawn(mall, agency) == (False, "service_closed", mall.instant("2026-12-26T08:00"))


async def test_accepting_a_year_a_second_time_adds_nothing(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    assert {each["state"] for each in (await proposed(mall, 2026)).values()} == {"accepted"}
    before = len(await mall.entries())
    again = await mall.manager.does(ACCEPTANCE, {"year": 2026, "keys": None})
    must_show(again, added=[], changed=[])
    assert len(again["kept"]) == 25
    assert len(await mall.entries()) == before


async def test_accepted_holidays_are_listed_by_year_and_kind(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    assert await days(mall, year=2026, kind="collective_leave") == [f"2026-{day}" for day in LEAVE_2026.split()]
    assert len(await days(mall)) == len(await days(mall, year=2026)) == 25
    assert await days(mall, year=2027) == []


async def test_some_proposals_can_be_chosen_and_leave_need_not_close(given: Given) -> None:
    mall = await given.mall(at="2026-12-24T09:00", hours=DAILY)
    agency, year = await mall.agency(), await proposed(mall, 2026)
    keys = [year[f"2026-12-{day}"]["key"] for day in (24, 25)]
    taken = await mall.manager.does(ACCEPTANCE, {"year": 2026, "keys": keys, "collective_leave_closes": False})
    assert [(each["date"], each["closes_mall"]) for each in taken["added"]] == [
        ("2026-12-24", False),
        ("2026-12-25", True),
    ]
    assert await drawn(mall, agency) == (True, None, None)
    today, tomorrow = (await mall.public.sees("/calendar"))["days"][:2]
    assert today["open"] == [{"opens": "08:00", "closes": "15:00"}]
    assert today["holiday"]["en"] == "Christmas Joint Holiday"
    assert tomorrow["open"] == []

    leave = await on(mall, "2026-12-24")
    assert (await mall.manager.edits(f"{HOLIDAYS}/{leave['id']}", {"closes_mall": True})).is_success
    assert await drawn(mall, agency) == (False, "service_closed", mall.instant("2026-12-26T08:00"))
    refused = await mall.manager.post(ACCEPTANCE, {"year": 2026, "keys": [*keys, "2026/no-such/1"]})
    must_refuse(refused, 422, "unknown_reference")
    assert len(await days(mall)) == 2


async def test_a_decree_moves_a_holiday_by_one_edit_and_the_kiosk_follows(given: Given) -> None:
    mall = await given.mall(at="2026-08-25T09:00", hours=DAILY)
    agency = await mall.agency()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    assert await drawn(mall, agency) == (False, "service_closed", mall.instant("2026-08-26T08:00"))
    assert (await mall.kiosk.issue(agency.service)).json()["reason"]["en"] == "Prophet's Birthday"
    maulid, before = await on(mall, "2026-08-25"), len(await mall.entries())

    moved = await mall.manager.edits(f"{HOLIDAYS}/{maulid['id']}", DECREE)
    assert moved.json() == {**maulid, **DECREE, "version": 2}
    assert await drawn(mall, agency) == (True, None, None)
    mall.set_time("2026-08-26T09:00")
    assert await drawn(mall, agency) == (False, "service_closed", mall.instant("2026-08-27T08:00"))
    [entry] = (await mall.entries())[before:]
    must_show(entry, type="holiday.changed", before={"date": "2026-08-25", "source": maulid["source"]})
    assert {name: entry["data"][name] for name in entry["data"]["changed"]} == DECREE
    assert entry["by"]["id"] == str(mall.manager.id)


async def test_a_holiday_that_was_moved_is_not_proposed_on_its_old_day_again(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    maulid = await on(mall, "2026-08-25")
    moved = await mall.manager.edits(f"{HOLIDAYS}/{maulid['id']}", DECREE)
    must_show((await proposed(mall, 2026))["2026-08-25"], state="kept", holiday_id=maulid["id"])
    must_show(await mall.manager.does(ACCEPTANCE, {"year": 2026}), added=[], changed=[])
    assert await on(mall, "2026-08-26") == moved.json()
    assert "2026-08-25" not in await days(mall)


async def test_a_deleted_day_stays_a_working_day_until_it_is_named(given: Given) -> None:
    mall = await given.mall(at="2026-12-24T09:00", hours=DAILY)
    agency = await mall.agency()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    leave = await on(mall, "2026-12-24")
    path = f"{HOLIDAYS}/{leave['id']}"
    etag = (await mall.manager.get(path)).headers["ETag"]
    await mall.manager.ask("DELETE", path, headers={"If-Match": etag})
    state = (await proposed(mall, 2026))["2026-12-24"]
    must_show(state, state="deleted", holiday_id=None)
    taken = await mall.manager.does(ACCEPTANCE, {"year": 2026})
    must_show(taken, added=[], changed=[])
    assert state["key"] in taken["kept"]
    assert await drawn(mall, agency) == (True, None, None)
    assert [each["state"] for each in (await proposed(mall, 2026)).values()].count("accepted") == 24
    named = await mall.manager.does(ACCEPTANCE, {"year": 2026, "keys": [state["key"]]})
    assert [each["date"] for each in named["added"]] == ["2026-12-24"]
    assert (await proposed(mall, 2026))["2026-12-24"]["state"] == "accepted"


async def test_a_day_that_a_decree_takes_away_can_be_opened_again(given: Given) -> None:
    mall = await given.mall(at="2020-12-28T09:00", hours=DAILY)
    agency = await mall.agency()
    await mall.manager.does(ACCEPTANCE, {"year": 2020})
    withdrawn = await withdraw(mall, "2020-12-28")
    must_show((await proposed(mall, 2020))["2020-12-28"], state="withdrawn", holiday_id=withdrawn["id"])
    assert (await drawn(mall, agency))[1] == "service_closed"
    entries = len(await mall.entries())
    taken = await mall.manager.does(ACCEPTANCE, {"year": 2020})
    must_show(taken, added=[], changed=[])
    assert [each["id"] for each in taken["removed"]] == [withdrawn["id"]]
    assert [each["type"] for each in (await mall.entries())[entries:]] == ["holiday.deleted"]
    assert await drawn(mall, agency) == (True, None, None)
    assert "2020-12-28" not in await proposed(mall, 2020)


async def test_a_confirmed_date_still_follows_and_a_day_of_leave_may_be_open(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.does(ACCEPTANCE, {"year": 2030})
    eid = next(each for each in await mall.public.all(HOLIDAYS, year=2030) if each["name"]["en"] == "Eid al-Fitr")
    path, confirmed = f"{HOLIDAYS}/{eid['id']}", {"estimated": False, "source": "SKB 2030 (contoh)"}
    assert (await mall.manager.edits(path, confirmed)).is_success
    must_show((await proposed(mall, 2030))[eid["date"]], state="accepted", holiday_id=eid["id"])
    assert (await mall.manager.edits(path, {"closes_mall": False})).is_success
    must_show((await proposed(mall, 2030))[eid["date"]], state="accepted", holiday_id=eid["id"])
    assert (await mall.manager.does(ACCEPTANCE, {"year": 2030}))["changed"] == []
    must_show(await mall.manager.sees(path), **confirmed, closes_mall=False)
    assert (await mall.manager.edits(path, {"date": "2030-02-20"})).is_success
    must_show((await proposed(mall, 2030))[eid["date"]], state="kept", holiday_id=eid["id"])


async def test_a_day_entered_by_hand_is_not_proposed_over(given: Given) -> None:
    mall = await given.mall()
    body = {"date": "2026-12-25", "kind": "collective_leave", "name": names("Ours"), "source": "SK Wali Kota"}
    ours = await mall.manager.does(HOLIDAYS, {**body, "closes_mall": False})
    state = (await proposed(mall, 2026))["2026-12-25"]
    must_show(state, state="kept", holiday_id=ours["id"])
    taken = await mall.manager.does(ACCEPTANCE, {"year": 2026})
    assert len(taken["added"]) == 24
    assert taken["kept"] == [state["key"]]
    assert await on(mall, "2026-12-25") == ours


async def test_a_day_has_one_holiday_at_the_most(given: Given) -> None:
    mall = await given.mall()
    body = {"date": "2027-03-09", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    made = await mall.manager.post(HOLIDAYS, body)
    nyepi = made.json()
    assert made.status_code == 201
    assert nyepi["closes_mall"] is True
    assert nyepi["estimated"] is False
    assert await mall.public.sees("/" + made.headers["Location"]) == nyepi
    other = await mall.manager.does(HOLIDAYS, {**body, "date": "2027-03-10"})
    entries = len(await mall.entries())
    for refused in (
        await mall.manager.post(HOLIDAYS, {**body, "kind": "collective_leave"}),
        await mall.manager.edits(f"{HOLIDAYS}/{other['id']}", {"date": "2027-03-09", "source": "SKB 2"}),
    ):
        must_refuse(refused, 409, "holiday_exists")
        must_show(refused.json(), date="2027-03-09", holiday_id=nyepi["id"])
    assert len(await mall.entries()) == entries
    assert await on(mall, "2027-03-10") == other


async def test_a_holiday_taken_away_is_a_working_day_at_once(given: Given) -> None:
    mall = await given.mall(at="2027-03-09T09:00", hours=DAILY)
    agency = await mall.agency()
    body = {"date": "2027-03-09", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    path = f"{HOLIDAYS}/{(await mall.manager.does(HOLIDAYS, body))['id']}"
    assert (await drawn(mall, agency))[0] is False
    must_refuse(await mall.manager.ask("DELETE", path), 428, "precondition_required")
    stale = {"If-Match": '"9-0123456789abcdef"'}
    must_refuse(await mall.manager.ask("DELETE", path, headers=stale), 412, "precondition_failed")
    fresh = {"If-Match": (await mall.manager.get(path)).headers["ETag"]}
    assert (await mall.manager.ask("DELETE", path, headers=fresh)).status_code == 204
    must_refuse(await mall.public.get(path), 404, "not_found")
    assert (await drawn(mall, agency))[0] is True
    last = (await mall.entries())[-1]
    assert last["type"] == "holiday.deleted"
    assert last["data"]["date"] == "2027-03-09"
    assert last["data"]["source"] == "SKB"


async def test_only_the_malls_own_manager_changes_its_holidays(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    await mall.manager.does(ACCEPTANCE, {"year": 2026})
    christmas = await on(mall, "2026-12-25")
    path, body = f"{HOLIDAYS}/{christmas['id']}", {"date": "2026-12-26"}
    etag = (await mall.public.get(path)).headers["ETag"]
    before = len(await mall.entries())
    for person in (await mall.officer(agency), await mall.agency_manager(agency), await mall.person(Role.AUDITOR)):
        must_refuse(await person.post(ACCEPTANCE, {"year": 2027}), 403, "forbidden")
        must_refuse(await person.patch(path, body, etag), 403, "forbidden")
    stranger = elsewhere.manager
    for there in (f"/{mall.path}{path}", path):
        must_refuse(await stranger.patch(there, body, etag), 404, "not_found")
    must_refuse(await stranger.post(f"/{mall.path}{ACCEPTANCE}", {"year": 2027}), 404, "not_found")
    must_refuse(await mall.public.post(ACCEPTANCE, {"year": 2027}), 401, "unauthenticated")
    assert await days(elsewhere) == []
    assert [each for each in (await mall.entries())[before:] if each["type"].startswith("holiday")] == []
    assert await on(mall, "2026-12-25") == christmas
