"""Claim codes and device keys."""

from uuid import UUID

from app.security.secrets import (
    CLAIM_CODE_LENGTH,
    CROCKFORD,
    claim_code,
    claim_hash,
    fingerprint,
    mall_of_key,
    new_machine_key,
)

KEY, OTHER_KEY = b"a server's key", b"another server's key"
TICKET, OTHER_TICKET = UUID(int=1), UUID(int=2)


def test_a_claim_code_is_eighty_bits_of_crockfords_alphabet_and_always_the_same() -> None:
    code = claim_code(KEY, TICKET)
    assert len(code) == CLAIM_CODE_LENGTH
    assert CLAIM_CODE_LENGTH * 5 >= 80
    assert set(code) <= set(CROCKFORD)
    assert not set("ILOU") & set(CROCKFORD)
    assert len(set(CROCKFORD)) == 32
    assert code == claim_code(KEY, TICKET)
    assert len({code, claim_code(OTHER_KEY, TICKET), claim_code(KEY, OTHER_TICKET)}) == 3
    seen = {sign for number in range(200) for sign in claim_code(KEY, UUID(int=number))}
    assert seen == set(CROCKFORD), "every place uses every sign"


def test_a_code_is_read_as_people_write_it() -> None:
    kept = claim_hash("7ZK3M9QH2RTX4B01")
    for written in (
        "7zk3m9qh2rtx4b01",
        "7ZK3-M9QH-2RTX-4B01",
        "7ZK3M9QH2RTX4BO1",
        "7ZK3M9QH2RTX4BOI",
        "7zk3m9qh2rtx4bol",
    ):
        assert claim_hash(written) == kept, written
    for other in ("7ZK3M9QH2RTX4B02", "7ZK3M9QH2RTX4B0", "7ZK3M9QH2RTX4BQ1"):
        assert claim_hash(other) != kept, other


def test_a_device_key_has_a_readable_prefix_names_its_mall_and_is_never_made_twice() -> None:
    key = new_machine_key("mpk", 305)
    assert key.startswith("mpk_305_")
    assert mall_of_key(key) == 305
    assert len(key.split("_", 2)[2]) >= 43, "256 bits"
    assert fingerprint(key) != fingerprint(new_machine_key("mpk", 305))
    for wrong in ("", "mpk", "mpk_305", "mpk_x_secret", "mpk_-1_secret", "mpk_305305_secret", "mpk__secret"):
        assert mall_of_key(wrong) is None, wrong
