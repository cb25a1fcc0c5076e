"""The words of the errors of webhooks and their deliveries."""

from app.texts.words import Words

WORDS: Words = {
    "webhook_address_not_allowed": (
        "Alamat webhook tidak diizinkan",
        "Webhook address not allowed",
        "Webhook hanya dikirim ke alamat https publik tanpa nama pengguna di dalamnya.",
        "A webhook goes to a public https address without a user name in it.",
    ),
    "event_type_unknown": (
        "Jenis peristiwa tidak dikenal",
        "Event type unknown",
        "{event_type} bukan jenis peristiwa, atau tidak diberitahukan kepada pemilik webhook ini.",
        "{event_type} is no type of event, or one that the owner of this webhook is never told of.",
    ),
    "too_many_webhooks": (
        "Webhook terlalu banyak",
        "Too many webhooks",
        "Sudah ada {most} webhook; hentikan salah satu lebih dahulu.",
        "There are {most} webhooks already; retire one of them first.",
    ),
    "replay_too_long": (
        "Rentang kirim ulang tidak sah",
        "Replay too long",
        "Rentang harus termasuk yang sudah dikirim (sampai {last_sequence}), paling banyak {most} entri.",
        "The span must lie within what was sent so far (up to {last_sequence}), and have at most {most} entries.",
    ),
}
