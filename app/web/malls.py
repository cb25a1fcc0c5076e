"""Malls by the slugs in paths. What of a mall never changes is remembered for good."""

from app.database import Database
from app.domain.errors import NotThere
from app.domain.malls import MallRef
from app.queries import malls


class Malls:
    """The malls that one process knows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, MallRef] = {}

    def known(self, slug: str) -> MallRef | None:
        """A mall that was asked for before."""
        return self._known.get(slug)

    async def named(self, slug: str) -> MallRef:
        """A mall by its slug. Raises NotThere."""
        if slug not in self._known:
            async with self._database.reading() as reading:
                found = await malls.ref(reading.session, slug)
            if found is None:
                raise NotThere(thing="mall")
            self._known[slug] = found
        return self._known[slug]
