"""What each event says has happened, in Indonesian and English."""

from collections.abc import Mapping

from app.domain.events import Event
from app.domain.names import LocalizedText

_WORDS: Mapping[Event, tuple[str, str]] = {
    Event.TICKET_ISSUED: ("Nomor antrean diterbitkan.", "A ticket was issued."),
    Event.TICKET_CALLED: ("Nomor antrean dipanggil ke loket.", "A ticket was called to a counter."),
    Event.TICKET_RECALLED: ("Nomor antrean dipanggil ulang.", "A ticket was called again."),
    Event.TICKET_STARTED: ("Pelayanan nomor antrean dimulai.", "Serving a ticket began."),
    Event.TICKET_HELD: ("Pelayanan nomor antrean ditunda.", "A ticket was put on hold."),
    Event.TICKET_RETURNED: ("Nomor antrean kembali menunggu.", "A ticket went back to waiting."),
    Event.TICKET_POSTPONED: (
        "Pemilik nomor antrean mendahulukan pengunjung lain.",
        "A ticket's visitor let others go first.",
    ),
    Event.TICKET_TRANSFERRED: (
        "Nomor antrean dialihkan ke layanan lain.",
        "A ticket was transferred to another service.",
    ),
    Event.TICKET_COMPLETED: ("Pelayanan nomor antrean selesai.", "A ticket was completed."),
    Event.TICKET_MARKED_NO_SHOW: (
        "Nomor antrean ditandai tidak hadir.",
        "A ticket was marked as no-show: its visitor did not come.",
    ),
    Event.TICKET_CANCELLED: ("Nomor antrean dibatalkan.", "A ticket was cancelled."),
    Event.TICKET_NEARED: ("Giliran nomor antrean sudah dekat.", "A ticket's turn is near."),
    Event.TICKET_PRINT_REPORTED: (
        "Hasil cetak nomor antrean dilaporkan.",
        "It was reported whether a ticket was printed.",
    ),
    Event.TICKET_REOPENED: (
        "Nomor antrean yang keliru diakhiri dibuka kembali.",
        "A ticket that was ended by mistake was reopened.",
    ),
    Event.TICKET_EXPIRED: ("Nomor antrean hangus pada akhir hari.", "A ticket expired at the end of its day."),
    Event.VISIT_PLANNED: (
        "Kunjungan ke beberapa layanan direncanakan.",
        "A visit was planned: one person's tickets for several services were issued at once.",
    ),
    Event.COUNTER_CREATED: ("Loket dibuat.", "A counter was created."),
    Event.COUNTER_CHANGED: ("Data atau layanan loket diubah.", "A counter, or what it serves, was changed."),
    Event.COUNTER_RETIRED: ("Loket dihentikan.", "A counter was retired."),
    Event.COUNTER_OPENED: ("Loket dibuka.", "A counter opened."),
    Event.COUNTER_PAUSED: ("Loket istirahat.", "A counter paused for a break."),
    Event.COUNTER_RESUMED: ("Loket melayani kembali setelah istirahat.", "A counter resumed after a break."),
    Event.COUNTER_TAKEN_OVER: (
        "Loket dilanjutkan oleh rekan petugas.",
        "A counter was taken over by a colleague of its officer.",
    ),
    Event.COUNTER_STARTED_CLOSING: (
        "Loket mulai tutup: pengunjung yang masih menunggu dilayani, lalu loket tutup.",
        "A counter started closing: it serves the visitors who are waiting, then closes.",
    ),
    Event.COUNTER_CLOSED: ("Loket ditutup.", "A counter closed."),
    Event.SERVICE_CREATED: ("Layanan dibuat.", "A service was created."),
    Event.SERVICE_CHANGED: ("Layanan diubah.", "A service was changed."),
    Event.SERVICE_RETIRED: ("Layanan dihentikan.", "A service was retired."),
    Event.SERVICE_ABSENCES_PARDONED: (
        "Ketidakhadiran seorang pengunjung di sebuah layanan dimaafkan.",
        "A visitor's absences at a service were pardoned.",
    ),
    Event.NUMBER_SERIES_CREATED: ("Seri nomor antrean dibuat.", "A number series was created."),
    Event.NUMBER_SERIES_CHANGED: ("Seri nomor antrean diubah.", "A number series was changed."),
    Event.NUMBER_BLOCK_RESERVED: (
        "Anjungan mengambil blok nomor untuk saat jaringan terputus.",
        "A kiosk reserved a block of numbers, for when it is cut off.",
    ),
    Event.NUMBER_BLOCK_REPORTED: (
        "Anjungan melaporkan nomor yang diberikan saat jaringan terputus.",
        "A kiosk reported the numbers that it gave while it was cut off.",
    ),
    Event.NUMBER_BLOCK_EXPIRED: (
        "Blok nomor tidak dilaporkan pada harinya; nomornya tidak terpakai.",
        "A block of numbers was not reported on its day; its numbers stay unused.",
    ),
    Event.AGENCY_CREATED: ("Instansi didaftarkan.", "An agency was created."),
    Event.AGENCY_CHANGED: ("Data instansi diubah.", "An agency was changed."),
    Event.AGENCY_RETIRED: ("Instansi dihentikan.", "An agency was retired."),
    Event.INVITATION_CREATED: ("Instansi diundang bergabung.", "An agency was invited to join."),
    Event.INVITATION_ANSWERED: (
        "Instansi menjawab undangan, atau menarik kesediaannya.",
        "An agency answered an invitation, or withdrew its commitment.",
    ),
    Event.AGREEMENT_DRAFTED: ("Rancangan perjanjian dibuat.", "An agreement was drafted."),
    Event.AGREEMENT_REVIEWED: ("Perjanjian diserahkan untuk ditelaah.", "An agreement was handed over for review."),
    Event.AGREEMENT_REJECTED: ("Perjanjian ditolak.", "An agreement was rejected."),
    Event.AGREEMENT_SIGNED: ("Perjanjian ditandatangani.", "An agreement was signed."),
    Event.AGREEMENT_CORRECTED: (
        "Masa berlaku atau nomor perjanjian dibetulkan.",
        "The term or the numbers of an agreement were corrected.",
    ),
    Event.AGREEMENT_SUSPENDED: ("Perjanjian ditangguhkan.", "An agreement was suspended."),
    Event.AGREEMENT_REINSTATED: ("Perjanjian diberlakukan kembali.", "An agreement was reinstated."),
    Event.AGREEMENT_TERMINATED: ("Perjanjian diakhiri.", "An agreement was terminated."),
    Event.CALENDAR_CHANGED: ("Jam pelayanan mingguan diubah.", "Weekly hours were changed."),
    Event.CALENDAR_DELETED: ("Jam mingguan instansi sendiri dihapus.", "An agency's own weekly hours were taken away."),
    Event.CALENDAR_PERIOD_CREATED: ("Periode dengan jam khusus dibuat.", "A period with hours of its own was created."),
    Event.CALENDAR_PERIOD_CHANGED: ("Periode dengan jam khusus diubah.", "A period with hours of its own was changed."),
    Event.CALENDAR_PERIOD_DELETED: (
        "Periode dengan jam khusus dihapus.",
        "A period with hours of its own was deleted.",
    ),
    Event.CALENDAR_EXCEPTION_CREATED: ("Pengecualian jam pelayanan dibuat.", "A calendar exception was created."),
    Event.CALENDAR_EXCEPTION_CHANGED: ("Pengecualian jam pelayanan diubah.", "A calendar exception was changed."),
    Event.CALENDAR_EXCEPTION_DELETED: ("Pengecualian jam pelayanan dihapus.", "A calendar exception was deleted."),
    Event.CLOSURE_CREATED: ("Sesuatu ditutup sementara.", "Something was closed for a while."),
    Event.CLOSURE_ENDED: ("Penutupan diakhiri.", "A closure was ended."),
    Event.HOLIDAY_CREATED: ("Hari libur atau cuti bersama dibuat.", "A holiday or a day of leave was created."),
    Event.HOLIDAY_CHANGED: ("Hari libur atau cuti bersama diubah.", "A holiday or a day of leave was changed."),
    Event.HOLIDAY_DELETED: ("Hari libur atau cuti bersama dihapus.", "A holiday or a day of leave was deleted."),
    Event.DAY_ENDED: ("Hari pelayanan diakhiri.", "A service day ended."),
    Event.MALL_CREATED: ("Mal pelayanan publik dibuat.", "A mall was created."),
    Event.MALL_CHANGED: ("Data mal diubah.", "A mall was changed."),
    Event.LOCATION_CREATED: ("Gedung mal ditambahkan.", "A building of the mall was created."),
    Event.LOCATION_CHANGED: ("Data gedung mal diubah.", "A building of the mall was changed."),
    Event.DEVICE_REGISTERED: ("Kios atau layar didaftarkan.", "A kiosk or display was registered."),
    Event.DEVICE_CHANGED: ("Data kios atau layar diubah.", "A kiosk or display was changed."),
    Event.DEVICE_REVOKED: ("Kunci kios atau layar dicabut.", "The key of a kiosk or display was revoked."),
    Event.CLIENT_REGISTERED: ("Sistem mitra didaftarkan.", "A partner's system was registered."),
    Event.CLIENT_CHANGED: ("Data sistem mitra diubah.", "A partner's system was changed."),
    Event.CLIENT_SECRET_ROTATED: (
        "Kunci rahasia sistem mitra diganti.",
        "The secret of a partner's system was replaced.",
    ),
    Event.CLIENT_REVOKED: ("Akses sistem mitra dicabut.", "A partner's system was revoked."),
    Event.WEBHOOK_REGISTERED: ("Webhook didaftarkan.", "A webhook was registered."),
    Event.WEBHOOK_CHANGED: ("Data webhook diubah.", "A webhook was changed."),
    Event.WEBHOOK_SECRET_ROTATED: ("Rahasia webhook diganti.", "A webhook was given another secret."),
    Event.WEBHOOK_DISABLED: (
        "Webhook dinonaktifkan: atas permintaan, karena penerimanya menolak selamanya, atau gagal berhari-hari.",
        "A webhook was disabled: somebody asked, its receiver is gone, or it has failed for days.",
    ),
    Event.WEBHOOK_ENABLED: ("Webhook diaktifkan kembali.", "A webhook was enabled again."),
    Event.WEBHOOK_RETIRED: ("Webhook dihentikan.", "A webhook was retired."),
    Event.WEBHOOK_REPLAYED: (
        "Sebagian peristiwa akan dikirim ulang ke webhook.",
        "A span of events was replayed to a webhook.",
    ),
    Event.WEBHOOK_PINGED: ("Webhook diuji.", "A webhook was pinged, to test it."),
    Event.ACCOUNT_CREATED: ("Akun dibuat.", "An account was created."),
    Event.ACCOUNT_CHANGED: ("Data akun diubah.", "An account was changed."),
    Event.ACCOUNT_DISABLED: ("Akun dinonaktifkan.", "An account was disabled."),
    Event.ACCOUNT_ENABLED: ("Akun diaktifkan kembali.", "An account was enabled again."),
    Event.ACCOUNT_PASSWORD_RESET: (
        "Pengelola mengatur ulang kata sandi akun.",
        "The password of an account was reset by somebody who manages it.",
    ),
    Event.ACCOUNT_PASSWORD_CHANGED: (
        "Pemilik akun mengganti kata sandinya.",
        "A person changed the password of their account.",
    ),
    Event.ROLE_GRANTED: ("Peran diberikan kepada akun.", "An account was granted a role."),
    Event.ROLE_REVOKED: ("Peran akun dicabut.", "A role of an account was revoked."),
    Event.SIGNING_KEY_ROTATED: (
        "Kunci penanda tangan token diganti.",
        "The key that signs access tokens was replaced.",
    ),
}

DESCRIPTIONS: Mapping[Event, LocalizedText] = {
    event: {"id": indonesian, "en": english} for event, (indonesian, english) in _WORDS.items()
}
