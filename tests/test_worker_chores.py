"""Chores: what plugins have the worker do by the calendar."""

from collections.abc import Callable

import pytest

from linli._district import worker
from linli._district.district import District
from linli._district.worker import Worker
from linli._hooks.plugin import Plugin


class Tidy:
    """A plugin with two chores, of which the first fails as often as it is told to."""

    def __init__(self, name: str, failures: int = 0) -> None:
        self.name, self.failures, self.done = name, failures, 0

    def sweep(self, district: District) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("no broom")
        self.done += 1

    @property
    def PLUGIN(self) -> Plugin:
        return Plugin(name=self.name, periodic=(self.sweep,))


def test_the_worker_does_each_plugins_chores_once_an_hour_whoever_fails(
    new_district: Callable[..., District], monkeypatch: pytest.MonkeyPatch
) -> None:
    clumsy, tidy = Tidy("clumsy", failures=1), Tidy("tidy")
    district = new_district(enabled=("clumsy", "tidy"), plugins={"clumsy": clumsy, "tidy": tidy})
    reported: list[str] = []
    moment = [0.0]
    monkeypatch.setattr("linli._district.worker.time.monotonic", lambda: moment[0])
    works = Worker(district, report=lambda text: reported.append(str(text)))
    for now in (1.0, 2.0, worker.PERIODIC_SECONDS + 2):
        moment[0] = now
        works.keep_house()
    assert (clumsy.done, tidy.done) == (1, 2)
    (line,) = reported
    assert "clumsy" in line
