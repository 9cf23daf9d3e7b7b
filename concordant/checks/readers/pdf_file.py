"""A PDF file that is opened anew now and then: what was read of it stays in memory as long as it is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf

from concordant.checks.ahead import give_back

Address = tuple[int, int]  # an object's number and generation
Content = tuple[int, int]  # 0-based page, and marked-content number


class OpenFile:
    """A file, and its objects by their addresses, which stay the same; nobody may hold an object over `renew`.

    Pages have what they inherit, if `inherit` is true; that reads all of them.
    """

    def __init__(self, path: Path, *, inherit: bool = True) -> None:
        self._path, self.inherits = path, inherit
        self.pdf = self._open()

    def _open(self) -> pikepdf.Pdf:
        return pikepdf.open(
            self._path, attempt_recovery=False, inherit_page_attributes=self.inherits
        )

    def at(self, address: Address) -> pikepdf.Object:
        """Return an object."""
        return self.pdf.get_object(address)

    def renew(self) -> None:
        """Forget what was read of the file."""
        self.pdf.close()
        del self.pdf
        give_back()
        self.pdf = self._open()


@contextmanager
def opened(
    path: Path, *, inherit: bool = True, already: OpenFile | None = None
) -> Iterator[OpenFile]:
    """Open a file, unless it is `already`, in that very way; raises `pikepdf.PdfError` when it is damaged or encrypted."""
    if already and already.inherits == inherit:
        yield already
        return
    file = OpenFile(path, inherit=inherit)
    try:
        yield file
    finally:
        file.pdf.close()
