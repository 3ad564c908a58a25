"""What the board shows of the record: entries, and what belongs on a place's pages."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

import attrs

from linli import District, KeptFile, StoredSubject
from linli._verbs.publish import reading
from linli._verbs.publish.reading import Period, Wanted
from linli_board.places import Spot, Spots

CHANNEL = "board"
ABOVE = 10


@attrs.frozen(kw_only=True)
class Attached:
    """A file of a publication, and where it is: under a plain name of our own, whatever its own is."""

    page: str
    kept: KeptFile


@attrs.frozen(kw_only=True)
class Entry:
    """A publication as lists show it. Times are in the district's zone.

    Attributes:
        places: where it is shown: its place, and others that its audience names.
        updated: when it last changed in the readers' eyes.
    """

    id: UUID
    place: UUID
    places: tuple[UUID, ...]
    title: str
    series: str
    stage: int | None
    published: datetime
    withdrawn: datetime | None = None
    reason: str | None = None
    corrects: UUID | None = None
    corrected_by: UUID | None = None
    corrected: datetime | None = None
    follows: UUID | None = None
    about: UUID | None = None
    digest: str | None = None
    files: tuple[Attached, ...] = ()
    subject: StoredSubject = attrs.field(repr=False, eq=False)

    @property
    def page(self) -> str:
        """Where its page is."""
        return f"publications/{self.id}.html"

    @property
    def receipt(self) -> str:
        """Where its verification file is."""
        return f"publications/{self.id}.json"

    @property
    def updated(self) -> datetime:
        """The last of publication, correction and withdrawal."""
        return max(one for one in (self.published, self.corrected, self.withdrawn) if one)


@attrs.frozen(kw_only=True)
class Listing:
    """What a place's first page shows.

    Attributes:
        newest: of the place and all below it; `above`: of the places above it.
        years: those that have an archive page, the newest first.
    """

    newest: list[Entry]
    above: list[Entry]
    years: list[int]

    @property
    def all(self) -> list[Entry]:
        """Both, the newest first."""
        return sorted([*self.newest, *self.above], key=lambda one: (one.published, one.id), reverse=True)


class Record:
    """A district's publications as its board needs them."""

    def __init__(self, district: District, newest: int) -> None:
        self.district = district
        self.newest = newest
        self.zone = district.rules.zone

    def entry(self, one: StoredSubject) -> Entry:
        """A publication as an entry."""
        record, published = one.record, self.local(one.accepted_at)
        assert published, "what is shown went out"
        carried = (to.place for to in record.audience if to.channel == CHANNEL)
        return Entry(
            id=one.id,
            place=one.place,
            places=tuple(dict.fromkeys((one.place, *carried))),
            title=record.title,
            series=record.series,
            stage=record.stage,
            published=published,
            withdrawn=self.local(one.ended_at) if one.state == "withdrawn" else None,
            reason=record.reason,
            corrects=record.corrects,
            corrected_by=record.corrected_by,
            corrected=self.local(record.corrected_at),
            follows=record.follows,
            about=record.about,
            digest=record.digest,
            files=tuple(
                Attached(page=f"publications/{one.id}/{number}{kept.ending}", kept=kept)
                for number, kept in enumerate(record.files, 1)
            ),
            subject=one,
        )

    def local(self, moment: datetime | None) -> datetime | None:
        """A moment in the district's zone."""
        return moment.astimezone(self.zone) if moment else None

    def everything(self) -> list[Entry]:
        """Every publication that ever went out."""
        return [self.entry(one) for one in self.district.publish.listed()]

    def listing(self, spot: Spot, spots: Spots) -> Listing:
        """What a place's first page shows."""
        own = self._wanted(spot, spots)
        over = tuple(one.id for one in spots.above(spot))
        newest = self._listed(attrs.evolve(own, most=self.newest))
        above = self._listed(Wanted(places=over, exactly=True, most=ABOVE)) if over else []
        known = {one.id for one in newest}
        above = [one for one in above if one.id not in known]
        return Listing(newest=newest, above=above, years=self._years(self._archived(spot, spots)))

    def year(self, spot: Spot, spots: Spots, year: int) -> list[Entry]:
        """What was published at a place in a year, the newest first; not what other boards below it have."""
        start, end = (datetime(number, 1, 1, tzinfo=self.zone) for number in (year, year + 1))
        wanted = attrs.evolve(self._archived(spot, spots), period=Period(since=start, until=end))
        return self._listed(wanted)

    def _wanted(self, spot: Spot, spots: Spots) -> Wanted:
        return Wanted() if spot == spots.front else Wanted(places=(spot.id,), channel=CHANNEL)

    def _archived(self, spot: Spot, spots: Spots) -> Wanted:
        below = tuple(one.id for one in spots.below(spot))
        return attrs.evolve(self._wanted(spot, spots), without=below)

    def _listed(self, wanted: Wanted) -> list[Entry]:
        return [self.entry(one) for one in self.district.publish.listed(wanted)]

    def _years(self, wanted: Wanted) -> list[int]:
        span = reading.span(self.district, wanted)
        if span is None:
            return []
        first, last = (moment.astimezone(self.zone).year for moment in span)
        return list(range(last, first - 1, -1))

    def get(self, ident: UUID | None) -> Entry | None:
        """A publication that went out, by its number."""
        if ident is None:
            return None
        one = self.district.publish.get(ident)
        return self.entry(one) if one.accepted_at else None

    def next(self, entry: Entry) -> list[Entry]:
        """The disclosures that name this one as the one before them."""
        of_the_matter = reading.about(self.district, entry.about) if entry.about else ()
        return [self.entry(one) for one in of_the_matter if one.record.follows == entry.id]

    def holds(self, entry: Entry) -> Entry | None:
        """What holds in place of a corrected one: the last correction; None where nothing corrects it."""
        found = list(self._chain(entry.corrected_by, "corrected_by"))
        return found[-1] if found else None

    def _chain(self, ident: UUID | None, way: str) -> Iterator[Entry]:
        """One publication after the other, along a field that names the next."""
        while (found := self.get(ident)) is not None:
            yield found
            ident = getattr(found, way)

    def around(self, entry: Entry) -> Iterable[Entry]:
        """The publications whose pages name this one."""
        before = self.get(entry.follows)
        corrected = self._chain(entry.corrects, "corrects")
        corrections = self._chain(entry.corrected_by, "corrected_by")
        return [*([before] if before else ()), *corrected, *corrections, *self.next(entry)]
