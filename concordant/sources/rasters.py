"""Pictures of dots: whether a file is what its name says, and whole."""

from __future__ import annotations

import re
import warnings
from io import BytesIO

from concordant.cache import remembered

_SIGNATURES = {  # with which each format begins
    form: re.compile(pattern, re.DOTALL)
    for form, pattern in (
        ("PNG", rb"\x89PNG\r\n\x1a\n"),
        ("JPEG", rb"\xff\xd8\xff"),
        ("GIF", rb"GIF8"),
        ("WebP", rb"RIFF.{4}WEBP"),
    )
}


@remembered
def fault_of(data: bytes, form: str) -> str:
    """Return what is wrong with a picture that is said to be PNG, JPEG, GIF or WebP; an empty text if all of it can be shown."""
    if not _SIGNATURES[form].match(data):
        other = next((each for each, begin in _SIGNATURES.items() if begin.match(data)), "")
        return f"is {other}, not {form} as its name says" if other else f"is no {form}"
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - drawn pictures do without

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a picture is large
            with Image.open(BytesIO(data), formats=[form]) as image:
                image.verify()
            _load(data, form)
    except UnidentifiedImageError:
        return "is damaged at its beginning"
    except Exception as error:  # each format has errors of its own
        return f"is damaged or cut off ({error})"
    return ""


def _load(data: bytes, form: str) -> None:
    """Decode a picture; one that is cut off is an error, though WeasyPrint, once it is loaded, lets Pillow pass over that."""
    from PIL import Image, ImageFile  # noqa: PLC0415 - as above

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(BytesIO(data), formats=[form]) as image:
        image.load()
    # Another thread may load it meanwhile, which happens once.
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        _load(data, form)
