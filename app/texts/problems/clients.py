"""The words of the errors of clients."""

from app.texts.words import Words

WORDS: Words = {
    "invalid_client": (
        "Klien tidak diterima",
        "Invalid client",
        "Klien tidak dikenal atau sudah dicabut, atau rahasianya salah.",
        "The client is unknown or revoked, or its secret is wrong.",
    ),
    "invalid_scope": (
        "Cakupan tidak diberikan",
        "Invalid scope",
        "Klien tidak diberi salah satu cakupan yang diminta.",
        "The client does not have one of the scopes that it asks for.",
    ),
    "scope_not_available": (
        "Cakupan belum tersedia",
        "Scope not available",
        "Salah satu cakupan itu belum membuka operasi apa pun, atau hanya untuk klien yang baru didaftarkan.",
        "One of these scopes opens no operation yet, or is only given to a client that is registered with it.",
    ),
    "two_credentials": (
        "Dua kredensial",
        "Two credentials",
        "Kirim rahasia klien di tajuk atau di formulir, tidak di keduanya.",
        "Send the client's secret in the header or in the form, not in both.",
    ),
}
