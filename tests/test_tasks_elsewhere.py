"""A task that another matter settled, such as a whistle: whoever evaluated that has confirmed it."""

from uuid import UUID

import pytest

from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import new_id
from linli.testing import a_place, somebody


@pytest.fixture
def request_number(district: District) -> UUID:
    place = a_place(district, "锦绣花园")
    somebody(district, "steward", place)
    request = district.dispatch.submit(place, "general", "楼顶违建").subject
    district.make(request, "accept")
    district.make(request, "dispatch", {"role": "steward", "at": place})
    return request


def _settled(district: District, request: UUID) -> UUID:
    task = district.dispatch.open_task(request).id
    by = new_id()
    district.make(task, "settle_elsewhere", {"by": by}, actor=ENGINE_ACTOR)
    return by


def test_what_another_matter_settled_is_confirmed_with_it_and_says_by_what(
    district: District, request_number: UUID
) -> None:
    by = _settled(district, request_number)
    (task,) = district.dispatch.tasks(request_number)
    assert (task.state, district.subject(request_number).state) == ("confirmed", "resolved")
    (settled,) = [act for act in district.history(request_number) if act.verb == "task.settle_elsewhere"]
    assert UUID(settled.value("by")) == by


def test_nobody_says_so_but_linli(district: District, request_number: UUID) -> None:
    task = district.dispatch.open_task(request_number).id
    with pytest.raises(NotAllowed):
        district.make(task, "settle_elsewhere", {"by": new_id()})


def test_a_task_on_offer_is_settled_and_its_offer_lapses(district: District, request_number: UUID) -> None:
    task = district.dispatch.open_task(request_number).id
    values = {"role": "officer", "at": district.subject(task).place, "reason": "不归我们管"}
    district.make(task, "offer", values)
    _settled(district, request_number)
    (offer,) = [one for one in district.tree(request_number) if one.kind == "offer"]
    assert offer.state == "lapsed"
    with pytest.raises(Refused):
        district.make(offer.id, "accept")
