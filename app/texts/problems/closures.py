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
        "Satu hal, lantai dan lokasinya, setahun paling lama; antrean batal atau pindah hanya sejak kini ({member}).",
        "One thing only, a floor with its location, a year at most; tickets end or move from now on only ({member}).",
    ),
}
