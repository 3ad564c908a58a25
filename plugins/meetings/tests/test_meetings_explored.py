"""Every move of meetings, agenda items and whistles, by everybody, in every order."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import select

from linli import District, StoredSubject
from linli._model.compiled import Move
from linli._store import tables as t
from linli.testing import Explorer, Tried
from linli_meetings.api import Task
from linli_meetings.outcomes import mediation_of
from linli_meetings.testing import Street, street

NewDistrict = Callable[..., District]
MOST_ROUNDS = 12


def _explored(new_district: NewDistrict, starts: "list[type[_OfAStreet]]", wanted: set[str]) -> None:
    """From each start, in a district of its own, again until all that is wanted was reached: moves and ends."""
    reached: set[str] = set()
    kinds = {one.partition(".")[0] for one in wanted if "." in one}
    for _ in range(MOST_ROUNDS):
        for start in starts:
            here = street(new_district, "\n[meetings]\ncirculation_quorum = 66\n")
            tried = start(here).explore()
            assert all(one.refusal for one in tried if one.act is None)
            reached |= {f"{one.subject.kind}.{one.move.name}" for one in tried if one.act}
            reached |= _states(here.district, kinds)
        if reached >= wanted:
            return
    raise AssertionError(f"never reached: {wanted - reached}")


def _states(district: District, kinds: set[str]) -> set[str]:
    """Where what was opened stands, whoever moved it: also what ended with another matter."""
    s = t.subject.c
    query = (
        select(s.state).distinct().where(s.district == district.code, s.parent.is_(None), s.kind.in_(kinds))
    )
    with district.store.reading() as connection:
        return set(connection.scalars(query))


def _children(tree: list[StoredSubject], kind: str) -> list[StoredSubject]:
    return [one for one in tree if one.kind == kind]


class _OfAStreet(Explorer):
    """Everybody of a street, and the console, try."""

    examples, steps = 8, 12
    fixed = False

    def __init__(self, here: Street) -> None:
        # The console may do nearly everything: without it, most tries are refused for who makes them.
        consoles = {f"console {n}": here.district.console for n in range(len(here.actors))}
        super().__init__(here.district, here.actors | consoles, [here.urban, here.fire, here.water])
        self.here = here

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        here = self.here
        task = {
            "what": "拆除",
            "at": str(here.urban),
            "due": (here.clock.now + timedelta(days=9)).isoformat(),
        }
        later = here.clock.now + timedelta(days=4)
        return {
            "invited": st.just((here.urban, here.fire)),
            "bodies": st.sampled_from([(), (here.urban,), (here.urban, here.fire)]),
            "departments": st.sampled_from([(), (here.urban,), (here.urban, here.water)]),
            "disputes": st.sampled_from([(), (subject.root,)]),
            "tasks": st.sampled_from([(), (task,), (task, task), ({"what": ""},)]),
            "starts_at": st.just(later),
            "rounds": st.integers(0, 9),
            "turns": st.integers(0, 9),
        }


class _Whistles(_OfAStreet):
    def opened(self) -> UUID:
        return self.here.blown(self.here.urban, self.here.fire)

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        whistle, *_ = tree = self.district.tree(root)
        parts = _children(tree, "whistle_part")
        open_parts = [one for one in parts if one.ended_at is None]
        if whistle.state == "closed":
            assert not open_parts, "closed when every department's part is evaluated or withdrawn"
            assert any(one.state == "evaluated" for one in parts)
        if whistle.state == "withdrawn":
            assert not open_parts, "what was withdrawn leaves nobody anything to do"
        named = [one.record.department for one in open_parts]
        assert len(set(named)) == len(named), "no department has two open parts"
        for part in parts:
            self._one_part(part)

    def _one_part(self, part: StoredSubject) -> None:
        hands = part.hands.moves
        street = {*hands.get("evaluate", ()), *hands.get("send_back", ())}
        department = {*hands.get("report_in", ()), *hands.get("decline", ()), *hands.get("finish", ())}
        assert not street & department, "no person acts in two steps of one matter"
        assert department <= {self.here.officer_of(part.record.department).person} | {None}
        finished = [
            a for a in self.district.history(part.root) if a.subject == part.id and a.verb.endswith(".finish")
        ]
        assert part.record.rounds == len(finished)
        assert (part.record.grade is not None) == (part.state == "evaluated")


class _ReportedIn(_Whistles):
    """As the others, from where one department is at work, and another one has declined."""

    def opened(self) -> UUID:
        whistle = super().opened()
        self.here.does(whistle, self.here.urban, "report_in")
        self.here.does(whistle, self.here.fire, "decline")
        return whistle


class _Done(_Whistles):
    """As the others, from where one department has given a result, and another one's is evaluated."""

    def opened(self) -> UUID:
        whistle = super().opened()
        self.here.does(whistle, self.here.urban, "report_in", "finish")
        self.here.does(whistle, self.here.fire, "report_in", "finish", "evaluate")
        return whistle


class _Proposed(_Whistles):
    """As the others, from where two whistles are proposed for a request that may be settled without them."""

    def opened(self) -> UUID:
        self.request = self.here.reported()
        values = {"topic": "违建", "request": self.request}
        start = self.district.start
        one, self.other = (
            start("whistle", "propose", self.here.compound, values, actor=self.here.clerk).subject
            for _ in range(2)
        )
        return one

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        return super().chosen([*tree, *self._tree(self.request)], data)

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        super().holds(root, tried)
        self._sound(self.other)
        settled = any(
            act.body.get("to") in ("resolved", "closed", "withdrawn")
            for act in self.district.history(self.request)
        )
        taken_up = "whistle.take_up" in [act.verb for act in self.district.history(root)]
        assert (self.here.state(self.other) == "lapsed") == (taken_up or settled)
        assert self.here.state(root) != "lapsed" or settled
        assert not settled or self.here.state(root) != "proposed"


def test_whistles_by_everybody_in_every_order(new_district: NewDistrict) -> None:
    wanted = {
        "whistle.name", "whistle.withdraw", "whistle.read", "whistle.take_up", "whistle.dismiss",
        "whistle_part.report_in", "whistle_part.decline", "whistle_part.finish", "whistle_part.evaluate",
        "whistle_part.send_back", "whistle_part.release", "whistle_part.replace", "whistle_part.pause",
        "closed", "withdrawn", "dismissed", "lapsed",
    }  # fmt: skip
    _explored(new_district, [_Whistles, _Proposed, _ReportedIn, _Done], wanted)


class _Items(_OfAStreet):
    def opened(self) -> UUID:
        self.meeting = self.here.called()
        self.over = self.here.called(
            starts_at=self.here.clock.now + timedelta(hours=1), urgent=True, reason="x"
        )
        return self.here.proposed()

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {
            **super().values(move, subject),
            "meeting": st.sampled_from([self.meeting, self.over, subject.root]),
            "draft": st.just("approved"),
            "resolution": st.sampled_from(["approved", "rejected", "unsettled"]),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        item, *_ = tree = self.district.tree(root)
        entries = [
            one
            for meeting in {self.meeting, self.over, item.record.meeting} - {None}
            for one in _children(self.district.tree(meeting), "agenda_entry")
            if one.state != "taken_off" and one.record.item == root
        ]
        on_agenda = item.state == "scheduled"
        by_meeting = "scheduled" in [
            act.body["from"] for act in self.district.history(root) if act.verb == "agenda_item.resolve"
        ]
        assert len(entries) == (on_agenda or by_meeting), "an item is on one agenda, or on none"
        opinions = [one.state for one in _children(tree, "written_opinion")]
        if item.state != "circulating":
            assert "asked" not in opinions, "nobody is asked about what is not in circulation"
        if item.state in ("resolved", "closed") and not by_meeting:
            last = _children(tree, "circulation")[-1]
            assert last.state == "agreed"
            assert item.record.resolution == last.record.draft
        if item.state == "closed":
            assert item.outcome == item.record.resolution
            assert all(one.ended_at for one in _children(tree, "follow_up"))


class _Circulating(_Items):
    """As the others, from a circulation that one body has agreed to."""

    def opened(self) -> UUID:
        item = super().opened()
        asked = {"draft": "approved", "text": "x", "bodies": (self.here.urban, self.here.fire)}
        self.district.make(item, "circulate", asked, actor=self.here.secretary)
        part = self.here.part(item, "written_opinion", self.here.urban)
        self.district.make(part, "agree", actor=self.here.urban_officer)
        return item


class _Decided(_Items):
    """As the others, from a meeting that was held."""

    def opened(self) -> UUID:
        item = super().opened()
        self.district.make(item, "schedule", {"meeting": self.meeting}, actor=self.here.secretary)
        self.here.held(self.meeting)
        return item

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        super().holds(root, tried)
        states = self.here.states(self.meeting)
        item = self.here.state(root)
        # What a circulation of an earlier example left to a meeting comes on the next one that is called.
        others = [
            one
            for one in _children(self.district.tree(self.meeting), "agenda_entry")
            if one.record.item != root and one.state not in ("done", "taken_off")
        ]
        waits = item in ("scheduled", "resolved") or bool(others)
        assert states["meeting"] == ["held" if waits else "closed"], "it waits for its resolutions' tasks"
        settled = self.district.subject(root).record.mediated
        if settled:
            assert self.here.state(mediation_of(root)) == "settled"


class _WithTasks(_Decided):
    """As the others, from a resolution that gave somebody something to do."""

    def opened(self) -> UUID:
        item = super().opened()
        due = self.here.clock.now + timedelta(days=9)
        tasks = [Task(what="拆除", at=body, due=due) for body in (self.here.urban, self.here.fire)]
        self.district.make(
            item, "resolve", {"resolution": "approved", "tasks": tasks}, actor=self.here.secretary
        )
        return item


def test_agenda_items_by_everybody_in_every_order(new_district: NewDistrict) -> None:
    wanted = {
        "agenda_item.schedule", "agenda_item.take_off", "agenda_item.circulate", "agenda_item.withdraw",
        "agenda_item.resolve", "written_opinion.agree", "written_opinion.object", "written_opinion.to_meeting",
        "follow_up.finish", "follow_up.cancel",
        "closed", "withdrawn",
    }  # fmt: skip
    _explored(new_district, [_Items, _Circulating, _Decided, _WithTasks], wanted)


class _Meetings(_OfAStreet):
    def opened(self) -> UUID:
        meeting = self.here.called()
        self.item = self.here.scheduled(meeting)
        self.here.clock.now += timedelta(days=5)
        return meeting

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        meeting, *_ = tree = self.district.tree(root)
        there = [one.state for one in _children(tree, "attendance")]
        item = self.here.state(self.item)
        if meeting.state == "held":
            assert there.count("present") * 2 >= len(there)
            assert "invited" not in there
        if meeting.state == "cancelled":
            assert item == "proposed"
            assert "invited" not in there
        if meeting.state in ("called", "held"):
            assert item == "scheduled"


class _Ready(_Meetings):
    """As the others, with most of them there."""

    def opened(self) -> UUID:
        meeting = super().opened()
        for body in (self.here.urban, self.here.fire):
            part = self.here.part(meeting, "attendance", body)
            self.district.make(part, "attend", actor=self.here.secretary)
        return meeting


def test_meetings_by_everybody_in_every_order(new_district: NewDistrict) -> None:
    wanted = {
        "meeting.hold", "meeting.postpone", "meeting.cancel", "attendance.attend", "attendance.excuse",
        "held", "cancelled",
    }  # fmt: skip
    _explored(new_district, [_Meetings, _Ready], wanted)
