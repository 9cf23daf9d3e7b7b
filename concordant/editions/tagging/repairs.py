"""The repairs, in order: each takes the tree and puts one thing right in it.

The first ones read what the HTML elements were; the last ones leave a tree without what has no meaning.
"""

from __future__ import annotations

from collections.abc import Callable

from concordant.editions.tagging.cleaning import (
    dissolve,
    level_headings,
    prune,
    separate_text,
    wrap_text,
)
from concordant.editions.tagging.links import describe_links, refer
from concordant.editions.tagging.lists import (
    go_on_with_list,
    shape_contents,
    shape_definitions,
    shape_items,
)
from concordant.editions.tagging.naming import mark_languages, name_elements
from concordant.editions.tagging.notes import identify_notes, label_notes, place_notes
from concordant.editions.tagging.pictures import describe_pictures
from concordant.editions.tagging.tables import associate_headers, scope_headers
from concordant.editions.tagging.tree import Node

Repair = Callable[[Node], None]

REPAIRS: tuple[Repair, ...] = (
    name_elements,
    place_notes,
    label_notes,
    identify_notes,
    shape_definitions,
    shape_items,
    shape_contents,
    describe_links,
    refer,
    scope_headers,
    associate_headers,
    describe_pictures,
    mark_languages,
    prune,
    dissolve,
    wrap_text,
    separate_text,
    level_headings,
    go_on_with_list,
)
