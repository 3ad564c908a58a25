"""A steward's published contact: the one exception to masking, while the steward's own consent stands.

The consent is a part of the stewardship: it is over with it. Giving it puts it on record; then linli
publishes the contact on the compound's board. Nobody else gives it; whatever ends it takes the contact down.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Act,
    Ask,
    District,
    Facts,
    Move,
    State,
    Subject,
    Workflow,
    parent_in,
    say,
)
from linli.access import ENGINE_ACTOR
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text, speaking
from linli.listing import Wish
from linli.publish import reading
from linli.publish.disclosing import disclosed, taken_down
from linli.publish.records import Consented, PublishSettings
from linli.register.effects import consent_begins, consent_ends
from linli.store import Read
from linli.store import tables as t
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import KIND

CONSENT = "contact_consent"
PURPOSE = "steward_contact"
WORDS = {"steward_contact/*": "contact shown as steward of a unit"}
FIELDS = ("name", "phone")
_MOST = 100_000

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_STEWARDSHIP = Read(
    select(_s.state, _s.person, _s.place).where(_s.district == _d, _s.id == bindparam("id"), _s.kind == KIND)
)
OPEN_CONSENTS = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.parent == bindparam("stewardship"),
        _s.kind == CONSENT,
        _s.ended_at.is_(None),
    )
)


@attrs.frozen(kw_only=True)
class Contact:
    """What is kept with a consent: nothing of the contact itself.

    Attributes:
        edition: how often the contact was to be published under it; each time is a publication of its own.
    """

    edition: int = 1


def purpose_of(stewardship: UUID) -> str:
    """What the register's consent is for: the contact as steward of this place, and no other."""
    return f"{PURPOSE}/{stewardship.hex}"


def publication_of(consent: UUID, edition: int) -> UUID:
    """The number of the publication of a contact: it follows from the consent, so that nobody can name another."""
    return uuid5(consent, str(edition))


# --- checks ---------------------------------------------------------------------------------------------


def _of_the_steward(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    rows = facts.rows(_STEWARDSHIP, id=subject.parent) if subject.parent else []
    if rows != [("appointed", subject.person, subject.place)]:
        return say("only whoever is steward there gives this consent")
    if facts.rows(OPEN_CONSENTS, stewardship=subject.parent):
        return say("the consent stands already")
    return None


def _has_contact(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person and all(facts.said(subject.person, field) for field in FIELDS):
        return None
    return say("there is no name and phone on record to publish; have them recorded first")


def _next(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"edition": subject.record.edition + 1}


def _in_turn(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if subject.record.edition == before.record.edition + 1 else say("linli counts this itself")


# --- what follows ---------------------------------------------------------------------------------------


def _purpose(consent: Subject) -> tuple[UUID, str]:
    assert consent.person, "the steward"
    assert consent.parent, "a consent is a part of a stewardship"
    return consent.person, purpose_of(consent.parent)


def _agrees(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from consent_begins(facts, *_purpose(subject))


def _publishes(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    person, purpose = _purpose(subject)
    told = {field: facts.said(person, field) for field in FIELDS}
    personal = [
        Consented(name=field, person=person, purpose=purpose, text=text)
        for field, text in told.items()
        if text
    ]
    with speaking(facts.settings(PublishSettings).language):
        title, body = str(say("Steward of {where}", where=_where(subject.place, facts))), _body(facts)
    yield disclosed(
        facts,
        publication_of(subject.id, subject.record.edition),
        facts.place(subject.place).figures_at,
        title,
        body,
        personal,
        series=PURPOSE,
    )


def _where(place: UUID, facts: Facts) -> str:
    """The names below the compound: "3栋2单元"."""
    known = facts.place(place)
    below = known.path[known.path.index(known.figures_at) + 1 :]
    return "".join(facts.place(one).name for one in below)


def _body(facts: Facts) -> str:
    wanted = facts.settings(StewardSettings).services.codes
    services = [one.name for one in facts.settings(DispatchSettings).services if one.code in wanted]
    lines = [
        str(say("Steward: {name}", name="{name}")),
        str(say("Phone: {phone}", phone="{phone}")),
        *([str(say("You can ask for: {services}", services=" · ".join(services)))] if services else ()),
    ]
    return "\n\n".join(lines)


def _taken_back(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from _down(subject, facts, say("the steward has taken back the consent to publish it"))


def _over(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from _down(subject, facts, say("this steward's post has ended"))


def _down(subject: Subject, facts: Facts, reason: Text) -> Iterable[Effect]:
    yield from taken_down(facts, publication_of(subject.id, subject.record.edition), str(reason))
    yield from consent_ends(facts, *_purpose(subject))


def _old_one_down(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    old = publication_of(subject.id, subject.record.edition - 1)
    yield from taken_down(facts, old, str(say("the contact is published anew")))


CONTACT = Workflow(
    name=CONSENT,
    label="consent to publish the contact",
    record=Contact,
    states=(
        State("given", "given"),
        State("posted", "published", turn=NOBODY),
        State("withdrawn", "taken back", ends=("withdrawn",)),
        State("over", "over with the post", ends=("over",)),
    ),
    moves=(
        Move(
            name="give",
            label="give",
            sources=(),
            to="given",
            by=OWN,
            checks=(_of_the_steward, _has_contact),
            effects=(_agrees,),
        ),
        Move(name="post", label="publish", sources=("given",), to="posted", by=ENGINE, effects=(_publishes,)),
        Move(
            name="renew",
            label="publish anew",
            sources=("posted",),
            to="given",
            by=OWN | ENGINE,
            fills=(_next,),
            asks=(Ask(name="edition", type=int, computed=True),),
            checks=(_in_turn,),
            effects=(_old_one_down,),
        ),
        Move(
            name="withdraw",
            label="take back",
            sources=("given", "posted"),
            to="withdrawn",
            by=OWN | ENGINE,
            effects=(_taken_back,),
        ),
        Move(
            name="over",
            label="end with the post",
            sources=("given", "posted"),
            to="over",
            when=parent_in("ended", "resigned", "replaced", "lapsed"),
            effects=(_over,),
        ),
    ),
)


# --- after the commit -----------------------------------------------------------------------------------


def hear(act: Act, district: District) -> None:
    """Publish what was consented to; publish anew what somebody's corrected record has changed."""
    if act.kind != CONSENT:
        _renewed(district, district.find(_posted(act.subject)))
    elif district.subject(act.subject).state == "given":
        district.make(act.subject, "post", actor=ENGINE_ACTOR)


def keep_true(district: District) -> None:
    """Publish anew every contact that is no longer what the register has, however that changed."""
    _renewed(district, district.find(_posted(None)))


def _posted(person: UUID | None) -> Wish:
    return Wish(kind=CONSENT, states=("posted",), person=person, most=_MOST)


def _renewed(district: District, consents: Iterable[Subject]) -> None:
    for one in consents:
        if _changed(district, one):
            # Another worker, or the steward, was first.
            with suppress(Refused):
                district.make(one.id, "renew", actor=ENGINE_ACTOR)


def _changed(district: District, consent: Subject) -> bool:
    publication = district.publish.get(publication_of(consent.id, consent.record.edition))
    shown = {name: one.text for name, one in reading.opened(district, publication).items()}
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        assert consent.person, "the steward"
        known = {field: facts.said(consent.person, field) for field in FIELDS}
    return bool(shown) and shown != known
