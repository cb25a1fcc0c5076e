"""What the document and the docs page say first, in both languages."""

INTRODUCTION = """
API satu **Mal Pelayanan Publik**: instansi bergabung lewat perjanjian, lalu membuka loket dan mengeluarkan
nomor antrean. Hanya instansi yang keanggotaannya berlaku hari ini dapat melakukannya.

The API of a public service mall: agencies join by agreement, then open counters and issue tickets. Only an agency
whose membership is in force today opens a counter or issues a ticket.

[Siapa boleh apa · Who may do what](docs/roles) · [Kode penolakan · Problem codes](problems)

### Lima panggilan pertama · The first five calls

1. `GET /v1/malls/samarinda/availability?channel=web`: layanan yang buka sekarang · what is open now
2. `POST /v1/malls/samarinda/tickets` dengan `Idempotency-Key`: ambil nomor · take a number; keep the `claim_code`
3. **Authorize** (petugas · an officer), `POST /v1/malls/samarinda/counters/{counter_id}/opening`: buka loket ·
   open a counter
4. `POST /v1/malls/samarinda/counters/{counter_id}/calls`: panggil nomor berikutnya · call the next ticket
5. `GET /v1/malls/samarinda/board`: papan antrean · what the displays show

### Yang selalu berlaku · What always applies

- Penolakan selalu `application/problem+json` (RFC 9457) dengan `code` yang tetap. · Every refusal is a problem with a
  stable `code`; `GET /problems/{code}` explains it. Only the OAuth endpoints answer in the form of RFC 6749.
- Nama selalu `{id, en}`; teks yang dihitung mengikuti `Accept-Language` (`id`, `en`). · Names come in both languages,
  computed texts follow `Accept-Language`.
- Daftar berhalaman dengan kursor. · Lists are keyset pages: pass `next_cursor` on as `cursor`.
- Setiap POST dengan `Idempotency-Key` yang sama aman diulang selama 24 jam. · A POST repeated with the same key within
  24 hours gets the first answer again and changes nothing. Issuing a ticket requires a key.
- Perubahan data administrasi memakai `If-Match`. · Administrative edits send in `If-Match` the `ETag` that they read.
- Waktu UTC (`Z`), tanggal dan `service_day` menurut zona mal. · Instants are UTC, dates are local to the mall.
- Nilai enum dapat bertambah. · Enums may grow: accept values that you do not know.
"""

TAGS = {
    "board": "Papan antrean · what displays show",
    "tickets": "Antrean · the life of a ticket",
    "own ticket": "Antrean sendiri · a visitor's own ticket, read by its claim code",
    "counters": "Loket · opening, calling, closing",
    "services": "Layanan dan seri nomor · the catalogue and what can be issued now",
    "agencies": "Instansi · who is in the catalogue",
    "joining": "Bergabung · membership, invitations, agreements",
    "malls": "Mal, lokasi, kalender · where and when",
    "people": "Petugas dan akun · staff, their roles, and the platform's accounts",
    "devices": "Perangkat · kiosks and displays, and their keys",
    "clients": "Sistem mitra · partners' systems, their scopes and secrets",
    "sign-in": "Masuk · tokens, and the caller",
    "system": "Kesehatan dan penjelasan · health and explanations",
}
