"""The words of the errors of tickets."""

from app.texts.words import Words

WORDS: Words = {
    "already_called": (
        "Sudah dipanggil",
        "Already called",
        "Antrean {number} sudah {state} di {counter_name}.",
        "Ticket {number} is {state} at {counter_name} already.",
    ),
    "already_waiting": (
        "Sudah ada di antrean",
        "Already waiting",
        "Pengunjung ini sudah memiliki antrean {number} untuk layanan ini.",
        "The visitor has a place at this service already, with the number {number}.",
    ),
    "no_show_too_early": (
        "Belum cukup dipanggil",
        "No-show too early",
        "Baru dipanggil {call_count} kali; harus {required} kali.",
        "Called {call_count} of {required} times so far.",
    ),
    "nobody_waiting": (
        "Tidak ada yang menunggu",
        "Nobody waiting",
        "Tidak ada yang menunggu layanan loket ini.",
        "Nobody is waiting for the services of this counter.",
    ),
    "postponed_too_often": (
        "Sudah terlalu sering mendahulukan",
        "Postponed too often",
        "Antrean ini sudah {limit} kali mendahulukan pengunjung lain.",
        "This ticket has let others go first {limit} times already.",
    ),
    "same_service": (
        "Layanan yang sama",
        "Same service",
        "Antrean itu sudah ada di layanan ini.",
        "The ticket is at this service already.",
    ),
    "too_many_waiting": (
        "Terlalu banyak antrean menunggu",
        "Too many waiting",
        "Sudah {limit} antrean dari alamat ini yang menunggu di mal ini. Batalkan salah satu, atau ambil di kios.",
        "{limit} tickets from this address wait in this mall already. Cancel one, or take one at a kiosk.",
    ),
    "transfer_not_allowed": (
        "Tidak boleh dialihkan",
        "Transfer not allowed",
        "Di mal ini antrean hanya dialihkan antarlayanan instansi yang sama.",
        "In this mall, tickets are transferred between services of the same agency only.",
    ),
    "visit_busy": (
        "Pengunjung di loket lain",
        "Visit busy",
        "Pengunjung yang sama sedang di loket lain dengan antrean {number}.",
        "The same visitor is at another counter with the ticket {number}.",
    ),
    "visit_over": (
        "Kunjungan sudah lewat",
        "Visit over",
        "Kunjungan itu milik hari lain.",
        "The visit belongs to another day.",
    ),
    "waiting_elsewhere": (
        "Semua sedang di tempat lain",
        "All are elsewhere",
        "Semua yang menunggu layanan loket ini ({waiting}) sedang di loket lain, atau menuju langkah sebelumnya.",
        "All who wait for this counter's services ({waiting}) are at another counter, or have an earlier step first.",
    ),
}
