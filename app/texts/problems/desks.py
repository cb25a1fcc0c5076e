"""The words of the errors of desks."""

from app.texts.words import Words

WORDS: Words = {
    "counter_not_today": (
        "Bukan hari loket ini",
        "Not this counter's day",
        "Loket ini tidak buka pada hari ini; buka lagi pada {next_on}.",
        "The counter does not open on this weekday; it opens again on {next_on}.",
    ),
    "desk_taken": (
        "Meja dipakai loket lain",
        "Desk taken",
        "Meja itu milik loket lain pada hari yang sama, atau loket lain sedang buka di sana.",
        "The desk is another counter's on the same day, or another counter is open at it now.",
    ),
}
