"""The words of the errors of streams."""

from app.texts.words import Words

WORDS: Words = {
    "too_many_streams": (
        "Terlalu banyak aliran",
        "Too many streams",
        "Sudah {most} aliran terbuka; tutup yang tidak dipakai, atau ulangi setelah {retry_after_seconds} detik.",
        "{most} streams are open; close those that are not used, or repeat after {retry_after_seconds} seconds.",
    ),
    "stopping": (
        "Sedang berhenti",
        "Stopping",
        "Proses ini sedang berhenti; ulangi setelah {retry_after_seconds} detik.",
        "This process is stopping; repeat after {retry_after_seconds} seconds.",
    ),
}
