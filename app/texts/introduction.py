"""What the document and the docs page say first, in both languages."""

INTRODUCTION = """
API satu **Mal Pelayanan Publik**: instansi bergabung lewat perjanjian, lalu membuka loket dan memberi antrean.
Hanya instansi yang keanggotaannya berlaku hari ini dapat membuka loket atau mengeluarkan antrean.

The API of a public service mall: agencies join by agreement, then open counters and issue tickets. Only an agency
whose membership is in force today opens a counter or issues a ticket.

[Siapa boleh apa · Who may do what](docs/roles) · [Kode penolakan · Problem codes](problems)

### Lima panggilan pertama · The first five calls

1. `GET /v1/malls/samarinda/availability?channel=web`: apa yang dapat diambil sekarang · what can be had now
2. `POST /v1/malls/samarinda/tickets` dengan `Idempotency-Key`: ambil nomor · take a number; keep the `claim_code`
3. **Authorize** (petugas · an officer), `POST /v1/malls/samarinda/counters/{counter_id}/opening`: buka loket ·
   open a counter
4. `POST /v1/malls/samarinda/counters/{counter_id}/calls`: panggil berikutnya · call whoever is next
5. `GET /v1/malls/samarinda/board`: papan antrean · what the displays show

### Yang selalu berlaku · What always holds

- Penolakan selalu `application/problem+json` (RFC 9457) dengan `code` yang tetap. · Every refusal is a problem with a
  stable `code`; `GET /problems/{code}` explains it. The OAuth endpoints alone answer as RFC 6749 says.
- Nama selalu `{id, en}`; teks yang dihitung mengikuti `Accept-Language` (`id`, `en`). · Names come in both languages,
  computed texts follow `Accept-Language`.
- Daftar berhalaman dengan kursor. · Lists are keyset pages: pass `next_cursor` on as `cursor`.
- `Idempotency-Key` pada setiap POST aman diulang 24 jam. · A POST repeated under the same key within 24 hours is
  answered again, not done again. Issuing a ticket demands one.
- Perubahan data administrasi memakai `If-Match`. · Administrative edits name the `ETag` they were made from.
- Waktu UTC (`Z`), tanggal dan `service_day` menurut zona mal. · Instants are UTC, dates are the mall's own.
- Nilai enum dapat bertambah. · Enums may grow: accept values that you do not know.
"""

TAGS = {
    "board": "Papan antrean · what displays show",
    "tickets": "Antrean · the life of a ticket",
    "own ticket": "Antrean sendiri · a visitor's own ticket, by its claim code",
    "counters": "Loket · opening, calling, closing",
    "services": "Layanan dan seri nomor · the catalogue and what can be issued now",
    "agencies": "Instansi · who is in the catalogue",
    "joining": "Bergabung · standing, invitations, agreements",
    "malls": "Mal, lokasi, kalender · where and when",
    "people": "Petugas dan akun · staff, their roles, and the platform's accounts",
    "devices": "Perangkat · kiosks and displays, and their keys",
    "clients": "Sistem mitra · partners' systems, their scopes and secrets",
    "sign-in": "Masuk · tokens, and who is asking",
    "system": "Kesehatan dan penjelasan · health and explanations",
}
