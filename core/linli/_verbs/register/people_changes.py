"""What becomes of people: moved, ended. The acts remain."""

from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

import attrs

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Missing
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.lookups import root_id
from linli._store import Write
from linli._verbs.register.acts import PERSON_BACK, PERSON_END, PERSON_MOVE
from linli._verbs.register.keeping import refuse_own
from linli._verbs.register.living import PERSON, living
from linli._verbs.register.merging import END_PERSON, Merging
from linli._verbs.register.posts import end_posts_of
from linli._verbs.register.ties import (
    ESTATE,
    OWNER,
    OWNER_AS,
    WITHDRAW_ALL,
    Tie,
    end_ties_of,
    place_of,
    put_tie,
    ties_from,
)

ENDINGS: Final = ("died", "moved_away")


def _place_of_tie(facts: Facts, tie: Tie) -> UUID:
    """Where a tie is; a place that has ended still has who keeps it, or who keeps what came after it."""
    return facts.place_of_owner(tie.at) or root_id(facts.district)


class HowNotSaid(Missing, says="say how: {ways}"):
    ways: Several
    field: str = "how"


class PeopleChanges(Merging):
    """Changes of who is there."""

    def move(self, person: UUID, to: UUID, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has moved home: the ties of residence end, and one to `to` begins.

        Whoever does it keeps the register at the old home and at the new one. Who keeps it at the new one alone
        puts it forward (`propose_removal`), and the old one releases.
        """
        who, home, day = self._now(person), self._now(to), self._day(on)

        def also_at(facts: Facts) -> tuple[UUID, ...]:
            if not facts.actor:
                return ()
            refuse_own(facts, who)
            return tuple(dict.fromkeys(map(partial(_place_of_tie, facts), self._residences(facts, who))))

        def work(facts: Facts) -> ActResult:
            living(facts, who)
            place_of(facts, home)
            homes = [tie for tie in ties_from(facts, who) if tie.kind == "resident"]
            open_homes = [tie for tie in homes if tie.until is None]
            if [tie.at for tie in open_homes] == [home]:
                raise AlreadySo
            writes = [
                put_tie(self._code, Tie(person=who, kind=tie.kind, at=tie.at, since=tie.since, until=day, record=tie.record))
                for tie in open_homes
                if tie.at != home
            ]  # fmt: skip
            if home not in [tie.at for tie in open_homes]:
                writes.append(put_tie(self._code, Tie(person=who, kind="resident", at=home, since=day)))
            body = {"to": str(home), "from": [str(tie.at) for tie in open_homes], "on": day.isoformat()}
            return ActResult(body=body, writes=tuple(writes))

        self._act(PERSON_MOVE, who, work, place=home, person=who, actor=actor, at=None, also_at=also_at)

    def propose_removal(self, person: UUID, to: UUID, *, actor: Actor | None = None) -> UUID:
        """Put a removal forward at the new place, for the old one to release (the move `release`); its number.

        Until then the person has a second tie at the new place, and is served there.
        """
        who, home = self._now(person), self._now(to)
        old = self.place_of_person(who) or self._district.register.root()
        return self._district.start("removal", "propose", old, {"who": who, "to": home}, actor=actor).subject

    def _residences(self, facts: Facts, who: UUID) -> list[Tie]:
        return [tie for tie in ties_from(facts, who) if tie.until is None and tie.kind == "resident"]

    def end(self, person: UUID, how: str, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has died or moved away: posts, ties and consents end.

        Args:
            how: "died" or "moved_away".
        """
        if how not in ENDINGS:
            raise Refused(HowNotSaid(ways=listed(ENDINGS)))
        who, day = self._now(person), self._day(on)

        def work(facts: Facts) -> ActResult:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] == how:
                raise AlreadySo
            living(facts, who)
            return ActResult(
                body={"how": how, "on": day.isoformat()}, writes=tuple(self._gone(facts, who, how, day))
            )

        self._act(PERSON_END, who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)

    def _gone(self, facts: Facts, who: UUID, how: str, day: date) -> list[Write]:
        end = {"the_district": self._code, "the_id": who, "moment": facts.at, "how": how}
        withdraw = {"the_district": self._code, "the_person": who, "moment": facts.at}
        return [
            Write(END_PERSON, end),
            end_posts_of(self._code, who, facts.at),
            *self._untied(facts, who, how, day),
            Write(WITHDRAW_ALL, withdraw),
        ]

    def _untied(self, facts: Facts, who: UUID, how: str, day: date) -> list[Write]:
        """Ties end; but whoever moves away still owns what they own, and what the dead own is their estate's."""
        if how not in ENDINGS:
            return [end_ties_of(self._code, who, day)]
        owned = [tie for tie in ties_from(facts, who) if tie.kind == OWNER]
        estates = [
            put_tie(self._code, attrs.evolve(tie, record={**tie.record, OWNER_AS: ESTATE}))
            for tie in owned
            if tie.until is None and how == "died"
        ]
        return [end_ties_of(self._code, who, day, but=OWNER), *estates]

    def back(self, person: UUID, *, actor: Actor | None = None) -> None:
        """Record that somebody who had moved away is here again; ties and posts begin anew by themselves."""
        who = self._now(person)

        def work(facts: Facts) -> ActResult:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] is None:
                raise AlreadySo
            if not rows or rows[0][1] not in ENDINGS:
                living(facts, who)
            end = {"the_district": self._code, "the_id": who, "moment": None, "how": None}
            return ActResult(body={"from": rows[0][1]}, writes=(Write(END_PERSON, end),))

        self._act(PERSON_BACK, who, work, person=who, actor=actor, at=None)
