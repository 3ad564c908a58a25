"""Files that a move takes: each is what it claims to be; its content goes to the vault, the record keeps what it was."""

from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.records import evolve
from linli._base.refusals import Invalid, Missing
from linli._model.files import FIELD, GivenFile, KeptFile, problem_of
from linli._model.inputs import Field

if TYPE_CHECKING:
    from linli._engine.turn import UnitOfWork
    from linli._model.compiled import Move
    from linli._model.facts import Facts


class Wrong(Exception):
    """A value that is not taken, and why."""

    def __init__(self, problem: Invalid | Missing) -> None:
        self.problem = problem


class FilesByContent(
    Invalid, says="files are given by their content: linli works out what the record keeps"
): ...


def taken(field: Field, value: Any, by_somebody: bool) -> KeptFile:
    """A file that is given; linli alone takes up one that is kept already."""
    if isinstance(value, GivenFile):
        return value
    try:
        if by_somebody:
            raise TypeError(field.name)
        return value if isinstance(value, KeptFile) else KeptFile(**{**value, "id": UUID(str(value["id"]))})
    except (TypeError, ValueError, KeyError):
        raise Wrong(FilesByContent(field=field.name)) from None


class TooFewFiles(Missing, says="{name}: {least} or more are needed"):
    name: Text
    least: int


class TooManyFiles(Invalid, says="{name}: at most {most} are taken"):
    name: Text
    most: int


def how_many(field: Field, count: int) -> Invalid | Missing | None:
    """Why so many files, or so few, are not taken; None where they are."""
    least, most = field.input.least, field.input.most
    if least is not None and count < least:
        return TooFewFiles(field=field.name, name=say(field.name), least=least)
    if most is not None and count > most:
        return TooManyFiles(field=field.name, name=say(field.name), most=most)
    return None


class Filed:
    """The files of an act, on their way into the vault.

    Args:
        ident: of the act: a repeated one has the same files.

    Raises: Refused where one is not what it claims to be.

    Attributes:
        given: the inputs with what the record keeps of each file.
    """

    def __init__(self, move: "Move", given: Any, ident: UUID, facts: "Facts") -> None:
        self._sealed: list[tuple[Field, KeptFile, bytes]] = []
        problems: list[Invalid] = []
        kept: dict[str, Any] = {}
        for field in move.files:
            value = getattr(given, field.name)
            if value is None:
                continue
            found = [*self._looked_at(field, value, ident, facts, problems)]
            kept[field.name] = tuple(found) if field.many else next(iter(found), None)
        if problems:
            raise Refused(*problems, doing=say(move.label or move.name))
        self.given = evolve(given, **kept)

    def _looked_at(
        self, field: Field, value: Any, ident: UUID, facts: "Facts", problems: list[Invalid]
    ) -> Iterator[KeptFile]:
        several = cast(tuple[KeptFile, ...], value if field.many else (value,))
        largest = field.input.largest
        for number, one in enumerate(several, 1):
            if not isinstance(one, GivenFile):
                yield one
                continue
            most = largest(facts) if callable(largest) else largest
            if problem := problem_of(field.name, number, one, field.input.kinds, most):
                problems.append(problem)
            kept = one.kept_as(uuid5(ident, f"{field.name} {number}"))
            self._sealed.append((field, kept, one.content))
            yield kept

    def seal(self, turn: "UnitOfWork", root: UUID, *, opened: bool) -> None:
        """Put the contents into the vault: of what is published each under a key of its own, else under the matter's."""
        for field, kept, content in self._sealed:
            own = field.input.public
            text = b64encode(content).decode()
            turn.seal(kept.id if own else root, kept.id, FIELD, text, new_owner=own or opened)
