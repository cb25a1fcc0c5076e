"""The words of the errors of stops."""

from app.texts.words import Words

WORDS: Words = {
    "queue_stopped": (
        "Antrean sudah dihentikan",
        "Queue stopped",
        "Hari ini tidak ada lagi yang dipanggil untuk layanan ini: {reason}.",
        "Nobody is called for this service any more today: {reason}.",
    ),
}
