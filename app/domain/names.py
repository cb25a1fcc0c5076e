"""What people read always comes in both languages of the mall."""

from enum import StrEnum

from typing_extensions import TypedDict


class Language(StrEnum):
    """Indonesian is the default; English is for guests."""

    ID = "id"
    EN = "en"


class LocalizedText(TypedDict):
    """One text in both languages, stored and sent as `{"id": …, "en": …}`."""

    id: str
    en: str
