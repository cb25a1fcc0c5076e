"""Agencies (*instansi*): who may be a member of a mall."""

from datetime import date
from enum import StrEnum

from app.errors import Conflict, domain_error


class AgencyCategory(StrEnum):
    """The kind of body. BPJS are public legal entities by law, not state companies."""

    CITY_OFFICE = "city_office"
    PROVINCIAL_OFFICE = "provincial_office"
    VERTICAL_AGENCY = "vertical_agency"
    JUDICIAL = "judicial"
    STATE_COMPANY = "state_company"
    REGIONAL_COMPANY = "regional_company"
    PUBLIC_LEGAL_ENTITY = "public_legal_entity"
    NON_STRUCTURAL = "non_structural"
    PRIVATE = "private"


@domain_error
class AgencyRetired(Conflict):
    """Nothing new begins with a retired agency."""

    member: str | None
    """The member of the request's body that names it; null: the path does."""
    retired_on: date
