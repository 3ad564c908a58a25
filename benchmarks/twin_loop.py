"""The closed loop by hand: the rows that linli stores, the checks that it makes, statement by statement.

Written as somebody would who knows the tables and nothing else: a cursor, SQL, a transaction per act. What an act
changes it reads first, and what linli refuses (a wrong state, a wrong actor, one whose record has ended, a second
hand in one matter, a value that was not asked for, a person's number in what is public, a place that has ended, a
moment before the last one) it refuses too. What people did under a number that was merged into theirs is theirs.
Its short numbers have more digits, so that none is taken.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import attrs
from uuid_utils.compat import uuid7

from linli._base.commitments import POSTED, of_posting, of_postings
from linli._base.numbers import draw
from linli._base.revealing import revealing, unprintable
from linli._vault.crypto import DataKey, Keyring, seal
from linli_bank.banks import bank_at

ACT = "INSERT INTO act (district, root, version, id, verb, kind, subject, place, actor, acting_as, at, recorded_at, settings, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
SUBJECT = "INSERT INTO subject (district, id, root, parent, kind, part_key, state, outcome, place, compound, holder_role, holder_at, person, opened_at, accepted_at, ended_at, due_at, record, clocks, hands, number) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
CHANGE = "UPDATE subject SET state=?, outcome=?, place=?, holder_role=?, holder_at=?, person=?, accepted_at=?, ended_at=?, due_at=?, record=?, clocks=?, hands=? WHERE district=? AND id=?"
TREE = "SELECT s.district, s.id, s.root, s.parent, s.kind, s.part_key, s.state, s.outcome, s.place, s.compound, s.holder_role, s.holder_at, COALESCE((SELECT n.now FROM alias n WHERE n.district=s.district AND n.id=s.person), s.person), s.opened_at, s.accepted_at, s.ended_at, s.due_at, s.record, s.clocks, s.hands, s.number, s.origin, (SELECT a.at FROM act a WHERE a.district=s.district AND a.root=s.root ORDER BY a.version DESC LIMIT 1), p.until, p.path, p.reporting_place, (SELECT max(version) FROM act a WHERE a.district=s.district AND a.root=s.root) FROM subject s JOIN place p ON p.district=s.district AND p.id=s.place WHERE s.district=? AND s.root=(SELECT root FROM subject WHERE district=? AND id=?)"
POSTS = "SELECT n.ended_at, o.role, o.at, o.place, EXISTS(SELECT 1 FROM alias a WHERE a.district=n.district AND a.now=n.id) FROM person n LEFT JOIN post o ON o.district=n.district AND o.person=n.id AND o.since<=? AND (o.until IS NULL OR o.until>?) WHERE n.district=? AND n.id=?"
HOLDERS = (
    "SELECT role, person FROM post WHERE district=? AND at=? AND since<=? AND (until IS NULL OR until>?)"
)
PLACE = "SELECT id, kind, name, path, reporting_place, record, until FROM place WHERE district=? AND id=?"
NOW = "SELECT now FROM alias WHERE district=? AND id=?"
MEMBER = "SELECT state, place, record, opened_at FROM subject WHERE district=? AND kind='bank_account' AND (person=? OR person IN (SELECT id FROM alias WHERE district=? AND now=?))"
BANK = "SELECT state, record, ended_at FROM subject WHERE district=? AND id=?"
OWED = "SELECT balance FROM account WHERE district=? AND owner=? AND unit=? AND part='owed' AND balance>0"
KEY = "SELECT wrapped FROM vault_key WHERE district=? AND owner=?"
NEW_KEY = "INSERT INTO vault_key (district, owner, wrapped) VALUES (?,?,?)"
ITEM = "INSERT INTO vault_item (district, subject, field, owner, sealed) VALUES (?,?,?,?,?) ON CONFLICT (district, subject, field) DO UPDATE SET sealed=excluded.sealed, owner=excluded.owner"
DUE = "INSERT INTO delivery (district, id, due_at, kind, recipient, act, payload, attempts, lease, state, ended_at, error) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
FIGURE = "INSERT INTO figure (district, name, place, day, n, total) VALUES (?,?,?,?,?,?) ON CONFLICT (district, name, place, day) DO UPDATE SET n=figure.n+excluded.n, total=figure.total+excluded.total"
CREDIT = "INSERT INTO account (district, owner, unit, part, balance) VALUES (?,?,?,?,?) ON CONFLICT (district, owner, unit, part) DO UPDATE SET balance=account.balance+excluded.balance"
POSTING = "INSERT INTO posting (district, cause, rule, to_owner, to_part, from_owner, from_part, unit, amount, act, at, cap_period) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"

CHANNELS = ("desk", "phone", "web", "steward", "system", "import")
OUTCOMES = ("settled", "declined")
CATALOGUE = (("leak", ("漏水",), timedelta(hours=8), False),)


class Refusal(Exception):
    """What may not be done."""


@attrs.define
class Item:
    """A row of the tree, read."""

    id: Any
    kind: str
    state: str
    holder: tuple[Any, Any]
    record: dict[str, Any]
    clocks: dict[str, Any]
    hands: dict[str, Any]

    def must_be(self, *states: str) -> None:
        if self.state not in states:
            raise Refusal(self.state)

    def hand(self, move: str, person: UUID) -> None:
        """Who made which move."""
        self.hands.setdefault("moves", {}).setdefault(move, []).append(str(person))


def fits(text: str, longest: int) -> str:
    """A text that may be kept in the open."""
    if not text.strip() or len(text) > longest or unprintable(text, lines=True) or revealing(text):
        raise Refusal("text")
    return text


def adds(*figures: str) -> dict[str, list[dict[str, int]]]:
    """What an act adds to figures, as it keeps it."""
    return {figure: [{"n": 1}] for figure in figures}


class Twin:
    """A clerk's and a steward's acts, by hand.

    Args:
        execute: runs one statement and returns its rows; placeholders are question marks.
        points: what a confirmed task pays; 0 for nothing.
    """

    def __init__(
        self,
        execute: Callable[..., list[Any]],
        keyring: Keyring,
        district: str,
        settings: str,
        place: UUID,
        clerk: UUID,
        steward: UUID,
        resident: UUID,
        deadline: Callable[[datetime, timedelta], datetime],
        spent: Callable[[datetime, datetime], timedelta],
        points: int,
        rule: str,
    ) -> None:
        self.run, self.keyring, self.district, self.settings = execute, keyring, district, settings
        self.place, self.clerk, self.steward, self.resident = place, clerk, steward, resident
        self.deadline, self.spent, self.points, self.rule = deadline, spent, points, rule

    # --- pieces -------------------------------------------------------------------------------------

    def act(
        self,
        root: UUID,
        version: int,
        verb: str,
        subject: UUID,
        actor: UUID | None,
        as_: str,
        at: datetime,
        body: Any,
        person: UUID | None,
        ident: UUID | None = None,
    ) -> UUID:
        ident = ident or uuid7()
        if person:
            body = {**body, "person": str(person)}
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self.run(
            ACT,
            self.district,
            root,
            version,
            ident,
            verb,
            verb.split(".")[0],
            subject,
            self.place,
            actor,
            as_,
            at,
            at,
            self.settings,
            text,
        )
        return ident

    def posts(self, person: UUID, at: datetime, role: str) -> str:
        for ended_at, name, where, reach, merged in self.run(POSTS, at, at, self.district, person):
            if ended_at is not None or merged:
                raise Refusal("ended, or known by several numbers")
            if name == role and self.in_path(reach):
                return f"{name}@{where}"
        raise PermissionError(role)

    def in_path(self, reach: Any) -> bool:
        rows = [self.path] if self.path else []
        return any((reach if isinstance(reach, str) else reach.hex) in row for row in rows)

    def tree(self, subject: UUID, at: datetime) -> tuple[list[Item], int]:
        rows = self.run(TREE, self.district, self.district, subject)
        if not rows or any(r[-4] is not None for r in rows):
            raise Refusal("unknown, or at a place that has ended")
        last = rows[0][-5]
        if (datetime.fromisoformat(last) if isinstance(last, str) else last) > at:
            raise Refusal("before the last act")
        self.path = rows[0][-3]
        found = [
            Item(
                r[1] if isinstance(r[1], UUID) else UUID(r[1]),
                r[4],
                r[6],
                (r[10], r[11]),
                *map(json.loads, r[17:20]),
            )
            for r in rows
        ]
        return found, rows[0][-1]

    def of(self, tree: list[Item], subject: UUID, actor: UUID, *states: str) -> Item:
        """The subject, where it may be acted on by `actor`."""
        found = next(item for item in tree if item.id == subject)
        found.must_be(*states)
        if found.record.get("about") == str(actor):
            raise Refusal("about the actor")
        return found

    def text(self, owner: UUID, subject: UUID, field: str, text: str, key: DataKey | None) -> DataKey:
        if key is None:
            rows = self.run(KEY, self.district, owner)
            key = self.keyring.unwrap(bytes(rows[0][0]), self.district, owner)
        sealed = seal(key, text.encode(), self.district, subject, field)
        self.run(ITEM, self.district, subject, field, owner, sealed)
        return key

    def timer(self, act: UUID, due: datetime, subject: UUID, clock: str, turn: int) -> None:
        payload = json.dumps({"clock": clock, "subject": str(subject), "turn": turn}, separators=(",", ":"))
        ident = uuid5(act, f"timer clock:{clock} {payload}")
        self.run(
            DUE,
            self.district,
            ident,
            due,
            "timer",
            f"clock:{clock}",
            act,
            payload,
            0,
            None,
            "due",
            None,
            None,
        )

    def count(self, name: str, at: datetime, n: int, total: int = 0) -> None:
        day: date = (at + timedelta(hours=8)).date()
        self.run(FIGURE, self.district, name, self.place, day, n, total)

    def change(
        self, subject: UUID, state: str, at: datetime, record: Any, clocks: Any, hands: Any, **more: Any
    ) -> None:
        self.run(
            CHANGE, state, more.get("outcome"), self.place, more.get("role"), more.get("seat"), self.resident_of(more),
            more.get("accepted", at), more.get("ended"), more.get("due"), json.dumps(record), json.dumps(clocks), json.dumps(hands),
            self.district, subject,
        )  # fmt: skip

    def resident_of(self, more: Any) -> UUID | None:
        return None if more.get("nobody") else self.resident

    def newest_task(self, request: UUID) -> UUID:
        """The steward looks for what there is to do."""
        rows, _ = self.tree(request, datetime.now(UTC))
        found: UUID = [row.id for row in rows if row.kind == "task" and row.state != "cancelled"][-1]
        return found

    def earned(self, act: UUID, at: datetime) -> dict[str, Any] | None:
        """The posting that pays the steward: by the bank of the place, whoever they have become, if they joined."""
        rows = self.run(NOW, self.district, self.steward)
        payee = rows[0][0] if rows else self.steward
        joined = [r for r in self.run(MEMBER, self.district, payee, self.district, payee) if r[0] != "closed"]
        suspended = [json.loads(r[2]) for r in joined if r[0] == "suspended"]
        bank = self.run(BANK, self.district, bank_at(self.place))
        if not self.points or not joined or suspended or not bank or bank[0][0] != "open":
            return None
        if self.run(OWED, self.district, payee, "points"):
            raise Refusal("it owes")
        return {"cause": act, "rule": self.rule, "to_owner": payee, "to_part": "free", "from_owner": self.place,
                "from_part": "issued", "unit": "points", "amount": self.points, "act": act, "at": at, "cap_period": None}  # fmt: skip

    # --- acts ---------------------------------------------------------------------------------------

    def clock(self, at: datetime, span: timedelta) -> tuple[dict[str, Any], datetime]:
        due = self.deadline(at, span)
        known = {"span": span.total_seconds(), "service": True, "since": str(at), "spent": 0.0,
                 "due": str(due), "step": 0, "turn": 1, "paused_for": None}  # fmt: skip
        return known, due

    def stop(self, item: Item, name: str, at: datetime) -> None:
        """Let a clock stand."""
        known = item.clocks[name]
        spent = self.spent(datetime.fromisoformat(known["since"]), at).total_seconds()
        known |= {"since": None, "due": None, "spent": known["spent"] + spent, "turn": known["turn"] + 1}

    def submit(self) -> UUID:
        at, request = datetime.now(UTC), uuid7()
        category, channel, description = fits("漏水", 40), "desk", "厨房水管漏水"
        if channel not in CHANNELS or len(description) > 4000 or self.resident is None:
            raise Refusal("asks")
        self.run("BEGIN")
        self.path = self.run(PLACE, self.district, self.place)[0][3]
        as_ = self.posts(self.clerk, at, "clerk")
        key = DataKey.generate()
        mark = self.keyring.commit(description, f"{request} description")
        values = {"anonymous": False, "category": category, "channel": channel, "confidential": False,
                  "description": {"sealed": mark}, "entered_by": str(self.clerk)}  # fmt: skip
        act = self.act(
            request,
            1,
            "request.submit",
            request,
            self.clerk,
            as_,
            at,
            {"from": "", "to": "submitted", "values": values},
            self.resident,
        )
        clock, due = self.clock(at, timedelta(hours=2))
        record = {"category": category, "channel": channel, "service": None, "rule": None, "urgent": False, "anonymous": False,
                  "confidential": False, "entered_by": str(self.clerk), "duplicate_of": None, "rating": None, "source": None}  # fmt: skip
        self.run(SUBJECT, self.district, request, request, None, "request", None, "submitted", None, self.place, self.place, None, None,
                 self.resident, at, None, None, due, json.dumps(record), json.dumps({"response": clock}),
                 json.dumps({"moves": {"submit": [str(self.clerk)]}, "rounds": {}}), draw(3))  # fmt: skip
        self.run(NEW_KEY, self.district, request, self.keyring.wrap(key, self.district, request))
        self.text(request, request, "description", description, key)
        self.timer(act, due, request, "response", 1)
        self.run("COMMIT")
        return request

    def accept(self, request: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        tree, version = self.tree(request, at)
        item = self.of(tree, request, self.clerk, "submitted")
        as_ = self.posts(self.clerk, at, "clerk")
        code, _, span, urgent = next(s for s in CATALOGUE if any(c in item.record["category"] for c in s[1]))
        found = {"service": code, "rule": "dispatch: category", "urgent": urgent}
        body = {"from": item.state, "to": "accepted", "values": found, "adds": adds("requests.accepted")}
        act = self.act(
            request, version + 1, "request.accept", request, self.clerk, as_, at, body, self.resident
        )
        self.stop(item, "response", at)
        item.clocks["handling"], due = self.clock(at, span)
        item.hand("accept", self.clerk)
        self.change(request, "accepted", at, item.record | found, item.clocks, item.hands, due=due)
        self.timer(act, due, request, "handling", 1)
        self.count("requests.accepted", at, 1)
        self.run("COMMIT")

    def dispatch(self, request: UUID) -> UUID:
        at, task = datetime.now(UTC), uuid7()
        self.run("BEGIN")
        tree, version = self.tree(request, at)
        item = self.of(tree, request, self.clerk, "accepted", "reopened", "dispatched")
        as_ = self.posts(self.clerk, at, "clerk")
        holders = self.run(HOLDERS, self.district, self.place, at, at)
        about = item.record.get("about")
        if not any(role == "steward" and str(person) != about for role, person in holders):
            raise Refusal("nobody")
        self.act(
            request,
            version + 1,
            "request.dispatch",
            request,
            self.clerk,
            as_,
            at,
            {"from": item.state, "to": "dispatched"},
            self.resident,
        )
        given = {
            "service": item.record["service"],
            "rule": "dispatch: role steward",
            "urgent": item.record["urgent"],
        }
        body = {"from": "", "to": "open", "values": given}
        act = self.act(request, version + 2, "task.open", task, None, "engine", at, body, self.resident)
        span = next(s[2] for s in CATALOGUE if s[0] == item.record["service"])
        clock, due = self.clock(at, span)
        item.hand("dispatch", self.clerk)
        running = item.clocks["handling"]["due"]
        self.change(
            request,
            "dispatched",
            at,
            item.record,
            item.clocks,
            item.hands,
            due=datetime.fromisoformat(running),
        )
        record = given | {"minutes": None}
        self.run(SUBJECT, self.district, task, request, request, "task", str(version + 1), "open", None, self.place, self.place, "steward",
                 self.place, self.resident, at, None, None, due, json.dumps(record), json.dumps({"task": clock}),
                 json.dumps({"moves": {}, "rounds": {}}), draw(3))  # fmt: skip
        self.timer(act, due, task, "task", 1)
        self.run("COMMIT")
        return task

    def finish(self, request: UUID, task: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        tree, version = self.tree(task, at)
        item = self.of(tree, task, self.steward, "open", "taken")
        as_ = self.posts(self.steward, at, item.holder[0])
        result, minutes = "换了接头", 30
        if len(result) > 4000 or not isinstance(minutes, int):
            raise Refusal("asks")
        mark = self.keyring.commit(result, f"{task} result")
        if item.state == "open":
            taking = {"from": "open", "to": "taken"}
            self.act(request, version + 1, "task.take", task, self.steward, as_, at, taking, self.resident)
            item.hand("take", self.steward)
            version += 1
        body = {"from": "taken", "to": "done", "values": {"minutes": minutes, "result": {"sealed": mark}}}
        act = self.act(request, version + 1, "task.finish", task, self.steward, as_, at, body, self.resident)
        self.stop(item, "task", at)
        item.hand("finish", self.steward)
        self.change(
            task, "done", at, item.record | {"minutes": minutes}, item.clocks, item.hands,
            role="steward", seat=self.place, accepted=at,
        )  # fmt: skip
        self.text(request, act, "result", result, None)
        self.run("COMMIT")

    def confirm(self, request: UUID, task: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        tree, version = self.tree(task, at)
        item = self.of(tree, task, self.clerk, "done")
        whole = next(other for other in tree if other.id == request)
        if any(str(self.clerk) in item.hands["moves"].get(move, ()) for move in ("take", "finish")):
            raise Refusal("who did it does not confirm it")
        as_ = self.posts(self.clerk, at, "clerk")
        ident = uuid7()
        posting = self.earned(ident, at)
        body: dict[str, Any] = {"from": "done", "to": "confirmed"}
        if posting:
            body[POSTED] = of_postings([of_posting(posting)])
        self.act(request, version + 1, "task.confirm", task, self.clerk, as_, at, body, self.resident, ident)
        item.state = "confirmed"
        if whole.state != "dispatched" or not all(
            other.state in ("confirmed", "cancelled") for other in tree if other.kind == "task"
        ):
            raise Refusal("not all are confirmed")
        self.act(
            request,
            version + 2,
            "request.resolve",
            request,
            None,
            "engine",
            at,
            {"from": "dispatched", "to": "resolved"},
            self.resident,
        )
        item.hand("confirm", self.clerk)
        self.change(
            task, "confirmed", at, item.record, item.clocks, item.hands,
            role="steward", seat=self.place, ended=at, outcome="confirmed", accepted=None,
        )  # fmt: skip
        self.stop(whole, "handling", at)
        self.change(request, "resolved", at, whole.record, whole.clocks, whole.hands)
        if posting:
            for owner, part, change in sorted(
                [(self.place, "issued", -self.points), (self.steward, "free", self.points)],
                key=lambda x: x[0].hex,
            ):
                self.run(CREDIT, self.district, owner, "points", part, change)
            self.run(POSTING, self.district, *posting.values())
        self.run("COMMIT")

    def close(self, request: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        tree, version = self.tree(request, at)
        item = self.of(tree, request, self.clerk, "resolved")
        as_ = self.posts(self.clerk, at, "clerk")
        feedback, outcome = "已修好", "settled"
        if outcome not in OUTCOMES or len(feedback) > 4000:
            raise Refusal("asks")
        mark = self.keyring.commit(feedback, f"{request} feedback")
        body = {
            "from": item.state,
            "to": "closed",
            "values": {"outcome": outcome, "feedback": {"sealed": mark}},
            "adds": adds("requests.ended", "requests.settled") | {"requests.closed": [{"n": 1, "total": 3}]},
        }
        act = self.act(
            request, version + 1, "request.close", request, self.clerk, as_, at, body, self.resident
        )
        item.hand("close", self.clerk)
        self.change(request, "closed", at, item.record, item.clocks, item.hands, ended=at, outcome=outcome)
        self.text(request, act, "feedback", feedback, None)
        self.count("requests.closed", at, 1, 3)
        self.count("requests.ended", at, 1)
        self.count("requests.settled", at, 1)
        self.run("COMMIT")

    def publish(self) -> None:
        at, publication = datetime.now(UTC), uuid7()
        self.run("BEGIN")
        self.path = self.run(PLACE, self.district, self.place)[0][3]
        as_ = self.posts(self.clerk, at, "clerk")
        text = {
            "title": fits("诉求办结", 120),
            "body": fits("漏水问题已经修好。", 100_000),
            "series": fits("notice", 80),
        }
        self.act(
            publication,
            1,
            "publication.draft",
            publication,
            self.clerk,
            as_,
            at,
            {"from": "", "to": "draft", "values": text},
            None,
        )
        digest = hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()
        audience = [{"channel": "board", "place": str(self.place)}]
        values = {"audience": audience, "digest": digest}
        body = {"from": "draft", "to": "published", "values": values, "adds": adds("publications.published")}
        act = self.act(publication, 2, "publication.publish", publication, None, "engine", at, body, None)
        self.run(SUBJECT, self.district, publication, publication, None, "publication", None, "published", None, self.place,
                 self.place, None, None, None, at, at, None, None, json.dumps({**text, "digest": digest}), "{}",
                 json.dumps({"moves": {"draft": [str(self.clerk)]}, "rounds": {}}), draw(3))  # fmt: skip
        payload = json.dumps(
            {"event": "publication.publish", "publication": str(publication)}, separators=(",", ":")
        )
        ident = uuid5(act, f"channel channel:board {payload}")
        self.run(
            DUE,
            self.district,
            ident,
            at,
            "channel",
            "channel:board",
            act,
            payload,
            0,
            None,
            "due",
            None,
            None,
        )
        self.count("publications.published", at, 1)
        self.run("COMMIT")
