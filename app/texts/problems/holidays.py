"""The words of the errors of holidays."""

from app.texts.words import Words

WORDS: Words = {
    "holiday_exists": (
        "Hari itu sudah libur",
        "Already a holiday",
        "Pada {date} sudah ada hari libur atau cuti bersama ({holiday_id}); ubah atau hapus yang itu.",
        "There is a holiday or collective leave on {date} already ({holiday_id}); change that one or delete it.",
    ),
}
