"""The words of the errors of windows."""

from app.texts.words import Words

WORDS: Words = {
    "outside_window": (
        "Di luar jam pengambilan nomor",
        "Outside the window",
        "Nomor di saluran {channel} hanya diberikan pada jam tertentu. Berikutnya: {next_opening_at}.",
        "Numbers on the channel {channel} are given at certain hours only. Next: {next_opening_at}.",
    ),
    "windows_invalid": (
        "Jam pengambilan nomor tidak sah",
        "Windows invalid",
        "Jam pengambilan nomor di saluran {channel} tidak sah: mulai sebelum berakhir, dan tidak bertumpuk.",
        "The windows of the channel {channel} are not valid: each begins before it ends, and none overlap.",
    ),
}
