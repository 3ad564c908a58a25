"""Many who act on one matter at once take turns: nobody is sent away because others were faster."""

from collections.abc import Callable
from threading import Barrier, Thread

from linli._district.district import District
from linli._engine.orders import constant
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import new_id
from linli._model.direct import DirectAct, DirectOrder


def test_everybody_who_acts_on_one_hot_matter_comes_through(new_district: Callable[..., District]) -> None:
    district, root, each, people = new_district(), new_id(), 4, 12
    start, failures = Barrier(people), list[Exception]()

    def act() -> None:
        start.wait()
        for number in range(each):
            order = DirectOrder(
                act=DirectAct("noise.made", label="noise"),
                subject=root,
                work=constant({"values": {"n": number}}),
            )
            try:
                district.perform(order, actor=ENGINE_ACTOR)
            except Exception as error:
                failures.append(error)

    threads = [Thread(target=act) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [act.version for act in district.history(root)] == list(range(1, people * each + 1))
