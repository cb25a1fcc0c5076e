"""A visitor's phone: how it is written, which ones are taken, and how somebody proves that it is theirs."""

import re
from dataclasses import dataclass
from datetime import timedelta

from app.errors import Invalid, domain_error

LONGEST_PHONE = 24
"""Signs, as people write it: with spaces, hyphens, dots and brackets."""
_BETWEEN = re.compile(r"[ .()-]")
_WRITTEN = re.compile(r"\+?[0-9]+\Z")
_ABROAD = re.compile(r"(?:\+|00)(?!62)")
_MOBILE = re.compile(r"(?:\+62|0062|62|0)(8[0-9]{8,11})\Z")
"""Mobile numbers only, since messages go there: an 8 and eight to eleven digits more."""
CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
"""So many wrong ones, and a code is dead."""


@domain_error
class PhoneInvalid(Invalid):
    """A phone is an Indonesian mobile number, such as 0812-3456-7890 or +62 812 3456 7890: no letters, no landline."""

    pointer = "/phone"


@domain_error
class PhoneForeign(Invalid):
    """The phone is a number from abroad; only Indonesian ones (+62) are taken."""

    pointer = "/phone"


@domain_error
class PhoneNotProven(Invalid):
    """Without credentials a phone comes with the code that was sent to it: a stranger who types it learns nothing."""

    pointer = "/phone"


@domain_error
class PhoneCodeInvalid(Invalid):
    """The code is not the newest one of this phone, or its ten minutes or five tries are over; which is never said."""

    pointer = "/phone_code"


@domain_error
class PhoneRequired(Invalid):
    """A phone is missing: on the web the service gives numbers to proven ones only, or a code came without it."""

    pointer = "/phone"


@dataclass(frozen=True)
class ShownPhone:
    """The phone that somebody without credentials has named."""

    mark: bytes
    """Which phone, without naming it (`security.secrets.phone_mark`)."""
    is_proven: bool | None
    """Whether the code with it was right; None: there was none."""
    sealed: str | None = None
    """The phone itself, sealed, once it is proven: messages go there."""

    def must_be_theirs(self) -> None:
        """Raise PhoneNotProven or PhoneCodeInvalid."""
        if self.is_proven is None:
            raise PhoneNotProven
        if not self.is_proven:
            raise PhoneCodeInvalid


def masked(phone: str) -> str:
    """Enough of a phone for its owner to know it, and for nobody to call it: +62812••••890."""
    return f"{phone[:6]}••••{phone[-3:]}"


def phone_of(written: str) -> str:
    """The number in its one form (E.164), however it was written. Raises PhoneInvalid or PhoneForeign."""
    plain = _BETWEEN.sub("", written)
    if not _WRITTEN.match(plain):
        raise PhoneInvalid
    if _ABROAD.match(plain):
        raise PhoneForeign
    if found := _MOBILE.match(plain):
        return f"+62{found[1]}"
    raise PhoneInvalid
