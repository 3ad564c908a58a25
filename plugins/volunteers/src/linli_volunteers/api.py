"""Volunteers for programs: sessions, places at them, codes, hours and certificates."""

from datetime import datetime
from uuid import UUID

from linli import (
    Act,
    Actor,
    Move,
    NoInputs,
    NotAllowed,
    NotFound,
    NotFoundHere,
    NotPermitted,
    PersonId,
    PlaceId,
    Private,
    Refused,
    StoredSubject,
    Subject,
)
from linli.query import asked_by, may, subjects
from linli_volunteers.attending import ByCode, NotUnderWay
from linli_volunteers.codes import Code, Purpose, code_at, qr_text
from linli_volunteers.guardians import Consent, ConsentFlow
from linli_volunteers.records import Seat
from linli_volunteers.roles import LEADER, WhyForOthers
from linli_volunteers.seats import SeatFlow
from linli_volunteers.service_api import ServiceDesk
from linli_volunteers.sessions import postponed
from linli_volunteers.settings import VolunteerSettings


class NotSignedUp(NotFoundHere, says="they have not signed up for this session"): ...


class LeaderShowsCode(NotPermitted, says="only whoever leads the session shows its code"): ...


class Volunteers(ServiceDesk):
    """The volunteers of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The other moves (open, begin, cancel, correct, …) are made by `District.make`.
    """

    @property
    def settings(self) -> VolunteerSettings:
        """What the district decided."""
        return self._district.configuration.section(VolunteerSettings)

    # --- sessions ---------------------------------------------------------------------------------------

    def postponed_to(self, session: UUID) -> StoredSubject:
        """The session that a postponed one became."""
        return self._district.subject(postponed(session))

    def sign_up(
        self,
        session: UUID,
        person: UUID,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Sign somebody up: they get a place, or wait for one where all are taken."""
        tree = self._district.tree(session)
        known = next((one for one in tree if one.kind == "seat" and one.person == person), None)
        if known is not None and known.state == "left":
            again = SeatFlow.sign_up_again(SeatFlow.ref(known.id))
            return self._district.perform(again, actor=actor, at=at, key=key)
        place = PlaceId(tree[0].place)
        order = SeatFlow.sign_up.at(
            place, NoInputs(), parent=session, key=person.hex, person=PersonId(person)
        )
        return self._district.perform(order, actor=actor, at=at, key=key)

    def seat(self, session: UUID, person: UUID) -> StoredSubject:
        """Somebody's place at a session; NotFound where they have not signed up."""
        for one in self._district.tree(session):
            if one.kind == "seat" and one.person == person:
                return one
        raise NotFound(NotSignedUp())

    def roster(self, session: UUID) -> list[StoredSubject]:
        """Every place at a session, in the order of signing up."""
        seats = [one for one in self._district.tree(session) if one.kind == "seat"]
        return sorted(seats, key=lambda one: (one.record.queued_at, one.id))

    def leave(
        self,
        session: UUID,
        person: UUID,
        reason: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Take somebody off a session's list, or off its waiting list; the next one moves up."""
        seat = self.seat(session, person)
        move = SeatFlow.stop_waiting if seat.state == "waiting" else SeatFlow.leave
        given = WhyForOthers(reason=None if reason is None else Private(reason))
        return self._district.perform(move(SeatFlow.ref(seat.id), given), actor=actor, key=key)

    def code(
        self, session: UUID, purpose: Purpose, *, actor: Actor | None = None, at: datetime | None = None
    ) -> Code:
        """The code that a session's leader shows now; NotAllowed for everybody else."""
        found = self._district.subject(session)
        if found.kind != "session" or found.state != "under_way":
            raise Refused(NotUnderWay())
        if not self._leads(found, actor):
            raise NotAllowed(LeaderShowsCode())
        moment = at or self._district.now()
        return code_at(self._district.rules.vault.keyring.commit, session, purpose, moment, self.settings)

    def qr(self, session: UUID, purpose: Purpose, code: Code) -> str:
        """What stands in the QR of a code."""
        return qr_text(self.settings.qr_address, session, purpose, code.text)

    def check_in(
        self, session: UUID, person: UUID, code: str, *, actor: Actor | None = None, key: UUID | None = None
    ) -> Act:
        """Check a volunteer in by the code on show; by themselves only."""
        return self._by_code(SeatFlow.check_in, session, person, code, actor, key)

    def check_out(
        self, session: UUID, person: UUID, code: str, *, actor: Actor | None = None, key: UUID | None = None
    ) -> Act:
        """Check a volunteer out by the code on show; by themselves only."""
        return self._by_code(SeatFlow.check_out, session, person, code, actor, key)

    def _by_code(
        self,
        move: Move[Seat, ByCode],
        session: UUID,
        person: UUID,
        code: str,
        actor: Actor | None,
        key: UUID | None,
    ) -> Act:
        seat = SeatFlow.ref(self.seat(session, person).id)
        return self._district.perform(move(seat, ByCode(code=code)), actor=actor, key=key)

    def _leads(self, session: StoredSubject, actor: Actor | None) -> bool:
        with asked_by(self._district, actor) as (facts, who):
            return may(LEADER, who, facts, session.place)

    # --- guardians --------------------------------------------------------------------------------------

    def consents(self, minor: UUID) -> tuple[Subject[Consent], ...]:
        """The guardians' consents that stand for a minor."""
        return self._district.ask_unchecked(subjects(ConsentFlow, person=minor, ended=False))
