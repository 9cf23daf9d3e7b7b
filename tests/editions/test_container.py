"""The container is the archive that `zipfile` makes of the same files, and that it reads."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from concordant.editions.container import packed

NAMES = st.sampled_from(["EPUB/a.xhtml", "EPUB/ä.css", "EPUB/b.png", "EPUB/fonts/c.woff2", "d"])
FILES = st.dictionaries(NAMES, st.binary() | st.binary().map(lambda data: data * 5000))
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2107, 12, 31), timezones=st.just(UTC))


def packed_by_python(files: dict[str, bytes], timestamp: datetime) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in (("mimetype", b"application/epub+zip"), *files.items()):
            info = zipfile.ZipInfo(path, timestamp.timetuple()[:6])
            stored = path.endswith(("mimetype", "png", "woff2"))
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)
    return buffer.getvalue()


@given(FILES, MOMENTS)
def test_it_is_what_python_packs(files: dict[str, bytes], timestamp: datetime) -> None:
    assert packed(files.items(), timestamp) == packed_by_python(files, timestamp)


def test_the_media_type_is_first_and_all_can_be_read() -> None:
    files = {"EPUB/a.xhtml": b"words " * 999, "EPUB/b.png": b"\x89PNG"}
    data = packed(files.items(), datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC))
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()[1:]} == files
        assert {each.date_time for each in archive.infolist()} == {(2024, 2, 29, 23, 59, 58)}
        assert archive.getinfo("EPUB/a.xhtml").compress_size < 200
