"""The channel: carries publications to the folder, and can build all of it again from the record."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby
from typing import Any
from uuid import UUID

from linli import District, DistrictSettings, StoredSubject
from linli._verbs.publish.receipts import receipt_text
from linli.cli import speaking
from linli.hooks import MatterStep
from linli_board import words
from linli_board.entries import Entry, Listing, Record
from linli_board.feed import Source, atom
from linli_board.files import Folder
from linli_board.pages import linker, page
from linli_board.places import Spot, Spots
from linli_board.seal import seal_head
from linli_board.settings import BoardSettings

# Heads of the journal, a line each; whoever fetched it can tell whether one was taken away since.
HEADS = "heads.txt"
# What is put off: "show <publication>", or "<year> <place>".
_SHOW = "show "
_TAGS = {"zh": "zh-Hans", "en": "en"}
# A feed without entries has to say when it was changed; the same moment each time.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Board:
    """The board of an open district.

    Carrying is writing what the record now says about a publication and all pages that name it:
    so it does not matter how often, in which order or by how many workers it is done.
    """

    def __init__(self, district: District) -> None:
        self.settings = district.configuration.section(BoardSettings)
        self.folder = Folder(self.settings.path(district.configuration.folder))
        self._district = district
        self._name = district.configuration.section(DistrictSettings).name
        self._record = Record(district, self.settings.newest)

    def carry(self, publication: StoredSubject, event: str, key: UUID) -> None:
        """Let the folder show a publication as it now is; lists and feeds follow when the batch is done."""
        with self.folder.alone(), speaking(self.settings.language):
            entry = self._record.get(publication.id)
            if entry:
                _Edition(self).show(entry)

    def refresh(self, publications: Iterable[UUID]) -> None:
        """Let the folder show these as they now are: somebody's data may no longer be shown."""
        with self.folder.alone():
            for ident in publications:
                self.folder.put_off(f"{_SHOW}{ident}")

    def settle(self) -> None:
        """Write the pages that were put off: a place's once, however many publications name it."""
        if not self.folder.work():
            return
        with self.folder.alone(), speaking(self.settings.language):
            self._shown_again()
            _Edition(self).places()

    def _shown_again(self) -> None:
        edition = _Edition(self)
        for work in self.folder.work():
            if work.startswith(_SHOW):
                entry = self._record.get(UUID(work.removeprefix(_SHOW)))
                if entry:
                    edition.show(entry)
                self.folder.done(work)

    def build(self, progress: Callable[[int], Any] = lambda _done: None) -> int:
        """Write the whole folder from the record; how many pages were changed."""
        with self.folder.alone(), speaking(self.settings.language):
            return _Edition(self).everything(progress)

    @property
    def title(self) -> str:
        """The board's name."""
        return self.settings.title or self._name

    @property
    def tag(self) -> str:
        """The language of the pages, as HTML says it."""
        return _TAGS[self.settings.language]


class _Edition:
    """The folder as the record is at one moment; made and used while nobody else writes."""

    def __init__(self, board: Board) -> None:
        self._board, self._record, self._folder = board, board._record, board.folder
        self._spots = Spots(board._district)
        self._matters: dict[UUID, str | None] = {}
        self._shown: set[UUID] = set()
        self._changed = 0

    def show(self, entry: Entry) -> None:
        """Write a publication's page, and all that name it."""
        self._style()
        for one in (entry, *self._record.around(entry)):
            self._publication(one)
        shown = self._spots.showing(entry.places)
        for spot in self._spots:
            # One that was never written is linked to from the place above it.
            if spot.id in shown or not self._folder.has(spot.page()):
                self._folder.put_off(f"{entry.published.year} {spot.id}")

    def places(self) -> None:
        """Write the pages of places that were put off."""
        waiting: dict[UUID, dict[int, str]] = {}
        for work in self._folder.work():
            year, _, place = work.partition(" ")
            waiting.setdefault(UUID(place), {})[int(year)] = work
        for spot in self._spots:
            if spot.id in waiting:
                self._place(spot, set(waiting[spot.id]))
        for works in waiting.values():
            for work in works.values():
                self._folder.done(work)

    def everything(self, progress: Callable[[int], Any]) -> int:
        """Write every page; how many were changed."""
        self._style()
        for entry in self._record.everything():
            self._publication(entry)
            progress(1)
        for spot in self._spots:
            self._place(spot, None)
        for work in self._folder.work():
            self._folder.done(work)
        return self._changed

    def _write(self, at: str, text: str) -> None:
        self._changed += self._folder.write(at, text)

    def _style(self) -> None:
        self._write("style.css", files("linli_board").joinpath("style.css").read_text("utf-8"))

    def _page(self, template: str, at: str, spot: Spot, **values: Any) -> None:
        board = self._board
        known = {"language": board.tag, "title": board.title, "spot": spot, "place_name": self._spots.name}
        self._write(at, page(template, at, **known, **values))

    # --- a publication ------------------------------------------------------------------------------

    def _publication(self, entry: Entry) -> None:
        if entry.id in self._shown:
            return
        self._shown.add(entry.id)
        spot = self._spots.nearest(entry.place)
        self._page(
            "publication.html",
            entry.page,
            spot,
            trail=[*self._spots.above(spot), spot],
            entry=entry,
            text=self._text(entry),
            corrected=self._record.get(entry.corrects),
            correction=self._record.holds(entry),
            previous=self._record.get(entry.follows),
            following=self._record.next(entry),
            matter=self._matter(entry.about),
        )
        self._receipt(entry)
        self._files(entry)

    def _files(self, entry: Entry) -> None:
        for one in entry.files:
            if entry.withdrawn:
                self._folder.remove(one.page)
            elif not self._folder.has(one.page):
                # What was published never changes.
                content = self._board._district.publish.file(entry.id, one.kept.name)
                self._changed += self._folder.write_bytes(one.page, content)

    def _text(self, entry: Entry) -> str:
        return self._board._district.publish.body(entry.subject)

    def _receipt(self, entry: Entry) -> None:
        if entry.withdrawn:
            self._folder.remove(entry.receipt)
        else:
            self._write(entry.receipt, receipt_text(self._board._district.publish.receipt(entry.id)) + "\n")

    # --- a matter -----------------------------------------------------------------------------------

    def _matter(self, about: UUID | None) -> str | None:
        """Where the page of a matter is, which is written; None where no plugin gives it one."""
        if about and about not in self._matters:
            self._matters[about] = self._matter_page(about)
        return self._matters[about] if about else None

    def _matter_page(self, about: UUID) -> str | None:
        page = self._board._district.publish.page_about(about)
        if page is None:
            return None
        at, spot = f"matters/{about}.html", self._spots.nearest(page.place)
        trail = [*self._spots.above(spot), spot]
        steps = [self._step(one) for one in page.steps]
        self._page("matter.html", at, spot, trail=trail, matter=page, number=about, steps=steps)
        return at

    def _step(self, step: MatterStep) -> tuple[MatterStep, datetime | None, Entry | None, Entry | None]:
        """A step of a matter with the publication that it came to, and with what holds in its place."""
        entry = self._record.get(step.publication)
        return step, self._record.local(step.at), entry, self._record.holds(entry) if entry else None

    # --- a place ------------------------------------------------------------------------------------

    def _place(self, spot: Spot, years: set[int] | None) -> None:
        """A place's pages; of its years those in `years` (None: all), and those never written."""
        listing = self._record.listing(spot, self._spots)
        seal = seal_head(self._board._district) if spot == self._spots.front else None
        trail, below = self._spots.above(spot), self._spots.below(spot)
        self._page("place.html", spot.page(), spot, trail=trail, listing=listing, below=below, seal=seal)
        if seal:
            self._heads()
        self._write(spot.page("feed.atom"), self._feed(spot, listing))
        for year in listing.years:
            if years is None or year in years or not self._folder.has(spot.page(f"{year}.html")):
                self._year(spot, year)

    def _heads(self) -> None:
        """The heads that were kept; what was once published stays, whatever the installation says now."""
        published = self._folder.lines(HEADS)
        kept = [line for line in self._board._district.heads.lines() if line not in published]
        self._write(HEADS, "".join(f"{line}\n" for line in (*published, *kept)))

    def _year(self, spot: Spot, year: int) -> None:
        entries = self._record.year(spot, self._spots, year)
        months = [(name, list(of)) for name, of in groupby(entries, lambda one: words.month(one.published))]
        trail = [*self._spots.above(spot), spot]
        self._page("year.html", spot.page(f"{year}.html"), spot, trail=trail, year=year, months=months)

    def _feed(self, spot: Spot, listing: Listing) -> str:
        board = self._board
        source = Source(
            id=f"urn:uuid:{spot.id}",
            title=spot.name if spot.name == board.title else f"{spot.name} · {board.title}",
            author=board._name,
            language=board.tag,
            address=self._linked(spot),
            page=spot.page(),
            feed=spot.page("feed.atom"),
            empty_at=_NEVER,
        )
        # Readers of a feed keep what they got: what somebody can take back is on its page alone.
        body = board._district.publish.body
        return atom(source, [(entry, body(entry.subject, personal=False)) for entry in listing.all])

    def _linked(self, spot: Spot) -> Callable[[str], str]:
        """Whole addresses where the board knows its own; else relative to the feed."""
        settings = self._board.settings
        return settings.address if settings.base_url else linker(spot.page("feed.atom"))
