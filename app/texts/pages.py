"""The words of the front page and of the role table, in Indonesian and English."""

from app.domain.devices import DeviceKind
from app.domain.names import LocalizedText
from app.domain.roles import Anyone, Part, Permission, Reach, Role, Scope


def _both(text: str) -> LocalizedText:
    """`id | en`."""
    indonesian, english = text.split(" | ")
    return {"id": indonesian, "en": english}


WHAT_THIS_IS: LocalizedText = {
    "id": "Inilah API untuk Mal Pelayanan Publik: satu gedung tempat dinas, instansi vertikal, BUMN, BUMD, bank, dan "
    "swasta melayani warga bersama-sama. API ini mengurus bergabungnya instansi (undangan, perjanjian, keanggotaan) "
    "dan jalannya mal (layanan, loket, antrean, papan). Hanya instansi yang keanggotaannya berlaku hari ini yang "
    "dapat membuka loket atau mengeluarkan nomor antrean.",
    "en": "This is the API of an Indonesian public service mall: one building where city offices, ministries' "
    "branches, state companies, banks and firms serve citizens side by side. It handles the agencies' joining "
    "(invitations, agreements, membership) and the mall's day (services, counters, tickets, the board). Only an "
    "agency whose membership is in force today opens a counter or issues a ticket.",
}
NO_FRONTEND = _both(
    "Di sini tidak ada aplikasi untuk warga: produknya adalah API HTTP dan kontraknya. "
    "| There is no application for citizens here: the product is the HTTP API and its contract."
)
WHERE_TO_GO: dict[str, LocalizedText] = {
    "docs": _both(
        "Dokumentasi interaktif: masuk dengan akun, coba setiap operasi "
        "| Interactive documentation: sign in with an account, try every operation"
    ),
    "docs/roles": _both("Siapa boleh apa: setiap peran dan operasi | Who may do what: every role and operation"),
    "problems": _both("Semua kode penolakan, dengan penjelasannya | Every code of a refusal, explained"),
    "openapi.json": _both("Kontrak OpenAPI 3.1 untuk mesin | The OpenAPI 3.1 contract, for machines"),
    "health/live": _both("Apakah proses hidup | Whether the process runs"),
    "health/ready": _both("Apakah permintaan dapat dilayani | Whether requests can be served"),
}
SCREENS = {
    "examples/": _both(
        "Contoh layar untuk disalin: anjungan, loket, layar panggilan, halaman pengunjung "
        "| Screens to copy: kiosk, counter, display, visitor's page"
    )
}
"""Shown where they are served."""
COMMANDS: dict[str, LocalizedText] = {
    ".venv/bin/python -m app demo accounts": _both(
        "akun contoh dan kunci perangkat | the demo's accounts and device keys"
    ),
    ".venv/bin/python -m app demo day": _both(
        "satu hari Samarinda dimainkan pada demo yang sedang berjalan; lihat papannya "
        "| a day of Samarinda, played on the running demo; watch the board"
    ),
}
"""What a newcomer types; shown in development only."""

PARTS: dict[Part, LocalizedText] = {
    Anyone.PUBLIC: _both("umum | the public"),
    DeviceKind.KIOSK: _both("anjungan | kiosk"),
    DeviceKind.DISPLAY: _both("layar | display"),
    Role.OFFICER: _both("petugas | officer"),
    Role.AGENCY_MANAGER: _both("manajer instansi | agency manager"),
    Role.MALL_MANAGER: _both("manajer mal | mall manager"),
    Role.AUDITOR: _both("auditor | auditor"),
    Role.MINISTRY_OBSERVER: _both("pengamat kementerian | ministry observer"),
    Role.PLATFORM_ADMIN: _both("admin platform | platform admin"),
    Scope.CATALOGUE_READ: _both("mitra | partner"),
    Scope.JOINING_READ: _both("mitra | partner"),
    Scope.TICKETS_WRITE: _both("mitra | partner"),
    Scope.TICKETS_READ: _both("mitra | partner"),
    Scope.STATISTICS_READ: _both("mitra | partner"),
    Scope.EVENTS_READ: _both("mitra | partner"),
    Scope.MESSAGES_SEND: _both("mitra | partner"),
}
"""The columns of the role table, from left to right."""

PERMISSIONS: dict[Permission, LocalizedText] = {
    Permission.READ_CATALOGUE: _both(
        "Membaca katalog, ketersediaan, papan | Read the catalogue, availability, the board"
    ),
    Permission.USE_OWN_TICKET: _both(
        "Membaca dan membatalkan antrean sendiri dengan kode klaim | Read and cancel your own ticket, by its claim code"
    ),
    Permission.CONFIRM_PHONES: _both("Meminta kode untuk nomor telepon sendiri | Ask for a code to one's own phone"),
    Permission.SEND_MESSAGES: _both(
        "Mengambil pesan untuk pengunjung dan melaporkan pengirimannya "
        "| Fetch messages to visitors, and report their delivery"
    ),
    Permission.ISSUE_TICKETS: _both(
        "Mengeluarkan nomor antrean; umum hanya lewat saluran web | Issue tickets; the public on the web channel only"
    ),
    Permission.PRINT_TICKETS: _both("Mencetak antrean dan melaporkan hasilnya | Print tickets, and report it"),
    Permission.RESERVE_NUMBERS: _both(
        "Mengambil blok nomor, melaporkan nomor yang diberikan | Reserve a block of numbers, report what was given"
    ),
    Permission.READ_NUMBER_BLOCKS: _both("Membaca blok nomor | Read blocks of numbers"),
    Permission.READ_STATISTICS: _both("Membaca statistik | Read statistics"),
    Permission.READ_EVENTS: _both("Membaca peristiwa | Read events"),
    Permission.READ_TICKETS: _both("Membaca satu antrean | Read one ticket"),
    Permission.LIST_TICKETS: _both("Membaca daftar antrean | List tickets"),
    Permission.OPERATE_COUNTERS: _both("Membuka loket, memanggil, melayani | Open counters, call, serve"),
    Permission.CANCEL_TICKETS: _both(
        "Membatalkan antrean; mitra hanya yang dikeluarkannya | Cancel tickets; a partner those that it issued"
    ),
    Permission.CHANGE_COUNTERS: _both("Mengubah loket | Change counters"),
    Permission.MANAGE_COUNTERS: _both("Membuat dan menghentikan loket | Create and retire counters"),
    Permission.CHANGE_SERVICES: _both(
        "Membuat dan mengubah layanan dan seri nomor | Create and change services and number series"
    ),
    Permission.READ_NUMBER_SERIES: _both("Membaca seri nomor | Read number series"),
    Permission.CHANGE_AGENCIES: _both("Membuat, mengubah, menghentikan instansi | Create, change and retire agencies"),
    Permission.READ_JOINING: _both("Membaca undangan dan perjanjian | Read invitations and agreements"),
    Permission.CHANGE_JOINING: _both(
        "Mengundang; menyusun, menandatangani, menangguhkan, mengakhiri perjanjian "
        "| Invite; draft, sign, suspend and end agreements"
    ),
    Permission.ANSWER_INVITATIONS: _both("Menjawab undangan | Answer invitations"),
    Permission.READ_STAFF: _both("Membaca daftar petugas | Read staff"),
    Permission.APPOINT_STAFF: _both(
        "Mengangkat petugas dan memberi peran; admin platform hanya manajer pertama mal "
        "| Add staff and grant roles; the platform's admin a mall's first manager only"
    ),
    Permission.MANAGE_STAFF: _both(
        "Mencabut peran, menonaktifkan, mengganti sandi petugas | Revoke roles, disable staff, reset passwords"
    ),
    Permission.READ_DEVICES: _both("Membaca daftar perangkat | Read devices"),
    Permission.CHANGE_DEVICES: _both("Mendaftarkan dan mencabut perangkat | Register and revoke devices"),
    Permission.READ_CLIENTS: _both("Membaca daftar klien mitra | Read partner clients"),
    Permission.CHANGE_CLIENTS: _both(
        "Mendaftarkan dan mencabut klien mitra, mengganti rahasianya "
        "| Register and revoke partner clients, rotate their secrets"
    ),
    Permission.READ_WEBHOOKS: _both("Membaca webhook dan pengirimannya | Read webhooks and their deliveries"),
    Permission.CHANGE_WEBHOOKS: _both(
        "Mendaftarkan, menguji, dan menghentikan webhook, mengganti rahasianya, mengirim ulang "
        "| Register, test and retire webhooks, rotate their secrets, replay events"
    ),
    Permission.CHANGE_MALL: _both("Mengubah mal, lokasi, kalender | Change the mall, its locations, its calendar"),
    Permission.CLOSE_FOR_A_WHILE: _both(
        "Menutup sementara instansi, layanan, atau loket | Close an agency, a service or a counter for a while"
    ),
    Permission.CREATE_MALLS: _both("Membuat mal | Create malls"),
    Permission.MANAGE_ACCOUNTS: _both("Mengelola akun platform | Manage the platform's accounts"),
}
"""The rows of the role table, from top to bottom."""

REACHES: dict[Reach | None, LocalizedText] = {
    Reach.ALL: _both("ya | yes"),
    Reach.OWN: _both("miliknya | own"),
    None: _both("tidak | no"),
}
HOW_TO_READ: LocalizedText = {
    "id": "'Ya' berarti di seluruh mal; 'miliknya' berarti instansi pemanggil, atau antrean yang dikeluarkan anjungan "
    "atau klien itu sendiri. Klien mitra dapat melakukan apa yang dibuka cakupannya. 'Tidak' ditolak dengan "
    "403 forbidden, tanpa kredensial dengan 401 unauthenticated. Milik pihak lain dijawab 404, seakan tidak ada.",
    "en": "'Yes' reaches over the whole mall; 'own' over the caller's agency, or over the tickets that the kiosk or "
    "client itself issued. A partner client may do what its scopes open. 'No' is refused with 403 forbidden, without "
    "credentials with 401 unauthenticated. What belongs to others answers 404, as if it did not exist.",
}
WITHOUT_A_ROLE = _both("Tanpa peran, untuk siapa pun | Without a role, for everybody")
WITH_ANY_ROLE = _both("Dengan kredensial apa pun | With credentials of any kind")
WHO_MAY = _both("Siapa boleh apa | Who may do what")
PROBLEMS = _both("Kode penolakan | Problem codes")
OF_A_PROBLEM = (_both("kode | code"), _both("status | status"), _both("penjelasan | explanation"))
TRY_IT = _both("Mencoba | Try it")
