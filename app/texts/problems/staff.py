"""The words of the errors of staff."""

from app.texts.words import Words

WORDS: Words = {
    "account_beyond_reach": (
        "Akun di luar wewenang",
        "Account beyond reach",
        "Akun ini dikelola mal atau instansi lain, atau manajer mal; Anda hanya dapat mencabut peran yang Anda kelola.",
        "Another mall or agency, or the mall's manager, manages the account; you can only revoke roles you manage.",
    ),
    "agency_misplaced": (
        "Instansi tidak sesuai peran",
        "Agency misplaced",
        "Peran manajer instansi dan petugas menyebut satu instansi, peran lain tidak.",
        "Agency managers and officers have an agency, the others name none.",
    ),
    "mall_has_manager": (
        "Mal sudah punya manajer",
        "Mall has a manager",
        "Mal ini sudah punya manajer yang dapat masuk; manajer itulah yang mengangkat orang lain.",
        "The mall has a manager who can sign in; that manager appoints others.",
    ),
    "role_already_granted": (
        "Peran sudah diberikan",
        "Role already granted",
        "Akun sudah memegang peran itu.",
        "The account has that role already.",
    ),
}
