"""Why a queue has stopped, as its visitors are told."""

from app.domain.names import LocalizedText

WORDS: dict[str, LocalizedText] = {
    "suspended": {"id": "keanggotaan instansi ditangguhkan", "en": "the agency's membership is suspended"},
    "terminated": {"id": "keanggotaan instansi berakhir", "en": "the agency's membership has ended"},
    "agency_retired": {"id": "instansi tidak ada lagi di mal ini", "en": "the agency is not in this mall any more"},
    "service_retired": {"id": "layanan ini dihentikan", "en": "the service is retired"},
    "counter_retired": {"id": "loket layanan ini dihentikan", "en": "the service's counter is retired"},
    "no_counter": {"id": "tidak ada lagi loket untuk layanan ini", "en": "no counter is left for the service"},
}


def why_stopped(reason: str) -> LocalizedText:
    """The reason of a stop, in words; what somebody wrote stays as it is."""
    return WORDS.get(reason, {"id": reason, "en": reason})
