"""The words of the errors of calendar."""

from app.texts.words import Words

WORDS: Words = {
    "counter_closed": (
        "Loket ditutup",
        "Counter closed",
        "Loket sedang ditutup. Alasan: {reasons}. Dapat dibuka lagi: {next_opening_at}.",
        "The counter is closed. Reason: {reasons}. It can be opened again: {next_opening_at}.",
    ),
    "exception_not_possible": (
        "Pengecualian tidak mungkin",
        "Exception not possible",
        "Hanya hari khusus mal yang membuka semua instansi; layanan dan loket hanya dapat ditutup.",
        "Only a special day of the mall opens all agencies; services and counters can only be closed.",
    ),
    "hours_invalid": (
        "Jam tidak sah",
        "Hours invalid",
        "Jam untuk hari ke-{weekday} tidak sah: buka sebelum tutup, sekali per hari, istirahat di dalamnya.",
        "The hours of weekday {weekday} are not valid: open before close, each weekday once, breaks within.",
    ),
    "periods_overlap": (
        "Periode bertumpuk",
        "Periods overlap",
        "Periode lain sudah berlaku pada sebagian hari itu.",
        "Another period already covers some of those days.",
    ),
    "service_closed": (
        "Layanan tutup",
        "Service closed",
        "Layanan sedang tutup. Alasan: {reasons}. Buka lagi: {next_opening_at}.",
        "The service is closed. Reason: {reasons}. Opens again: {next_opening_at}.",
    ),
}
