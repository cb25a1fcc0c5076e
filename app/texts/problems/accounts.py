"""The words of the errors of accounts."""

from app.texts.words import Words

WORDS: Words = {
    "own_account": (
        "Akun sendiri",
        "Your own account",
        "Menonaktifkan akun, mencabut peran, atau mengatur ulang sandi milik sendiri harus dilakukan orang lain.",
        "Somebody else must disable your account, revoke your roles or reset your password.",
    ),
    "password_guessable": (
        "Kata sandi mudah ditebak",
        "Password easily guessed",
        "Isinya hampir hanya nama pengguna, kata umum, deretan tombol, atau tanda berulang. Pakai beberapa kata acak.",
        "It is little more than the user name, common words, rows of keys or repeated signs. Use several random words.",
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
