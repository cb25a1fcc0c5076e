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
    "phone_not_proven": (
        "Nomor telepon tidak dapat dipastikan",
        "Phone not proven",
        "Tanpa identitas pengirim, nomor telepon tidak diterima. Kirim permintaan tanpa nomor telepon.",
        "Without credentials no phone is taken. Send the request without it.",
    ),
}
