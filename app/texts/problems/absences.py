"""The words of the errors of absences."""

from app.texts.words import Words

WORDS: Words = {
    "web_blocked_after_no_shows": (
        "Nomor lewat web ditutup sementara",
        "Web numbers blocked after no-shows",
        (
            "Pemilik nomor ponsel ini {no_shows} kali tidak hadir di layanan ini. Lewat web nomor diberikan lagi mulai "
            "{next_numbers_on}. Anjungan dan petugas di mal tetap memberikan nomor."
        ),
        (
            "Absences of this phone's owner at this service: {no_shows}. The web gives numbers again from "
            "{next_numbers_on} on. Kiosks and desks in the mall give one all the same."
        ),
    ),
}
