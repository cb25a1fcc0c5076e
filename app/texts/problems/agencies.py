"""The words of the errors of agencies."""

from app.texts.words import Words

WORDS: Words = {
    "agency_retired": (
        "Instansi sudah dihentikan",
        "Agency retired",
        "Instansi ini dihentikan sejak {retired_on}.",
        "The agency has been retired since {retired_on}.",
    ),
}
