"""What becomes of people: moved, ended. The acts remain."""

from datetime import date
from typing import Final
from uuid import UUID

from linli.access import Actor
from linli.engine.orders import Yield
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import listed, say
from linli.register.base import AlreadySo
from linli.register.living import PERSON, living
from linli.register.merging import END_PERSON, TIES_OF, Merging
from linli.register.posts import end_posts_of
from linli.register.ties import WITHDRAW_ALL, Tie, end_ties_of, place_of, put_tie, tie_from
from linli.store import Write

ENDINGS: Final = ("died", "moved_away")


class PeopleChanges(Merging):
    """Changes of who is there."""

    def move(self, person: UUID, to: UUID, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has moved home: the ties of residence end, and one to `to` begins."""
        who, home, day = self._now(person), self._now(to), self._day(on)

        def work(facts: Facts) -> Yield:
            living(facts, who)
            place_of(facts, home)
            homes = [tie for tie in map(tie_from, facts.rows(TIES_OF, person=who)) if tie.kind == "resident"]
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
            return Yield(body=body, writes=tuple(writes))

        self._act("person.move", who, work, place=home, person=who, actor=actor, at=None)

    def end(self, person: UUID, how: str, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has died or moved away: posts, ties and consents end.

        Args:
            how: "died" or "moved_away".
        """
        if how not in ENDINGS:
            raise Refused(say("say how: {ways}", ways=listed(ENDINGS)))
        who, day = self._now(person), self._day(on)

        def work(facts: Facts) -> Yield:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] == how:
                raise AlreadySo
            living(facts, who)
            return Yield(
                body={"how": how, "on": day.isoformat()}, writes=tuple(self._gone(facts, who, how, day))
            )

        self._act("person.end", who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)

    def _gone(self, facts: Facts, who: UUID, how: str, day: date) -> list[Write]:
        end = {"the_district": self._code, "the_id": who, "moment": facts.at, "how": how}
        withdraw = {"the_district": self._code, "the_person": who, "moment": facts.at}
        return [
            Write(END_PERSON, end),
            end_posts_of(self._code, who, facts.at),
            end_ties_of(self._code, who, day),
            Write(WITHDRAW_ALL, withdraw),
        ]

    def back(self, person: UUID, *, actor: Actor | None = None) -> None:
        """Record that somebody who had moved away is here again; ties and posts begin anew by themselves."""
        who = self._now(person)

        def work(facts: Facts) -> Yield:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] is None:
                raise AlreadySo
            if not rows or rows[0][1] not in ENDINGS:
                living(facts, who)
            end = {"the_district": self._code, "the_id": who, "moment": None, "how": None}
            return Yield(body={"from": rows[0][1]}, writes=(Write(END_PERSON, end),))

        self._act("person.back", who, work, person=who, actor=actor, at=None)
