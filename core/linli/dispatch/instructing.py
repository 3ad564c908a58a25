"""What is to be put right is given to whom a complaint is about in the desk's own words, without the reporter."""

from collections.abc import Iterable

from linli.acts import Act
from linli.dispatch.handing_over import seat_of
from linli.dispatch.impartial import kept_from
from linli.effects import Effect, Start
from linli.facts import Facts
from linli.i18n import Text, say
from linli.subjects import Subject


def a_complaint(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """It is given to whom it is about, where it is about somebody and the reporter lets it."""
    about = subject.record.about
    if about is None:
        return say("it complains about nobody; dispatch it: linli request dispatch {id}", id=subject.id)
    if subject.record.not_to_them:
        return say("the reporter does not want anything of it to be given to whom it is about")
    if not kept_from(about, seat_of(act), subject.place, facts):
        return say(
            "this seat is not of whom it is about; dispatch it: linli request dispatch {id}", id=subject.id
        )
    return None


def open_in_own_words(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """A task that says what the desk wrote, and nothing else of the request."""
    seat = seat_of(act)
    yield Start(
        workflow="task",
        move="open",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        holder=seat,
        values={
            "service": subject.record.service,
            "urgent": subject.record.urgent,
            "rule": "chosen by the desk",
            "about": subject.record.about,
            "own_words": True,
            "times_reopened": subject.record.times_reopened,
            "put_right": facts.said(act.id, "put_right"),
        },
    )
