"""Publish for programs: drafts, approval, publications, corrections and withdrawals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base.errors import Altered, NotFound, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.refusals import Invalid, NotFoundHere, Refusal
from linli._base.revealing import filled
from linli._hooks.channels import Refreshable
from linli._hooks.pages import MatterPage
from linli._model.access import Actor
from linli._model.acts import Act, new_id
from linli._model.effects import OpenOrder
from linli._model.files import GivenFile
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._vault.crypto import DataKey
from linli._vault.vault import KEY_OF, Vault
from linli._verbs.publish import reading
from linli._verbs.publish.disclosing import committed
from linli._verbs.publish.files import content
from linli._verbs.publish.pages import page_about
from linli._verbs.publish.receipts import Receipt, covered, inconsistencies
from linli._verbs.publish.records import Consented, PublishSettings

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict


@attrs.frozen(kw_only=True)
class Verdict:
    """What a receipt comes to.

    Attributes:
        problems: why it is not the receipt of what went out; empty: it is.
        state: how the publication stands now: "published" or "withdrawn".
        published_at: when it went out; None where the record does not have it.
    """

    problems: tuple[Text, ...]
    state: str | None = None
    published_at: datetime | None = None


class NoSuchFile(NotFoundHere, says="there is no file {name} to be shown; it has: {known}"):
    name: str
    known: Several


class NotPublished(Refusal, says="publication {id} is not published, so that it has no receipt"):
    id: UUID


class GivenTwice(Invalid, says="personal data is given twice under one name"):
    field: str = "personal"


class Publishing:
    """The publications of an open district.

    Every method that changes something makes one act and returns it; its `subject` is the
    publication's number. `actor`, `at` and `key` are as in `OpenDistrict.make`.
    """

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district

    # --- what changes something ---------------------------------------------------------------------

    def draft(
        self,
        place: UUID,
        title: str,
        body: str,
        *,
        series: str = "notice",
        about: UUID | None = None,
        stage: int | None = None,
        personal: Iterable[Consented] = (),
        corrects: UUID | None = None,
        files: Iterable[GivenFile] = (),
        look: bool = False,
        at_once: bool = False,
        actor: Actor | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Draft a publication at a place.

        Args:
            title: a line of at most 120 characters.
            body: plain text; an empty line parts paragraphs, "{phone}" stands for personal data.
            about, stage: the matter that a disclosure is about, and which one of it, from 1.
            personal: consented texts for the names in the body's braces; they go to the vault.
            files: what comes with it; another person looks at each page before it goes out.
            look: let it go out as soon as another person has looked at it.
            at_once: publish it in the same transaction.

        Raises: Refused where the text identifies somebody, or a person has not consented.
        """
        values: dict[str, object] = {
            "title": title.strip(),
            "body": _tidy(body),
            "series": series,
            "about": about,
        }
        values |= {"stage": stage, "corrects": corrects, "at_once": at_once or None}
        values |= {"look": True} if look else {}
        values |= {"files": found} if (found := tuple(files)) else {}
        order = self._with_personal(_order(place, values, key), tuple(personal))
        return self._district.perform(order, actor=actor, at=at, key=key)

    def announce(self, place: UUID, title: str, body: str, **more: Any) -> Act:
        """Draft and publish in one act; refused where the district approves first. Args: as in `draft`."""
        return self.draft(place, title, body, at_once=True, **more)

    def correct(self, old: UUID, title: str, body: str, **more: Any) -> Act:
        """Publish a correction that names the old one, which stays, marked.

        Where the district approves first, it is drafted, and marks the old one when it goes out.
        Args: as in `draft`; its place, series and matter are those of the old one.
        """
        was = self.get(old)
        same = {name: getattr(was.record, name) for name in ("series", "about", "stage")}
        # With files it waits for another person's look, and goes out then.
        more = {"look": was.record.look or bool(more.get("files")), **more}
        at_once = not (self._settings.approval or more["look"])
        return self.draft(was.place, title, body, corrects=old, at_once=at_once, **same, **more)

    def approve(self, publication: UUID, *, seen: Sequence[str] = (), **how: Any) -> Act:
        """Approve a draft; by another person than who drafted it.

        Args:
            seen: the names of its files, of which they have looked at each page.
        """
        return self._district.make(publication, "approve", {"seen": tuple(seen)} if seen else {}, **how)

    def publish(self, publication: UUID, **how: Any) -> Act:
        """Let a draft go out: to the place's readers, by every channel of its audience."""
        return self._district.make(publication, "publish", **how)

    def discard(self, publication: UUID, why: str, **how: Any) -> Act:
        """Drop a draft that has not gone out."""
        return self._district.make(publication, "discard", {"reason": why}, **how)

    def withdraw(self, publication: UUID, reason: str, **how: Any) -> Act:
        """Withdraw it: title, reason and dates stay for everybody to see, the text does not."""
        return self._district.make(publication, "withdraw", {"reason": reason}, **how)

    # --- what is there ------------------------------------------------------------------------------

    def get(self, publication: UUID) -> StoredSubject:
        """A publication; NotFound where there is none."""
        return reading.one(self._district, publication)

    def listed(self, wanted: reading.Wanted | None = None) -> list[StoredSubject]:
        """Publications, the newest first; all that ever went out, withdrawn and corrected ones too."""
        return reading.listed(self._district, wanted or reading.Wanted())

    def body(self, publication: StoredSubject, *, personal: bool = True) -> str:
        """Its text as it may be shown now: personal data only while its person consents.

        Args:
            personal: False for what its readers keep, such as a feed: personal data is on its page alone.
        """
        if publication.state == "withdrawn":
            return ""
        if not personal:
            elsewhere = str(say("[on its own page]"))
            return filled(publication.record.body, dict.fromkeys(publication.record.personal, elsewhere))
        shown = {name: one.text for name, one in reading.opened(self._district, publication).items()}
        gone = {name: str(say("[no longer shown]")) for name in publication.record.personal}
        return filled(publication.record.body, gone | shown)

    def file(self, publication: UUID, name: str) -> bytes:
        """The content of one of its files; NotFound where it has none of this name, or was taken back."""
        one = self.get(publication)
        found = next((file for file in one.record.files if file.name == name), None)
        if found is None or one.state in ("withdrawn", "discarded"):
            known = listed(file.name for file in one.record.files)
            raise NotFound(NoSuchFile(name=name, known=known))
        return content(self._district, found)

    def page_about(self, matter: UUID) -> MatterPage | None:
        """A matter and its whole way on one page, for the public; None where no plugin gives one."""
        return page_about(self._district, matter)

    def refresh(self, publications: Iterable[UUID]) -> None:
        """Let channels that keep pages show these, and the matters they are about, as they now are.

        For `act_done`: what is to be seen has changed, though nothing new went out.
        """
        wanted = tuple(publications)
        for make in self._district.rules.plugins.channels.values():
            channel = make(self._district)
            if isinstance(channel, Refreshable):
                channel.refresh(wanted)

    def receipt(self, publication: UUID) -> Receipt:
        """What anybody needs to check later that this is what went out."""
        one = self.get(publication)
        if one.state != "published":
            raise Refused(NotPublished(id=publication))
        values = covered(one.id, one.opened_in, one.record)
        return Receipt(**values, digest=one.record.digest, opened=reading.opened(self._district, one))

    def verify(self, receipt: Receipt) -> Verdict:
        """Whether a receipt is of what went out, by the journal, and that is what is shown."""
        acts = [
            act
            for act in self._district.history(receipt.publication)
            if act.verb == "publication.publish" and act.subject == receipt.publication
        ]
        problems = inconsistencies(receipt)
        if not acts:
            return Verdict(problems=(*problems, say("no such publication went out in this district")))
        if acts[0].value("digest") != receipt.digest:
            problems.append(say("the journal has another digest for this publication"))
        state = None
        try:
            state = self.get(receipt.publication).state
        except Altered as altered:
            problems.append(altered.text)
        return Verdict(problems=tuple(problems), state=state, published_at=acts[0].at)

    @property
    def _settings(self) -> PublishSettings:
        return self._district.configuration.section(PublishSettings)

    # --- consented personal data --------------------------------------------------------------------

    def _with_personal(self, order: OpenOrder, personal: Sequence[Consented]) -> OpenOrder:
        if not personal:
            return order
        assert order.id, "a draft is numbered before its texts are sealed for it"
        sealed = {one.name: self._sealed(order.id, one) for one in personal}
        if len(sealed) < len(personal):
            raise Refused(GivenTwice())
        kept = {name: kept for name, (kept, _) in sealed.items()}
        writes = tuple(write for _, write in sealed.values())
        return attrs.evolve(order, values={**order.values, "personal": kept}, writes=(*order.writes, *writes))

    def _sealed(self, ident: UUID, one: Consented) -> tuple[Mapping[str, Any], Write]:
        """What the record keeps of a consented text, and the write that keeps the text itself."""
        kept, text = committed(one)
        return kept, self._vault.item(self._key(one.person), one.person, ident, one.name, text)

    def _key(self, owner: UUID) -> DataKey:
        asked = {"district": self._district.code, "owner": owner}
        return self._vault.key_from(self._district.store.ask([(KEY_OF, asked)])[0], owner)

    @property
    def _vault(self) -> Vault:
        return self._district.rules.vault


def _order(place: UUID, values: Mapping[str, object], key: UUID | None) -> OpenOrder:
    given = {name: value for name, value in values.items() if value is not None}
    return OpenOrder(workflow="publication", move="draft", place=place, id=new_id(key), values=given)


def _tidy(body: str) -> str:
    """Line ends as one character, no blanks at their sides, no empty lines around."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
