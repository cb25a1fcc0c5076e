"""Proving a phone, on the wire."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.names import Language
from app.domain.visitors import LONGEST_PHONE
from app.schemas.base import Input, Instant, Output

Phone = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PHONE), Field(examples=["0812-3456-7890"])]
"""As people write it; `domain.visitors.phone_of` reads it."""
PhoneCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$"), Field(examples=["042137"])]


class PhoneConfirmationRequest(Input):
    """A phone that somebody says is theirs."""

    phone: Annotated[Phone, Field(description="An Indonesian mobile number, +62 or 08")]
    language: Annotated[Language, Field(description="The language of the message")] = Language.ID


class PhoneConfirmation(Output):
    """That a code is on its way to the phone. It says the same of every phone."""

    expires_at: Instant
    """Until then the code works, and only the newest one; after five wrong tries it is dead before."""
    next_allowed_at: Instant
    """When another one may be asked for from here; sooner it is a 429."""
