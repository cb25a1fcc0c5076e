"""The words of the errors of agreements."""

from app.texts.words import Words

WORDS: Words = {
    "after_the_term": (
        "Di luar masa berlaku",
        "After the term",
        "Tanggal itu berada setelah hari terakhir perjanjian berlaku, {ends_on}.",
        "The day lies after the agreement's last effective day, {ends_on}.",
    ),
    "agreement_overlap": (
        "Masa perjanjian bertumpuk",
        "Agreements overlap",
        "Perjanjian lain dari jenis yang sama sudah berlaku pada sebagian hari itu.",
        "Another agreement of the same kind is effective on some of these days.",
    ),
    "date_in_past": (
        "Tanggal sudah lewat",
        "Date in the past",
        "Tanggal tidak boleh sebelum hari ini, {today}.",
        "The date must not be before today, {today}.",
    ),
    "number_missing": (
        "Nomor instansi wajib",
        "Number missing",
        "Selain keputusan, perjanjian memuat nomor kedua pihak.",
        "Every paper but a decree carries the numbers of both parties.",
    ),
    "signed_in_future": (
        "Tanggal tanda tangan di masa depan",
        "Signed in the future",
        "Tanggal tanda tangan paling lambat hari ini, {today}.",
        "The date of signature must be today, {today}, or earlier.",
    ),
    "term_reversed": (
        "Masa berlaku terbalik",
        "Term reversed",
        "Berakhir {ends_on}, sebelum mulai {starts_on}.",
        "It ends on {ends_on}, before it begins on {starts_on}.",
    ),
}
