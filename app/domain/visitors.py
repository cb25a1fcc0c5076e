"""A visitor's phone: how it is written, and which ones are taken."""

import re

from app.errors import Invalid, domain_error

LONGEST_PHONE = 24
"""Signs, as people write it: with spaces, hyphens, dots and brackets."""
_BETWEEN = re.compile(r"[ .()-]")
_WRITTEN = re.compile(r"\+?[0-9]+\Z")
_ABROAD = re.compile(r"(?:\+|00)(?!62)")
_MOBILE = re.compile(r"(?:\+62|0062|62|0)(8[0-9]{8,11})\Z")
"""Mobile numbers only, since messages go there: an 8 and eight to eleven digits more."""


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
    """Without credentials no phone is taken: whoever types one could learn what its owner waits for."""

    pointer = "/phone"


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
