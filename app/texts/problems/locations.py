"""The words of the errors of locations."""

from app.texts.words import Words

WORDS: Words = {
    "location_not_in_use": (
        "Gedung tidak dipakai",
        "Location not in use",
        "Hari ini gedung itu bukan bagian dari mal.",
        "The building is not one of the mall's today.",
    ),
    "location_in_use": (
        "Gedung masih dipakai",
        "Location in use",
        "Masih ada loket di gedung itu: pindahkan atau pensiunkan dulu. Paling awal, gedung itu berakhir hari ini.",
        "There are still counters in the building: move or retire them first. Today is the earliest day it can end on.",
    ),
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
