"""The words of the errors of number blocks."""

from app.texts.words import Words

WORDS: Words = {
    "block_open": (
        "Blok nomor masih terbuka",
        "Block still open",
        "Anjungan ini masih memegang blok nomor dari seri ini. Laporkan dahulu blok itu.",
        "This kiosk still holds a block of this series. Report that one first.",
    ),
    "number_out_of_order": (
        "Nomor tidak berurutan",
        "Number out of order",
        "Nomor {number} tidak pada tempatnya; yang seharusnya: {expected}.",
        "The number {number} is out of place; due was: {expected}.",
    ),
    "other_series": (
        "Seri nomor lain",
        "Another series",
        "Layanan itu memakai seri nomor yang lain.",
        "That service takes its numbers from another series.",
    ),
    "time_out_of_order": (
        "Waktu tidak berurutan",
        "Time out of order",
        "Waktu harus antara {not_before} dan {not_after}.",
        "The time must lie between {not_before} and {not_after}.",
    ),
}
