"""The words of what can be wrong with a request, whatever it is about."""

WORDS: dict[str, tuple[str, str, str, str]] = {
    # code: title id, title en, detail id, detail en
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
        "Kunci itu sudah datang bersama permintaan lain.",
        "The key came before with another request.",
    ),
    "internal_error": (
        "Kesalahan internal",
        "Internal error",
        "Terjadi kesalahan pada sistem; sebutkan request_id saat melapor.",
        "Something is wrong on our side; name the request_id when you report it.",
    ),
    "invalid_client": (
        "Klien tidak diterima",
        "Invalid client",
        "Klien tidak dikenal atau sudah dicabut, atau rahasianya salah.",
        "The client is unknown or revoked, or its secret is wrong.",
    ),
    "invalid_cursor": (
        "Kursor tidak sah",
        "Invalid cursor",
        "Kursor tidak berasal dari daftar ini; mulai dari halaman pertama.",
        "The cursor is not one of this list; begin with the first page.",
    ),
    "invalid_grant": (
        "Tidak diterima",
        "Invalid grant",
        "Nama pengguna, kata sandi atau token tidak diterima.",
        "The user name, password or token is not accepted.",
    ),
    "invalid_request": (
        "Permintaan tidak sah",
        "Invalid request",
        "Ada yang tidak sah dalam permintaan; lihat errors.",
        "Something in the request is not valid; see errors.",
    ),
    "invalid_scope": (
        "Cakupan tidak diberikan",
        "Invalid scope",
        "Klien tidak diberi salah satu cakupan yang diminta.",
        "The client was not given one of the scopes that it asks for.",
    ),
    "issuer_unavailable": (
        "Penerbit token tidak dapat dihubungi",
        "Issuer unavailable",
        "Kunci penerbit token tidak dapat diambil; ulangi sebentar lagi.",
        "The keys of the token's issuer could not be had; repeat in a moment.",
    ),
    "method_not_allowed": (
        "Metode tidak ada",
        "Method not allowed",
        "Alamat ini tidak mengenal metode itu; lihat tajuk Allow.",
        "This path does not know the method; see the header Allow.",
    ),
    "not_found": (
        "Tidak ditemukan",
        "Not found",
        "Tidak ada yang dapat ditunjukkan di alamat ini.",
        "There is nothing here that could be shown.",
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
        "Permintaan ini sudah dilakukan; rahasianya hanya ditampilkan sekali. Buat yang baru bila hilang.",
        "This request was done before; its secret was shown once. Make a new one if it is lost.",
    ),
    "two_credentials": (
        "Dua kredensial",
        "Two credentials",
        "Tunjukkan rahasia klien di header atau di formulir, tidak di keduanya.",
        "Show the client's secret in the header or in the form, not in both.",
    ),
    "unauthenticated": (
        "Belum dikenal",
        "Unauthenticated",
        "Kirim Authorization: Bearer … yang masih berlaku.",
        "Send an Authorization: Bearer … that is still good.",
    ),
    "unsupported_grant_type": (
        "Jenis grant tidak didukung",
        "Unsupported grant type",
        "Pakai grant_type yang disebut di /.well-known/oauth-authorization-server.",
        "Use a grant_type that /.well-known/oauth-authorization-server names.",
    ),
    "unsupported_media_type": (
        "Jenis isi tidak didukung",
        "Unsupported media type",
        "Kirim {expected}.",
        "Send {expected}.",
    ),
}
