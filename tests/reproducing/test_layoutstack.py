"""The native layout stack: named, compared with the lock, and brought by `environments/layout-stack`."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from concordant.problem import CannotRun
from concordant.reproducing.layoutstack import (
    LOCK,
    lint_layout_stack,
    loaded_versions,
    locked_versions,
    other_versions,
)
from tests.documents import ROOT


def test_every_library_that_is_loaded_says_its_version() -> None:
    versions = loaded_versions()
    assert set(versions) == {*locked_versions(ROOT), "zlib"}
    for name, version in versions.items():
        assert re.match(r"\d+\.\d+", version), name


def test_another_version_is_told_and_the_same_is_not(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    here = loaded_versions()
    lock = tmp_path / LOCK
    lock.write_text(f"versions:\n  pango: {here['pango']}\n  harfbuzz: 99.1.2\n", "utf-8")
    [problem] = lint_layout_stack(tmp_path)
    assert problem.code == "layout-other"
    expected = f"layout may differ: HarfBuzz {here['harfbuzz']} here, 99.1.2 in the lock"
    assert problem.message == expected
    lock.write_text(f"versions:\n  pango: {here['pango']}\n", "utf-8")
    assert lint_layout_stack(tmp_path) == []
    lock.unlink()
    assert lint_layout_stack(tmp_path) == []


def test_pango_comes_first_and_a_missing_library_is_unknown() -> None:
    others = other_versions({"pango": "1.56.3"}, {"glib": "2.74.6", "pango": "1.50.12"})
    assert [str(each) for each in others] == [
        "Pango 1.56.3 here, 1.50.12",
        "GLib unknown here, 2.74.6",
    ]


@pytest.mark.parametrize("text", ["", "versions: 3", "[", "other: {}"])
def test_a_broken_lock_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / LOCK).write_text(text, "utf-8")
    with pytest.raises(CannotRun, match="not a lock"):
        locked_versions(tmp_path)


def package(content: bytes) -> bytes:
    """Write a Debian package with one library, a link to it, and something else."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for name, text in (("./usr/lib/libx.so.1.0", content), ("./usr/share/doc/x", b"words")):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
        link = tarfile.TarInfo("./usr/lib/libx.so.1")
        link.type, link.linkname = tarfile.SYMTYPE, "libx.so.1.0"
        archive.addfile(link)
    members = (
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", b"odd"),
        ("data.tar.xz", data.getvalue()),
    )
    parts = [b"!<arch>\n"]
    for name, text in members:
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(text):<10}`\n"
        parts += [head.encode("ascii"), text, b"\n" * (len(text) % 2)]
    return b"".join(parts)


def bring(folder: Path, deb: bytes, digest: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script on a lock of one package, with a mirror in a folder."""
    (folder / "environments").mkdir(parents=True)
    (folder / "debian/pool").mkdir(parents=True)
    (folder / "debian/pool/libx_1_amd64.deb").write_bytes(deb)
    shutil.copy(ROOT / "environments/layout-stack", folder / "environments")
    lock = f"snapshot: 20200101T000000Z\npackages:\n  {digest}: pool/libx_1_amd64.deb\n"
    (folder / "environments/layout-stack.yaml").write_text(lock, "utf-8")
    environment = {
        **os.environ,
        "DEBIAN_MIRROR": folder.as_uri(),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "LD_LIBRARY_PATH": "/elsewhere",
        "https_proxy": "http://127.0.0.1:9",
    }
    command = [str(folder / "environments/layout-stack"), "sh", "-c", 'echo "$LD_LIBRARY_PATH"']
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_the_locked_libraries_are_brought_and_put_first(tmp_path: Path) -> None:
    deb = package(b"a library")
    done = bring(tmp_path, deb, hashlib.sha256(deb).hexdigest())
    assert done.returncode == 0, done.stderr
    folder, _, rest = done.stdout.strip().partition(":")
    assert rest == "/elsewhere"
    assert sorted(path.name for path in Path(folder).iterdir()) == ["libx.so.1", "libx.so.1.0"]
    assert (Path(folder) / "libx.so.1").read_bytes() == b"a library"


def test_a_package_with_another_hash_is_refused(tmp_path: Path) -> None:
    done = bring(tmp_path, package(b"something else"), "0" * 64)
    assert done.returncode == 2
    assert "SHA-256 is not 000" in done.stderr
    assert not list((tmp_path / "cache").rglob("libx*"))
