"""A steward's published contact: the one exception to masking, while the steward's own consent stands.

The consent is a part of the stewardship: it is over with it. Giving it puts it on record; then linli
publishes the contact on the compound's board. Nobody else gives it; whatever ends it takes the contact down.
"""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID, uuid5

import attrs

from linli import (
    ENGINE,
    ENGINE_ACTOR,
    NOBODY,
    OWN,
    Act,
    AnyTransition,
    Context,
    District,
    Effect,
    Facts,
    Moves,
    NoInputs,
    Purpose,
    Refusal,
    Refused,
    State,
    Subject,
    Text,
    Transition,
    Workflow,
    evolve,
    say,
)
from linli._verbs.publish import reading
from linli._verbs.publish.disclosing import disclosed, taken_down
from linli.cli import speaking
from linli.hooks import Consented, DispatchSettings, PublishSettings, consent_begins, consent_ends
from linli.query import place, subjects
from linli_stewards.settings import StewardSettings

CONSENT = "contact_consent"
PURPOSE = "steward_contact"
CONTACT = Purpose("steward_contact/*", label="contact shown as steward of a unit")
FIELDS = ("name", "phone")


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


def _in_post(ctx: Context[object]) -> Subject[object] | None:
    """The stewardship that it is a part of, while that lasts."""
    # Stewardships have this as a part: they know it, and it does not know them otherwise.
    from linli_stewards.stewardship import StewardshipFlow

    found = ctx.parent(StewardshipFlow)
    return found if found and found.state is StewardshipFlow.appointed else None


class NotTheSteward(Refusal, says="only whoever is steward there gives this consent"): ...


class ConsentedAlready(Refusal, says="the consent stands already"): ...


def _of_the_steward(t: AnyTransition) -> Refusal | None:
    steward = _in_post(t)
    if steward is None or (steward.person, steward.place) != (t.subject.person, t.place):
        return NotTheSteward()
    standing = subjects(ContactFlow, parent=steward.id, ended=False).count()
    return ConsentedAlready() if t.get(standing) else None


class NothingToPublish(
    Refusal, says="there is no name and phone on record to publish; have them recorded first"
): ...


def _has_contact(t: AnyTransition) -> Refusal | None:
    person = t.subject.person
    if person and all(t.facts.said(person, field) for field in FIELDS):
        return None
    return NothingToPublish()


def _next(t: Transition[Contact, NoInputs]) -> Contact:
    return evolve(t.record, edition=t.record.edition + 1)


def _post_is_over(ctx: Context[object]) -> bool:
    return _in_post(ctx) is None


# --- what follows ---------------------------------------------------------------------------------------


def _purpose(t: AnyTransition) -> tuple[UUID, str]:
    assert t.subject.person, "the steward"
    assert t.subject.parent, "a consent is a part of a stewardship"
    return t.subject.person, purpose_of(t.subject.parent)


def _agrees(t: AnyTransition) -> Iterable[Effect]:
    yield from consent_begins(t.facts, *_purpose(t))


def _publishes(t: Transition[Contact, object]) -> Iterable[Effect]:
    person, purpose = _purpose(t)
    told = {field: t.facts.said(person, field) for field in FIELDS}
    personal = [
        Consented(name=field, person=person, purpose=purpose, text=text)
        for field, text in told.items()
        if text
    ]
    with speaking(t.settings(PublishSettings).language):
        title, body = str(say("Steward of {where}", where=_where(t))), _body(t.facts)
    yield disclosed(
        t.facts,
        publication_of(t.subject.id, t.record.edition),
        t.get(place(t.place)).reporting_place,
        title,
        body,
        personal,
        series=PURPOSE,
    )


def _where(t: AnyTransition) -> str:
    """The names below the compound: "3栋2单元"."""
    known = t.get(place(t.place))
    below = known.path[known.path.index(known.reporting_place) + 1 :]
    return "".join(t.get(place(one)).name for one in below)


def _body(facts: Facts) -> str:
    wanted = facts.settings(StewardSettings).services.codes
    services = [one.name for one in facts.settings(DispatchSettings).services if one.code in wanted]
    lines = [
        str(say("Steward: {name}", name="{name}")),
        str(say("Phone: {phone}", phone="{phone}")),
        *([str(say("You can ask for: {services}", services=" · ".join(services)))] if services else ()),
    ]
    return "\n\n".join(lines)


def _taken_back(t: Transition[Contact, object]) -> Iterable[Effect]:
    yield from _down(t, say("the steward has taken back the consent to publish it"))


def _over(t: Transition[Contact, object]) -> Iterable[Effect]:
    yield from _down(t, say("this steward's post has ended"))


def _down(t: Transition[Contact, object], reason: Text) -> Iterable[Effect]:
    yield from taken_down(t.facts, publication_of(t.subject.id, t.record.edition), str(reason))
    yield from consent_ends(t.facts, *_purpose(t))


def _old_one_down(t: Transition[Contact, object]) -> Iterable[Effect]:
    old = publication_of(t.subject.id, t.before.record.edition)
    yield from taken_down(t.facts, old, str(say("the contact is published anew")))


class ContactFlow(Workflow[Contact], name=CONSENT, label="consent to publish the contact"):
    """Given, published; taken back, or over with the post."""

    move = Moves(Contact)
    given = State("given")
    posted = State("published", turn=NOBODY)
    withdrawn = State("taken back", ends=True)
    at_an_end = State("over with the post", name="over", ends=True)
    give = move.opening(given, by=OWN, needs=[_of_the_steward, _has_contact], then=[_agrees])
    post = move(given.to(posted), label="publish", then=[_publishes])
    renew = move(posted.to(given), label="publish anew", by=OWN | ENGINE, record=_next, then=[_old_one_down])
    withdraw = move((given | posted).to(withdrawn), label="take back", by=OWN | ENGINE, then=[_taken_back])
    over = move((given | posted).to(at_an_end), label="end with the post", when=_post_is_over, then=[_over])


# --- after the commit -----------------------------------------------------------------------------------


def hear(act: Act, district: District) -> None:
    """Publish what was consented to; publish anew what somebody's corrected record has changed."""
    if act.kind != CONSENT:
        _renew(district, of=act.subject)
    elif district.subject(act.subject).state == "given":
        district.perform(ContactFlow.post(ContactFlow.ref(act.subject)), actor=ENGINE_ACTOR)


def keep_true(district: District) -> None:
    """Publish anew every contact that is no longer what the register has, however that changed."""
    _renew(district, of=None)


def _renew(district: District, of: UUID | None) -> None:
    for one in district.ask_unchecked(subjects(ContactFlow, states=ContactFlow.posted, person=of)):
        if _changed(district, one):
            # Another worker, or the steward, was first.
            with suppress(Refused):
                district.perform(ContactFlow.renew(one.id), actor=ENGINE_ACTOR)


def _changed(district: District, consent: Subject[Contact]) -> bool:
    publication = district.publish.get(publication_of(consent.id, consent.record.edition))
    shown = {name: one.text for name, one in reading.opened(district, publication).items()}
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        assert consent.person, "the steward"
        known = {field: facts.said(consent.person, field) for field in FIELDS}
    return bool(shown) and shown != known
