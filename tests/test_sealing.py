"""The chain over the journal: nothing is skipped, nothing forks, and every change is found."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, delete, select, update

from linli._base.errors import LinliError
from linli._cli.verify import verify
from linli._district.district import District, open_district
from linli._engine.leases import Lease, held
from linli._engine.orders import constant
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import Act, journal, new_id
from linli._model.direct import DirectAct, DirectOrder
from linli._proof import sealing
from linli._proof.sealing import Head, Sealing, first_id
from linli._store import tables as t
from linli.testing import make_district


def _act(district: District, key: UUID | None = None, **body: object) -> Act:
    order = DirectOrder(
        act=DirectAct("noise.made", label="noise"),
        subject=new_id(),
        fresh=True,
        work=constant({"values": body}),
    )
    return district.perform(order, actor=ENGINE_ACTOR, key=key)


def _acts(district: District, count: int) -> list[Act]:
    return [_act(district, n=n) for n in range(count)]


def _fits(district: District) -> int:
    """How many are sealed, after making sure that all of them fit and each act has one number."""
    verdict = district.sealing.verify()
    assert verdict.misfit is None
    with district.store.reading() as connection:
        rows = connection.execute(
            select(t.seal.c.number, t.seal.c.act).where(t.seal.c.district == district.code)
        ).all()
    assert sorted(row.number for row in rows) == list(range(1, len(rows) + 1))
    assert len({row.act for row in rows}) == len(rows) == verdict.sealed
    return verdict.sealed


def test_every_act_gets_a_number_and_the_chain_fits(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 7)
    monkeypatch.setattr(sealing, "PAGE", 5)
    assert (district.sealing.head().number, district.sealing.seal()) == (0, 0)
    _acts(district, 20)
    assert district.sealing.unsealed() == 20
    assert district.sealing.seal() == 20
    assert (district.sealing.head().number, _fits(district), district.sealing.unsealed()) == (20, 20, 0)
    _acts(district, 3)
    assert district.sealing.seal() == 3
    assert district.sealing.seal() == 0
    assert _fits(district) == 23


def _changed(column: Column[Any], value: Any) -> Any:
    """Another value of the column's type."""
    match value:
        case None:
            return uuid4() if column.name in ("place", "actor") else "x"
        case UUID():
            return uuid4()
        case datetime():
            return value + timedelta(microseconds=1)
        case int():
            return value + 1
        case _:
            return value[:-1] + ("x" if value[-1] != "x" else "y")


@pytest.mark.parametrize("name", [column.name for column in t.act.columns])
@pytest.mark.parametrize("victim", [0, 4, 9])
def test_a_change_of_any_column_of_any_act_is_found(district: District, name: str, victim: int) -> None:
    acts = _acts(district, 10)
    district.sealing.seal()
    column = t.act.c[name]
    this = (t.act.c.district == district.code, t.act.c.id == acts[victim].id)
    with district.store.reading() as connection:
        value = connection.execute(select(column).where(*this)).scalar()
        connection.execute(update(t.act).where(*this).values({name: _changed(column, value)}))
    verdict = district.sealing.verify()
    assert verdict.misfit
    assert (verdict.misfit.number, verdict.misfit.act) == (victim + 1, acts[victim].id)
    assert verdict.sealed == victim


@pytest.mark.parametrize("victim", [0, 4, 9])
def test_an_act_that_is_taken_away_is_found(district: District, victim: int) -> None:
    acts = _acts(district, 10)
    district.sealing.seal()
    with district.store.reading() as connection:
        connection.execute(delete(t.act).where(t.act.c.id == acts[victim].id))
    verdict = district.sealing.verify()
    assert verdict.misfit
    assert (verdict.misfit.number, verdict.misfit.act) == (victim + 1, acts[victim].id)


@pytest.mark.parametrize("column", ["number", "act", "hash"])
def test_a_change_of_a_seal_is_found(district: District, column: str) -> None:
    _acts(district, 5)
    district.sealing.seal()
    value = {"number": 77, "act": uuid4(), "hash": "0" * 64}[column]
    this = (t.seal.c.district == district.code, t.seal.c.number == 3)
    with district.store.reading() as connection:
        connection.execute(update(t.seal).where(*this).values({column: value}))
    misfit = district.sealing.verify().misfit
    assert misfit
    assert misfit.number == 3


def test_acts_taken_from_the_end_with_their_seals_are_found_by_a_published_head(district: District) -> None:
    acts = _acts(district, 10)
    district.sealing.seal()
    head = district.sealing.head()
    assert district.sealing.check(head) is None
    with district.store.reading() as connection:
        connection.execute(delete(t.seal).where(t.seal.c.act == acts[-1].id))
        connection.execute(delete(t.act).where(t.act.c.id == acts[-1].id))
    assert district.sealing.verify().misfit is None, "inside the database nothing can tell"
    assert "number 10 is not in the journal" in str(district.sealing.check(head))
    _act(district, other="act")
    district.sealing.seal()
    assert "up to number 10 has been changed" in str(district.sealing.check(head))


def test_a_head_of_another_district_is_told_apart(new_district: Callable[..., District]) -> None:
    one, other = new_district(), new_district()
    assert "is a head of district" in str(other.sealing.check(one.sealing.head()))
    assert one.sealing.check(one.sealing.head()) is None
    assert one.sealing.head().hash != other.sealing.head().hash


def test_an_act_that_was_begun_before_a_pass_and_stored_after_it_is_sealed(district: District) -> None:
    early = new_id()
    _acts(district, 3)
    assert district.sealing.seal() == 3
    _act(district, key=early)
    assert district.sealing.seal() == 1, "its number is lower than what was sealed already"
    assert (_fits(district), district.sealing.unsealed()) == (4, 0)


def test_a_transaction_that_is_open_during_a_pass_is_sealed_by_the_next(
    postgres_url: str, tmp_path: Path
) -> None:
    """On PostgreSQL; SQLite has one writer, so that nothing else is stored meanwhile."""
    now = datetime.now(UTC)
    early = Act(
        id=new_id(), verb="noise.made", kind="noise", root=new_id(), version=1, subject=new_id(),
        at=now, recorded_at=now, settings="",
    )  # fmt: skip
    with make_district(tmp_path, url=postgres_url) as district:
        with district.store.engine.connect() as connection:
            late = connection.execution_options(isolation_level="READ COMMITTED")
            with late.begin():
                late.execute(t.act.insert().values(dict(journal(district.code, early).values)))
                _acts(district, 3)
                assert (district.sealing.seal(), district.sealing.unsealed()) == (3, 0)
        assert district.sealing.seal() == 1
        assert _fits(district) == 4


def test_an_identifier_that_says_nothing_of_its_time_is_sealed_by_the_full_pass(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    _act(district)
    district.sealing.seal()
    odd = [UUID(int=7), first_id(datetime.now(UTC) - timedelta(hours=3)), uuid5(UUID(int=1), "a file")]
    for key in odd:
        _act(district, key=key)
    district.sealing.seal()
    assert district.sealing.unsealed() >= 2, "not by the quick one"
    monkeypatch.setattr(district.sealing, "_full_pass_at", 0.0)  # an hour goes by
    assert district.sealing.seal() >= 2
    assert (_fits(district), district.sealing.unsealed()) == (4, 0)
    _act(district, key=UUID(int=8))
    assert district.sealing.seal(everything=True) == 1


@given(st.integers(0, 10**16))
def test_the_first_identifier_of_a_moment_carries_its_millisecond(microseconds: int) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    assert first_id(moment).int >> 80 == microseconds // 1000
    assert first_id(moment).int & ((1 << 80) - 1) == 0


def test_identifiers_made_at_a_moment_lie_between_those_of_before_and_after() -> None:
    second = timedelta(seconds=1)
    assert first_id(datetime.now(UTC) - second) < new_id() < first_id(datetime.now(UTC) + second)


def test_the_lease_is_one_sealers_until_it_ends(district: District) -> None:
    def lease(seconds: float) -> Lease:
        return Lease(district.store, district.code, "sealer", seconds)

    first, second = lease(60), lease(60)
    assert first.renew()
    assert first.renew()
    assert not second.renew()
    _act(district)
    assert district.sealing.seal() == 0, "somebody else is at it"
    second.end()
    assert not second.renew()
    first.end()
    assert lease(-1).renew()
    assert second.renew(), "the lease before has ended"
    second.end()
    with held(district.store, district.code, "sealer", 60) as mine:
        assert mine
    assert district.sealing.seal() == 1


class _AlwaysMine(Lease):
    def renew(self) -> bool:
        return True


@pytest.mark.parametrize("leased", [True, False])
def test_sealers_at_once_never_fork_the_chain(
    district: District, monkeypatch: pytest.MonkeyPatch, leased: bool
) -> None:
    """Even where all of them believe that the lease is theirs."""
    if not leased:
        monkeypatch.setattr("linli._engine.leases.Lease", _AlwaysMine)
    monkeypatch.setattr(sealing, "BATCH", 4)
    folder = district.configuration.folder
    doors = [open_district(folder) for _ in range(4)]
    start, sealed, failures = Barrier(5), [0] * 4, []

    def run(place: int) -> None:
        own = Sealing(doors[place].store, district.code)
        start.wait()
        try:
            for _ in range(25):
                sealed[place] += own.seal(everything=True)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    _acts(district, 60)
    for thread in threads:
        thread.join()
    district.sealing.seal(everything=True)
    for door in doors:
        door.close()
    assert failures == []
    assert (_fits(district), district.sealing.unsealed()) == (60, 0)
    assert sum(sealed) <= 60


# --- the command ----------------------------------------------------------------------------------------


def _verify(district: District, *arguments: str) -> Result:
    path = str(district.configuration.folder)
    return CliRunner().invoke(verify, arguments, obj={"path": path})


def test_the_command_seals_verifies_and_writes_the_head_down(district: District, tmp_path: Path) -> None:
    _acts(district, 4)
    file = tmp_path / "head.json"
    result = _verify(district, "--head", str(file), "--json")
    assert result.exit_code == 0, result.output
    head = json.loads(file.read_text())
    told = json.loads(result.stdout)
    assert (told["sealed"], told["not yet sealed"], told["head"]) == (4, 0, head["hash"])
    assert (head["district"], head["number"]) == (district.code, 4)
    assert set(head) == {"district", "number", "hash", "at", "mac"}
    _acts(district, 2)
    assert _verify(district, str(file)).exit_code == 0
    with district.store.reading() as connection:
        connection.execute(update(t.act).where(t.act.c.district == district.code).values(verb="x.y"))
    with pytest.raises(LinliError, match=r"number 1 \(act .*\) does not fit"):
        raise _verify(district, str(file)).exception or AssertionError


def test_the_command_says_what_is_wrong_with_a_head(district: District, tmp_path: Path) -> None:
    _act(district)
    file = tmp_path / "head.json"
    _verify(district, "--head", str(file))
    head = json.loads(file.read_text())
    for change, word in (({"hash": "0" * 64}, "has been changed"), ({"number": 9}, "is not in the journal"),
                         ({"district": "moon"}, "is a head of district moon"), ({"number": "x"}, "is no head")):  # fmt: skip
        file.write_text(json.dumps(head | change))
        with pytest.raises(LinliError, match=word):
            raise _verify(district, str(file)).exception or AssertionError
    with pytest.raises(LinliError, match="cannot be read"):
        raise _verify(district, str(tmp_path / "none.json")).exception or AssertionError


def test_a_head_says_when_it_was_written_down(district: District) -> None:
    head: Head = district.sealing.head()
    assert abs(datetime.now(UTC) - head.at) < timedelta(seconds=5)
