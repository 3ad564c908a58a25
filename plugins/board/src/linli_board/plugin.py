"""The plugin of the public board."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from linli import Act, District, Facts, Plugin, StoredSubject, hookimpl
from linli._verbs.publish import reading
from linli.hooks import PERSON_END, PERSON_ERASE, PERSON_MERGE, PERSON_WITHDRAW_CONSENT, Audience
from linli_board.entries import CHANNEL
from linli_board.settings import BoardSettings

if TYPE_CHECKING:
    from linli_board.board import Board

# After these, data of a person may no longer be shown.
_HEARD = (PERSON_WITHDRAW_CONSENT, PERSON_END, PERSON_ERASE, PERSON_MERGE)


def board(district: District) -> "Board":
    """The board of a district. What draws its pages is loaded when one is drawn."""
    from linli_board.board import Board

    return Board(district)


PLUGIN = Plugin(name="board", settings=BoardSettings, channels={CHANNEL: board}, subscribes=_HEARD)


@hookimpl
def publication_audience(publication: StoredSubject, facts: Facts) -> Iterable[Audience]:
    """Every publication is on the board of its place."""
    yield Audience(place=publication.place, channel=CHANNEL)


@hookimpl
def act_done(act: Act, district: District) -> None:
    """Take somebody's data off the pages once they are erased or take their consent back."""
    named = reading.naming_person(district, act.person or act.subject)
    board(district).refresh(one.id for one in named)
