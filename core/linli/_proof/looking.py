"""The record beside the journal, looked at row by row: subjects, publications, posts, postings, sealed texts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import attrs
from sqlalchemy import Select, exists, or_, select, tuple_

from linli._base import codec
from linli._base.commitments import (
    POSTED,
    POSTS,
    SUBJECTS,
    of_post,
    of_posting,
    of_postings,
    of_subject,
    subjects_in,
)
from linli._base.errors import VaultError
from linli._base.i18n import Text, say
from linli._engine.replaying import as_kept, is_commitment, problems
from linli._engine.rules import Rules
from linli._model.acts import ACT_COLUMNS, Act, act_from
from linli._model.subjects import SUBJECT_COLUMNS
from linli._store import Row, Store
from linli._store import tables as t
from linli._vault.crypto import DataKey
from linli._verbs.award.auditing import audit
from linli._verbs.publish.altered import unlike
from linli._verbs.publish.receipts import unopened
from linli._verbs.publish.workflow import PublicationFlow

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

PAGE: Final = 500
MOST_SHOWN: Final = 100
_SUBJECT_NAMES: Final = tuple(column.name for column in SUBJECT_COLUMNS)
Told = Callable[[int], object]


@attrs.frozen(kw_only=True)
class Proof:
    """What a look at all that is not the journal came to.

    Attributes:
        problems: what differs from the acts; at most `MOST_SHOWN`, none where all fits.
        subjects, posts, postings, texts: how many of each were compared with their acts.
        by_file: subjects and posts that a file or an older version brought: no act says what they began as.
        erased: texts that an act commits to and that nobody can read any more.
    """

    problems: tuple[Text, ...]
    subjects: int
    posts: int
    postings: int
    texts: int
    by_file: int
    erased: int


def prove(district: "OpenDistrict", told: Told = lambda count: None) -> Proof:
    """Compare all that is shown with the journal. It takes as long as reading the whole record does."""
    looking = _Looking(district.store, district.rules)
    for look in (looking.acts, looking.subjects, looking.posts, looking.postings, looking.vault):
        look(told)
    return Proof(problems=tuple(looking.problems), **looking.counts)


@attrs.define(eq=False)
class _Looking:
    store: Store
    rules: Rules
    problems: list[Text] = attrs.field(factory=list)
    counts: dict[str, int] = attrs.field(
        factory=lambda: dict.fromkeys(("subjects", "posts", "postings", "texts", "by_file", "erased"), 0)
    )
    _posted: dict[UUID, str] = attrs.field(factory=dict)
    _begun: dict[UUID, str | None] = attrs.field(factory=dict)
    _ended: dict[UUID, str] = attrs.field(factory=dict)
    _brought: dict[UUID, bytes] = attrs.field(factory=dict)

    # --- pages --------------------------------------------------------------------------------------

    def _rows(self, query: Select[Any]) -> list[Row]:
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def _pages(
        self, query: Select[Any], keys: Sequence[Any], places: Sequence[int], told: Told
    ) -> Iterator[list[Row]]:
        """All rows, a page at a time, in the order of `keys`, which stand at `places` of a row."""
        page = query.order_by(*keys).limit(PAGE)
        rows = self._rows(page)
        while rows:
            told(len(rows))
            yield rows
            last = [rows[-1][place] for place in places]
            rows = self._rows(page.where(tuple_(*keys) > tuple_(*last)))

    def _found(self, what: Text) -> None:
        if len(self.problems) < MOST_SHOWN:
            self.problems.append(what)

    def _aliases(self) -> dict[UUID, UUID]:
        query = select(t.alias.c.id, t.alias.c.now).where(t.alias.c.district == self.rules.district)
        return dict(self._rows(query))

    # --- subjects -----------------------------------------------------------------------------------

    def subjects(self, told: Told) -> None:
        s, now = t.subject.c, self._aliases()
        query = select(*SUBJECT_COLUMNS).where(s.district == self.rules.district)
        for rows in self._pages(query, (s.root, s.id), (1, 0), told):
            acts = self._acts_on({row[1] for row in rows})
            for row in rows:
                self._subject(row, acts.get(row[0], []), now)
        for act in self._acts_on_nothing():
            self._found(
                say(
                    "{kind} {id} has been taken away: act {act} opened it",
                    kind=act.kind,
                    id=act.subject,
                    act=act.id,
                )
            )

    def _subject(self, row: Row, acts: list[Act], now: dict[UUID, UUID]) -> None:
        flow = self.rules.workflows.get(row[3])
        if flow is None:
            return
        if any(act.body.get("from") == "" for act in acts):
            self.counts["subjects"] += 1
        else:
            self._by_file(row, acts)
        subject = as_kept(flow, row)
        if isinstance(subject, Text):
            self._found(subject)
            return
        for problem in problems(flow, subject, acts, now):
            self._found(problem)
        if flow.name == PublicationFlow.name and (altered := unlike(subject, acts)):
            self._found(altered)

    def _by_file(self, row: Row, acts: list[Act]) -> None:
        """One that a file brought: as long as nobody moved it, it is what the file's act says."""
        said = self._brought.get(row[0])
        self.counts["subjects" if said else "by_file"] += 1
        moved = any("to" in act.body for act in acts)
        if said and not moved and of_subject(dict(zip(_SUBJECT_NAMES, row, strict=True))) != said:
            self._found(say("{kind} {id} is not what the file's act says", kind=row[3], id=row[0]))

    def _acts_on(self, roots: Iterable[UUID]) -> dict[UUID, list[Act]]:
        a = t.act.c
        query = select(*ACT_COLUMNS).where(a.district == self.rules.district, a.root.in_(roots))
        found: dict[UUID, list[Act]] = {}
        for row in self._rows(query.order_by(a.root, a.version)):
            act = act_from(row)
            if act.kind in self.rules.workflows:
                found.setdefault(act.subject, []).append(act)
        return found

    def _acts_on_nothing(self) -> list[Act]:
        a, s = t.act.c, t.subject.c
        there = exists().where(s.district == a.district, s.id == a.subject)
        query = select(*ACT_COLUMNS).where(
            a.district == self.rules.district, a.kind.in_(self.rules.workflows), ~there
        )
        acts = map(act_from, self._rows(query.limit(MOST_SHOWN)))
        return [act for act in acts if act.body.get("from") == ""]

    # --- what acts commit to ------------------------------------------------------------------------

    def acts(self, told: Told) -> None:
        a = t.act.c
        said = or_(
            a.body.contains('"sealed"'),
            a.body.contains(f'"{POSTED}"'),
            a.body.contains(f'"{POSTS}"'),
            a.body.contains(f'"{SUBJECTS}"'),
            a.kind == "post",
        )
        query = select(*ACT_COLUMNS).where(a.district == self.rules.district, said)
        for rows in self._pages(query, (a.id,), (0,), told):
            acts = [act_from(row) for row in rows]
            self._sealed(acts)
            for act in acts:
                self._commits(act)

    def _commits(self, act: Act) -> None:
        if POSTED in act.body:
            self._posted[act.id] = act.body[POSTED]
        self._brought.update(subjects_in(act.body.get(SUBJECTS, "")))
        self._begun.update({UUID(ident): digest for ident, digest in act.body.get(POSTS, {}).items()})
        if act.verb == "post.begin":
            self._begun.setdefault(act.subject, None)
        if act.verb == "post.end" and "until" in act.body:
            self._ended[act.subject] = act.body["until"]

    def _sealed(self, acts: Sequence[Act]) -> None:
        marks = {
            (act.subject if act.body.get("from") == "" else act.id, name, act.id): value["sealed"]
            for act in acts
            for name, value in act.body.get("values", {}).items()
            if is_commitment(value)
        }
        texts = self._texts({keeper for keeper, _, _ in marks})
        for (keeper, name, act), mark in marks.items():
            sealed, owner, key = texts.get((keeper, name), (None, None, None))
            if sealed is None or owner is None:
                self.counts["erased"] += 1
                continue
            text = self._opened(key, owner, keeper, name, sealed)
            if text is not None:
                self.counts["texts"] += 1
                if self.rules.vault.keyring.commit(text, f"{act} {name}") != mark:
                    self._found(
                        say(
                            "the text {field} of {id} is not the one that act {act} took down",
                            field=name,
                            id=keeper,
                            act=act,
                        )
                    )

    def _texts(self, keepers: set[UUID]) -> dict[tuple[UUID, str], tuple[bytes, UUID, bytes]]:
        i, k = t.vault_item.c, t.vault_key.c
        query = (
            select(i.subject, i.field, i.sealed, i.owner, k.wrapped)
            .join(t.vault_key, (k.district == i.district) & (k.owner == i.owner))
            .where(i.district == self.rules.district, i.subject.in_(keepers))
        )
        return {(row[0], row[1]): (bytes(row[2]), row[3], bytes(row[4])) for row in self._rows(query)}

    def _opened(
        self, wrapped: bytes | None, owner: UUID, subject: UUID, field: str, sealed: bytes
    ) -> str | None:
        vault = self.rules.vault
        try:
            key: DataKey = vault.key_from([(wrapped,)], owner)
            return vault.opened(key, subject, {field: sealed})[field]
        except VaultError as error:
            self._found(error.text)
        except UnicodeDecodeError:
            self._found(say("the text {field} of {id} is no text", field=field, id=subject))
        return None

    # --- posts and postings -------------------------------------------------------------------------

    def posts(self, told: Told) -> None:
        p, names = t.post.c, self._names()
        query = select(t.post).where(p.district == self.rules.district)
        for rows in self._pages(query, (p.id,), (1,), told):
            for row in rows:
                self._post(dict(zip(p.keys(), row, strict=True)), names)

    def _names(self) -> dict[UUID, set[UUID]]:
        """By person, the records that were merged into them."""
        found: dict[UUID, set[UUID]] = {}
        for ident, now in self._aliases().items():
            found.setdefault(now, set()).add(ident)
        return found

    def _post(self, row: dict[str, Any], names: dict[UUID, set[UUID]]) -> None:
        said = self._begun.pop(row["id"], None)
        if said is None:
            self.counts["by_file"] += 1
        else:
            self.counts["posts"] += 1
            people = {row["person"], *names.get(row["person"], ())}
            if said not in {of_post(row, person) for person in people}:
                self._found(say("post {id} is not the one that was given", id=row["id"]))
        ended = self._ended.get(row["id"])
        if ended and (row["until"] is None or row["until"] > codec.moment(ended)):
            self._found(
                say(
                    "post {id} ended on {day}, and is held again without an act", id=row["id"], day=ended[:10]
                )
            )

    def postings(self, told: Told) -> None:
        p = t.posting.c
        keys = (p.cause, p.rule, p.to_owner, p.to_part)
        names = list(p.keys())
        found: dict[UUID, list[bytes]] = {}
        for rows in self._pages(
            select(t.posting).where(p.district == self.rules.district), keys, (1, 2, 3, 4), told
        ):
            for row in (dict(zip(names, one, strict=True)) for one in rows):
                found.setdefault(row["act"], []).append(of_posting(row))
        for act, digests in found.items():
            self.counts["postings"] += len(digests)
            said = self._posted.pop(act, None)
            if said is not None and said != of_postings(digests):
                self._found(say("the postings of act {act} are not those that it made", act=act))
            elif said is None:
                self._unsaid(act)
        for problem in audit(self.store, self.rules.district).problems:
            self._found(problem)
        for act in self._posted:
            self._found(say("the postings of act {act} have been taken away", act=act))

    def _unsaid(self, act: UUID) -> None:
        """An act of an older version says nothing of its postings; but there must be one."""
        query = select(t.act.c.id).where(t.act.c.district == self.rules.district, t.act.c.id == act)
        if not self._rows(query):
            self._found(say("postings name act {act}, which is not in the journal", act=act))

    # --- the vault ----------------------------------------------------------------------------------

    def vault(self, told: Told) -> None:
        """That every sealed text can be opened where it stands; and publications' are those committed to."""
        i, k = t.vault_item.c, t.vault_key.c
        query = (
            select(i.subject, i.field, i.sealed, i.owner, k.wrapped)
            .join(t.vault_key, (k.district == i.district) & (k.owner == i.owner))
            .where(i.district == self.rules.district)
        )
        for rows in self._pages(query, (i.subject, i.field), (0, 1), told):
            shown = self._published({row[0] for row in rows})
            for subject, field, sealed, owner, wrapped in rows:
                text = self._opened(bytes(wrapped), owner, subject, field, bytes(sealed))
                mark = shown.get((subject, field))
                if text is not None and mark is not None and unopened(text, mark):
                    self._found(
                        say(
                            "publication {id}: {name} is not the text that was committed to",
                            id=subject,
                            name=field,
                        )
                    )

    def _published(self, subjects: set[UUID]) -> dict[tuple[UUID, str], str]:
        """By publication and name, the commitments to personal data."""
        s = t.subject.c
        query = select(s.id, s.record).where(
            s.district == self.rules.district, s.id.in_(subjects), s.kind == "publication"
        )
        return {
            (ident, name): one["commitment"]
            for ident, record in self._rows(query)
            for name, one in codec.decode(record).get("personal", {}).items()
        }
