"""The words of the errors that any request can have."""

from app.texts.words import Words

WORDS: Words = {
    "authorization_repeated": (
        "Authorization lebih dari satu",
        "Authorization repeated",
        "Kirim paling banyak satu tajuk Authorization.",
        "Send one header Authorization, or none.",
    ),
    "busy": (
        "Sedang sibuk",
        "Busy",
        "Sistem tidak dapat melayani dalam waktu yang wajar. Tidak ada yang berubah; ulangi sebentar lagi.",
        "The system could not answer in time. Nothing was changed; repeat in a moment.",
    ),
    "clock_skew": (
        "Jam tidak cocok",
        "Clock skew",
        "Jam basis data tertinggal dari catatan terakhir; penulisan dihentikan sampai jam benar.",
        "The database's clock is behind the last entry; nothing is written until it is right.",
    ),
    "code_taken": (
        "Kode sudah dipakai",
        "Code taken",
        "Kode {value} sudah dipakai di mal ini.",
        "The code {value} is already used in this mall.",
    ),
    "dates_reversed": (
        "Urutan tanggal terbalik",
        "Dates reversed",
        "Berakhir {ends_on}, sebelum mulai {starts_on}.",
        "It ends on {ends_on}, before it begins on {starts_on}.",
    ),
    "forbidden": (
        "Tidak diizinkan",
        "Forbidden",
        "Peran Anda tidak boleh melakukan ini.",
        "Your role may not do this.",
    ),
    "idempotency_key_invalid": (
        "Idempotency-Key tidak sah",
        "Idempotency-Key invalid",
        "Kunci harus 1 sampai 255 karakter ASCII tampak; tanpa kredensial harus UUID.",
        "The key must be 1 to 255 visible ASCII characters; without credentials it must be a UUID.",
    ),
    "idempotency_key_required": (
        "Idempotency-Key wajib",
        "Idempotency-Key required",
        "Kirim tajuk Idempotency-Key agar pengulangan tidak membuat dua kali.",
        "Send the header Idempotency-Key, so that a retry does not create twice.",
    ),
    "idempotency_key_reused": (
        "Idempotency-Key dipakai ulang",
        "Idempotency-Key reused",
        "Kunci itu sudah dipakai untuk permintaan lain.",
        "The key was already used for another request.",
    ),
    "illegal_transition": (
        "Tindakan tidak mungkin",
        "Action not possible",
        "Tidak dapat dilakukan: {verb}. Status {thing} sekarang: {state}.",
        "Not possible: {verb}. The {thing} is now: {state}.",
    ),
    "internal_error": (
        "Kesalahan internal",
        "Internal error",
        "Terjadi kesalahan pada sistem; sebutkan request_id saat melapor.",
        "Something went wrong on our side; give the request_id when you report it.",
    ),
    "invalid_cursor": (
        "Kursor tidak sah",
        "Invalid cursor",
        "Kursor tidak berasal dari daftar ini; mulai dari halaman pertama.",
        "The cursor does not belong to this list; start with the first page.",
    ),
    "invalid_request": (
        "Permintaan tidak sah",
        "Invalid request",
        "Ada yang tidak sah dalam permintaan; lihat errors.",
        "Something in the request is not valid; see errors.",
    ),
    "issuer_unavailable": (
        "Penerbit token tidak dapat dihubungi",
        "Issuer unavailable",
        "Kunci penerbit token tidak dapat diambil; ulangi sebentar lagi.",
        "The keys of the token's issuer could not be fetched; repeat in a moment.",
    ),
    "method_not_allowed": (
        "Metode tidak ada",
        "Method not allowed",
        "Alamat ini tidak mengenal metode itu; lihat tajuk Allow.",
        "This path has no such method; see the header Allow.",
    ),
    "not_found": (
        "Tidak ditemukan",
        "Not found",
        "Tidak ada apa pun di alamat ini yang dapat ditampilkan.",
        "There is nothing at this address that can be shown.",
    ),
    "outcome_unknown": (
        "Hasil belum diketahui",
        "Outcome unknown",
        "Sambungan terputus saat menyimpan; bisa jadi sudah tersimpan. Ulangi dengan Idempotency-Key yang sama.",
        "The connection was lost while saving: it may or may not be saved. Repeat with the same Idempotency-Key.",
    ),
    "payload_too_large": (
        "Isi terlalu besar",
        "Payload too large",
        "Isi permintaan melebihi {limit_bytes} byte.",
        "The body has more than {limit_bytes} bytes.",
    ),
    "precondition_failed": (
        "Sudah berubah",
        "Precondition failed",
        "Data sudah diubah orang lain; baca lagi lalu ulangi.",
        "Somebody changed it since; read it again and repeat.",
    ),
    "precondition_required": (
        "If-Match wajib",
        "Precondition required",
        "Kirim tajuk If-Match dengan ETag yang Anda baca.",
        "Send the header If-Match with the ETag that you read.",
    ),
    "rate_limited": (
        "Terlalu sering",
        "Rate limited",
        "Terlalu sering; ulangi setelah {retry_after_seconds} detik.",
        "Too often; repeat after {retry_after_seconds} seconds.",
    ),
    "secret_already_shown": (
        "Rahasia sudah ditampilkan",
        "Secret already shown",
        "Permintaan ini sudah dilakukan ({thing} {thing_id}); rahasianya hanya ditampilkan sekali. Ganti bila hilang.",
        "This request was done before ({thing} {thing_id}), and its secret was shown once. Replace it if it is lost.",
    ),
    "unauthenticated": (
        "Belum dikenal",
        "Unauthenticated",
        "Kirim Authorization: Bearer … yang masih berlaku.",
        "Send an Authorization: Bearer … that is still valid.",
    ),
    "unknown_reference": (
        "Rujukan tidak dikenal",
        "Unknown reference",
        "Tidak ada {thing} seperti itu yang dapat dipakai di sini.",
        "There is no such {thing} that can be used here.",
    ),
    "unsupported_encoding": (
        "Isi tersandi",
        "Unsupported encoding",
        "Kirim isi apa adanya, tanpa Content-Encoding.",
        "Send the body as it is, without Content-Encoding.",
    ),
    "unsupported_media_type": (
        "Jenis isi tidak didukung",
        "Unsupported media type",
        "Kirim {expected}.",
        "Send {expected}.",
    ),
}
