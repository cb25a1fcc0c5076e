"""A day of the mall, planned: who comes when, for what, and how it goes. Pure, and the same for the same seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from random import Random
from typing import Any, TypeVar

from app.domain.tickets import AccessNeed, PriorityClass

T = TypeVar("T")
WEEKDAY = 3
"""A Wednesday: the day of the week on which all agencies of the data are there from eight o'clock."""
NOON = 12 * 60
INTERRUPTED = "BPJSTK"
"""The agency that is suspended at noon: with two counters, so that one is seen to close amid its work."""
CLOSED = "DISDUKCAPIL"
"""The agency of which a counter is closed for a while in the morning; the others go on."""
CLOSED_FROM, CLOSED_UNTIL = 9 * 60 + 50, 10 * 60 + 30
BREAK_MINUTES = 30
_ERRANDS = 0.06
"""How many of those who may have an errand at another agency have one."""
_HURRIED = 3
"""So many still ask for the suspended agency, and for each that is not in force: the kiosk tells them why not."""


class Way(StrEnum):
    """How a visitor takes a number."""

    KIOSK = "kiosk"
    WEB = "web"
    DESK = "desk"


class Fate(StrEnum):
    """How a visit goes."""

    SERVED = "served"
    ABSENT = "absent"
    LATE = "late"
    """Absent when called, and back a little later."""
    FETCHES = "fetches"
    """Goes for a paper while the ticket is on hold."""
    FORGOT = "forgot"
    """Goes back to waiting, some places behind."""
    SENT_ON = "sent_on"
    """Needs another service of the agency after all, and is transferred to it."""
    GIVES_UP = "gives_up"
    """Cancels with the claim code, unless called before."""


FATES = {
    Fate.SERVED: 73,
    Fate.ABSENT: 6,
    Fate.LATE: 3,
    Fate.FETCHES: 5,
    Fate.FORGOT: 3,
    Fate.SENT_ON: 3,
    Fate.GIVES_UP: 7,
}
WAYS = {Way.KIOSK: 86, Way.WEB: 6, Way.DESK: 8}
"""Few come by the web: an address may take no more than some thirty numbers a minute without credentials."""
CLASSES = {
    PriorityClass.NONE: 84,
    PriorityClass.ELDERLY: 8,
    PriorityClass.DISABILITY: 3,
    PriorityClass.PREGNANT_OR_NURSING: 3,
    PriorityClass.WITH_SMALL_CHILD: 2,
}
NEEDS = (AccessNeed.WHEELCHAIR, AccessNeed.SIGN_LANGUAGE, AccessNeed.LOW_VISION)


@dataclass(frozen=True)
class Errand:
    """What a visitor wants at another agency, in the same visit."""

    agency: str
    service: str
    handling: int
    """Minutes at the counter."""
    in_order: bool
    """Whether the first agency has to be done with before."""


@dataclass(frozen=True)
class Visitor:
    """One person's trip. Nobody in it has a name."""

    minute: int
    """Of the day: 480 is eight o'clock."""
    service: str
    way: Way
    fate: Fate
    priority: PriorityClass
    access_needs: tuple[AccessNeed, ...]
    handling: int
    """Minutes at the counter."""
    away: int
    """Minutes until giving up, or coming back."""
    also: str | None = None
    """A second service of the agency, on a number of its own in the same visit."""
    errand: Errand | None = None
    """A second service at another agency: the visit is planned, with both numbers at once."""


@dataclass(frozen=True)
class Hours:
    """An agency's day, and who comes to it, in order."""

    opens: int
    closes: int
    visitors: tuple[Visitor, ...]


@dataclass(frozen=True)
class Plan:
    """The whole day, by agency code."""

    hours: Mapping[str, Hours]

    @property
    def opens(self) -> int:
        """When the first one opens."""
        return min(each.opens for each in self.hours.values())

    @property
    def closes(self) -> int:
        """When the last one closes."""
        return max(each.closes for each in self.hours.values())

    @property
    def visitors(self) -> list[Visitor]:
        """Everybody."""
        return [visitor for each in self.hours.values() for visitor in each.visitors]


def plan(agencies: Sequence[Mapping[str, Any]], *, visitors: int, seed: int = 75) -> Plan:
    """So many visitors, dealt out to the agencies by what their counters can do on the day."""
    dice = Random(seed)  # noqa: S311  # a play, no secret
    there = {each["code"]: each for each in agencies if each["services"]}
    spans = {code: _span(each) for code, each in there.items()}
    able = {
        code: each["counters"] * (spans[code][1] - spans[code][0]) / _mean(each)
        for code, each in there.items()
        if each["standing"] == "member"
    }
    total = sum(able.values())
    alone = {
        code: _visitors(dice, each, spans[code], round(visitors * able[code] / total) if code in able else _HURRIED)
        for code, each in there.items()
    }
    open_all_day = {code: each for code, each in there.items() if code in able and code != INTERRUPTED}
    return Plan(
        {
            code: Hours(
                *spans[code],
                tuple(_with_errand(dice, each, code, open_all_day, spans) for each in of)
                if code in open_all_day
                else of,
            )
            for code, of in alone.items()
        }
    )


def _with_errand(
    dice: Random,
    visitor: Visitor,
    agency: str,
    others: Mapping[str, Mapping[str, Any]],
    spans: Mapping[str, tuple[int, int]],
) -> Visitor:
    """The same one, now and then with an errand at another agency that is open then."""
    if visitor.way is not Way.KIOSK or visitor.fate is not Fate.SERVED or visitor.also or dice.random() > _ERRANDS:
        return visitor
    opens = [code for code in others if code != agency and spans[code][0] <= visitor.minute < spans[code][1]]
    if not opens:
        return visitor
    other = dice.choice(opens)
    service = dice.choice(others[other]["services"])
    errand = Errand(other, service["code"], service["handling_minutes"], in_order=dice.random() < 1 / 2)
    return replace(visitor, errand=errand)


def _visitors(dice: Random, agency: Mapping[str, Any], span: tuple[int, int], count: int) -> tuple[Visitor, ...]:
    opens, closes = span
    minutes = sorted(int(dice.triangular(opens, closes, opens + (closes - opens) / 3)) for _ in range(count))
    if agency["code"] == INTERRUPTED:
        before = [each for each in minutes if each < NOON]
        minutes = before + minutes[len(before) : len(before) + _HURRIED]
    return tuple(_visitor(dice, agency, minute) for minute in minutes)


def _visitor(dice: Random, agency: Mapping[str, Any], minute: int) -> Visitor:
    service = dice.choice(agency["services"])
    priority = _one_of(dice, CLASSES)
    usual = service["handling_minutes"]
    return Visitor(
        minute=minute,
        service=service["code"],
        way=_one_of(dice, WAYS),
        fate=_one_of(dice, FATES),
        priority=priority,
        access_needs=(dice.choice(NEEDS),) if priority is PriorityClass.DISABILITY else (),
        handling=max(2, round(dice.triangular(usual / 2, usual * 3 / 2))),
        away=dice.randint(4, 15),
        also=dice.choice(agency["services"])["code"] if dice.random() < 0.03 else None,  # noqa: PLR2004  # 3 of 100
    )


def _mean(agency: Mapping[str, Any]) -> float:
    minutes: list[int] = [each["handling_minutes"] for each in agency["services"]]
    return sum(minutes) / len(minutes) + 1  # until the visitor stands at the counter


def _span(agency: Mapping[str, Any]) -> tuple[int, int]:
    today = next(each for each in agency["hours"] if each["weekday"] == WEEKDAY)
    opens, closes = (time.fromisoformat(today[each]) for each in ("opens", "closes"))
    return opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute


def _one_of(dice: Random, weights: Mapping[T, int]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]
