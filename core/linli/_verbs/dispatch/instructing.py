"""What is to be put right is given to whom a complaint is about in the desk's own words, without the reporter."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._model.contexts import Transition
from linli._model.effects import Effect
from linli._model.inputs import Input, Private
from linli._verbs.dispatch.handing_over import ToSeat
from linli._verbs.dispatch.impartial import kept_from
from linli._verbs.dispatch.records import Request
from linli._verbs.dispatch.routing import task_of
from linli._verbs.dispatch.tasks import TaskFlow


@attrs.frozen(kw_only=True)
class Instruct(ToSeat):
    put_right: Annotated[
        Private, Input("what is to be put right, in the desk's own words, without the reporter")
    ]


class ComplainsAboutNobody(
    Refusal, says="it complains about nobody; dispatch it: linli request dispatch {id}"
):
    id: UUID


class NotToBePassedOn(
    Refusal, says="the reporter does not want anything of it to be given to whom it is about"
): ...


class NotWhomItIsAbout(
    Refusal, says="this seat is not of whom it is about; dispatch it: linli request dispatch {id}"
):
    id: UUID


def a_complaint(t: Transition[Request, Instruct]) -> Refusal | None:
    """It is given to whom it is about, where it is about somebody and the reporter lets it."""
    if t.record.about is None:
        return ComplainsAboutNobody(id=t.subject.id)
    if t.record.not_to_them:
        return NotToBePassedOn()
    if not kept_from(t.record.about, t.given.seat, t.place, t.facts):
        return NotWhomItIsAbout(id=t.subject.id)
    return None


def opens_in_own_words(t: Transition[Request, Instruct]) -> Iterable[Effect]:
    """A task that says what the desk wrote, and nothing else of the request."""
    given = task_of(t, rule="chosen by the desk", own_words=True, put_right=t.given.put_right)
    yield TaskFlow.open.at(t.place, given, parent=t.subject.id, key=str(t.version), holder=t.given.seat)
