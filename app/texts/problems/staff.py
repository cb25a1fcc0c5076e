"""The words of the errors of staff."""

from app.texts.words import Words

WORDS: Words = {
    "account_beyond_reach": (
        "Peran lain di luar wewenang",
        "Account beyond reach",
        "Akun ini juga memegang peran yang tidak Anda kelola; cabut saja peran yang Anda kelola.",
        "The account also has a role that you do not manage; revoke only the roles that you manage.",
    ),
    "agency_misplaced": (
        "Instansi tidak sesuai peran",
        "Agency misplaced",
        "Peran agency_manager dan officer menyebut satu instansi, peran lain tidak.",
        "The roles agency_manager and officer name an agency, the others name none.",
    ),
    "role_already_granted": (
        "Peran sudah diberikan",
        "Role already granted",
        "Akun sudah memegang peran itu ({grant_id}).",
        "The account has that role already ({grant_id}).",
    ),
}
