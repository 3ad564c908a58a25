"""Expiry: what was earned before a moment and was not spent since goes, of all accounts at once.

Whoever spends, spends the oldest first. So of what was earned before the moment there is left what
is free now less what was earned since; what was only given back (a cancelled order) keeps its age.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    Subquery,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.refusals import Refusal
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.columns import Moment
from linli._store.statements import write_statement

_p, _a = t.posting.c, t.account.c
_d: BindParameter[str] = bindparam("district", type_=String())
_act: BindParameter[UUID] = bindparam("act", type_=Uuid())
_at: BindParameter[datetime] = bindparam("at", type_=Moment())
_rule: BindParameter[str] = bindparam("rule", type_=String())
_unit: BindParameter[str] = bindparam("unit", type_=String())
_cutoff: BindParameter[datetime] = bindparam("cutoff", type_=Moment())


_were = (
    select(t.alias.c.id)
    .where(t.alias.c.district == _d, t.alias.c.now == _a.owner)
    .correlate(t.account)
    .scalar_subquery()
)
_numbers = union_all(
    select(_a.owner).correlate(t.account),
    select(t.alias.c.id).where(t.alias.c.district == _d, t.alias.c.now == _a.owner).correlate(t.account),
)


def _left_of_old() -> Subquery:
    """By account, what is left of what was earned before the cutoff; a sum for those with something only."""
    since = (
        select(func.coalesce(func.sum(_p.amount), 0))
        .where(_p.district == _d, _p.to_owner.in_(_numbers), _p.unit == _unit, _p.at >= _cutoff)
        .where(_p.to_part == "free", _p.from_part != "held", _p.from_part != "spent")
        # What a merged record had keeps its age: the merge is no earning.
        .where((_p.from_part != "free") | _p.from_owner.not_in(_were))
        .correlate(t.account)
        .scalar_subquery()
    )
    return (
        select(_a.owner, (_a.balance - since).label("amount"))
        .where(_a.district == _d, _a.unit == _unit, _a.part == "free", _a.balance > 0)
        .subquery()
    )


def _locked() -> Select[Any]:
    """All accounts of the unit, in the order in which transfers lock them."""
    rows = (
        select(_a.owner)
        .where(_a.district == _d, _a.unit == _unit, (_a.part == "expired") | (_a.part == "free"))
        .order_by(_a.owner, _a.part)
        .with_for_update()
        .subquery()
    )
    return select(func.count()).select_from(rows)


_old = _left_of_old()
LOCK = Read(_locked())
EXPIRING = Read(select(func.count(), func.coalesce(func.sum(_old.c.amount), 0)).where(_old.c.amount > 0))

_columns = [column.name for column in t.posting.columns]
_POST = write_statement(
    insert(t.posting).from_select(
        _columns,
        select(
            _d, _act, _rule, _old.c.owner, literal("expired"), _old.c.owner, literal("free"), _unit,
            _old.c.amount, _act, _at, null(),
        ).where(_old.c.amount > 0),
    ),
    rank=55,
    name="expire: posting",
)  # fmt: skip
_mine = (_p.district == _d, _p.cause == _act)
_DEBIT = write_statement(
    update(t.account)
    .values(balance=_a.balance - _p.amount)
    .where(*_mine, _a.district == _d, _a.owner == _p.from_owner, _a.unit == _unit, _a.part == "free"),
    rank=56,
    name="expire: free",
)


def _credit(insert: Any) -> Any:
    clause = insert(t.account).from_select(
        [column.name for column in t.account.columns],
        select(_d, _p.to_owner, _p.unit, _p.to_part, _p.amount).where(*_mine),
    )
    return clause.on_conflict_do_update(
        index_elements=["district", "owner", "unit", "part"],
        set_={"balance": _a.balance + clause.excluded.balance},
    )


_CREDIT = write_statement(_credit, rank=57, name="expire: expired")


class NothingExpires(Refused):
    """Nothing was earned before the moment and is still there."""


class NothingToExpire(Refusal, says="nothing of {unit} expires"):
    unit: Text


def expiry(facts: Facts, *, act: UUID, unit: str, before: datetime, rule: str) -> ActResult:
    """What the expiry of a unit comes to: three statements over all its accounts, however many."""
    facts.rows(LOCK, unit=unit)
    accounts, total = facts.rows(EXPIRING, unit=unit, cutoff=before)[0]
    if not accounts:
        raise NothingExpires(NothingToExpire(unit=say(unit)))
    mine = {"district": facts.district, "act": act}
    writes = (
        Write(_POST, {**mine, "unit": unit, "rule": rule, "cutoff": before, "at": facts.at}),
        Write(_DEBIT, {**mine, "unit": unit}),
        Write(_CREDIT, mine),
    )
    body = {
        "unit": unit,
        "before": codec.plain(before),
        "accounts": int(accounts),
        "amount": int(total),
        "rule": rule,
    }
    return ActResult(body={"values": body}, writes=writes)
