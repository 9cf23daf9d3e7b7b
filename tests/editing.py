"""An author at work: random edits of a small document, as likely to break it as an author's are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.documents import METADATA, REFERENCES, ROOT, SVG

WORDS = [
    "the",
    "first",
    "second",
    "survey",
    "of",
    "a",
    "harbour",
    "shows",
    "“quoted”",
    "figures",
    "–",
    "naïve,",
    "42",
    "%",
    "and",
    "*few*",
    "`codes`",
    "中文",
]
KEYS = ("one", "two", "three", "four")
Files = dict[str, str]
Edit = Callable[[Files, Random], None]


def first_draft() -> Files:
    """Return a small document's files by name, relative to its folder."""
    return {
        "source/1.md": "# Eins {#sec:a}\n\nFirst text [@one; @two].^[A note.]\n\nSee @sec:b.\n",
        "source/2.md": "# Zwei {#sec:b}\n\nSecond text [@three].\n\n![A caption.](figures/p.svg){#fig:p alt='P'}\n",
        "source/3.md": "# Drei {#sec:c}\n\n## Part\n\nThird $x^2$ text [@one], see @fig:p.\n",
        "source/figures/p.svg": SVG,
        "source/references.yaml": REFERENCES,
        "source/metadata.yaml": METADATA,
        "styles/tokens.yaml": (ROOT / "styles" / "tokens.yaml").read_text("utf-8"),
        "styles/common.css": (ROOT / "styles" / "common.css").read_text("utf-8"),
        "styles/html.jinja": (ROOT / "styles" / "html.jinja").read_text("utf-8"),
    }


def write(files: Files, root: Path) -> None:
    """Bring a folder to the state of the files."""
    if not (root / "styles").exists():
        shutil.copytree(ROOT / "styles", root / "styles")
    shutil.rmtree(root / "source", ignore_errors=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def edit(files: Files, random: Random) -> Files:
    """Return the files after one random edit."""
    changed = dict(files)
    random.choice(EDITS)(changed, random)
    return changed


def _prose(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(3, 40))).capitalize() + "."


def _section(files: Files, random: Random) -> str:
    return random.choice(sorted(name for name in files if name.endswith(".md")))


def _add_block(files: Files, random: Random) -> None:
    """Put in a paragraph, a note, a table, a formula, a list or a heading."""
    name = _section(files, random)
    blocks = files[name].strip().split("\n\n")
    number = random.randint(1, 10**6)
    new = random.choice((
        _prose(random),
        f"{_prose(random)}^[{_prose(random)}]",
        f"| a | b |\n|---|--:|\n| {number} | 2 |\n\n: {_prose(random)} {{#tbl:t{number}}}",
        f"$$ y = {number} x $$ {{#eq:e{number}}}",
        f"- {_prose(random)}\n- {_prose(random)}",
        f"## {random.choice(WORDS)} {number}",
        f"``` {{.python #lst:l{number} caption=\"Code.\"}}\nx = {number}\n```",
    ))  # fmt: skip
    blocks.insert(random.randint(1, len(blocks)), new)
    files[name] = "\n\n".join(blocks) + "\n"


def _take_block(files: Files, random: Random) -> None:
    name = _section(files, random)
    blocks = files[name].strip().split("\n\n")
    if len(blocks) > 1:
        del blocks[random.randrange(1, len(blocks))]
    files[name] = "\n\n".join(blocks) + "\n"


def _change_words(files: Files, random: Random) -> None:
    name = _section(files, random)
    files[name] = files[name].replace("text", f"text {random.choice(WORDS)}", 1)


def _cite(files: Files, random: Random) -> None:
    keys = "; ".join(f"@{key}" for key in random.sample(KEYS, random.randint(1, 3)))
    name = _section(files, random)
    blocks = files[name].strip().split("\n\n")
    blocks.insert(random.randint(1, len(blocks)), f"Cited here [{keys}].")
    files[name] = "\n\n".join(blocks) + "\n"


def _mention(files: Files, random: Random) -> None:
    label = random.choice(("sec:a", "sec:b", "sec:c", "fig:p", "fig:q"))
    files[_section(files, random)] += f"\nSee @{label}.\n"


def _add_figure(files: Files, random: Random) -> None:
    name, label = _section(files, random), random.choice(("q", "r", "s"))
    files[f"source/figures/{label}.svg"] = SVG.replace("drawn", f"drawn {random.random():.3f}")
    files[name] += (
        f"\n![{_prose(random)}](figures/{label}.svg){{#fig:{label}{random.randint(1, 99)} alt='Q'}}\n"
    )


def _redraw(files: Files, random: Random) -> None:
    files["source/figures/p.svg"] = SVG.replace("drawn", random.choice(WORDS))


def _reorder(files: Files, random: Random) -> None:
    names = ["1.md", "2.md", "3.md"]
    random.shuffle(names)
    lines = [
        line
        for line in files["source/metadata.yaml"].splitlines()
        if not line.startswith("sections")
    ]
    files["source/metadata.yaml"] = "\n".join([*lines, f"sections: [{', '.join(names)}]"]) + "\n"


def _describe(files: Files, random: Random) -> None:
    key, value = random.choice((
        ("title", f"A {random.choice(WORDS[:4])} document"), ("lang", random.choice(("de", "en-GB", "fr"))),
        ("version", f'"{random.randint(1, 9)}"'), ("subtitle", f"Number {random.randint(1, 9)}"),
        ("date", f"2021-0{random.randint(1, 9)}-03"),
    ))  # fmt: skip
    lines = [
        line
        for line in files["source/metadata.yaml"].splitlines()
        if not line.startswith(f"{key}:")
    ]
    files["source/metadata.yaml"] = "\n".join([*lines, f"{key}: {value}"]) + "\n"


def _rename_reference(files: Files, random: Random) -> None:
    key = random.choice(KEYS)
    text = files["source/references.yaml"]
    files["source/references.yaml"] = text.replace(
        f"The {key}", f"The {random.choice(WORDS[:8])} {key}"
    )


def _restyle(files: Files, random: Random) -> None:
    files["styles/common.css"] += f"\np {{ letter-spacing: {random.randint(0, 9) / 100}em }}\n"


def _recolour(files: Files, random: Random) -> None:
    text = files["styles/tokens.yaml"]
    colour = f'"#{random.randrange(0x40, 0x90):02x}2020"'
    first = next(line for line in text.splitlines() if line.strip().startswith("accent:"))
    files["styles/tokens.yaml"] = text.replace(first, f"{first.partition(':')[0]}: {colour}", 1)


def _retemplate(files: Files, random: Random) -> None:
    files["styles/html.jinja"] = files["styles/html.jinja"].replace(
        "</body>", f"<!-- {random.randint(1, 9)} -->\n</body>"
    )


EDITS: tuple[Edit, ...] = (
    _add_block, _add_block, _add_block, _take_block, _change_words, _change_words, _cite, _cite, _mention,
    _add_figure, _redraw, _reorder, _describe, _rename_reference, _restyle, _recolour, _retemplate,
)  # fmt: skip
