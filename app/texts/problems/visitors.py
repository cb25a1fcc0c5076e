"""The words of the errors of visitors."""

from app.texts.words import Words

WORDS: Words = {
    "phone_foreign": (
        "Nomor telepon luar negeri",
        "Phone from abroad",
        "Hanya nomor telepon Indonesia (+62) yang diterima.",
        "Only Indonesian phone numbers (+62) are taken.",
    ),
    "phone_invalid": (
        "Nomor telepon tidak sah",
        "Phone invalid",
        "Tuliskan nomor ponsel Indonesia, misalnya 0812-3456-7890.",
        "Give an Indonesian mobile number, such as 0812-3456-7890.",
    ),
    "phone_code_invalid": (
        "Kode telepon salah",
        "Phone code wrong",
        "Kode tidak cocok atau sudah tidak berlaku. Periksa kembali, atau minta kode baru.",
        "The code does not fit, or is over. Look again, or ask for a new one.",
    ),
    "phone_not_proven": (
        "Nomor telepon belum dibuktikan",
        "Phone not proven",
        "Sertakan kode yang dikirim ke nomor telepon ini.",
        "Send the code that this phone has got with it.",
    ),
    "phone_required": (
        "Nomor telepon diperlukan",
        "Phone required",
        "Sertakan nomor telepon dan kode yang dikirim ke sana: yang satu tidak berlaku tanpa yang lain.",
        "Give a phone, and the code that was sent there: neither is taken without the other.",
    ),
}
