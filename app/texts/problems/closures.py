"""The words of the errors of closures."""

from app.texts.words import Words

WORDS: Words = {
    "closure_ended": (
        "Penutupan sudah berakhir",
        "Closure ended",
        "Penutupan ini sudah berakhir pada {ended_at}.",
        "This closure ended at {ended_at}.",
    ),
    "closure_not_possible": (
        "Penutupan tidak mungkin",
        "Closure not possible",
        "Satu hal, lantai dengan lokasinya, setahun paling lama; antrean dibatalkan hanya mulai sekarang ({member}).",
        "One thing only, a floor with its location, a year at most; tickets are cancelled only from now on ({member}).",
    ),
}
