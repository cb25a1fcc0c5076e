"""The words of every problem, in Indonesian and English. `{}` fields are the named facts of the error.

Each area's stand in its own file, and are found here.
"""

import importlib
import pkgutil

from app.domain.names import LocalizedText
from app.texts.words import Words

_WORDS: Words = {}
for _area in pkgutil.iter_modules(__path__):
    _found: Words = importlib.import_module(f"{__name__}.{_area.name}").WORDS
    if doubled := _WORDS.keys() & _found.keys():
        raise TypeError(f"words twice: {sorted(doubled)}")
    _WORDS |= _found

TITLES: dict[str, LocalizedText] = {code: {"id": words[0], "en": words[1]} for code, words in _WORDS.items()}
DETAILS: dict[str, LocalizedText] = {code: {"id": words[2], "en": words[3]} for code, words in _WORDS.items()}
