"""The words of the errors of locations."""

from app.texts.words import Words

WORDS: Words = {
    "floor_in_use": (
        "Lantai masih dipakai",
        "Floor in use",
        "Masih ada loket di lantai {floor}.",
        "There are still counters on floor {floor}.",
    ),
    "floor_unknown": (
        "Lantai tidak dikenal",
        "Unknown floor",
        "Lokasi itu tidak memiliki lantai {floor}.",
        "The location has no floor {floor}.",
    ),
}
