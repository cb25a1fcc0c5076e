"""The words of the errors of counters."""

from app.texts.words import Words

WORDS: Words = {
    "break_end_not_possible": (
        "Akhir istirahat tidak mungkin",
        "Break end not possible",
        "Istirahat berakhir setelah {not_before} dan paling lambat {not_after}.",
        "A break ends after {not_before} and not later than {not_after}.",
    ),
    "counter_busy": (
        "Loket sedang melayani",
        "Counter busy",
        "Antrean {number} masih dipanggil, dilayani atau ditunda di loket ini.",
        "Ticket {number} is still called, being served or on hold at this counter.",
    ),
    "counter_not_open": (
        "Loket tidak buka",
        "Counter not open",
        "Loket tidak sedang memanggil (status: {state}).",
        "The counter is not open for calling (status: {state}).",
    ),
    "counter_retired": (
        "Loket sudah dihentikan",
        "Counter retired",
        "Loket ini dihentikan sejak {retired_on}.",
        "The counter has been retired since {retired_on}.",
    ),
    "foreign_service": (
        "Layanan instansi lain",
        "Another agency's service",
        "Loket hanya melayani layanan instansinya sendiri.",
        "A counter serves its own agency's services only.",
    ),
    "helps_with_unserved": (
        "Layanan bantuan tidak dilayani",
        "Helps with a service that it does not serve",
        "Loket hanya membantu layanan yang termasuk layanan loket itu.",
        "A counter helps only with services that it serves.",
    ),
    "last_counter": (
        "Loket terakhir",
        "Last counter",
        "Masih ada pengunjung untuk salah satu layanan itu, dan tidak ada loket lain yang melayaninya.",
        "Visitors still wait for one of the services, and no other counter serves it.",
    ),
    "not_your_counter": (
        "Bukan loket Anda",
        "Not your counter",
        "Loket itu dibuka petugas lain; hanya ia dan pengelola yang melayani di sana.",
        "Another officer has that counter open; only that officer and managers act there.",
    ),
    "officer_busy": (
        "Petugas di loket lain",
        "Officer busy",
        "Petugas masih membuka loket lain.",
        "The officer has another counter open.",
    ),
    "service_not_served": (
        "Bukan layanan loket ini",
        "Service not served",
        "Loket ini tidak melayani layanan antrean itu.",
        "The counter does not serve the ticket's service.",
    ),
}
