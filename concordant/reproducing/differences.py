"""Differences: where two files that should be the same are not, as far as their formats can tell."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain, islice, zip_longest
from pathlib import Path

import pikepdf

MOST = 8  # lines of a summary
_WIDTH = 60  # characters shown around the first difference of a line


def summary(name: str, here: bytes, there: bytes) -> list[str]:
    """Say in a few lines where two files called `name` differ; nothing if they don't."""
    found = list(islice(_lines(name, here, there), MOST + 1))
    return [*found[:MOST], "…"] if len(found) > MOST else found


def report(here: Path, there: Path, target: Path) -> Path:
    """Write into `target` where two files differ: diffoscope's report if it is installed, else our summary."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = _diffoscope()
    if command:
        options = ["--max-report-size", "1000000", "--exclude-directory-metadata", "yes"]
        whole = [*command, *options, "--text", str(target), str(here), str(there)]
        done = subprocess.run(whole, capture_output=True, check=False)
        if done.returncode == 1 and target.is_file():  # 1: they differ
            return target
    lines = _lines(here.name, here.read_bytes(), there.read_bytes())
    target.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return target


def _diffoscope() -> list[str]:
    if program := shutil.which("diffoscope"):
        return [program]
    return [sys.executable, "-m", "diffoscope"] if find_spec("diffoscope") else []


def _lines(name: str, here: bytes, there: bytes) -> Iterator[str]:
    if here == there:
        return
    try:
        if name.endswith(".epub"):
            yield from _in_archives(here, there)
        elif name.endswith(".pdf"):
            yield from _in_pdfs(here, there)
        else:
            yield from _in_text(here, there)
    except (zipfile.BadZipFile, pikepdf.PdfError, UnicodeDecodeError) as error:
        yield f"one of them cannot be read: {error}"
        yield from _in_bytes(here, there)


def _in_archives(here: bytes, there: bytes) -> Iterator[str]:
    archives = [zipfile.ZipFile(io.BytesIO(data)) for data in (here, there)]
    names = [archive.namelist() for archive in archives]
    for name in sorted(set(names[0]) ^ set(names[1])):
        yield f"{name}: only in the {'first' if name in names[0] else 'second'}"
    if names[0] != names[1] and sorted(names[0]) == sorted(names[1]):
        yield "the members stand in another order"
    for name in names[0]:
        if name in names[1]:
            yield from _in_member(name, *archives)


def _in_member(name: str, *archives: zipfile.ZipFile) -> Iterator[str]:
    here, there = (archive.getinfo(name) for archive in archives)
    for field in ("date_time", "external_attr", "compress_type", "create_system"):
        if getattr(here, field) != getattr(there, field):
            yield f"{name}: {field} is {getattr(here, field)}, {getattr(there, field)}"
    contents = [archive.read(name) for archive in archives]
    if contents[0] == contents[1]:
        if here.compress_size != there.compress_size:
            yield f"{name}: the same content, packed otherwise"
        return
    yield from (f"{name}: {line}" for line in islice(_in_text_or_bytes(*contents), 1))


def _in_pdfs(here: bytes, there: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(here)) as one, pikepdf.open(io.BytesIO(there)) as two:
        if len(one.pages) != len(two.pages):
            yield f"{len(one.pages)} pages, {len(two.pages)} pages"
        yield from _in_dictionaries("document information", one.docinfo, two.docinfo)
        yield from _in_metadata(one, two)
        for number, pages in enumerate(zip(one.pages, two.pages, strict=False), 1):
            streams = [page.Contents.read_bytes() for page in pages if "/Contents" in page]
            if len(set(streams)) > 1:
                line = next(_in_text_or_bytes(*streams[:2]), "")
                yield f"page {number}: what is painted differs: {line}"
        yield from _in_objects(one, two)


def _in_dictionaries(name: str, one: pikepdf.Object, two: pikepdf.Object) -> Iterator[str]:
    for key in sorted({*one.keys(), *two.keys()}):
        values = [str(each.get(key, "nothing")) for each in (one, two)]
        if values[0] != values[1]:
            yield f"{name}: {key} is {values[0]}, {values[1]}"


def _in_metadata(one: pikepdf.Pdf, two: pikepdf.Pdf) -> Iterator[str]:
    if all("/Metadata" in pdf.Root for pdf in (one, two)):
        data = [pdf.Root.Metadata.read_bytes() for pdf in (one, two)]
        if data[0] != data[1]:
            yield f"XMP metadata: {next(_in_text_or_bytes(*data), '')}"


def _in_objects(one: pikepdf.Pdf, two: pikepdf.Pdf) -> Iterator[str]:
    if len(one.objects) != len(two.objects):
        yield f"{len(one.objects)} objects, {len(two.objects)} objects"
    for first, second in zip(one.objects, two.objects, strict=False):
        if _raw(first) != _raw(second):
            kind = str(first.get("/Type", "")) if isinstance(first, pikepdf.Dictionary) else ""
            yield f"object {first.objgen[0]}{kind and f' {kind}'} differs"


def _raw(value: pikepdf.Object) -> bytes:
    stream = value.read_raw_bytes() if isinstance(value, pikepdf.Stream) else b""
    return bytes(value.unparse(resolved=True)) + stream


def _in_text_or_bytes(here: bytes, there: bytes) -> Iterator[str]:
    try:
        yield from _in_text(here, there)
    except UnicodeDecodeError:
        yield from _in_bytes(here, there)


def _in_text(here: bytes, there: bytes) -> Iterator[str]:
    texts = [data.decode("utf-8").splitlines() for data in (here, there)]
    for number, (one, two) in enumerate(zip_longest(*texts, fillvalue=""), 1):
        if one != two:
            yield f"line {number}: {_around(one, two)}"


def _around(one: str, two: str) -> str:
    """Show where two lines differ first, and a little of what stands before it."""
    at = _common(one, two)
    start = max(0, at - _WIDTH // 3)
    return f"“{one[start : start + _WIDTH]}”, “{two[start : start + _WIDTH]}”"


def _common(one: str, two: str) -> int:
    pairs = enumerate(chain(zip(one, two, strict=False), [("", "-")]))
    return next(index for index, (a, b) in pairs if a != b)


def _in_bytes(here: bytes, there: bytes) -> Iterator[str]:
    at = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
    yield f"{len(here)} bytes, {len(there)} bytes; the first difference is at {at}"
