"""The words of the errors of visits."""

from app.texts.words import Words

WORDS: Words = {
    "visit_out_of_order": (
        "Belum gilirannya dalam kunjungan",
        "Visit out of order",
        "Pengunjung ini harus menyelesaikan langkah {after_step} kunjungannya lebih dulu.",
        "The visitor has to be done with step {after_step} of the visit first.",
    ),
}
