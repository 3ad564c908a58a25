"""What people served, for programs: hours, and certificates with a code that verifies."""

from datetime import date
from uuid import UUID

import attrs

from linli import (
    Actor,
    District,
    Facts,
    Missing,
    NoNameRegistered,
    NotFound,
    NotFoundHere,
    OpenOrder,
    Refusal,
    Refused,
    StoredSubject,
    code_of,
    number_of,
    query,
)
from linli_volunteers.certificates import (
    Service,
    by_month,
    certificate_id,
    served,
    services,
    within,
)
from linli_volunteers.records import MINUTES, Certificate


@attrs.frozen(kw_only=True)
class Hours:
    """What somebody served from a day to a day.

    Attributes:
        by_month: minutes by month, "2026-03".
        ever: minutes since the record began, as the ledger has them.
    """

    since: date
    until: date
    sessions: int
    minutes: int
    by_month: dict[str, int]
    ever: int


@attrs.frozen(kw_only=True)
class Verified:
    """What a certificate's code says of it: nothing that names anybody.

    Attributes:
        stands: whether it was not revoked, and the record still has as much as it says.
    """

    code: str
    stands: bool
    state: str
    issued_on: date
    since: date
    until: date
    sessions: int
    minutes: int


class PlaceNotSaid(Missing, says="say where: nobody knows where they belong"):
    field: str = "place"


class CertificateRevoked(Refusal, says="the certificate that says this was revoked"): ...


class NoSuchCertificate(NotFoundHere, says="no certificate of this district has this code"): ...


class ServiceDesk:
    """What the volunteers of a district served."""

    def __init__(self, district: District) -> None:
        self._district = district

    # --- hours ------------------------------------------------------------------------------------------

    def services(self, person: UUID) -> list[Service]:
        """Every session that somebody served at, the oldest first."""
        return served(self._district.ask_unchecked(services(person)), self._district.rules.zone)

    def hours(self, person: UUID, since: date | None = None, until: date | None = None) -> Hours:
        """What somebody served from a day to a day; without days, ever."""
        first, last = since or date.min, until or date.max
        found = within(self.services(person), first, last)
        return Hours(
            since=first,
            until=last,
            sessions=len(found),
            minutes=sum(one.minutes for one in found),
            by_month=by_month(found),
            ever=self._district.award.account(person, MINUTES).free,
        )

    # --- certificates -----------------------------------------------------------------------------------

    def certify(
        self,
        person: UUID,
        since: date,
        until: date,
        *,
        actor: Actor | None = None,
        place: UUID | None = None,
        key: UUID | None = None,
    ) -> UUID:
        """Issue a certificate of what somebody served; the one that says so already, if there is one.

        Args:
            place: where it is issued; where they live if not given.
        """
        found = self.hours(person, since, until)
        said = Certificate(since=since, until=until, sessions=found.sessions, minutes=found.minutes)
        ident = certificate_id(self._district.rules.vault.keyring.commit, person, said)
        where = place or self.place_of(person)
        if self._is_there(ident):
            return ident
        values: dict[str, object] = {"since": since, "until": until}
        order = OpenOrder(
            workflow="certificate", move="issue", place=where, values=values, person=person, id=ident
        )
        return self._district.perform(order, actor=actor, key=key).subject

    def place_of(self, person: UUID) -> UUID:
        """Where somebody is at home, or else belongs."""
        found = self._district.register.place_of_person(person)
        if found is None:
            raise Refused(PlaceNotSaid())
        return found

    def _is_there(self, certificate: UUID) -> bool:
        try:
            found = self._district.subject(certificate)
        except NotFound:
            return False
        if found.state != "issued":
            raise Refused(CertificateRevoked())
        return True

    def print(self, certificate: UUID, *, actor: Actor | None = None) -> tuple[str, Hours]:
        """The name and the hours that a certificate shows. That it was printed is an act.

        The name is for the certificate alone: keep it nowhere else.
        """
        found = self._certificate(certificate)
        assert found.person is not None, "a certificate is somebody's"
        self._district.make(certificate, "print", actor=actor)
        with self._district.store.transaction() as transaction:
            facts = Facts(transaction, self._district.rules.constants, self._district.now())
            name = facts.said(facts.get(query.survivor(found.person)), "name")
        if name is None:
            raise Refused(NoNameRegistered())
        return name, self.hours(found.person, found.record.since, found.record.until)

    def verify(self, code: str) -> Verified:
        """What is behind a certificate's code; NotFound where there is none."""
        found = self._certificate(number_of(code))
        assert found.person is not None, "a certificate is somebody's"
        said = found.record
        now = self.hours(found.person, said.since, said.until)
        return Verified(
            code=code_of(found.id),
            stands=found.state == "issued" and now.minutes >= said.minutes and now.sessions >= said.sessions,
            state=found.state,
            issued_on=found.opened_at.astimezone(self._district.rules.zone).date(),
            since=said.since,
            until=said.until,
            sessions=said.sessions,
            minutes=said.minutes,
        )

    def _certificate(self, ident: UUID) -> StoredSubject:
        try:
            found = self._district.subject(ident)
        except NotFound:
            raise NotFound(NoSuchCertificate()) from None
        if found.kind != "certificate":
            raise NotFound(NoSuchCertificate())
        return found
