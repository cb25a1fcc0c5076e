"""The words of the errors of sign in."""

from app.texts.words import Words

WORDS: Words = {
    "invalid_grant": (
        "Tidak diterima",
        "Invalid grant",
        "Nama pengguna, kata sandi atau token tidak diterima.",
        "The user name, password or token is not accepted.",
    ),
    "unsupported_grant_type": (
        "Jenis grant tidak didukung",
        "Unsupported grant type",
        "Pakai cara masuk yang disebut di /.well-known/oauth-authorization-server.",
        "Use a way to sign in that is listed at /.well-known/oauth-authorization-server.",
    ),
}
