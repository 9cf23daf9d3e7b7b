"""Building on command: nothing is built, and nothing heavy loaded, where nothing has changed."""

from __future__ import annotations

import gc
from pathlib import Path

from concordant.collector import held_off, stay_out_of_the_way
from concordant.sources.length import is_long
from concordant.unchanged import causes, still_built, was_built


def run_build(
    root: Path, edition: str = "", *, proven: bool = True, force: bool = False, executor: str = ""
) -> int:
    """Build the editions (or the one named) of the document in `root`; `force` builds in any case.

    `executor` says who lays out the pages: see `concordant.pipeline.build`.

    Returns the exit status: 0 done, 1 the document is at fault, 2 the machine is.
    """
    names = [edition.lower()] if edition else None
    before = causes(root)
    if not force and (record := still_built(root, names, proven=proven, now=before)):
        for line in record.told:
            print(line)
        print("Nothing has changed: the editions in build/ are as the last build made them.")
        return 0
    if not executor.startswith("dask://"):
        from concordant.editions.workers import load_ahead  # noqa: PLC0415 - as below

        load_ahead(has_time=is_long(root) or not was_built(root))
    from concordant import pandoc  # noqa: PLC0415

    pandoc.start_ahead()  # for what has been edited
    with held_off():
        from concordant.commands import run_build as run  # noqa: PLC0415 - loads all that builds
    stay_out_of_the_way()
    try:
        return run(root, edition, before, proven=proven, executor=executor)
    finally:
        gc.freeze()  # at the end of the process the collector need not look at what it leaves
