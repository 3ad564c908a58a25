"""Every move of sessions, places, wishes and claims, by everybody, in every order."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from linli import District, StoredSubject
from linli._model.compiled import Move
from linli._store import tables as t
from linli.testing import Explorer, Tried, who
from linli_volunteers.seats import SeatFlow
from linli_volunteers.testing import VolunteerCompound, volunteer_compound
from linli_volunteers.wishes import STANDING, ClaimFlow, WishFlow

_ENDING = {"cancel", "withdraw", "postpone"}
# What linli works out is given wrongly now and then only: it is asked for, so it would be always.
_WORKED_OUT = {"queued_at", "checked_in_at", "checked_out_at", "capacity"}


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


def _reached(tried: list[Tried]) -> set[str]:
    return {f"{one.subject.kind}.{one.move.name}" for one in tried if one.act}


class _OfVolunteers(Explorer):
    """Everybody tries; three times in four what somebody of their kind may do there."""

    examples, steps = 15, 14

    def __init__(self, compound: VolunteerCompound) -> None:
        super().__init__(compound.district, compound.actors)
        self.compound = compound
        self.roles = {
            name: {post.role for post in compound.district.register.posts(person=actor.person)}
            for name, actor in self.actors.items()
        }

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        possible = [
            (subject, move, name)
            for subject in tree
            for move in self.district.rules.workflow(subject.kind).moves_from(subject.state)
            for name in sorted(self.actors)
            if self._may(move, subject, name)
        ]
        if not possible or not data.draw(st.integers(0, 3), label="likely"):
            return super().chosen(tree, data)
        # By the move first, and what ends it all seldom: what many may do is not tried more often for that.
        moves = sorted({move.name for _, move, _ in possible})
        wanted = data.draw(st.sampled_from([m for m in moves if m not in _ENDING] * 3 + moves))
        number = data.draw(st.integers(0, 1000), label="which")
        fitting = [one for one in possible if one[1].name == wanted]
        return fitting[number % len(fitting)]

    def _may(self, move: Move, subject: StoredSubject, name: str) -> bool:
        own = move.by.own and self.actors[name].person == subject.person
        return bool(own or move.by.anyone or move.by.posts & self.roles[name])

    def _drawn(self, move: Move, subject: StoredSubject, data: st.DataObject) -> dict[str, Any]:
        found = super()._drawn(move, subject, data)
        given = _WORKED_OUT | ({"minutes", "late"} if move.name != "correct" else set())
        for name in given & set(found):
            if data.draw(st.integers(0, 5), label=f"drop {name}"):
                del found[name]
        return found


class _Sessions(_OfVolunteers):
    began = False

    def opened(self) -> UUID:
        compound = self.compound
        # Each example has its own time, so that nobody is at the earlier examples' sessions.
        compound.clock.now += timedelta(days=3)
        people = [compound.cai, compound.ann, compound.second_leader, compound.ben]
        session = compound.opened(*people, capacity=2)
        compound.volunteers.leave(session, who(compound.cai), actor=compound.cai)
        if self.began:
            compound.clock.now = compound.district.subject(session).record.starts_at + timedelta(minutes=5)
            compound.district.make(session, "begin", actor=compound.leader)
        return session

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        now, compound = self.compound.clock.now, self.compound
        codes = ["00000000"]
        if self.began and compound.state(subject.root) == "under_way":
            going = move.name == "check_out"
            coming, leaving = (compound.code(subject.root, what) for what in ("check-in", "check-out"))
            codes += [leaving, coming] if going else [coming, leaving]
            codes += codes[1:2] * 4
        when = st.sampled_from([now, now, now - timedelta(minutes=3), now + timedelta(minutes=3)])
        return {
            "code": st.sampled_from(codes),
            "checked_in_at": when,
            "checked_out_at": when,
            "more": st.sampled_from([1, 1, 2, 0]),
            "new_starts_at": st.just(now + timedelta(days=1)),
            "new_ends_at": st.just(now + timedelta(days=1, hours=1)),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        compound = self.compound
        session, seats = compound.district.subject(root), compound.volunteers.roster(root)
        states = Counter(seat.state for seat in seats)
        self._places_add_up(session, states)
        if session.state == "sign_up" and states["waiting"]:
            assert compound.places(root)[0] == 0, "nobody waits while a place is free"
        if session.ended_at:
            assert all(seat.ended_at for seat in seats), "an ended session leaves nobody in between"
            assert (states["attended"] + states["annulled"] > 0) == (session.state == "held")
        for seat in seats:
            self._one_seat(session, seat)
        served = sum(seat.record.minutes for seat in seats if seat.state == "attended")
        issued = -self._issued(root)
        assert served == issued, "the ledger has the minutes that the places have"
        assert compound.district.award.audit().problems == ()

    def _places_add_up(self, session: StoredSubject, states: Counter[str]) -> None:
        free, held, spent = self.compound.places(session.id)
        opened = any(act.verb == "session.open" for act in self.district.history(session.id))
        assert free + held + spent == (session.record.capacity if opened else 0)
        assert held == sum(states[state.name] for state in SeatFlow.taking_a_place)
        assert spent == states["attended"] + states["annulled"] + states["absent"]

    def _one_seat(self, session: StoredSubject, seat: StoredSubject) -> None:
        record, hands = seat.record, seat.hands.moves
        assert 0 <= record.minutes <= 480
        for move in ("check_in_by_hand", "check_out_by_hand", "correct", "mark_absent", "annul"):
            assert seat.person not in hands.get(move, ()), "nobody confirms their own service"
        for move in ("check_in", "check_out"):
            assert set(hands.get(move, ())) <= {seat.person}
        if seat.state in ("checked_out", "attended"):
            assert record.checked_in_at <= record.checked_out_at

    def _issued(self, session: UUID) -> int:
        """What the session issued in minutes, below zero: read from the accounts themselves."""
        a = t.account.c
        query = select(a.balance).where(
            a.district == self.district.code, a.owner == session, a.unit == "minutes", a.part == "issued"
        )
        with self.district.store.reading() as connection:
            return int(connection.execute(query).scalar() or 0)


def test_sessions_that_people_sign_up_for(compound: VolunteerCompound) -> None:
    tried = _Sessions(compound).explore(
        "session.enlarge", "seat.leave", "seat.stop_waiting", "seat.sign_up_again"
    )
    assert any(one.act is None for one in tried)


class _Planned(_Sessions):
    """From before anybody can sign up."""

    examples, steps = 15, 3

    def opened(self) -> UUID:
        self.compound.clock.now += timedelta(days=3)
        return self.compound.planned()


def test_sessions_that_are_planned(compound: VolunteerCompound) -> None:
    _Planned(compound).explore("session.open", "session.postpone", "session.cancel")


class _Begun(_Sessions):
    examples, steps = 15, 20
    began = True


def test_sessions_under_way(compound: VolunteerCompound) -> None:
    _Begun(compound).explore(
        "seat.check_in",
        "seat.check_in_by_hand",
        "seat.check_out",
        "seat.check_out_by_hand",
        "seat.mark_absent",
    )


class _Nearly(_Begun):
    """As the others, from where everybody who had a place has come and gone, and one waits."""

    examples, steps = 15, 8

    def opened(self) -> UUID:
        session = super().opened()
        compound = self.compound
        compound.check_in(session, compound.ann, compound.second_leader)
        compound.clock.now += timedelta(minutes=20)
        compound.check_out(session, compound.ann, compound.second_leader)
        return session


def test_sessions_near_their_end(compound: VolunteerCompound) -> None:
    _Nearly(compound).explore("session.hold", "seat.correct", "seat.mark_absent")


class _Held(_Nearly):
    """As the others, once hours are confirmed."""

    examples, steps = 8, 5

    def opened(self) -> UUID:
        session = super().opened()
        self.compound.district.make(session, "hold", actor=self.compound.leader)
        return session


def test_sessions_that_were_held(compound: VolunteerCompound) -> None:
    tried = _Held(compound).explore("seat.annul", "seat.count_again")
    assert _reached(tried) == {"seat.annul", "seat.count_again"}


class _Wishes(_OfVolunteers):
    """A wish that one claimant more is wanted for."""

    needs = 3

    def opened(self) -> UUID:
        self.compound.clock.now += timedelta(minutes=1)
        wish = self.compound.posted(needs=self.needs)
        for actor in (self.compound.ann, self.compound.ben)[: self.needs]:
            self.compound.wishes.claim(wish, who(actor), actor=actor)
        return wish

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {"needs": st.integers(0, 3)}

    def _may(self, move: Move, subject: StoredSubject, name: str) -> bool:
        return super()._may(move, subject, name) and (move.name != "fulfil" or name in ("ann", "ben"))

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        wish, *claims = self.district.tree(root)
        standing = [claim for claim in claims if ClaimFlow.state(claim.state) in STANDING]
        assert len(standing) <= wish.record.needs or wish.ended_at
        assert (wish.state == "claimed") <= (len(standing) == wish.record.needs)
        if wish.state == "posted":
            assert len(standing) < wish.record.needs, "enough claimants make it claimed"
        if wish.state == "fulfilled":
            assert {claim.state for claim in standing} == {"delivered"}
        if wish.ended_at:
            assert all(claim.ended_at for claim in claims)
        hands, thanked = wish.hands.moves, {c.person for c in claims if c.state == "thanked"}
        assert bool(thanked) == (wish.state == "thanked")
        if thanked:
            assert set(hands["fulfil"]) == thanked, "who is paid for the move is who fulfilled it"
        stepped = [set(hands.get(move, ())) for move in ("propose", "approve", "fulfil")]
        assert not stepped[0] & stepped[1] | stepped[0] & stepped[2] | stepped[1] & stepped[2]
        assert not set(hands.get("thank", ())) & (stepped[1] | stepped[2])


def test_wishes_that_are_claimed(compound: VolunteerCompound) -> None:
    wanted = ("wish.fulfil", "wish.withdraw", "wish.reduce", "wish.read", "claim.release")
    _Wishes(compound).explore(*wanted)


class _Single(_Wishes):
    """A wish that has all its claimants."""

    examples, steps = 15, 12
    needs = 1


def test_wishes_of_one_claimant_to_their_end(compound: VolunteerCompound) -> None:
    _Single(compound).explore("wish.fulfil", "wish.thank", "claim.release", "wish.read")


class _Fulfilled(_Single):
    """As the others, from where the wisher's word is all that is wanting."""

    examples, steps = 20, 5

    def opened(self) -> UUID:
        wish = super().opened()
        self.compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=self.compound.ann)
        return wish


def test_wishes_that_wait_for_thanks(compound: VolunteerCompound) -> None:
    _Fulfilled(compound).explore("wish.thank", "wish.withdraw")


class _Proposed(_OfVolunteers):
    examples, steps = 12, 6

    def opened(self) -> UUID:
        compound = self.compound
        return compound.proposed()

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        wish = self.district.subject(root)
        if wish.state not in ("proposed", "refused", "withdrawn"):
            approvers = wish.hands.moves.get("approve", ())
            assert "approve" in {one.move.name for one in tried if one.act}
            assert who(self.compound.elder) not in approvers
            assert who(self.compound.steward) not in approvers


def test_wishes_that_wait_for_approval(compound: VolunteerCompound) -> None:
    _Proposed(compound).explore("wish.approve", "wish.refuse", "wish.withdraw")
