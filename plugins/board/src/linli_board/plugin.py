"""The plugin of the public board."""

from collections.abc import Iterable

from linli import Act, District, Facts, Manifest, Subject, hookimpl
from linli.publish import reading
from linli.publish.audience import Audience
from linli_board.board import Board
from linli_board.entries import CHANNEL
from linli_board.settings import BoardSettings

# After these, data of a person may no longer be shown.
_HEARD = ("person.withdraw_consent", "person.end", "person.erase", "person.merge")


@hookimpl
def describe() -> Manifest:
    """What the board brings."""
    return Manifest(name="board", settings=BoardSettings, channels={CHANNEL: Board}, hears=_HEARD)


@hookimpl
def publication_audience(publication: Subject, facts: Facts) -> Iterable[Audience]:
    """Every publication is on the board of its place."""
    yield Audience(place=publication.place, channel=CHANNEL)


@hookimpl
def act_done(act: Act, district: District) -> None:
    """Take somebody's data off the pages once they are erased or take their consent back."""
    named = reading.naming_person(district, act.person or act.subject)
    Board(district).refresh(one.id for one in named)
