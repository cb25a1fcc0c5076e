"""The words of the errors of reopening."""

from app.texts.words import Words

WORDS: Words = {
    "ended_otherwise": (
        "Bukan diakhiri petugas",
        "Not ended by an officer",
        "Hanya antrean yang diakhiri petugas dapat dibuka kembali.",
        "Only a ticket that an officer ended is reopened.",
    ),
    "reopening_too_late": (
        "Terlambat dibuka kembali",
        "Too late to reopen",
        "Antrean hanya dapat dibuka kembali dalam {reopening_minutes} menit.",
        "A ticket is reopened within {reopening_minutes} minutes of its end.",
    ),
}
