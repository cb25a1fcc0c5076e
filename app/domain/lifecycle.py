"""State machines as tables: from -> verb -> to. Anything that is not in the table does not happen.

A verb that takes something back may lead to one of several states: to that in which the thing was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from app.errors import Conflict, domain_error

State = TypeVar("State", bound=StrEnum)


@domain_error
class IllegalTransition(Conflict):
    """This action is not possible in the current state."""

    thing: str
    """What it is: `ticket`, `counter`, `agreement`, `invitation`."""
    state: str
    """The state that it is in now; none of the verbs that lead from it is the one that was wanted."""
    verb: str
    """What was wanted."""
    allowed: Sequence[str] = ()
    """What may be done to it in this state, by the same names; what the program does by itself is left out."""


class Lifecycle(Generic[State]):
    """One thing's states and the verbs that lead from one to the next."""

    def __init__(
        self,
        thing: str,
        moves: Mapping[State, Mapping[str, State | tuple[State, ...]]],
        by_itself: Collection[str] = (),
    ) -> None:
        """`by_itself`: the verbs that nobody asks for; the program does them when something stops or a day ends."""
        self.thing = thing
        self.moves = moves
        self.by_itself = by_itself
        self.states: type[State] = type(next(iter(moves)))

    def after(self, state: State, verb: str, back_to: State | None = None) -> State:
        """Where `verb` leads from `state`; `back_to` says it where that may be several.

        Raises IllegalTransition where it leads nowhere, or not there.
        """
        targets = self._targets(state, verb)
        if back_to is None and len(targets) == 1:
            return targets[0]
        if back_to is None or back_to not in targets:
            raise self.illegal(state, verb)
        return back_to

    def illegal(self, state: State, verb: str) -> IllegalTransition:
        """The refusal of a verb, which names those that lead somewhere."""
        allowed = [each for each in self.moves.get(state, {}) if each not in self.by_itself]
        return IllegalTransition(thing=self.thing, state=state, verb=verb, allowed=allowed)

    def must_allow(self, state: State, verb: str) -> None:
        """Raise IllegalTransition where `verb` leads nowhere from `state`: before anything else is asked or changed."""
        if not self._targets(state, verb):
            raise self.illegal(state, verb)

    def arrows(self) -> Iterator[tuple[State, str, State]]:
        """Every move of the table."""
        for state, verbs in self.moves.items():
            for verb in verbs:
                yield from ((state, verb, target) for target in self._targets(state, verb))

    def _targets(self, state: State, verb: str) -> tuple[State, ...]:
        found = self.moves.get(state, {}).get(verb, ())
        return found if isinstance(found, tuple) else (found,)

    def mermaid(self, initial: State) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {initial}"]
        lines += [f"    {state} --> {target}: {verb}" for state, verb, target in self.arrows()]
        lines += [f"    {state} --> [*]" for state in self.states if not self.moves.get(state)]
        return "\n".join(lines)
