"""Whether a service gives a ticket: quotas, and the order in which it is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calendar import ClosedBy, Opening, ServiceClosed
from app.domain.members import Membership, MembershipNotInForce
from app.domain.names import LocalizedText
from app.domain.services import (
    Channel,
    ChannelNotAllowed,
    Gate,
    NoCounter,
    Offer,
    QuotaExhausted,
    QuotaOf,
    Quotas,
    ServiceRetired,
    refusal,
    soonest,
)
from tests.domain.weeks import because

EIGHT, NINE = (datetime(2027, 3, 5, hour, tzinfo=UTC) for hour in (8, 9))
OPEN = Opening(is_open=True, changes_at=NINE)
WHY: LocalizedText = {"id": "Listrik padam", "en": "Power cut"}
REASON = because(ClosedBy.EXCEPTION, WHY, EIGHT.date(), EIGHT.date())
SHUT = Opening(is_open=False, changes_at=NINE, reasons=[REASON])


def test_a_quota_stops_the_ticket_after_its_last() -> None:
    daily = Quotas(3, {})
    assert daily.exhausted({"kiosk": 2}, Channel.WEB) is None
    assert daily.exhausted({"kiosk": 2, "web": 1}, Channel.WEB) == (QuotaOf.SERVICE, 3)
    assert daily.exhausted({"kiosk": 5}, Channel.WEB) == (QuotaOf.SERVICE, 3), "also where the quota was lowered since"
    web = Quotas(None, {"web": 2})
    assert web.exhausted({"web": 1, "kiosk": 90}, Channel.WEB) is None
    assert web.exhausted({"web": 2}, Channel.WEB) == (QuotaOf.CHANNEL, 2)
    assert web.exhausted({"web": 2}, Channel.KIOSK) is None, "a channel's quota is that channel's"
    assert Quotas(0, {}).exhausted({}, Channel.WEB) == (QuotaOf.SERVICE, 0)
    assert Quotas(None, {"web": 0}).exhausted({}, Channel.WEB) == (QuotaOf.CHANNEL, 0)
    assert Quotas(None, {}).exhausted({"web": 10_000}, Channel.WEB) is None


def test_what_remains_is_the_smaller_of_the_days_and_the_channels() -> None:
    both = Quotas(10, {"web": 4})
    assert both.remaining({}, Channel.WEB) == 4
    assert both.remaining({"kiosk": 8}, Channel.WEB) == 2
    assert both.remaining({"web": 4}, Channel.WEB) == 0
    assert both.remaining({"web": 4}, Channel.KIOSK) == 6
    assert both.remaining({"kiosk": 12}, Channel.WEB) == 0, "never below nothing"
    assert Quotas(None, {"web": 4}).remaining({}, Channel.KIOSK) is None


def test_what_remains_and_what_is_exhausted_never_disagree() -> None:
    for daily in (None, 0, 1, 3):
        for by_channel in ({}, {"web": 0}, {"web": 2}, {"kiosk": 1}):
            quotas = Quotas(daily, by_channel)
            for issued in ({}, {"web": 1}, {"web": 2}, {"kiosk": 1, "web": 2}):
                exhausted = quotas.exhausted(issued, Channel.WEB) is not None
                assert exhausted == (quotas.remaining(issued, Channel.WEB) == 0)


def test_a_ticket_is_refused_for_channel_then_membership_then_counters_then_hours_then_quota() -> None:
    gate = Gate(UUID(int=1), Membership.LAPSED, is_attended=False, retired_on=None, opening=SHUT)
    offer = Offer(gate, frozenset({"web"}), Quotas(1, {}), {"web": 1}, lambda: EIGHT)
    refused = refusal(offer, Channel.KIOSK)
    assert isinstance(refused, ChannelNotAllowed)
    assert refused.facts() == {"channel": "kiosk"}
    refused = refusal(offer, Channel.WEB)
    assert isinstance(refused, MembershipNotInForce)
    assert refused.facts() == {"agency_id": UUID(int=1), "membership": "lapsed"}
    gate = replace(gate, not_in_force=None)
    assert isinstance(refusal(replace(offer, gate=gate), Channel.WEB), NoCounter)
    gate = replace(gate, is_attended=True)
    refused = refusal(replace(offer, gate=gate), Channel.WEB)
    assert isinstance(refused, ServiceClosed)
    assert refused.facts() == {"next_opening_at": NINE, "reason": WHY, "reasons": [REASON]}
    offer = replace(offer, gate=replace(gate, opening=OPEN))
    refused = refusal(offer, Channel.WEB)
    assert isinstance(refused, QuotaExhausted)
    assert refused.facts() == {
        "quota": 1,
        "quota_of": "service",
        "next_numbers_at": EIGHT,
        "other_channels": [],
    }
    assert refusal(replace(offer, issued={}), Channel.WEB) is None
    refused = refusal(replace(offer, gate=replace(gate, retired_on=NINE.date())), Channel.KIOSK)
    assert isinstance(refused, ServiceRetired), "before anything else"


def test_a_used_up_channel_names_those_that_still_have_numbers() -> None:
    gate = Gate(UUID(int=1), None, is_attended=True, retired_on=None, opening=OPEN)
    quotas = Quotas(10, {"web": 2, "partner": 0})
    offer = Offer(gate, frozenset(Channel), quotas, {"web": 2}, lambda: EIGHT)
    refused = refusal(offer, Channel.WEB)
    assert isinstance(refused, QuotaExhausted)
    assert (refused.quota_of, refused.other_channels) == ("channel", [Channel.KIOSK])
    never = refusal(offer, Channel.PARTNER)
    assert isinstance(never, QuotaExhausted)
    assert never.next_numbers_at is None, "a quota of none gives none tomorrow either"


def test_the_soonest_is_the_first_that_is_known() -> None:
    assert soonest([NINE, None, EIGHT]) == EIGHT
    assert soonest([None]) is None
    assert soonest([]) is None
