"""The words of the errors of services."""

from app.texts.words import Words

WORDS: Words = {
    "channel_not_allowed": (
        "Saluran tidak dibuka",
        "Channel not allowed",
        "Layanan ini tidak mengeluarkan nomor antrean lewat saluran {channel}.",
        "The service issues no tickets on the channel {channel}.",
    ),
    "no_counter": (
        "Belum ada loket",
        "No counter",
        "Tidak ada loket yang melayani layanan ini.",
        "No counter serves this service.",
    ),
    "quota_exhausted": (
        "Kuota habis",
        "Quota exhausted",
        "Kuota hari ini ({quota}) sudah habis.",
        "Today's quota ({quota}) is used up.",
    ),
    "service_retired": (
        "Layanan sudah dihentikan",
        "Service retired",
        "Layanan ini dihentikan sejak {retired_on}.",
        "The service has been retired since {retired_on}.",
    ),
}
