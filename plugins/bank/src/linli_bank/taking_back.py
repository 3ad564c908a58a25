"""What an act earned goes back where a later act on the same matter undoes it: hours that are annulled."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Change, Facts, Subject
from linli.award.reversing import reversal
from linli.effects import Effect
from linli.errors import Refused
from linli.store import Read
from linli.store import tables as t
from linli_bank.settings import BankSettings

_a, _p = t.act.c, t.posting.c
_d: BindParameter[str] = bindparam("district")
_PAID = Read(
    select(_p.cause, _p.to_owner)
    .join(t.act, (_a.district == _p.district) & (_a.id == _p.cause))
    .where(
        _a.district == _d,
        _a.root == bindparam("root"),
        _a.subject == bindparam("subject"),
        _p.rule == bindparam("rule"),
        _p.to_part == "free",
    )
)


def taken_back(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Effect]:
    """What the rules take back that this act undoes: as much of it as is still there."""
    if subject is None:
        return
    for rule in facts.settings(BankSettings).undone_by.get(act.verb, ()):
        name = f"bank:{rule.name}"
        for cause, payee in facts.rows(_PAID, root=act.root, subject=subject.id, rule=name):
            yield from _back(facts, cause, name, payee)


def _back(facts: Facts, cause: UUID, rule: str, payee: UUID) -> Iterable[Effect]:
    try:
        back = reversal(facts, cause, rule, payee, partial=True)
    except Refused:  # it was taken back by hand before, or nothing of it is left; the act stands all the same
        return
    yield from back.effects
    yield from (Change(write=write) for write in back.writes)
