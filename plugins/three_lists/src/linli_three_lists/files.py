"""Files that are evidence: judged by their content, and freed of all that is not the picture itself.

A picture is drawn anew: where and when it was taken, by which camera, whatever hangs behind its last
byte, is gone. A PDF loses what describes it, what it carries and what it would run.
"""

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from linli import Invalid, Refusal, Refused, listed, say
from linli_three_lists.settings import Format, ThreeListsSettings

if TYPE_CHECKING:
    from PIL.Image import Image

KeptFormat = Literal["jpeg", "png", "webp", "pdf"]
ENDINGS: Final = {"jpeg": "jpg", "png": "png", "webp": "webp", "pdf": "pdf"}
"""What a kept file is called at its end, by its format. A HEIC picture is kept as a JPEG, which every desk can open."""

_PILLOW: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_QUALITY: Final = 88
_MEGA: Final = 1_000_000
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
# What says more of who made a page than the page does, or does something when it is opened.
_PDF_EXTRAS: Final = (
    "/Metadata",
    "/PieceInfo",
    "/AA",
    "/OpenAction",
    "/JavaScript",
    "/JS",
    "/EmbeddedFiles",
    "/AF",
)


@attrs.frozen(kw_only=True)
class Cleaned:
    """A file as it may be kept, in the format that it has now."""

    format: KeptFormat
    data: bytes = attrs.field(repr=False)


def format_of(data: bytes) -> Format | None:
    """What a file is by its first bytes, whatever it is called; None where it is nothing that is taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    return "pdf" if data.startswith(b"%PDF-") else None


class FileTooBig(Refusal, says="the file is bigger than {most} megabytes"):
    most: int


def cleaned(data: bytes, settings: ThreeListsSettings) -> Cleaned:
    """A file without what does not belong into evidence.

    Raises: Refused where it is too big, damaged, or not of a format that the district takes.
    """
    if len(data) > settings.evidence_megabytes * _MEGA:
        raise Refused(FileTooBig(most=settings.evidence_megabytes))
    found = format_of(data)
    if found is None or found not in settings.evidence_formats:
        raise Refused(_not_taken(settings.evidence_formats))
    with _readable(found):
        if found == "pdf":
            return Cleaned(format="pdf", data=_pdf(data))
        return _drawn_anew(data, found, settings.evidence_megapixels)


def _not_taken(formats: Collection[str]) -> Any:
    return say(
        "the file is none of {formats}, whatever its name says; take a photo of it",
        formats=listed(formats),
    )


class FileDamaged(Invalid, says="the file begins like {format} but cannot be read; it is damaged or locked"):
    format: str
    field: str = "file"


@contextmanager
def _readable(format: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # A picture that may be a bomb is refused by its size, which is known before it is read.
            warnings.simplefilter("ignore")
            yield
    except Refused:
        raise
    except Exception as error:
        # What libraries say of a file may quote it.
        raise Refused(FileDamaged(format=format)) from error


# --- pictures ----------------------------------------------------------------------------------------


def _drawn_anew(data: bytes, format: Literal["jpeg", "png", "webp", "heic"], megapixels: int) -> Cleaned:
    from PIL import ImageOps

    picture = _opened(data, format, megapixels)
    upright = ImageOps.exif_transpose(picture)
    target: KeptFormat = "jpeg" if format == "heic" else format
    opaque = target == "jpeg" or not upright.has_transparency_data
    fresh = upright.convert("RGB" if opaque else "RGBA")
    fresh.info = {}
    out = BytesIO()
    fresh.save(out, _PILLOW[target], quality=_QUALITY, icc_profile=upright.info.get("icc_profile"))
    return Cleaned(format=target, data=out.getvalue())


def _opened(data: bytes, format: str, megapixels: int) -> "Image":
    """The picture, not yet drawn where its size is beyond all measure."""
    from PIL import Image

    if format == "heic":
        import pi_heif  # type: ignore[import-untyped]

        found = pi_heif.open_heif(BytesIO(data))
        _refuse_huge(found.size, megapixels)
        picture: Image.Image = found.to_pillow()
        return picture
    image = Image.open(BytesIO(data), formats=(_PILLOW[format],))
    _refuse_huge(image.size, megapixels)
    return image


class PictureTooBig(Refusal, says="the picture has more than {most} megapixels"):
    most: int


def _refuse_huge(size: tuple[int, int], megapixels: int) -> None:
    if size[0] * size[1] > megapixels * _MEGA:
        raise Refused(PictureTooBig(most=megapixels))


# --- PDF ---------------------------------------------------------------------------------------------


def _pdf(data: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(BytesIO(data)) as document:
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        for part in document.objects:
            _without_extras(part)
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def _without_extras(part: Any) -> None:
    """A part of a PDF, and what is written within it, without what does not belong to its pages."""
    import pikepdf

    if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        for name in _PDF_EXTRAS:
            if name in part:
                del part[name]
    if isinstance(part, pikepdf.Stream) and part.get("/Filter") == pikepdf.Name.DCTDecode:
        _without_camera(part)
    for inner in _within(part):
        # Everything else has a number of its own, so that it is looked at by that.
        if not getattr(inner, "is_indirect", True):
            _without_extras(inner)


def _within(part: Any) -> list[Any]:
    import pikepdf

    if isinstance(part, pikepdf.Array):
        return list(part.as_list())
    table = part.stream_dict if isinstance(part, pikepdf.Stream) else part
    return list(table.as_dict().values()) if isinstance(table, pikepdf.Dictionary) else []


def _without_camera(photo: Any) -> None:
    import pikepdf

    photo.write(
        without_segments(photo.read_raw_bytes()),
        filter=pikepdf.Name.DCTDecode,
        decode_parms=photo.get("/DecodeParms"),
    )


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG stream without comments and application segments, but those that say how to read its colours.

    Segments as in ITU-T T.81, annex B: 0xFF, a marker, two bytes of length that count themselves.
    """
    kept, place = bytearray(jpeg[:2]), 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != 0xDA:
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        if jpeg[place + 1] in (0xE0, 0xE2, 0xEE) or not 0xE0 <= jpeg[place + 1] <= 0xFE:
            kept += jpeg[place:end]
        place = end
    return bytes(kept + jpeg[place:])
