"""Signing in, passwords, and the refusals of any request."""

from unicodedata import normalize

from app.errors import Conflict, Invalid, domain_error

PASSWORD_LENGTH = (12, 128)
FEWEST_OWN_SIGNS = 5
"""So many different signs of a password are more than what everybody tries first."""
_COMMON = """
    password passw pass pwd login welcome letmein secret master admin administrator root user guest test demo
    default changeme iloveyou love monkey dragon sunshine princess football superman computer internet qwerty
    azerty katasandi kata sandi rahasia sayang cinta akucinta kamu aku selamat datang bismillah alhamdulillah
    indonesia merdeka garuda pancasila jakarta samarinda balikpapan jayapura kalimantan bandung surabaya persib
    januari februari maret april mei juni juli agustus september oktober november desember mal mall mpp pelayanan
    publik layanan petugas manajer loket antrean kantor dinas disdukcapil dpmptsp kota
"""
"""Words that passwords are made of most often, here and elsewhere, and those of this service."""
_ROWS = """
    abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm qwertz azerty @#$%^&*()
    1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 1a2s3d4f5g6h7j8k9l a1s2d3f4g5h6j7k8l9 1qaz2wsx3edc4rfv5tgb6yhn7ujm
    1qa2ws3ed4rf5tg6yh7uj qazwsxedcrfvtgbyhnujm qweasdzxc
"""
"""Rows of signs as they stand in the alphabet and on keyboards, read forwards or backwards."""
_SHORTEST_RUN, _SEPARATORS = 3, " -_.,;:!?/'\""
_RUNS = {
    row[place : place + _SHORTEST_RUN]
    for each in _ROWS.split()
    for row in (each, each[::-1])
    for place in range(len(row) - _SHORTEST_RUN + 1)
}
_DISGUISED = str.maketrans("@4310$57", "aaeiosst")


@domain_error
class UsernameTaken(Conflict):
    """A user name belongs to one account on the platform. Who has one already is granted a role by it."""

    pointer = "/username"


@domain_error
class PasswordGuessable(Invalid):
    """A password is not made only of what is tried first: user name, common words, rows of keys, repeated signs.

    There is no rule on which kinds of signs it holds; several words that have nothing to do with each other are good.
    """

    member: str


@domain_error
class PasswordWrong(Invalid):
    """The current password is required to set a new one, and this is not it."""

    pointer = "/current_password"


@domain_error
class OwnAccount(Conflict):
    """Nobody disables their own account or revokes its roles: otherwise nobody might be left who can undo it.

    Nor does anybody reset their own password: a new one takes the present one (`POST /v1/me/password`), and so a stolen
    session does not keep the account.
    """


def must_fit(password: str | None, username: str, member: str) -> None:
    """Raise PasswordGuessable. Its length is in its shape."""
    if password is not None and is_guessable(password, username):
        raise PasswordGuessable(member=member)


def is_guessable(password: str, username: str) -> bool:
    """Whether next to nothing is left of a password without what is tried first (NIST SP 800-63B: no other rules)."""
    shown = normalize("NFKC", password).lower()
    return any(
        len(set(_own_signs(each, username.lower()))) < FEWEST_OWN_SIGNS for each in (shown, shown.translate(_DISGUISED))
    )


def _own_signs(password: str, username: str) -> str:
    """What remains without the user name and its parts, common words, and runs along rows."""
    parts = username.translate(str.maketrans(_SEPARATORS, " " * len(_SEPARATORS))).split()
    words = {_once(each) for each in (username, *parts, *_COMMON.split())}
    left = _once(password)
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ") if len(word) >= _SHORTEST_RUN else left
    return _once(_without_runs(left))


def _once(text: str) -> str:
    """A text without separators, and with each sign once where it is repeated."""
    kept = ""
    for sign in text:
        if sign not in _SEPARATORS and not kept.endswith(sign):
            kept += sign
    return kept


def _without_runs(text: str) -> str:
    """A text without the signs that stand in a row with their neighbours."""
    runs = {place for place in range(len(text)) if text[place : place + _SHORTEST_RUN] in _RUNS}
    in_run = {place + further for place in runs for further in range(_SHORTEST_RUN)}
    return "".join(sign for place, sign in enumerate(text) if place not in in_run)
