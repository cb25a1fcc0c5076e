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
- Parameter dan anggota yang tidak dikenal, atau disebut dua kali, ditolak; hanya `status` boleh diulang. · Parameters
  and members that are not known, or said twice, are refused; only `status` may be repeated.
- Daftar berhalaman dengan kursor. · Lists are keyset pages: pass `next_cursor` on as `cursor`.
- Setiap POST dengan `Idempotency-Key` yang sama aman diulang selama $key_hours jam. · A POST repeated with the same
  key within $key_hours hours gets the first answer again and changes nothing. Issuing a ticket requires a key.
- Perubahan data administrasi memakai `If-Match`. · Administrative edits send in `If-Match` the `ETag` that they read.
- Waktu UTC (`Z`), tanggal dan `service_day` menurut zona mal. · Instants are UTC, dates are local to the mall.
- Nilai enum dan kode penolakan dapat bertambah. · Enums and codes may grow: accept values that you do not know.

### Pesan ke ponsel · Messages to phones

Untuk pembuat gerbang SMS atau WhatsApp. · For who builds the gateway that sends SMS or WhatsApp:

1. Manajer mal mendaftarkan klien dengan cakupan `messages:send`. · The mall's manager registers a client with it.
2. `GET …/messages` setiap beberapa detik: kirim `text` ke `phone` sebelum `expires_at`. · Every few seconds: send each
   `text` before it expires. Keep the `id` of what was sent; until it is reported it is listed again.
3. `POST …/messages/{message_id}/delivery`: `delivered` atau `failed`; setelah itu pesan tidak lagi menyimpan nomor
   dan teks. · Then the message holds neither number nor text; a ticket keeps its own phone until it is over.

Warga: `POST …/phone-confirmations` mengirim kode enam angka; `POST …/tickets` menerimanya sebagai `phone_code`. · A
visitor asks for a code and takes a number with `phone` and `phone_code`, where `/availability` says `needs_phone`. Who
has lost the claim code does the same again and gets the same ticket (200). That a turn is near is a message where the
service has `near_places`.

### Aliran peristiwa · Streams

`GET …/board/stream` dan `GET …/claims/{claim_code}/stream` mengirim keadaan sekarang, lalu setiap perubahan (SSE). ·
Both send what is now, then every change, as server-sent events; `EventSource` of a browser reads them as they are.

- Nama peristiwa dan isinya ada di `contentSchema`; peristiwa yang tidak dikenal dilewati. · Events and the shapes of
  their data are in `contentSchema`; skip those that you do not know.
- Peristiwa terakhir selalu `end`: `reason`, dan `retry_after_seconds` kapan tersambung lagi; `null` berarti tutup. ·
  The last event is always `end`, with its reason and when to come again; null: close it.
- `Last-Event-ID` melanjutkan tanpa kehilangan; papan pada layar berbunyi hanya untuk `called_at` yang baru. · It goes
  on without loss; a display sounds for a `called_at` that is newer than all it has, also in a board that comes anew.
- Dengan `Accept: text/event-stream`, penolakan sementara datang sebagai peristiwa `end`, bukan 429 atau 503. · With it,
  refusals that waiting mends come as `end`, as a browser would give up at any other answer.

### Batas dan masa berlaku · Limits and lifetimes

- Token akses berlaku $access_token_minutes menit, token penyegar $refresh_token_days hari dan sekali pakai. · An access
  token is valid for $access_token_minutes minutes, a refresh token for $refresh_token_days days and for one use; where
  the answer to that was lost, it brings the same successor again for $refresh_grace_seconds seconds. What is revoked
  stops working within $remembered_seconds seconds, access tokens after signing out too.
- Kode klaim berlaku sampai $claim_days hari setelah hari layanan. · A claim code works until $claim_days days after
  the service day.
- Kunci idempotensi berlaku $key_hours jam. · An idempotency key is remembered for $key_hours hours.
- Isi permintaan paling besar $body_kib KiB, satu halaman paling banyak $page_items butir. · A body has at most
  $body_kib KiB, a page at most $page_items items.
- Laju bawaan (dapat diubah pengelola); di atasnya 429 dengan `Retry-After`. · Paces, unless the operator sets others;
  what goes beyond them is a 429 with `Retry-After`: $known_rate_per_second requests a second for each account, device
  and client, wherever it stands; $public_requests_per_second a second for each address without credentials. Such an
  address may ask for $web_tickets_at_once tickets at once in a mall and for $web_tickets_per_minute a minute, and have
  $web_tickets_waiting that wait. All IPv6 addresses of one /64 count as one. After $guesses wrong passwords or claim
  codes in a row, one more every $guess_seconds seconds.
- Aliran: paling banyak $streams_per_address terbuka dari satu alamat tanpa kredensial, $streams_per_caller per
  pemanggil. · Streams that are open at once: $streams_per_address of an address without credentials,
  $streams_per_caller of a caller.
- Jeda yang wajar tanpa aliran: papan setiap 2 detik, ketersediaan dan antrean sendiri setiap 10 detik, dengan
  `If-None-Match`. · Where you cannot read streams, ask for the board every 2 seconds, for availability and one's own
  ticket every 10, with `If-None-Match` where there is an `ETag`. A retry waits at least as long as `Retry-After` says.
"""

TAGS = {
    "board": "Papan antrean · what displays show",
    "tickets": "Antrean · the life of a ticket",
    "own ticket": "Antrean sendiri · a visitor's own ticket, read by its claim code",
    "counters": "Loket · opening, calling, closing",
    "services": "Layanan dan seri nomor · the catalogue and what can be issued now",
    "events": "Peristiwa · what has happened, for systems that must not miss anything",
    "statistics": "Statistik · how long visitors wait, and what became of them",
    "agencies": "Instansi · who is in the catalogue",
    "joining": "Bergabung · membership, invitations, agreements",
    "malls": "Mal, lokasi, kalender · where and when",
    "people": "Petugas dan akun · staff, their roles, and the platform's accounts",
    "devices": "Perangkat · kiosks and displays, and their keys",
    "messages": "Pesan ke ponsel pengunjung · for the gateway that sends SMS or WhatsApp",
    "clients": "Sistem mitra · partners' systems, their scopes and secrets",
    "webhooks": "Webhook · events sent to an agency's system, or the mall's",
    "receivers": "Penerima webhook · what a system is sent that has registered a webhook",
    "sign-in": "Masuk · tokens, and the caller",
    "system": "Kesehatan dan penjelasan · health and explanations",
}
