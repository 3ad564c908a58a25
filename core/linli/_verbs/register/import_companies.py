"""Property companies: rows of 小区, 物业公司 become organisations of the compounds that they serve."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import attrs

from linli._base.errors import Refused
from linli._base.i18n import say
from linli._hooks.importers import Importer
from linli._importing.batches import BadLine, Batch, Line
from linli._model.sheets import Column, Kind
from linli._verbs.register.import_homes import COMMUNITY, COMPOUND, STREET, Homes
from linli._verbs.register.living import OrganisationEnded
from linli._verbs.register.organisations import (
    BODIES_AT,
    Organisation,
    organisation_from,
    organisation_id,
    put_organisation,
)

COMPANY: Final = "property_company"


class ListedBodyEnded(OrganisationEnded, says="this organisation ended on {day}; correct its name"):
    day: date


class _Companies:
    """The property companies of compounds, by compound; read once, new and changed ones gathered."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._at: dict[UUID, dict[UUID, Organisation]] = {}
        self._put: dict[UUID, Organisation] = {}

    def prepare(self, compounds: Sequence[UUID]) -> None:
        """Read at once who serves these compounds, and who did."""
        self._at.update({compound: {} for compound in compounds})
        for row in self._batch.facts.found(BODIES_AT, list(dict.fromkeys(compounds))):
            one = organisation_from(row)
            if one.kind == COMPANY:
                self._at[one.place][one.id] = one

    def take(self, wanted: Organisation) -> None:
        """Register a company, or add to what is known of it."""
        here = self._at[wanted.place]
        known = here.get(wanted.id)
        if known is None:
            self._alone(wanted, here)
        elif known.until is not None:
            raise BadLine("company", ListedBodyEnded(day=known.until))
        now = attrs.evolve(known, code=wanted.code or known.code) if known else wanted
        if now != known:
            here[now.id] = self._put[now.id] = now
        self._batch.took(now.id, new=known is None, changed=now != known)

    def _alone(self, wanted: Organisation, here: dict[UUID, Organisation]) -> None:
        others = [one for one in here.values() if one.until is None]
        if others:
            raise BadLine(
                "company",
                say(
                    "{name} serves this compound; if that is over, end it first: linli organisation end",
                    name=others[0].name,
                ),
            )

    def write(self) -> None:
        """Hand over all that was gathered."""
        self._batch.write(put_organisation(self._batch.rules.district, one) for one in self._put.values())


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=False)
    homes.prepare(lines)
    found: list[tuple[Line, Organisation]] = []
    for line in lines:
        try:
            found.append((line, _company(line, homes)))
        except Refused as refusal:
            batch.refuse(line, refusal)
    companies = _Companies(batch)
    companies.prepare([one.place for _, one in found])
    for line, one in found:
        try:
            companies.take(one)
        except Refused as refusal:
            batch.refuse(line, refusal, "company")
    companies.write()


def _company(line: Line, homes: Homes) -> Organisation:
    compound = homes.of(line)
    assert compound is not None, "the column is required"
    name = " ".join(str(line.text("company")).split())
    return Organisation(
        id=organisation_id(compound.id, COMPANY, name),
        kind=COMPANY,
        name=name,
        place=compound.id,
        code=line.text("code"),
        since=line.values.get("since"),
    )


COMPANIES = Importer(
    kind="property_companies",
    done="property companies taken from a file",
    label="property companies",
    columns=(
        Column(
            name="company",
            headings=(
                "物业公司", "物业公司名称", "物业企业", "物业企业名称", "物业服务企业", "物业服务企业名称", "物业服务公司",
                "物业服务单位", "物业单位", "物业管理单位", "物业管理公司",
            ),
            required=True,
        ),
        Column(name="code", headings=("统一社会信用代码", "社会信用代码", "信用代码"), kind=Kind.USCC),
        STREET,
        COMMUNITY,
        attrs.evolve(COMPOUND, headings=(*COMPOUND.headings, "服务小区", "服务项目", "项目名称"), required=True),
        Column(
            name="since",
            headings=("服务起始日期", "服务开始日期", "进驻时间", "进驻日期", "合同开始日期", "服务起始时间"),
            kind=Kind.DATE,
        ),
    ),
    load=_load,
)  # fmt: skip
