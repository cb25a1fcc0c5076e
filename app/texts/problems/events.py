"""The words of the errors of events."""

from app.texts.words import Words

WORDS: Words = {
    "cursor_unknown": (
        "Kursor tidak dikenal",
        "Cursor unknown",
        "Jurnal mal ini tidak memiliki tempat itu. Baca ulang keadaan sekarang, lalu lanjutkan dari `now`.",
        "This mall's journal has no such place. Read the present state anew, then go on from `now`.",
    ),
}
