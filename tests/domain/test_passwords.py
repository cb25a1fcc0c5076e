"""Passwords that are tried first are refused; all others are people's own choice."""

from itertools import product

import pytest

from app.domain.accounts import PASSWORD_LENGTH, PasswordGuessable, is_guessable, must_fit
from app.security.secrets import made_password

USERNAME = "petugas.disdukcapil.1"
FIRST_TRIED = """
    petugas.disdukcapil.1 Petugas-Disdukcapil-1 PETUGASDISDUKCAPIL1 Disdukcapil2026! petugaspetugas aaaaaaaaaaaa
    abababababab 000000000000 112233445566 123123123123 123456789012 987654321098 012345678910 password1234
    passwordpassword P@ssw0rd1234 P@$$w0rd-1234 KataSandi123 rahasia12345 sayangsayang indonesia2026 iloveyou1234
    samarinda123 Bismillah123 admin1234567 welcome12345 letmein12345 qwertyuiop[] qwerty123456 123456qwerty
    asdfghjkl123 1qaz2wsx3edc zaq1xsw2cde3 1q2w3e4r5t6y q1w2e3r4t5y6 123qweasdzxc qazwsxedcrfv abcdefghijkl
    zyxwvutsrqpo !@#$%^&*()_+ ............
"""
OWN = (
    "sandi yang cukup panjang",
    "hujan deras di tepi Mahakam",
    "a password, long enough",
    "correct horse battery staple",
    "Kenari-sandi-rahasia-7",
    "rumah pohon biru",
    "tujuh gajah menari",
    "93817740162533849906",
    "#$~*(!@^&)=+{}|<",
    "密码不是很容易猜到的",
)


@pytest.mark.parametrize("password", [*FIRST_TRIED.split(), " " * 12, "petugas  disdukcapil", "kata sandi 123"])
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordGuessable):
        must_fit(password, USERNAME, "password")


@pytest.mark.parametrize("password", OWN)
def test_no_kind_of_sign_is_asked_for_and_a_common_word_among_others_is_right(password: str) -> None:
    must_fit(password, USERNAME, "password")


def test_a_user_name_is_guessed_whatever_it_is() -> None:
    for username, end in product(("budi.santoso", "ani", "kepala-dinas_7"), ("", "123", "2026!", "!!!", "1")):
        assert is_guessable(f"{username}{end}", username)
        assert is_guessable(f"{username}{end}{username}".upper(), username)


def test_wide_signs_are_guessed_like_ordinary_ones() -> None:
    for ordinary in ("123456789012", "password1234"):
        assert is_guessable("".join(chr(ord(sign) + 0xFEE0) for sign in ordinary), USERNAME)


def test_a_password_made_here_is_never_refused() -> None:
    assert not any(is_guessable(made_password(), USERNAME) for _ in range(500))
    must_fit(None, USERNAME, "password")


def test_the_longest_is_judged_at_once() -> None:
    assert is_guessable("1q2w" * (PASSWORD_LENGTH[1] // 4), USERNAME)
