"""Reports for programs: make one, write it in a form, publish it, fill in somebody else's form."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli import Act, District, Missing, NotFoundHere, Refused, Several, listed
from linli._base import codec
from linli_brief.making import make
from linli_brief.model import Report
from linli_brief.settings import BriefSettings
from linli_brief.text import text
from linli_brief.writing import write_new

if TYPE_CHECKING:
    from linli_brief.forms.filling import Filled

FORMATS = ("text", "json", "xlsx", "pdf", "html")
_BY_ENDING: Mapping[str, str] = {
    ".txt": "text",
    ".json": "json",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".html": "html",
}


class NoSuchFormat(NotFoundHere, says="there is no format {name}; there are: {known}"):
    name: str
    known: Several


class NoFormatSaid(Missing, says="{file}: end it with one of {known}, or give --format"):
    file: Path
    known: Several
    field: str = "format"


class Reports:
    """The reports of an open district. Places and periods are as in `District.brief`."""

    def __init__(self, district: District) -> None:
        self._district = district

    def make(self, place: UUID | None = None, start: date | None = None, end: date | None = None) -> Report:
        """Every figure of a place and a period, with its months."""
        return make(self._district, place, start, end)

    def written(self, report: Report, form: str) -> bytes:
        """A report in one of `FORMATS`; text in UTF-8.

        Raises: Refused for another format; LinliError where the printed page's library is missing.
        """
        writers: Mapping[str, Callable[[Report], bytes]] = {
            "text": lambda one: text(one).encode(),
            "json": lambda one: (codec.encode(codec.plain(one.document())) + "\n").encode(),
            "xlsx": _workbook,
            "pdf": self._pdf,
            "html": self._html,
        }
        if form not in writers:
            raise Refused(NoSuchFormat(name=form, known=listed(FORMATS)))
        return writers[form](report)

    def write(self, report: Report, out: Path, form: str | None = None) -> None:
        """Write a report to a file that is not there yet; the format is that of its ending.

        Raises: Refused where the file is there, or its ending names no format.
        """
        named = form or _BY_ENDING.get(out.suffix.lower())
        if named is None:
            endings = listed(_BY_ENDING)
            raise Refused(NoFormatSaid(file=out, known=endings))
        write_new(out, self.written(report, named))

    def publish(self, report: Report, **how: Any) -> Act:
        """Draft a publication of a report, in the series "brief", at its place. Args: as in `Publishing.draft`."""
        place = report.place or self._district.register.root()
        title = f"{report.title} {report.period.start} — {report.period.end}"
        _, _, body = text(report).partition("\n")
        return self._district.publish.draft(place, title, body, series="brief", **how)

    def fill(
        self,
        form: Path,
        out: Path,
        place: UUID | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> "Filled":
        """Fill in somebody else's spreadsheet: a copy whose cells have figures and lists for their names.

        Raises: FormError with everything that is wrong in the form, all at once; Refused where `out`
            is there already, or is the form itself. Nothing is written then.
        """
        from linli_brief.forms.filling import fill

        return fill(self._district, form, out, place, start, end)

    @property
    def _settings(self) -> BriefSettings:
        return self._district.configuration.section(BriefSettings)

    def _html(self, report: Report) -> bytes:
        from linli_brief.page import html

        return html(report, self._settings.fonts).encode()

    def _pdf(self, report: Report) -> bytes:
        from linli_brief.page import pdf

        return pdf(report, self._settings.fonts)


def _workbook(report: Report) -> bytes:
    from linli_brief.sheets import workbook

    return workbook(report)
