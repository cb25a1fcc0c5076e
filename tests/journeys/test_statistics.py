"""How a day or a month went, for who runs the mall, an agency, or a counter."""

import csv
import io
from datetime import timedelta
from functools import partial
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, update

from app import models
from app.domain.roles import Role
from app.domain.services import Channel
from app.domain.statistics import By, Count, LiveDays
from app.queries import followers
from app.workers.following import follow
from app.workers.service_figures import SERVICE_FIGURES
from tests.given import Agency, Asker, Given, Json, Mall, counted, must_refuse, must_show
from tests.lively_day import LivelyDays, by_tickets, must_say_the_same

OPENING = "2027-03-01T08:00"
NONE = {"count": 0, "median_seconds": None, "ninetieth_seconds": None}


async def kept(mall: Mall) -> None:
    """Let the days that are over be kept; the running program does so, too."""
    behind = 1
    while behind:
        await follow(mall.database, SERVICE_FIGURES, lambda *_: None)
        async with mall.database.reading() as reading:
            found = await followers.behind(reading.session, [mall.ref.id], name=SERVICE_FIGURES.name)
            behind = found[mall.ref.id]


async def figures(asker: Asker, **asked: str) -> dict[str, Json]:
    """By their codes."""
    return {each["code"]: each["figures"] for each in await asker.all("/statistics", **asked)}


async def a_morning(mall: Mall, agency: Agency) -> tuple[Asker, str]:
    """One waits ten minutes and is served for five, one does not come, one goes, one waits still."""
    officer, counter = await mall.open_counter(agency)
    first, _, leaving, _ = [await mall.kiosk.takes(agency.service) for _ in range(4)]
    mall.pass_time(timedelta(minutes=10))
    await officer.calls(counter)
    await officer.handles(first, "start")
    mall.pass_time(timedelta(minutes=5))
    await officer.handles(first, "completion")
    await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")
    await mall.public.does(f"/claims/{leaving['claim_code']}/cancellation")
    return officer, counter


async def test_the_present_day_is_told_as_it_is_now(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency()
    await a_morning(mall, agency)
    [row] = await mall.manager.all("/statistics")
    must_show(row, code="CIVIL-1", id=agency.service, name={"id": "CIVIL-1 (id)", "en": "CIVIL-1"}, promised_minutes=10)
    found = row["figures"]
    must_show(found, arrivals=4, completed=1, no_show=1, cancelled=1, expired=0, transferred=0)
    assert found["waiting"]["count"] == 2
    assert abs(found["waiting"]["median_seconds"] - 600) <= 0.025 * 600 + 1
    assert abs(found["waiting"]["ninetieth_seconds"] - 900) <= 0.025 * 900 + 1
    assert found["handling"]["count"] == 1
    assert abs(found["handling"]["median_seconds"] - 300) <= 0.025 * 300 + 1
    assert await figures(mall.manager, period="2027-02-28") == {}
    assert await figures(mall.manager, period="2027-03") == {"CIVIL-1": found}


async def test_it_is_told_by_agency_counter_officer_hour_and_channel(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency, other = await mall.agency(), await mall.agency("TAX")
    await a_morning(mall, agency)
    mall.set_time("2027-03-01T09:30")
    await mall.public.takes(other.service)
    assert {code: each["arrivals"] for code, each in (await figures(mall.auditor, by="agency")).items()} == {
        "CIVIL": 4,
        "TAX": 1,
    }
    assert (await figures(mall.auditor, by="mall"))[mall.slug]["arrivals"] == 5
    assert {code: each["arrivals"] for code, each in (await figures(mall.auditor, by="hour")).items()} == {
        "08": 4,
        "09": 1,
    }
    by_channel = await figures(mall.auditor, by="channel")
    assert {code: each["arrivals"] for code, each in by_channel.items()} == {"kiosk": 4, "web": 1}
    for by in ("counter", "officer"):
        [found] = (await figures(mall.auditor, by=by)).values()
        must_show(found, arrivals=None, completed=1, no_show=1, cancelled=0)
        assert found["waiting"]["count"] == 2
        assert found["handling"]["count"] == 1
    assert list(await figures(mall.auditor, service_id=other.service)) == ["TAX-1"]


async def test_what_was_on_hold_is_not_served_and_what_the_day_ended_was_not_handled(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.calls(counter, first)
    for verb, minutes in (("start", 4), ("hold", 30)):
        await officer.handles(first, verb)
        mall.pass_time(timedelta(minutes=minutes))
    await officer.calls(counter, first)
    await officer.handles(first, "start")
    mall.pass_time(timedelta(minutes=6))
    await officer.handles(first, "completion")
    await officer.calls(counter, second)
    await officer.handles(second, "start")
    mall.set_time("2027-03-02T08:00")
    await mall.kiosk.takes(agency.service)
    found = (await figures(mall.manager, period="2027-03-01"))["CIVIL-1"]
    must_show(found, completed=2)
    assert found["handling"]["count"] == 1
    assert abs(found["handling"]["median_seconds"] - 600) <= 0.025 * 600 + 1


async def test_an_officer_sees_the_own_day_a_manager_the_own_agency_and_the_observer_no_persons(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency, other = await mall.agency(), await mall.agency("TAX")
    officer, _ = await a_morning(mall, agency)
    await mall.kiosk.takes(other.service)
    own = await officer.sees("/statistics/own")
    must_show(own, service_day="2027-03-01")
    must_show(own["figures"], arrivals=None, completed=1, no_show=1)
    colleague = await mall.officer(agency)
    must_show((await colleague.sees("/statistics/own"))["figures"], completed=0, waiting=NONE, handling=NONE)
    must_refuse(await officer.get("/statistics"), 403, "forbidden")

    manager = await mall.agency_manager(agency)
    assert list(await figures(manager)) == ["CIVIL-1"]
    assert await figures(manager, agency_id=other.id) == {}
    assert len(await figures(manager, by="officer")) == 1
    observer = await given.platform_person(Role.MINISTRY_OBSERVER)
    seen = Asker(observer.http, mall.path, observer.credential)
    assert list(await figures(seen)) == ["CIVIL-1", "TAX-1"]
    partner = await mall.bearing(await mall.client(agency), "statistics:read")
    assert list(await figures(partner)) == ["CIVIL-1"]
    for one in (seen, partner):
        must_refuse(await one.get("/statistics", params={"by": "officer"}), 403, "forbidden")


async def test_of_fewer_than_ten_with_a_priority_class_nothing_is_told(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency()
    for priority_class, count in (("none", 12), ("elderly", 11), ("disability", 9)):
        for _ in range(count):
            await mall.kiosk.takes(agency.service, priority_class=priority_class)
    found = await figures(mall.manager, by="priority_class")
    assert {code: each and each["arrivals"] for code, each in found.items()} == {
        "disability": None,
        "elderly": None,
        "none": 12,
    }, "a second one is hidden: the sum would tell the first"


async def test_who_was_sent_here_with_a_priority_class_is_one_of_few_as_well(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(one, priority_class="disability")
    await officer.does(f"/tickets/{ticket['id']}/transfer", {"service_id": two})
    wanted = {"by": "priority_class", "service_id": two}
    for verb in ("start", "completion"):
        ticket = ticket if verb == "completion" else await officer.calls(counter)
        assert await figures(mall.manager, **wanted) == {"disability": None}, verb
        await officer.handles(ticket, verb)
    assert await figures(mall.manager, **wanted) == {"disability": None}


@pytest.mark.parametrize("seed", range(2))
async def test_days_that_are_over_and_their_month_say_the_same_when_they_are_kept(given: Given, seed: int) -> None:
    mall = await given.mall(at="2027-03-30T09:00")
    days = LivelyDays(mall, seed)
    await days.prepare()
    for _ in range(3):  # the last one in April
        await days.pass_one()
    periods = ("2027-03-30", "2027-03-31", "2027-04-01", "2027-03", "2027-04")
    asked = [{"period": period, "by": by} for period in periods for by in By]
    await kept(mall)
    from_kept = [await figures(mall.manager, **each) for each in asked]
    async with mall.database.without_journal() as unit:
        await unit.session.execute(delete(models.ServiceFigures).where(models.ServiceFigures.mall_id == mall.ref.id))
    counted_now = [await figures(mall.manager, **each, sort="-code") for each in asked]  # asked so, none is in memory
    assert from_kept == counted_now
    assert all(from_kept)
    assert min(days.done[verb] for verb in ("completion", "no-show", "transfer", "hold")) > 0


async def test_a_day_that_is_followed_says_the_same_as_one_that_is_counted_anew(given: Given) -> None:
    mall = await given.mall(at="2027-03-30T09:00")
    days, live = LivelyDays(mall, seed=1), LiveDays()
    await days.prepare()
    for _ in range(2):
        await days.pass_one(look=partial(must_say_the_same, mall, live))
    assert min(days.done[verb] for verb in ("completion", "no-show", "return", "transfer", "hold", "reopening")) > 0


async def test_after_an_act_its_ticket_is_counted_anew_and_in_another_journal_all_are(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency()
    await a_morning(mall, agency)

    async def arrivals() -> dict[str, int]:
        return {code: each["arrivals"] for code, each in (await figures(mall.manager, by="channel")).items()}

    assert await arrivals() == {"kiosk": 4}
    async with mall.database.without_journal() as unit:  # what no entry tells of
        tickets = models.Ticket
        await unit.session.execute(update(tickets).where(tickets.mall_id == mall.ref.id).values(channel=Channel.WEB))
    await mall.kiosk.takes(agency.service)
    assert await arrivals() == {"kiosk": 5}
    day = given.context.live_days.of(mall.ref.id, By.CHANNEL, await mall.today())
    assert day
    day.hash = b"of a journal that was restored"
    await mall.kiosk.takes(agency.service)
    assert await arrivals() == {"web": 4, "kiosk": 2}


async def test_what_is_kept_of_a_day_is_what_tickets_and_intervals_say_one_by_one(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    days = LivelyDays(mall, seed=5)
    await days.prepare()
    await days.pass_one()
    await kept(mall)
    async with mall.database.reading() as reading:
        truth = await by_tickets(reading.session, mall.ref.id)
    rows = {each["id"]: each["figures"] for each in await mall.manager.all("/statistics", period="2027-03-01")}
    assert rows.keys() == {str(service_id) for _, service_id in truth}
    for (_, service_id), counts in truth.items():
        found = rows[str(service_id)]
        must_show(found, arrivals=counts[Count.ISSUED], transferred=counts[Count.TRANSFERRED_OUT])
        ends = (Count.COMPLETED, Count.NO_SHOW, Count.CANCELLED, Count.EXPIRED)
        must_show(found, **{each.value: counts[each] for each in ends})


async def test_the_table_has_titles_in_both_languages_and_no_formula(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency(services=0)
    await mall.service(agency, "CARD", name={"id": "=HYPERLINK(0)", "en": "@SUM(1)"})
    await mall.service(agency, "WIDE", name={"id": "\uff1dHYPERLINK(0)", "en": "Wide"})
    for each in agency.services.values():
        await mall.kiosk.takes(each)
    answer = await mall.manager.get("/statistics/table", headers={"Accept-Language": "id"})
    assert answer.headers["Content-Disposition"].endswith(f'"{mall.slug}-2027-03-01-service.csv"')
    assert answer.content.startswith("﻿Kode,Nama,".encode())
    titles, row, wide = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert wide[titles.index("Nama")].startswith("'")
    assert row[titles.index("Nama")] == "'=HYPERLINK(0)"
    assert row[titles.index("Kedatangan")] == "1"
    asked = {"format": "xlsx", "period": "2027-03"}
    sheet = await mall.manager.get("/statistics/table", params=asked, headers={"Accept-Language": "en"})
    with ZipFile(io.BytesIO(sheet.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "Arrivals" in texts
    assert "@SUM(1)" in texts


async def test_a_period_is_a_day_or_a_month_that_there_is(given: Given) -> None:
    mall = await given.mall()
    for period in ("2027-02-30", "2027-13", "2027", "yesterday", "1066-10-14", "2027-03-01T00:00"):
        must_refuse(await mall.manager.get("/statistics", params={"period": period}), 422, "invalid_request")
    for day in ("2099-12-31", "2099-12"):
        assert await figures(mall.manager, period=day) == {}


async def test_who_sees_the_same_shares_an_answer_until_something_happens(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency, other = await mall.agency(), await mall.agency("TAX")
    await a_morning(mall, agency)
    own, stranger = [await mall.agency_manager(each) for each in (agency, other)]
    observer = await given.platform_person(Role.MINISTRY_OBSERVER)
    seen_by = Asker(observer.http, mall.path, observer.credential)
    for arrivals in (4, 5):
        found = await mall.manager.sees("/statistics")
        assert [each["figures"]["arrivals"] for each in found["data"]] == [arrivals]
        async with counted(mall.database) as seen:
            assert await mall.manager.sees("/statistics") == found
        assert not seen
        assert await own.sees("/statistics") == await seen_by.sees("/statistics") == found
        assert (await stranger.sees("/statistics"))["data"] == []
        assert (await mall.manager.sees("/statistics", by="officer"))["data"]
        must_refuse(await seen_by.get("/statistics", params={"by": "officer"}), 403, "forbidden")
        must_refuse(await mall.kiosk.get("/statistics"), 403, "forbidden")
        await mall.kiosk.takes(agency.service)
    mall.pass_time(timedelta(days=1))
    assert (await mall.manager.sees("/statistics"))["data"] == []
