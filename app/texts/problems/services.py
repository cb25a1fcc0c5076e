"""The words of the errors of services."""

from app.texts.words import Words

WORDS: Words = {
    "channel_not_allowed": (
        "Saluran tidak dibuka",
        "Channel not allowed",
        "Layanan ini tidak mengeluarkan nomor antrean lewat saluran {channel}.",
        "The service issues no tickets on the channel {channel}.",
    ),
    "channel_not_yours": (
        "Bukan saluran Anda",
        "Not your channel",
        "Anda mengeluarkan nomor antrean lewat saluran {allowed}, bukan {channel}.",
        "You issue tickets on the channel {allowed}, not on {channel}.",
    ),
    "no_counter": (
        "Tidak ada loket hari ini",
        "No counter today",
        "Hari ini tidak ada loket yang melayani layanan ini.",
        "No counter serves this service today.",
    ),
    "quota_exhausted": (
        "Kuota habis",
        "Quota exhausted",
        (
            "Kuota hari ini ({quota}) sudah habis. Nomor diberikan lagi: {next_numbers_at}. "
            "Saluran lain yang masih memiliki nomor: {other_channels}."
        ),
        (
            "Today's quota ({quota}) is used up. Numbers are given again: {next_numbers_at}. "
            "Other channels that still have some: {other_channels}."
        ),
    ),
    "service_retired": (
        "Layanan sudah dihentikan",
        "Service retired",
        "Layanan ini dihentikan sejak {retired_on}.",
        "The service has been retired since {retired_on}.",
    ),
}
