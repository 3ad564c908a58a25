"""An .xlsx file as the parts of its archive: what is not changed is carried over byte for byte."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from linli import Invalid, Refusal, Refused, Text, say

Element = Any
_MOST_BYTES = 300_000_000
_ENDINGS = (".xlsx", ".xlsm")
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class NotAnXlsx(Invalid, says="{file} is no .xlsx; open it in the spreadsheet program and save it as one"):
    file: Path
    field: str = "file"


class NoWorkbook(Invalid, says="this is no spreadsheet: it has no workbook"):
    field: str = "file"


class Package:
    """The parts of a form, and those that were changed."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in _ENDINGS:
            raise Refused(NotAnXlsx(file=path))
        self._original = _read(path)
        self._parsed: dict[str, Element] = {}
        self._changed: set[str] = set()
        self._dropped: set[str] = set()
        self.workbook = self._workbook()

    def names(self) -> list[str]:
        """The names of all parts."""
        return [name for name in self._original.namelist() if name not in self._dropped]

    def text(self, name: str) -> str:
        """A part as it was, as text."""
        return self._original.read(name).decode("utf-8", errors="replace")

    def tree(self, name: str) -> Element:
        """A part's root element, to change; it is written anew."""
        self._changed.add(name)
        return self.peek(name)

    def peek(self, name: str) -> Element:
        """A part's root element, to look at only."""
        if name not in self._parsed:
            self._parsed[name] = _parse(self._original.read(name))
        return self._parsed[name]

    def related(self, name: str) -> Mapping[str, tuple[str, str]]:
        """The parts that a part leads to: by identifier, the last word of the relation's type, and the part."""
        folder, base = posixpath.split(name)
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if rels not in self.names():
            return {}
        return {
            one.get("Id"): (one.get("Type", "").rpartition("/")[2], _resolved(folder, one.get("Target", "")))
            for one in self.peek(rels).iter(_RELATIONS)
            if one.get("TargetMode") != "External"
        }

    def drop(self, name: str) -> None:
        """Leave a part out, and what leads to it from the workbook."""
        self._dropped.add(name)
        types = self.tree("[Content_Types].xml")
        for one in [one for one in types if one.get("PartName") == f"/{name}"]:
            types.remove(one)
        folder, base = posixpath.split(self.workbook)
        relations = self.tree(f"{folder}/_rels/{base}.rels")
        for one in [one for one in relations if _resolved(folder, one.get("Target", "")) == name]:
            relations.remove(one)

    def content(self) -> bytes:
        """The archive with the parts as they now are."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in self._original.infolist():
                if info.filename in self._dropped:
                    continue
                changed = info.filename in self._changed
                part = _written(self._parsed[info.filename]) if changed else self._original.read(info)
                archive.writestr(info, part, compress_type=info.compress_type)
        return out.getvalue()

    def _workbook(self) -> str:
        for kind, part in self.related("").values():
            if kind == "officeDocument" and part in self.names():
                return part
        raise Refused(NoWorkbook())


def _resolved(folder: str, target: str) -> str:
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )


class NotReadable(Invalid, says="{file} cannot be read: {error}"):
    file: Path
    error: Text
    field: str = "file"


class LockedXlsx(Invalid, says="{file} is no .xlsx, or is locked with a password; save it without one"):
    file: Path
    field: str = "file"


class TooLarge(Refusal, says="{file} is too large for a form"):
    file: Path


def _read(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(path.read_bytes()))
    except OSError as error:
        raise Refused(NotReadable(file=path, error=say(error.strerror or "-"))) from error
    except zipfile.BadZipFile:
        raise Refused(LockedXlsx(file=path)) from None
    if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
        raise Refused(TooLarge(file=path))
    return archive


class DamagedSpreadsheet(Invalid, says="this spreadsheet is damaged; open it and save it anew"):
    field: str = "file"


def _parse(part: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise Refused(DamagedSpreadsheet()) from None


def _written(root: Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def worksheets(package: Package) -> Iterator[tuple[str, str]]:
    """The names of the sheets, and their parts; without sheets that are only a chart."""
    related = package.related(package.workbook)
    for sheet in package.peek(package.workbook).iter("{*}sheet"):
        ident = next((value for key, value in sheet.attrib.items() if etree.QName(key).localname == "id"), "")
        kind, part = related.get(ident, ("", ""))
        if kind == "worksheet" and part in package.names():
            yield sheet.get("name", ""), part
