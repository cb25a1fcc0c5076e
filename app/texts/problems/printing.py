"""The words of the errors of printing."""

from app.texts.words import Words

WORDS: Words = {
    "not_on_paper": (
        "Bukan antrean kertas",
        "Not on paper",
        "Antrean ini tidak diberikan di atas kertas.",
        "This ticket was given on no paper.",
    ),
    "print_time_over": (
        "Waktu cetak sudah lewat",
        "Print time over",
        "Waktu untuk mencetak antrean ini berakhir pada {until}.",
        "The time to print this ticket was over at {until}.",
    ),
}
