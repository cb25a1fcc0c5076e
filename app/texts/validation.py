"""The messages of validation in Indonesian; in English Pydantic's own are used. Bounds come from the error."""

from collections.abc import Mapping
from typing import Any

from app.domain.names import Language

UNKNOWN_PARAMETER = {"type": "unknown_parameter", "msg": "this parameter is not known"}
REPEATED_MEMBER = {"type": "repeated_member", "msg": "this member stands there more than once"}
NO_JSON = {"type": "json_invalid", "msg": "the body is not valid JSON"}
TOO_DEEP = {"type": "json_too_deep", "msg": "too many objects and lists stand in each other"}
BROKEN_CHARACTER = {"type": "string_unicode", "msg": "this is half of a character (a lone surrogate)"}
REPEATED_PARAMETER = {"type": "repeated_parameter", "msg": "this parameter stands there more than once"}
"""What our own checks complain of, as Pydantic says it."""
_OTHERWISE = "Nilai ini tidak sah."
_INDONESIAN = {
    "bool_parsing": "Isi dengan true atau false.",
    "bool_type": "Isi dengan true atau false.",
    "date_from_datetime_parsing": "Tanggal ditulis YYYY-MM-DD.",
    "date_parsing": "Tanggal ditulis YYYY-MM-DD.",
    "date_type": "Tanggal ditulis YYYY-MM-DD.",
    "dict_type": "Isi dengan objek JSON.",
    "enum": "Pilih salah satu: {expected}.",
    "extra_forbidden": "Anggota ini tidak dikenal.",
    "greater_than": "Harus lebih besar dari {gt}.",
    "greater_than_equal": "Paling sedikit {ge}.",
    "int_from_float": "Isi dengan bilangan bulat.",
    "int_parsing": "Isi dengan bilangan bulat.",
    "int_type": "Isi dengan bilangan bulat.",
    "json_invalid": "Isi permintaan bukan JSON yang sah.",
    "json_too_deep": "Terlalu banyak objek dan daftar JSON yang bersarang.",
    "less_than": "Harus lebih kecil dari {lt}.",
    "less_than_equal": "Paling banyak {le}.",
    "list_type": "Isi dengan daftar JSON.",
    "literal_error": "Pilih salah satu: {expected}.",
    "missing": "Anggota ini wajib.",
    "model_attributes_type": "Isi dengan objek JSON.",
    "model_type": "Isi dengan objek JSON.",
    "repeated_member": "Anggota ini hanya boleh disebut satu kali.",
    "repeated_parameter": "Parameter ini hanya boleh disebut satu kali.",
    "string_pattern_mismatch": "Harus sesuai pola {pattern}.",
    "string_too_long": "Paling banyak {max_length} karakter.",
    "string_too_short": "Paling sedikit {min_length} karakter.",
    "string_unicode": "Ada karakter yang tidak utuh.",
    "string_type": "Isi dengan teks.",
    "too_long": "Paling banyak {max_length} butir.",
    "too_short": "Paling sedikit {min_length} butir.",
    "unknown_parameter": "Parameter ini tidak dikenal.",
    "uuid_parsing": "Isi dengan UUID.",
    "uuid_type": "Isi dengan UUID.",
}


def complaint(error: Mapping[str, Any], language: Language) -> str:
    """One message of the validation, in the language asked for; it never quotes what was sent."""
    if language is Language.EN:
        return str(error["msg"]).removeprefix("Value error, ")
    facts = {"expected": "", **error.get("ctx", {})}
    facts["expected"] = str(facts["expected"]).replace(" or ", " atau ")
    return _INDONESIAN.get(error["type"], _OTHERWISE).format_map(facts)
