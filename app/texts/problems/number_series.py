"""The words of the errors of number series."""

from app.texts.words import Words

WORDS: Words = {
    "prefix_taken": (
        "Awalan sudah dipakai",
        "Prefix taken",
        "Awalan {value} sudah dipakai di mal ini.",
        "The prefix {value} is already used in this mall.",
    ),
}
