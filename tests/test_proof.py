"""What is shown is what the journal says, or it is said: whatever row is changed beside the journal is found."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest
from sqlalchemy import delete, select, update

from linli._base import numbers
from linli._base.errors import Altered
from linli._district.district import District, open_district
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._proof.heads import head_from
from linli._proof.looking import prove
from linli._store import tables as t
from linli._testing.fixtures import Printed
from linli._vault.crypto import DataKey, seal
from linli.testing import a_place

Command = Callable[..., Printed]


@attrs.frozen
class Scene:
    """A district with one of each thing that is shown."""

    district: District
    publication: UUID
    withdrawn: UUID
    request: UUID
    other: UUID
    person: UUID
    post: UUID


@pytest.fixture
def scene(district: District) -> Scene:
    place = a_place(district, "锦绣花园")
    person = district.register.person(name="张三", phone="13900000001")
    post = district.register.post(person, "clerk", place)
    shown = district.publish.announce(place, "Title", "Body text").subject
    gone = district.publish.announce(place, "Gone", "Old text").subject
    district.publish.withdraw(gone, "cancelled")
    one = district.dispatch.submit(place, "general", "the first text", anonymous=True).subject
    two = district.dispatch.submit(place, "general", "the second text", anonymous=True).subject
    district.make(one, "accept", actor=Actor(person=person))
    district.award.award(person, 5, "by hand", reason="a good deed", place=place)
    assert prove(district).problems == ()
    return Scene(district, shown, gone, one, two, person, post)


def _change(scene: Scene, statement: Any) -> None:
    with scene.district.store.reading() as connection:
        assert connection.execute(statement).rowcount > 0


def _record(scene: Scene, ident: UUID, old: str, new: str) -> None:
    s = t.subject.c
    with scene.district.store.reading() as connection:
        text = connection.scalar(select(s.record).where(s.district == scene.district.code, s.id == ident))
    assert text
    assert old in text
    _change(scene, _of(scene, ident).values(record=text.replace(old, new)))


def _of(scene: Scene, ident: UUID) -> Any:
    return update(t.subject).where(t.subject.c.district == scene.district.code, t.subject.c.id == ident)


def _problems(scene: Scene) -> list[str]:
    return [str(problem) for problem in prove(scene.district).problems]


def _swap_texts(scene: Scene) -> None:
    """Two sealed texts in each other's place."""
    i, two = t.vault_item, (scene.request, scene.other)
    with scene.district.store.reading() as connection:
        rows = connection.execute(
            select(i.c.subject, i.c.sealed).where(
                i.c.district == scene.district.code, i.c.subject.in_(two), i.c.field == "description"
            )
        ).all()
        sealed = {row.subject: row.sealed for row in rows}
        for mine, theirs in (two, two[::-1]):
            connection.execute(
                update(i)
                .where(i.c.district == scene.district.code, i.c.subject == mine, i.c.field == "description")
                .values(sealed=sealed[theirs])
            )


def _seal_another_text(scene: Scene) -> None:
    """Whoever has the key seals another text in the right place."""
    code, vault = scene.district.code, scene.district.rules.vault
    with scene.district.store.reading() as connection:
        wrapped = connection.scalar(
            select(t.vault_key.c.wrapped).where(
                t.vault_key.c.district == code, t.vault_key.c.owner == scene.request
            )
        )
        assert wrapped
        key: DataKey = vault.keyring.unwrap(bytes(wrapped), code, scene.request)
        text = seal(key, b"another text", code, scene.request, "description")
        connection.execute(
            update(t.vault_item)
            .where(
                t.vault_item.c.district == code,
                t.vault_item.c.subject == scene.request,
                t.vault_item.c.field == "description",
            )
            .values(sealed=text)
        )


def _posting(scene: Scene) -> Any:
    return t.posting.c.district == scene.district.code


def _give_post(scene: Scene) -> None:
    _change(scene, update(t.post).where(t.post.c.id == scene.post).values(role="administrator"))


def _revive_post(scene: Scene) -> None:
    scene.district.register.end_post(scene.post)
    assert prove(scene.district).problems == ()
    _change(scene, update(t.post).where(t.post.c.id == scene.post).values(until=None))


_CHANGES: dict[str, tuple[Callable[[Scene], None], str]] = {
    "the body of a publication": (lambda s: _record(s, s.publication, "Body text", "Other text"), "not the one that went out"),
    "the title of a publication": (lambda s: _record(s, s.publication, "Title", "Tit1e"), "not the one that went out"),
    "the reason of a withdrawal": (lambda s: _record(s, s.withdrawn, "cancelled", "a lie"), "not the one that went out"),
    "where a publication was": (lambda s: _change(s, _of(s, s.publication).values(place=uuid4())), "place is not"),
    "a publication shown again": (lambda s: _change(s, _of(s, s.withdrawn).values(state="published", ended_at=None, outcome=None)), "state"),
    "a state": (lambda s: _change(s, _of(s, s.request).values(state="closed")), "state"),
    "an end": (lambda s: _change(s, _of(s, s.request).values(ended_at=datetime.now(UTC))), "ended_at"),
    "an acceptance": (lambda s: _change(s, _of(s, s.request).values(accepted_at=datetime.now(UTC) - timedelta(days=9))), "accepted_at"),
    "an outcome": (lambda s: _change(s, _of(s, s.request).values(outcome="settled")), "outcome"),
    "a category": (lambda s: _record(s, s.request, '"general"', '"lift"'), "record"),
    "who acted": (lambda s: _change(s, _of(s, s.request).values(hands='{"moves":{}}')), "hands"),
    "whose it is": (lambda s: _change(s, _of(s, s.request).values(person=s.person)), "person"),
    "what can be read": (lambda s: _change(s, _of(s, s.request).values(record="{]")), "cannot be read"),
    "what is there": (lambda s: _change(s, delete(t.subject).where(t.subject.c.id == s.other)), "taken away"),
    "a role": (_give_post, "post"),
    "the end of a post": (_revive_post, "held again"),
    "an amount": (lambda s: _change(s, update(t.posting).where(_posting(s)).values(amount=500)), "postings of act"),
    "a posting": (lambda s: _change(s, delete(t.posting).where(_posting(s))), "taken away"),
    "a balance": (lambda s: _change(s, update(t.account).where(t.account.c.district == s.district.code, t.account.c.part == "free").values(balance=500)), "add up"),
    "the places of two texts": (_swap_texts, "cannot be opened"),
    "a text, by who has the key": (_seal_another_text, "took down"),
}  # fmt: skip


@pytest.mark.parametrize("what", _CHANGES)
def test_whatever_is_changed_beside_the_journal_is_found(scene: Scene, what: str) -> None:
    change, word = _CHANGES[what]
    change(scene)
    assert any(word in problem for problem in _problems(scene)), _problems(scene)


def test_a_publication_that_no_act_let_out_is_found(scene: Scene) -> None:
    s = t.subject
    with scene.district.store.reading() as connection:
        row = connection.execute(select(s).where(s.c.id == scene.publication)).one()._mapping
        ident = new_id()
        connection.execute(s.insert().values(**{**row, "id": ident, "root": ident, "number": numbers.draw()}))
    assert any("never went out" in problem for problem in _problems(scene))
    with pytest.raises(Altered):
        scene.district.publish.get(ident)


def test_people_merged_and_places_merged_fit_their_acts(scene: Scene) -> None:
    register = scene.district.register
    twin = register.person(name="张三", phone="13900000002")
    post = register.post(twin, "officer", register.root())
    mine = scene.district.dispatch.submit(register.root(), "general", "text", reporter=twin).subject
    register.merge(twin, scene.person)
    register.merge_places(a_place(scene.district, "东风小区"), a_place(scene.district, "锦绣花园"))
    assert scene.district.subject(mine).person == scene.person
    assert post in {one.id for one in register.posts(person=scene.person)}
    assert prove(scene.district).problems == ()


def test_what_is_kept_in_place_of_a_publication_is_shown_nowhere(scene: Scene, command: Command) -> None:
    folder, number = scene.district.configuration.folder, str(scene.publication)
    receipt = folder / "receipt.json"
    receipt.write_text(
        command("publication", "show", number, "--receipt", folder=folder).out, encoding="utf-8"
    )
    assert command("publication", "verify", str(receipt), folder=folder).code == 0
    _record(scene, scene.publication, "Body text", "Other text")
    for words in (
        ("show", number),
        ("show", number, "--receipt"),
        ("list",),
        ("verify", str(receipt)),
        ("show", number, "--json"),
    ):
        done = command("publication", *words, folder=folder)
        assert done.code == 1, words
        assert "Other text" not in done.out
        assert "its text is not the one that went out" in done.err


def test_verify_says_what_it_compared_and_what_it_did_not(scene: Scene, command: Command) -> None:
    folder = scene.district.configuration.folder
    found = json.loads(command("verify", "--json", folder=folder).out)
    assert (found["subjects"], found["postings"], found["posts"]) == (4, 1, 1)
    assert "figures" in found["not compared"]
    alone = json.loads(command("verify", "--journal", "--json", folder=folder).out)
    assert alone["compared"] == "the journal only"
    _record(scene, scene.publication, "Body text", "Other text")
    assert command("verify", "--journal", folder=folder).code == 0
    done = command("verify", folder=folder)
    assert done.code == 1
    assert len(done.err.splitlines()) == 1


# --- heads --------------------------------------------------------------------------------------------


def _without_seals(scene: Scene) -> None:
    with scene.district.store.reading() as connection:
        connection.execute(delete(t.seal).where(t.seal.c.district == scene.district.code))


def test_seals_that_were_taken_away_and_made_anew_are_found_by_a_head_that_was_kept(scene: Scene) -> None:
    district = scene.district
    district.sealing.seal(everything=True)
    assert district.heads.keep() is not None
    assert district.heads.problems() == []
    _without_seals(scene)
    assert "is not in the journal any more" in str(district.heads.problems()[0])
    with district.store.reading() as connection:
        connection.execute(
            update(t.act)
            .where(t.act.c.district == district.code, t.act.c.verb == "post.begin")
            .values(body="{}")
        )
    district.sealing.seal(everything=True)
    assert district.sealing.verify().misfit is None
    assert "has been changed since" in str(district.heads.problems()[0])
    assert district.heads.keep() is None


def test_verify_compares_before_it_seals(scene: Scene, command: Command) -> None:
    folder = scene.district.configuration.folder
    assert command("verify", folder=folder).code == 0
    _without_seals(scene)
    for words in (("verify",), ("doctor",)):
        done = command(*words, folder=folder)
        assert done.code == 1, done
        assert "is not in the journal any more" in done.out + done.err
    with scene.district.store.reading() as connection:
        assert not connection.execute(select(t.seal).where(t.seal.c.district == scene.district.code)).all()


def test_a_kept_head_that_another_key_made_or_somebody_changed_is_found(scene: Scene) -> None:
    heads = scene.district.heads
    scene.district.sealing.seal(everything=True)
    kept = heads.keep()
    assert kept
    assert head_from(heads.lines()[0]) == kept
    for change in ({"hash": "0" * 64}, {"number": kept.number - 1}, {"mac": ""}, {"district": "moon"}):
        found = json.loads(heads.lines()[0]) | change
        heads.file.write_text(json.dumps(found) + "\nnonsense\n", encoding="utf-8")
        problems = [str(one) for one in heads.problems()]
        assert ["line 1" in problems[0], "line 2" in problems[1], len(problems)] == [True, True, 2]
        heads.file.write_text("", encoding="utf-8")
        assert heads.keep()


def test_verify_says_when_it_sealed_acts_that_are_older_than_the_last_head(
    scene: Scene, command: Command
) -> None:
    district, folder = scene.district, scene.district.configuration.folder
    district.sealing.seal(everything=True)
    later = attrs.evolve(district.sealing.head(), at=datetime.now(UTC) + timedelta(days=2))
    district.heads.file.write_text(json.dumps(json.loads(_line(district, later))) + "\n", encoding="utf-8")
    assert command("verify", folder=folder).err == ""
    district.dispatch.submit(a_place(district, "锦绣花园"), "general", "late", anonymous=True)
    done = command("verify", folder=folder)
    assert (done.code, "1 acts were sealed now that are older" in done.err) == (0, True)


def _line(district: District, head: Any) -> str:
    from linli._base import codec

    return codec.encode(district.heads.signed(head))


def test_acts_that_a_copy_without_its_log_lost_are_missed(tmp_path: Path, command: Command) -> None:
    from linli.testing import make_district

    make_district(tmp_path).close()
    with open_district(tmp_path) as district:
        district.register.person(name="张三", phone="13900000001")
        district.sealing.seal(everything=True)
    copy = (tmp_path / "linli.db").read_bytes()
    with open_district(tmp_path) as district:
        district.register.person(name="李四", phone="13900000002")
    assert command("verify", folder=tmp_path).code == 0
    (tmp_path / "linli.db").write_bytes(copy)
    done = command("doctor", folder=tmp_path)
    assert "is not in the journal any more" in done.out


def test_a_worker_keeps_heads(scene: Scene) -> None:
    scene.district.worker.keep_house()
    assert len(scene.district.heads.lines()) == 1
    scene.district.worker.keep_house()
    assert len(scene.district.heads.lines()) == 1


def test_published_heads_are_compared_too(new_district: Callable[..., District]) -> None:
    district = new_district(more='[sealing]\npublished = ["board/heads.txt"]\n')
    district.register.root()
    district.sealing.seal(everything=True)
    district.heads.keep()
    board = district.configuration.folder / "board"
    board.mkdir()
    district.heads.file.rename(board / "heads.txt")
    assert district.heads.problems() == []
    with district.store.reading() as connection:
        connection.execute(delete(t.seal).where(t.seal.c.district == district.code))
    assert len(district.heads.problems()) == 1


def test_a_head_that_was_written_by_verify_is_vouched_for(
    scene: Scene, command: Command, tmp_path: Path
) -> None:
    file, folder = tmp_path / "head.json", scene.district.configuration.folder
    assert command("verify", "--head", str(file), folder=folder).code == 0
    head = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(head | {"mac": "0" * 64}), encoding="utf-8")
    assert "no head that this district's key made" in command("verify", str(file), folder=folder).err


def test_what_a_file_brought_is_what_its_act_says(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    a_place(district, "锦绣花园")
    file = tmp_path / "requests.csv"
    rows = "".join(f"{n},漏水,内容,2026-01-0{n} 08:00,锦绣花园\n" for n in range(1, 6))
    file.write_text("编号,诉求类别,诉求内容,受理时间,小区\n" + rows, encoding="utf-8")
    district.importing.run([file])
    proof = prove(district)
    assert (proof.problems, proof.subjects, proof.by_file) == ((), 5, 0)
    with district.store.reading() as connection:
        first, second = (
            connection.execute(select(t.subject.c.id).where(t.subject.c.district == district.code))
            .scalars()
            .all()[:2]
        )
    district.make(first, "withdraw", {"reason": "settled"})
    assert prove(district).problems == ()
    with district.store.reading() as connection:
        connection.execute(
            update(t.subject).where(t.subject.c.id == second).values(state="closed", outcome="settled")
        )
    assert ["the file's act" in str(problem) for problem in prove(district).problems] == [True]
