"""The words of the errors of malls."""

from app.texts.words import Words

WORDS: Words = {
    "slug_taken": (
        "Slug sudah dipakai",
        "Slug taken",
        "Slug {value} sudah dipakai.",
        "The slug {value} is already used.",
    ),
}
