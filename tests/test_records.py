"""Changed copies of records are what `attrs.evolve` makes of them, whatever the class does."""

from typing import Any

import attrs
import pytest

from linli._base.records import evolve


def _stripped(text: str) -> str:
    return text.strip()


@attrs.frozen(kw_only=True)
class WithSlots:
    name: str
    _hidden: int = 1


@attrs.frozen(kw_only=True, slots=False)
class Plain:
    name: str
    hidden: int = 1


@attrs.frozen(kw_only=True, slots=False)
class Judged:
    name: str = attrs.field(converter=_stripped)
    hidden: int = attrs.field(default=1, validator=attrs.validators.ge(0))


@attrs.frozen(kw_only=True, slots=False)
class Counted:
    name: str
    length: int = attrs.field(init=False)

    @length.default
    def _length(self) -> int:
        return len(self.name)


@attrs.frozen(kw_only=True, slots=False)
class Finished:
    name: str

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise ValueError("name")


@pytest.mark.parametrize("kind", [WithSlots, Plain, Judged, Counted, Finished])
def test_a_changed_copy_is_what_evolve_makes(kind: Any) -> None:
    record = kind(name="幸福里")
    assert evolve(record, name=" 阳光苑 ") == attrs.evolve(record, name=" 阳光苑 ")
    assert record == kind(name="幸福里")
    with pytest.raises(TypeError):
        evolve(record, nothing=1)


def test_what_a_class_judges_is_judged_again() -> None:
    with pytest.raises(ValueError, match="hidden"):
        evolve(Judged(name="幸福里"), hidden=-1)
    with pytest.raises(ValueError, match="name"):
        evolve(Finished(name="幸福里"), name="")


def test_a_copy_is_as_frozen_as_its_record() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        evolve(Plain(name="幸福里"), name="阳光苑").name = "x"  # type: ignore[misc]
