"""The titles of statistics as a table for people."""

from app.domain.names import LocalizedText

COLUMNS: dict[str, LocalizedText] = {
    "code": {"id": "Kode", "en": "Code"},
    "name": {"id": "Nama", "en": "Name"},
    "promised_minutes": {"id": "Waktu yang dijanjikan (menit)", "en": "Promised time (minutes)"},
    "arrivals": {"id": "Kedatangan", "en": "Arrivals"},
    "completed": {"id": "Selesai", "en": "Completed"},
    "no_show": {"id": "Tidak hadir", "en": "No-shows"},
    "cancelled": {"id": "Dibatalkan", "en": "Cancelled"},
    "expired": {"id": "Kedaluwarsa", "en": "Expired"},
    "transferred": {"id": "Dialihkan", "en": "Transferred"},
    "waiting_count": {"id": "Dipanggil", "en": "Called"},
    "waiting_median_seconds": {"id": "Waktu tunggu, median (detik)", "en": "Waiting, median (seconds)"},
    "waiting_ninetieth_seconds": {
        "id": "Waktu tunggu, persentil 90 (detik)",
        "en": "Waiting, 90th percentile (seconds)",
    },
    "handling_count": {"id": "Dilayani", "en": "Served"},
    "handling_median_seconds": {"id": "Waktu pelayanan, median (detik)", "en": "Handling, median (seconds)"},
    "handling_ninetieth_seconds": {
        "id": "Waktu pelayanan, persentil 90 (detik)",
        "en": "Handling, 90th percentile (seconds)",
    },
}
SHEET: LocalizedText = {"id": "Statistik", "en": "Statistics"}
