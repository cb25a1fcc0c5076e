"""The words of every problem, in Indonesian and English. `{}` fields are the named facts of the error."""

from app.domain.names import LocalizedText
from app.texts import requests

_WORDS: dict[str, tuple[str, str, str, str]] = {
    **requests.WORDS,
    # code: title id, title en, detail id, detail en
    "account_beyond_reach": (
        "Peran lain di luar wewenang",
        "Account beyond reach",
        "Akun ini juga memegang peran yang tidak Anda kelola; cabut saja peran yang Anda kelola.",
        "The account also has a role that is not yours to manage; revoke the roles that are.",
    ),
    "after_the_term": (
        "Di luar masa berlaku",
        "After the term",
        "Tanggal itu berada setelah hari terakhir perjanjian berlaku, {ends_on}.",
        "The day lies after the agreement's last effective day, {ends_on}.",
    ),
    "agency_misplaced": (
        "Instansi tidak sesuai peran",
        "Agency misplaced",
        "Peran agency_manager dan officer menyebut satu instansi, peran lain tidak.",
        "The roles agency_manager and officer name an agency, the others name none.",
    ),
    "agency_retired": (
        "Instansi sudah dihentikan",
        "Agency retired",
        "Instansi ini dihentikan sejak {retired_on}.",
        "The agency is retired since {retired_on}.",
    ),
    "agreement_exists": (
        "Sudah ada perjanjian",
        "An agreement exists",
        "Instansi sudah menandatangani perjanjian; kesediaan tidak dapat ditarik, perjanjian harus diakhiri.",
        "The agency has signed an agreement; a commitment is not withdrawn then, the agreement is terminated.",
    ),
    "agreement_overlap": (
        "Masa perjanjian bertumpuk",
        "Agreements overlap",
        "Perjanjian lain dari jenis yang sama sudah berlaku pada sebagian hari itu ({agreement_id}).",
        "Another agreement of the same kind is effective on some of these days ({agreement_id}).",
    ),
    "already_waiting": (
        "Sudah ada di antrean",
        "Already waiting",
        "Pengunjung ini sudah memiliki antrean {number} untuk layanan ini.",
        "The visitor has a place at this service already, with the number {number}.",
    ),
    "channel_not_allowed": (
        "Saluran tidak dibuka",
        "Channel not allowed",
        "Layanan ini tidak memberi antrean lewat saluran {channel}.",
        "The service gives no tickets on the channel {channel}.",
    ),
    "code_taken": (
        "Kode sudah dipakai",
        "Code taken",
        "Kode {value} sudah dipakai di mal ini.",
        "The code {value} is already used in this mall.",
    ),
    "counter_busy": (
        "Loket sedang melayani",
        "Counter busy",
        "Masih ada antrean yang belum selesai ({ticket_id}).",
        "A ticket is still in hand ({ticket_id}).",
    ),
    "counter_not_open": (
        "Loket tidak buka",
        "Counter not open",
        "Loket tidak sedang memanggil (status: {state}).",
        "The counter is not calling (status: {state}).",
    ),
    "counter_retired": (
        "Loket sudah dihentikan",
        "Counter retired",
        "Loket ini dihentikan sejak {retired_on}.",
        "The counter is retired since {retired_on}.",
    ),
    "date_in_past": (
        "Tanggal sudah lewat",
        "Date in the past",
        "Tanggal tidak boleh sebelum hari ini, {today}.",
        "The day must not lie before today, {today}.",
    ),
    "dates_reversed": (
        "Urutan tanggal terbalik",
        "Dates reversed",
        "Berakhir {ends_on}, sebelum mulai {starts_on}.",
        "It ends on {ends_on}, before it begins on {starts_on}.",
    ),
    "due_date_passed": (
        "Batas waktu sudah lewat",
        "Due date passed",
        "Batas waktu {due_on} sudah lewat.",
        "The due date {due_on} is over.",
    ),
    "floor_in_use": (
        "Lantai masih dipakai",
        "Floor in use",
        "Masih ada loket di lantai {floor}.",
        "Counters still stand on floor {floor}.",
    ),
    "floor_unknown": (
        "Lantai tidak dikenal",
        "Unknown floor",
        "Lokasi itu tidak memiliki lantai {floor}.",
        "The location has no floor {floor}.",
    ),
    "foreign_service": (
        "Layanan instansi lain",
        "Another agency's service",
        "Loket hanya melayani layanan instansinya sendiri ({service_id}).",
        "A counter serves its own agency's services only ({service_id}).",
    ),
    "holiday_exists": (
        "Hari itu sudah libur",
        "Already a holiday",
        "Pada {on} sudah ada hari libur atau cuti bersama ({holiday_id}); ubah atau hapus yang itu.",
        "There is a holiday or collective leave on {on} already ({holiday_id}); change that one or delete it.",
    ),
    "hours_invalid": (
        "Jam tidak sah",
        "Hours invalid",
        "Jam untuk hari ke-{weekday} tidak sah: buka sebelum tutup, sekali per hari, istirahat di dalamnya.",
        "The hours of weekday {weekday} are not valid: open before close, each weekday once, breaks within.",
    ),
    "illegal_transition": (
        "Langkah tidak mungkin",
        "Illegal transition",
        "{thing} dengan status {state} tidak dapat melalui langkah {verb}.",
        "A {thing} that is {state} does not {verb}.",
    ),
    "invitation_open": (
        "Undangan masih terbuka",
        "Invitation open",
        "Instansi masih memiliki undangan sampai {due_on}.",
        "The agency still has an invitation until {due_on}.",
    ),
    "membership_not_in_force": (
        "Keanggotaan tidak berlaku",
        "Membership not in force",
        "Keanggotaan instansi tidak berlaku saat ini (status: {membership}).",
        "The agency's membership is not in force now (it is {membership}).",
    ),
    "no_show_too_early": (
        "Belum cukup dipanggil",
        "No-show too early",
        "Baru dipanggil {call_count} kali dari {required}.",
        "Called {call_count} times so far, of {required}.",
    ),
    "nobody_waiting": (
        "Tidak ada yang menunggu",
        "Nobody waiting",
        "Tidak ada yang menunggu layanan loket ini.",
        "Nobody waits for any service of this counter.",
    ),
    "number_missing": (
        "Nomor instansi wajib",
        "Number missing",
        "Selain keputusan, perjanjian memuat nomor kedua pihak.",
        "Every paper but a decree carries the numbers of both parties.",
    ),
    "officer_busy": (
        "Petugas di loket lain",
        "Officer busy",
        "Petugas masih membuka loket lain ({counter_id}).",
        "The officer has another counter open ({counter_id}).",
    ),
    "own_account": (
        "Akun sendiri",
        "One's own account",
        "Akun sendiri tidak dapat dinonaktifkan, dan perannya tidak dapat dicabut; mintalah orang lain yang berwenang.",
        "Nobody disables the own account or revokes its roles; ask another who may.",
    ),
    "password_is_username": (
        "Kata sandi sama dengan nama pengguna",
        "Password is the user name",
        "Kata sandi tidak boleh sama dengan nama pengguna.",
        "A password must not be the user name.",
    ),
    "password_wrong": (
        "Kata sandi salah",
        "Password wrong",
        "Kata sandi saat ini tidak benar.",
        "The present password is not right.",
    ),
    "periods_overlap": (
        "Periode bertumpuk",
        "Periods overlap",
        "Periode lain sudah berlaku pada sebagian hari itu ({period_id}).",
        "Another period holds on some of those days already ({period_id}).",
    ),
    "prefix_taken": (
        "Awalan sudah dipakai",
        "Prefix taken",
        "Awalan {value} sudah dipakai di mal ini.",
        "The prefix {value} is already used in this mall.",
    ),
    "quota_exhausted": (
        "Kuota habis",
        "Quota exhausted",
        "Kuota hari ini ({quota}) sudah habis.",
        "Today's quota ({quota}) is used up.",
    ),
    "role_already_granted": (
        "Peran sudah diberikan",
        "Role already granted",
        "Akun sudah memegang peran itu ({grant_id}).",
        "The account has that role already ({grant_id}).",
    ),
    "scope_not_available": (
        "Cakupan belum tersedia",
        "Scope not available",
        "Belum ada yang dapat dilakukan dengan cakupan {scope}.",
        "Nothing can be done with the scope {scope} yet.",
    ),
    "service_closed": (
        "Layanan tutup",
        "Service closed",
        "Layanan sedang tutup. Alasan: {reason}. Buka lagi: {next_opening_at}.",
        "The service is closed. Reason: {reason}. Opens again: {next_opening_at}.",
    ),
    "service_not_served": (
        "Bukan layanan loket ini",
        "Service not served",
        "Loket ini tidak melayani layanan antrean itu ({service_id}).",
        "The counter does not serve the ticket's service ({service_id}).",
    ),
    "service_retired": (
        "Layanan sudah dihentikan",
        "Service retired",
        "Layanan ini dihentikan sejak {retired_on}.",
        "The service is retired since {retired_on}.",
    ),
    "signed_in_future": (
        "Tanggal tanda tangan di masa depan",
        "Signed in the future",
        "Tanggal tanda tangan paling lambat hari ini, {today}.",
        "A signature is of today, {today}, or of the past.",
    ),
    "slug_taken": (
        "Slug sudah dipakai",
        "Slug taken",
        "Slug {value} sudah dipakai.",
        "The slug {value} is already used.",
    ),
    "term_reversed": (
        "Masa berlaku terbalik",
        "Term reversed",
        "Berakhir {ends_on}, sebelum mulai {starts_on}.",
        "It ends on {ends_on}, before it begins on {starts_on}.",
    ),
    "unknown_reference": (
        "Rujukan tidak dikenal",
        "Unknown reference",
        "Tidak ada {thing} seperti itu yang dapat dipakai di sini.",
        "There is no such {thing} that could be used here.",
    ),
    "username_taken": (
        "Nama pengguna sudah dipakai",
        "User name taken",
        "Nama pengguna itu sudah dipakai akun lain.",
        "The user name belongs to another account.",
    ),
    "visit_busy": (
        "Pengunjung di loket lain",
        "Visit busy",
        "Pengunjung yang sama sedang di loket lain ({ticket_id}).",
        "The same visitor is at another counter ({ticket_id}).",
    ),
    "visit_over": (
        "Kunjungan sudah lewat",
        "Visit over",
        "Kunjungan itu dari hari lain.",
        "The visit is of another day.",
    ),
    "waiting_elsewhere": (
        "Semua sedang di loket lain",
        "All at another counter",
        "Semua yang menunggu layanan loket ini ({waiting}) sedang berada di loket lain.",
        "All who wait for this counter's services ({waiting}) are at another counter now.",
    ),
}

TITLES: dict[str, LocalizedText] = {code: {"id": words[0], "en": words[1]} for code, words in _WORDS.items()}
DETAILS: dict[str, LocalizedText] = {code: {"id": words[2], "en": words[3]} for code, words in _WORDS.items()}
