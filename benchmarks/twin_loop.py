"""The closed loop by hand: the rows that linli stores, the checks that it makes, statement by statement.

Written as somebody would who knows the tables and nothing else: a cursor, SQL, a transaction per act.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from linli.vault.crypto import DataKey, Keyring, seal
from linli_bank.members import account_of

ACT = "INSERT INTO act (district, root, version, id, verb, kind, subject, place, actor, acting_as, at, recorded_at, settings, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
SUBJECT = "INSERT INTO subject (district, id, root, parent, kind, part_key, state, outcome, place, compound, holder_role, holder_at, person, opened_at, accepted_at, ended_at, due_at, record, clocks, hands) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
CHANGE = "UPDATE subject SET state=?, outcome=?, place=?, holder_role=?, holder_at=?, person=?, accepted_at=?, ended_at=?, due_at=?, record=?, clocks=?, hands=? WHERE district=? AND id=?"
TREE = "SELECT s.*, p.path, p.figures_at, (SELECT max(version) FROM act a WHERE a.district=s.district AND a.root=s.root) FROM subject s JOIN place p ON p.district=s.district AND p.id=s.place WHERE s.district=? AND s.root=(SELECT root FROM subject WHERE district=? AND id=?)"
POSTS = "SELECT role, at, place FROM post WHERE district=? AND person=? AND since<=? AND (until IS NULL OR until>?)"
HOLDERS = (
    "SELECT role, person FROM post WHERE district=? AND at=? AND since<=? AND (until IS NULL OR until>?)"
)
PLACE = "SELECT id, kind, name, path, figures_at, record, until FROM place WHERE district=? AND id=?"
MEMBER = "SELECT state, place, record FROM subject WHERE district=? AND id=?"
KEY = "SELECT wrapped FROM vault_key WHERE district=? AND owner=?"
NEW_KEY = "INSERT INTO vault_key (district, owner, wrapped) VALUES (?,?,?)"
ITEM = "INSERT INTO vault_item (district, subject, field, owner, sealed) VALUES (?,?,?,?,?) ON CONFLICT (district, subject, field) DO UPDATE SET sealed=excluded.sealed, owner=excluded.owner"
DUE = "INSERT INTO delivery (district, id, due_at, kind, recipient, act, payload, attempts, lease, state, ended_at, error) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
FIGURE = "INSERT INTO figure (district, name, place, day, n, total) VALUES (?,?,?,?,?,?) ON CONFLICT (district, name, place, day) DO UPDATE SET n=figure.n+excluded.n, total=figure.total+excluded.total"
CREDIT = "INSERT INTO account (district, owner, unit, part, balance) VALUES (?,?,?,?,?) ON CONFLICT (district, owner, unit, part) DO UPDATE SET balance=account.balance+excluded.balance"
POSTING = "INSERT INTO posting (district, cause, rule, to_owner, to_part, from_owner, from_part, unit, amount, act, at) VALUES (?,?,?,?,?,?,?,?,?,?,?)"


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
        points: int,
        rule: str,
    ) -> None:
        self.run, self.keyring, self.district, self.settings = execute, keyring, district, settings
        self.place, self.clerk, self.steward, self.resident = place, clerk, steward, resident
        self.deadline, self.points, self.rule = deadline, points, rule

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
    ) -> UUID:
        ident = uuid7()
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
        for name, where, reach in self.run(POSTS, self.district, person, at, at):
            if name == role and self.in_path(reach):
                return f"{name}@{where}"
        raise PermissionError(role)

    def in_path(self, reach: Any) -> bool:
        rows = [self.path] if self.path else []
        return any((reach if isinstance(reach, str) else reach.hex) in row for row in rows)

    def tree(self, subject: UUID) -> tuple[list[Any], int]:
        rows = self.run(TREE, self.district, self.district, subject)
        self.path = rows[0][-3]
        return rows, rows[0][-1]

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
        rows, _ = self.tree(request)
        found = [row[1] for row in rows if row[4] == "task"][-1]
        return found if isinstance(found, UUID) else UUID(found)

    # --- acts ---------------------------------------------------------------------------------------

    def clock(
        self, at: datetime, span: timedelta, turn: int, running: bool
    ) -> tuple[dict[str, Any], datetime]:
        due = self.deadline(at, span)
        known = {"span": span.total_seconds(), "service": True, "since": str(at) if running else None, "spent": 0.0,
                 "due": str(due) if running else None, "step": 0, "turn": turn, "paused_for": None}  # fmt: skip
        return known, due

    def submit(self) -> UUID:
        at, request = datetime.now(UTC), uuid7()
        self.run("BEGIN")
        self.path = self.run(PLACE, self.district, self.place)[0][3]
        as_ = self.posts(self.clerk, at, "clerk")
        key = DataKey.generate()
        mark = self.keyring.commit("厨房水管漏水", f"{request} description")
        values = {"anonymous": False, "category": "漏水", "channel": "desk", "confidential": False,
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
        clock, due = self.clock(at, timedelta(hours=2), 1, True)
        record = {"category": "漏水", "channel": "desk", "service": None, "rule": None, "urgent": False, "anonymous": False,
                  "confidential": False, "entered_by": str(self.clerk), "duplicate_of": None, "rating": None, "source": None}  # fmt: skip
        self.run(SUBJECT, self.district, request, request, None, "request", None, "submitted", None, self.place, self.place, None, None,
                 self.resident, at, None, None, due, json.dumps(record), json.dumps({"response": clock}),
                 json.dumps({"moves": {"submit": [str(self.clerk)]}, "rounds": {}}))  # fmt: skip
        self.run(NEW_KEY, self.district, request, self.keyring.wrap(key, self.district, request))
        self.text(request, request, "description", "厨房水管漏水", key)
        self.timer(act, due, request, "response", 1)
        self.run("COMMIT")
        return request

    def accept(self, request: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        _, version = self.tree(request)
        as_ = self.posts(self.clerk, at, "clerk")
        body = {
            "from": "submitted",
            "to": "accepted",
            "values": {"service": "leak", "rule": "dispatch: category", "urgent": False},
        }
        act = self.act(
            request, version + 1, "request.accept", request, self.clerk, as_, at, body, self.resident
        )
        response, _ = self.clock(at, timedelta(hours=2), 2, False)
        handling, due = self.clock(at, timedelta(hours=8), 1, True)
        self.record = {"category": "漏水", "channel": "desk", "service": "leak", "rule": "dispatch: category", "urgent": False,
                       "anonymous": False, "confidential": False, "entered_by": str(self.clerk), "duplicate_of": None,
                       "rating": None, "source": None}  # fmt: skip
        hands = {"moves": {"submit": [str(self.clerk)], "accept": [str(self.clerk)]}, "rounds": {}}
        self.change(
            request, "accepted", at, self.record, {"response": response, "handling": handling}, hands, due=due
        )
        self.timer(act, due, request, "handling", 1)
        self.count("requests.accepted", at, 1)
        self.run("COMMIT")

    def dispatch(self, request: UUID) -> UUID:
        at, task = datetime.now(UTC), uuid7()
        self.run("BEGIN")
        _, version = self.tree(request)
        as_ = self.posts(self.clerk, at, "clerk")
        if not any(role == "steward" for role, _ in self.run(HOLDERS, self.district, self.place, at, at)):
            raise LookupError("nobody")
        self.act(
            request,
            version + 1,
            "request.dispatch",
            request,
            self.clerk,
            as_,
            at,
            {"from": "accepted", "to": "dispatched"},
            self.resident,
        )
        body = {
            "from": "",
            "to": "open",
            "values": {"service": "leak", "rule": "dispatch: role steward", "urgent": False},
        }
        act = self.act(request, version + 2, "task.open", task, None, "engine", at, body, self.resident)
        clock, due = self.clock(at, timedelta(hours=8), 1, True)
        self.change(
            request, "dispatched", at, self.record, {"handling": clock}, {"moves": {}, "rounds": {}}, due=due
        )
        record = {"service": "leak", "urgent": False, "rule": "dispatch: role steward", "minutes": None}
        self.run(SUBJECT, self.district, task, request, request, "task", str(version + 1), "open", None, self.place, self.place, "steward",
                 self.place, self.resident, at, None, None, due, json.dumps(record), json.dumps({"task": clock}),
                 json.dumps({"moves": {}, "rounds": {}}))  # fmt: skip
        self.timer(act, due, task, "task", 1)
        self.run("COMMIT")
        return task

    def finish(self, request: UUID, task: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        _, version = self.tree(task)
        as_ = self.posts(self.steward, at, "steward")
        mark = self.keyring.commit("换了接头", f"{task} result")
        body = {"from": "open", "to": "done", "values": {"minutes": 30, "result": {"sealed": mark}}}
        act = self.act(request, version + 1, "task.finish", task, self.steward, as_, at, body, self.resident)
        clock, _ = self.clock(at, timedelta(hours=8), 2, False)
        record = {"service": "leak", "urgent": False, "rule": "dispatch: role steward", "minutes": 30}
        hands = {"moves": {"finish": [str(self.steward)]}, "rounds": {}}
        self.change(
            task, "done", at, record, {"task": clock}, hands, role="steward", seat=self.place, accepted=None
        )
        self.text(request, act, "result", "换了接头", None)
        self.run("COMMIT")

    def confirm(self, request: UUID, task: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        _, version = self.tree(task)
        as_ = self.posts(self.clerk, at, "clerk")
        act = self.act(
            request,
            version + 1,
            "task.confirm",
            task,
            self.clerk,
            as_,
            at,
            {"from": "done", "to": "confirmed"},
            self.resident,
        )
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
        clock, _ = self.clock(at, timedelta(hours=8), 2, False)
        record = {"service": "leak", "urgent": False, "rule": "dispatch: role steward", "minutes": 30}
        self.change(
            task,
            "confirmed",
            at,
            record,
            {"task": clock},
            {"moves": {}},
            role="steward",
            seat=self.place,
            ended=at,
            outcome="confirmed",
            accepted=None,
        )
        self.change(request, "resolved", at, self.record, {"handling": clock}, {"moves": {}})
        if self.points and self.run(MEMBER, self.district, account_of(self.steward)):
            for owner, part, change in sorted(
                [(self.place, "issued", -self.points), (self.steward, "free", self.points)],
                key=lambda x: x[0].hex,
            ):
                self.run(CREDIT, self.district, owner, "points", part, change)
            self.run(
                POSTING,
                self.district,
                act,
                self.rule,
                self.steward,
                "free",
                self.place,
                "issued",
                "points",
                self.points,
                act,
                at,
            )
        self.run("COMMIT")

    def close(self, request: UUID) -> None:
        at = datetime.now(UTC)
        self.run("BEGIN")
        _, version = self.tree(request)
        as_ = self.posts(self.clerk, at, "clerk")
        mark = self.keyring.commit("已修好", f"{request} feedback")
        body = {
            "from": "resolved",
            "to": "closed",
            "values": {"outcome": "settled", "feedback": {"sealed": mark}},
        }
        act = self.act(
            request, version + 1, "request.close", request, self.clerk, as_, at, body, self.resident
        )
        clock, _ = self.clock(at, timedelta(hours=8), 2, False)
        self.change(
            request,
            "closed",
            at,
            self.record,
            {"handling": clock},
            {"moves": {}},
            ended=at,
            outcome="settled",
        )
        self.text(request, act, "feedback", "已修好", None)
        self.count("requests.closed", at, 1, 3)
        self.count("requests.ended", at, 1)
        self.run("COMMIT")

    def publish(self) -> None:
        at, publication = datetime.now(UTC), uuid7()
        self.run("BEGIN")
        self.path = self.run(PLACE, self.district, self.place)[0][3]
        as_ = self.posts(self.clerk, at, "clerk")
        text = {"title": "诉求办结", "body": "漏水问题已经修好。", "series": "notice"}
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
        body = {"from": "draft", "to": "published", "values": {"audience": audience, "digest": digest}}
        act = self.act(publication, 2, "publication.publish", publication, None, "engine", at, body, None)
        self.run(SUBJECT, self.district, publication, publication, None, "publication", None, "published", None, self.place,
                 self.place, None, None, None, at, at, None, None, json.dumps({**text, "digest": digest}), "{}",
                 json.dumps({"moves": {"draft": [str(self.clerk)]}, "rounds": {}}))  # fmt: skip
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
