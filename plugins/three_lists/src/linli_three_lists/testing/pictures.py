"""Pictures and papers that tell more than they show, made for the tests of evidence."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

CAMERA = "SecretCamera"
RED, BLUE = (200, 30, 30), (20, 20, 200)

# 24 by 16: the left half blue, the right one red; with a camera's name and a position in its metadata.
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9j"
    "AAAAAERAAAIAAQAAAAAB4QABAAAAAAAAADgAAgAAAAACGQABAAAAAAAAAHQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "ABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNg"
    "AAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQB"
    "wXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAGAAAAAEAAAAQAAAAAf///9gAAAAC////0AAA"
    "AAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAAC0bWRhdAAAADQo"
    "Aa8ZIXZiQPeXRP7+PkrznJv53BmEmpyytRhME0X/4Xi+lmryzVw2QMVIsrXGl1Ctkyy7AAAABkV4aWYAAE1NACoAAAAIAAIBDwACAAAADQAA"
    "ACaIJQAEAAAAAQAAADQAAAAAU2VjcmV0Q2FtZXJhAAAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAUgAAAAAAAAAbAAAAAQAAAA4AAAABAAAA"
    "FgAAAAE="
)


def _image(size: tuple[int, int] = (24, 16)) -> Image.Image:
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return image


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (27.0, 14.0, 22.0)})
    return exif


def _saved(image: Image.Image, format: str, **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, format, **more)
    return out.getvalue()


def picture(format: str, *, size: tuple[int, int] = (24, 16), orientation: int = 1) -> bytes:
    """A picture of a format, with a camera's name in it and something hung behind its last byte."""
    if format == "heic":
        return HEIC
    if format == "pdf":
        return paper()
    more: dict[str, Any] = {"exif": _exif(orientation)}
    if format == "png":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Author", CAMERA)
    if format == "webp":
        more["xmp"] = f"<x>{CAMERA}</x>".encode()
    return _saved(_image(size), format.upper(), **more) + CAMERA.encode()


def paper() -> bytes:
    """A PDF with an author, metadata, a script, a file in it, and a photo with a camera's name in it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 100))
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [CAMERA]
    document.docinfo["/Author"] = CAMERA
    document.attachments["secret.txt"] = CAMERA.encode()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CAMERA}')")
    photo = pikepdf.Stream(document, _saved(_image(), "JPEG", exif=_exif()))
    photo.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=24, Height=16, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photo))
    document.pages[0].Contents = document.make_stream(b"q 100 0 0 100 0 0 cm /Im0 Do Q")
    out = BytesIO()
    document.save(out)
    return out.getvalue()
