"""The words of the errors of accounts."""

from app.texts.words import Words

WORDS: Words = {
    "own_account": (
        "Akun sendiri",
        "Your own account",
        "Akun sendiri tidak dapat dinonaktifkan, dan perannya tidak dapat dicabut; mintalah orang lain yang berwenang.",
        "You cannot disable your own account or revoke your own roles; ask somebody else who may.",
    ),
    "password_is_username": (
        "Kata sandi sama dengan nama pengguna",
        "Password is the user name",
        "Kata sandi tidak boleh sama dengan nama pengguna.",
        "A password must not be the user name.",
    ),
    "password_wrong": (
        "Kata sandi salah",
        "Password wrong",
        "Kata sandi saat ini tidak benar.",
        "The current password is wrong.",
    ),
    "username_taken": (
        "Nama pengguna sudah dipakai",
        "User name taken",
        "Nama pengguna itu sudah dipakai akun lain.",
        "The user name belongs to another account.",
    ),
}
