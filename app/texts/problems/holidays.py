"""The words of the errors of holidays."""

from app.texts.words import Words

WORDS: Words = {
    "holiday_exists": (
        "Hari itu sudah libur",
        "Already a holiday",
        "Pada {date} sudah ada hari libur atau cuti bersama; ubah atau hapus yang itu.",
        "There is a holiday or collective leave on {date} already; change that one or delete it.",
    ),
}
