"""Where a webhook may go: judged by its words, and by the numbers that a name leads to."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from app.domain.deliveries import FAILING_FOR, LONGEST_WAIT, REFUSED_FOR, Tries
from app.domain.webhooks import (
    Address,
    DisabledBecause,
    WebhookAddressNotAllowed,
    address_of,
    is_public,
    must_be_public,
)

NOT_PUBLIC = """
    127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.192 198.18.0.1
    0.0.0.0 255.255.255.255 224.0.0.1 240.0.0.1 168.63.129.16 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254
    ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1
    64:ff9b:1::a00:1 2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1"""
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def address(host: str, port: int, target: str, *, secure: bool = True) -> Address:
    return Address(secure, host, port, target)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://antrean.bank.example/", "not_https"),
        ("https://user:word@antrean.bank.example/", "credentials"),
        ("https://token@antrean.bank.example/", "credentials"),
        ("https://localhost:8443/", "private"),
        ("https://10.0.0.8/", "private"),
        ("https://192.168.1.7/", "private"),
        ("https://172.31.0.1/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://100.64.0.1/", "private"),
        ("https://168.63.129.16/", "private"),
        ("https://0.0.0.0/", "private"),
        ("https://255.255.255.255/", "private"),
        ("https://224.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[fe80::1]/", "private"),
        ("https://[fd00:ec2::254]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://[64:ff9b::a00:1]/", "private"),
        ("https://[2002:a00:1::]/", "private"),
        ("https://metadata.google.internal/", "private"),
        ("https://printer.local/", "private"),
        ("https://intranet/", "private"),
        ("https://receiver.localhost./", "private"),
        ("https://2130706433/", "malformed"),
        ("https://0x7f.0.0.1/", "malformed"),
        ("https://127.1/", "malformed"),
        ("https://", "malformed"),
        ("https://antrean.bank.example:99999/", "malformed"),
        ("https://antrean.bank.example/#part", "malformed"),
        ("https://antrean.bank.example/a b", "malformed"),
        ("https://antrean.bank.example\\@10.0.0.1/", "malformed"),
        ("https://antrean.bank.example/\r\nX: y", "malformed"),
        ("https://127.0.0.1/", "private"),
        ("http://localhost/", "not_https"),
        ("ftp://antrean.bank.example/", "not_https"),
        ("https://antrean..example/", "malformed"),
        ("https://antr\u00ebn.example/", "malformed"),
    ],
)
def test_an_address_that_is_not_public_is_refused(url: str, fault: str) -> None:
    with pytest.raises(WebhookAddressNotAllowed) as refused:
        address_of(url, loopback=False)
    assert refused.value.fault == fault


def test_an_address_is_taken_apart_as_it_is_asked() -> None:
    assert address_of("https://a.example", loopback=False) == address("a.example", 443, "/")
    assert address_of("https://A.example:8443/b?c=d", loopback=False) == address("a.example", 8443, "/b?c=d")
    assert address_of("https://a.example:8443/", loopback=False).authority == "a.example:8443"
    assert address_of("https://8.8.8.8/", loopback=False).host == "8.8.8.8"
    assert address_of("http://localhost:9000/", loopback=True) == address("localhost", 9000, "/", secure=False)


@pytest.mark.parametrize("number", NOT_PUBLIC.split())
def test_a_number_that_is_not_public_is_never_connected_to(number: str) -> None:
    assert not is_public(ip_address(number))
    with pytest.raises(WebhookAddressNotAllowed):
        must_be_public(["8.8.8.8", number], loopback=False)  # one bad number is enough


@pytest.mark.parametrize("number", ["8.8.8.8", "103.28.14.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_number_is_one(number: str) -> None:
    assert is_public(ip_address(number))


def test_this_machine_is_reached_only_where_that_is_allowed_and_nothing_else_is() -> None:
    must_be_public(["127.0.0.1", "::1"], loopback=True)
    with pytest.raises(WebhookAddressNotAllowed):
        must_be_public(["127.0.0.1", "10.0.0.1"], loopback=True)


def test_waits_grow_to_hours_and_keep_to_what_is_asked_within_bounds() -> None:
    tries, waits = Tries(), []
    for _ in range(12):
        tries = tries.after(500, AT)
        waits.append(tries.wait(None, 0.5))
    assert waits[:4] == [timedelta(seconds=each) for each in (5, 15, 45, 135)]
    assert waits[-1] == LONGEST_WAIT
    assert Tries(1).wait(timedelta(minutes=10), 0.5) == timedelta(minutes=10)
    assert Tries(1).wait(timedelta(days=365), 0.5) == LONGEST_WAIT
    assert Tries(1).wait(None, 0) < Tries(1).wait(None, 1)


def test_a_refused_event_is_given_up_after_hours_and_a_receiver_that_is_away_after_days() -> None:
    refused = Tries().after(400, AT)
    assert not refused.gives_up(AT + REFUSED_FOR - timedelta(seconds=1))
    assert refused.gives_up(AT + REFUSED_FOR)
    away = Tries().after(503, AT)
    assert not away.gives_up(AT + FAILING_FOR), "it has said nothing of the event"
    assert away.ends_with(503, AT + FAILING_FOR) is DisabledBecause.FAILING
    assert away.ends_with(503, AT) is None
    assert Tries().ends_with(410, AT) is DisabledBecause.GONE
    assert refused.after(None, AT).refused_since is None, "no answer says nothing of the event either"
