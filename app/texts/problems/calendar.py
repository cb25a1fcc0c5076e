"""The words of the errors of calendar."""

from app.texts.words import Words

WORDS: Words = {
    "hours_invalid": (
        "Jam tidak sah",
        "Hours invalid",
        "Jam untuk hari ke-{weekday} tidak sah: buka sebelum tutup, sekali per hari, istirahat di dalamnya.",
        "The hours of weekday {weekday} are not valid: open before close, each weekday once, breaks within.",
    ),
    "periods_overlap": (
        "Periode bertumpuk",
        "Periods overlap",
        "Periode lain sudah berlaku pada sebagian hari itu ({period_id}).",
        "Another period already covers some of those days ({period_id}).",
    ),
    "service_closed": (
        "Layanan tutup",
        "Service closed",
        "Layanan sedang tutup. Alasan: {reason}. Buka lagi: {next_opening_at}.",
        "The service is closed. Reason: {reason}. Opens again: {next_opening_at}.",
    ),
}
