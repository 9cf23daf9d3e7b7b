"""Files of packages are found without loading these."""

from __future__ import annotations

import pytest

from concordant.editions.typefaces.mathfont import FACE
from concordant.installed import file_of
from tests.processes import output_of


def test_a_package_whose_file_is_read_is_not_loaded() -> None:
    code = (
        "import sys\n"
        "from concordant.installed import file_of\n"
        f"path = file_of({FACE.package!r}, {FACE.file!r})\n"
        f"print(path.read_bytes()[:4], {FACE.package!r} in sys.modules)"
    )
    assert output_of(code).split() == [str(b"\0\1\0\0"), "False"]


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_package") as found:
        file_of("there_is_no_such_package", "a.ttf")
    assert found.value.name == "there_is_no_such_package"
