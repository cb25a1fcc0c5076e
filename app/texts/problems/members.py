"""The words of the errors of members."""

from app.texts.words import Words

WORDS: Words = {
    "membership_not_in_force": (
        "Keanggotaan tidak berlaku",
        "Membership not in force",
        "Keanggotaan instansi tidak berlaku saat ini (status: {membership}).",
        "The agency's membership is not in force now (it is {membership}).",
    ),
}
