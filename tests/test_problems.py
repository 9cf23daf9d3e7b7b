"""Wrong input: one document for each problem, and the very message that its author reads."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.editions.press.complaints import heard
from concordant.problem import Problem, ProblemsFound
from concordant.progress import Progress
from concordant.publishing import publish
from tests.documents import ROOT, SVG, own_styles, write_document

HEAD = "# Title\n\n"
STYLES = ROOT / "styles"
PLOT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" width="90" height="30" role="img"
 aria-labelledby="plot-title plot-desc">
<title id="plot-title">A plot</title>
<desc id="plot-desc">One word.</desc>
<text class="fig-ink" fill="{{ token("ink") }}" x="5" y="12">high</text>
<text class="fig-rule" fill="{{ token("rule") }}" x="5" y="25">low</text>
</svg>
"""
CASES: dict[str, tuple[dict[str, str], str]] = {
    "missing citation key": (
        {"01.md": HEAD + "Known [@one],\nunknown [@twa].\n"},
        'source/01.md:4: error[ref-missing]: no reference has the key "twa"; did you mean "two"?',
    ),
    "dangling cross-reference": (
        {"01.md": HEAD + "See @sec:nwo.\n\n## Now {#sec:now}\n"},
        'source/01.md:3: error[xref-missing]: nothing is labelled "sec:nwo"; did you mean "sec:now"?',
    ),
    "dangling link": (
        {"01.md": HEAD + "See [there](#there).\n"},
        'source/01.md:3: error[link-missing]: the link leads to "#there", which is nowhere',
    ),
    "link to a file": (
        {"01.md": HEAD + "See [there](02-there.md).\n"},
        'source/01.md:3: error[link-missing]: the link leads to the file "02-there.md", which is in no edition; link to a '
        "label, as in [words](#sec:x), or to an address on the web",
    ),
    "duplicate identifiers": (
        {"01.md": "# A {#sec:same}\n", "02.md": "# B\n\n## C {#sec:same}\n"},
        'source/02.md:3: error[id-duplicate]: the identifier "sec-same" stands here and at '
        "source/01.md:1; rename one of them, and what mentions it",
    ),
    "missing figure": (
        {"01.md": HEAD + 'Text.\n\n![C](figures/pictur.svg){#fig:p alt="A"}\n'},
        'source/01.md:5: error[figure-missing]: there is no picture "figures/pictur.svg"; '
        'did you mean "picture.svg"?',
    ),
    "missing figure with a space in its name": (
        {"01.md": HEAD + '![C](<figures/a picture.svg>){#fig:p alt="A"}\n'},
        'source/01.md:3: error[figure-missing]: there is no picture "figures/a picture.svg"; '
        'did you mean "picture.svg"?',
    ),
    "missing alternative text": (
        {"01.md": HEAD + "![C](figures/picture.svg){#fig:p}\n"},
        'source/01.md:3: error[alt-missing]: the picture "figures/picture.svg" has no text '
        'alternative; write what it shows: ![Caption](file){alt="…"}',
    ),
    "picture from the network": (
        {"01.md": HEAD + '![C](https://example.org/p.png){alt="A"}\n'},
        'source/01.md:3: error[figure-remote]: the picture "https://example.org/p.png" is not in '
        "the document; copy the picture into source/figures/",
    ),
    "front matter behind a chapter": (
        {"01.md": "# A {.frontmatter}\n\n# B\n", "02.md": HEAD + "# _C_ d {.frontmatter}\n"},
        'source/02.md:3: error[frontmatter-late]: the front matter "C d" follows a chapter of the text; '
        "let its file come first, or leave out {.frontmatter}",
    ),
    "picture from outside": (
        {"01.md": HEAD + '![C](../../p.svg){alt="A"}\n'},
        'source/01.md:3: error[figure-outside]: the picture "../../p.svg" is outside the document; '
        "copy the picture into source/figures/",
    ),
    "figure that cannot be read": (
        {
            "01.md": HEAD + "![C](figures/plot.svg){#fig:p}\n",
            "figures/plot.svg.jinja": PLOT,
        },
        'source/figures/plot.svg.jinja:6: error[contrast-low]: the text "low" of the figure is '
        "#cfc8bb on #ffffff on white paper: a contrast of 1.66:1, where WCAG 2.2 AA asks for 4.5:1; "
        "take another colour",
    ),
    "picture that is none": (
        {
            "01.md": HEAD + 'Text.\n\n![C](<figures/no picture.png>){alt="A"}\n',
            "figures/no picture.png": "<html>Not found</html>",
        },
        'source/01.md:5: error[figure-unreadable]: the picture "figures/no picture.png" is no PNG; '
        "save it again, under a name that says its format",
    ),
    "picture with code": (
        {
            "01.md": HEAD + '![C](figures/active.svg){alt="A"}\n',
            "figures/active.svg": SVG.replace("<text", "<script>x</script>\n<text"),
        },
        "source/figures/active.svg:1: error[figure-active]: the picture carries code; "
        "take it out of the picture",
    ),
    "key that stands for three entries": (
        {
            "01.md": HEAD,
            "references.yaml": "references:\n- id: a\n  title: A\n- id: b\n  title: B\n- id: a\n  title: C\n",
            "more.bib": "@book{a,\n  title = {D},\n}\n",
            "metadata.yaml": "title: T\nlang: en\nbibliography: [references.yaml, more.bib]\n",
        },
        'source/references.yaml:2: error[ref-duplicate]: the key "a" stands for several entries, also at '
        "source/references.yaml:6, source/more.bib:1; give each entry a key of its own",
    ),
    "entry without a title": (
        {"01.md": HEAD, "references.yaml": "references:\n- id: one\n  type: book\n"},
        'source/references.yaml:2: error[ref-untitled]: the entry "one" has no title; '
        "add a `title:`",
    ),
    "citation among cross-references": (
        {"01.md": HEAD + "See [@sec:x; @one].\n\n## X {#sec:x}\n"},
        'source/01.md:3: error[mention-mixed]: "one" is a citation among cross-references; '
        "give each a bracket of its own",
    ),
    "label beside no formula": (
        {"01.md": HEAD + "Words {#eq:x}.\n"},
        "source/01.md:3: error[label-misplaced]: the label {#eq:x}. stands beside no formula; "
        "write it directly after $$ … $$",
    ),
    "text before the first heading": (
        {"01.md": "Words.\n\n# Title\n"},
        "source/01.md:1: error[heading-missing]: there is text before the first heading of level 1; "
        "begin the first section with `# Title`",
    ),
    "document that is empty": (
        {"01.md": "\n", "02.md": "<!-- to be written -->\n"},
        "source/01.md:1: error[heading-missing]: there is nothing in the document, which needs a heading of level 1 at "
        "least; begin the first section with `# Title`",
    ),
    "missing glyph": (
        {"01.md": HEAD + "A cuneiform sign:\n𒀀.\n"},
        "source/01.md:4: error[glyph-missing]: no font of the editions has the character '𒀀' "
        "(U+12000); use another character, or add a font that has it",
    ),
    "missing glyph in several places": (
        {"01.md": HEAD + "A sign: 𒀀, and\n𒀀.\n", "02.md": "# Two\n\n𒀀 and 𒁀 and 𒁀\n"},
        "source/01.md:3: error[glyph-missing]: no font of the editions has the character '𒀀' (U+12000), which stands in "
        "2 more places; use another character, or add a font that has it",
    ),
    "form feed in two places": (
        {"01.md": HEAD + "Words\x0cwords.\n\x0c\n"},
        "source/01.md:3: error[character-refused]: no edition can hold the control character U+000C in column 6, which "
        "stands in 1 more place; delete it",
    ),
    "form feed": (
        {"01.md": HEAD + "Text.\n\nWords\x0cwords.\n"},
        "source/01.md:5: error[character-refused]: no edition can hold the control character U+000C in column 6; "
        "delete it",
    ),
    "control character in a note": (
        {"01.md": HEAD + "Text.^[A\x07.]\n"},
        "source/01.md:3: error[character-refused]: no edition can hold the control character U+0007 in column 9; "
        "delete it",
    ),
    "control character as a reference": (
        {"01.md": HEAD + "Text:\nx&#xB;y.\n"},
        "source/01.md:4: error[character-refused]: no edition can hold the control character U+000B in column 2; "
        "delete it",
    ),
    "control character in an entry": (
        {
            "01.md": HEAD + "Text [@a].\n",
            "references.yaml": 'references:\n- id: a\n  title: "One\\u001b"\n',
        },
        "source/references.yaml:3: error[character-refused]: no edition can hold the control character U+001B in column 14; "
        "delete it",
    ),
    "control character in the metadata": (
        {"01.md": HEAD, "metadata.yaml": 'lang: en\ntitle: T\nauthors: ["A\\x85"]\n'},
        "source/metadata.yaml:3: error[character-refused]: no edition can hold the control character U+0085 in column 13; "
        "delete it",
    ),
    "missing section": (
        {"01-intro.md": HEAD, "metadata.yaml": "title: T\nlang: en\nsections: [01-intor.md]\n"},
        "source/01-intor.md: error[section-missing]: there is no such section; "
        'did you mean "01-intro.md"?',
    ),
    "heading that skips a level": (
        {"01.md": HEAD + "### Low\n"},
        'source/01.md:3: error[heading-skipped]: the heading "Low" of level 3 follows one of '
        "level 1; write it with ##, or say what comes between",
    ),
    "heading that skips a level between sections": (
        {"01.md": HEAD, "02.md": "Words.\n\n## Two\n", "03.md": "#### Four\n\n### Three\n"},
        'source/03.md:1: error[heading-skipped]: the heading "Four" of level 4 follows one of '
        "level 2; write it with ###, or say what comes between",
    ),
    "document that begins below level 1": (
        {"01.md": "## Low\n\nWords.\n"},
        'source/01.md:1: error[heading-skipped]: the heading "Low" of level 2 is the document\'s '
        "first; write it with #",
    ),
    "heading without text": (
        {"01.md": HEAD + "Words.\n\n## {#sec:x}\n"},
        "source/01.md:5: error[heading-empty]: the heading has no text; write one",
    ),
    "table without a header row": (
        {"01.md": HEAD + "- In an item\n\n    |   |   |\n    |---|---|\n    | a | b |\n"},
        'source/01.md:7: error[table-header-missing]: the table that begins "a | b" has no header '
        "row; say in a first row what each column holds",
    ),
    "link text that says nothing": (
        {"01.md": HEAD + "> Quoted, and\n> [click here](https://example.org/).\n"},
        'source/01.md:4: warning[link-text-vague]: the link text "click here" does not say where '
        "it leads; name what it leads to",
    ),
    "note in a note": (
        {"01.md": HEAD + "Text.[^a]\n\n[^a]: A note.^[And its note.]\n"},
        "source/01.md:3: error[note-nested]: a note calls another note; write both as one, or call both in the text",
    ),
    "call in a note": (
        {"01.md": HEAD + "Text.[^a]\n\n[^a]: A note[^b].\n\n[^b]: Its note.\n"},
        "source/01.md:5: error[note-nested]: a note calls another note; write both as one, or call both in the text",
    ),
    "author that is no text": (
        {"01.md": HEAD, "metadata.yaml": "title: T\nlang: en\nauthors: [{name: Ada}]\n"},
        'source/metadata.yaml:3: error[metadata-value]: "authors" is to be words, or a list of them',
    ),
    "slug that leads elsewhere": (
        {"01.md": HEAD, "metadata.yaml": "title: T\nlang: en\nslug: ../t\n"},
        'source/metadata.yaml:3: error[metadata-value]: no edition can have the name "../t"; let the slug be letters, '
        "digits and hyphens",
    ),
    "metadata in a section": (
        {"01.md": "---\ntitle: X\n---\n\n" + HEAD},
        "source/01.md:1: warning[metadata-misplaced]: metadata in a section mean nothing here (title); let them stand in "
        "source/metadata.yaml",
    ),
    "entries that are not cited, in a section": (
        {"01.md": "---\nnocite: '@one'\n---\n\n" + HEAD},
        'source/01.md:1: warning[metadata-misplaced]: "nocite" means nothing here; the reference list has what the text '
        "cites: cite the entry in the text",
    ),
    "entries that are not cited, in the metadata": (
        {"01.md": HEAD, "metadata.yaml": "title: T\nlang: en\nnocite: '@one'\n"},
        'source/metadata.yaml:3: warning[metadata-unknown]: "nocite" means nothing here; the reference list has what the '
        "text cites: cite the entry in the text",
    ),
    "metadata of another tool in a section": (
        {"01.md": "---\ntoc: true\nsubtitle: S\n---\n\n" + HEAD},
        'source/01.md:1: warning[metadata-misplaced]: "toc" means nothing here; take it out',
    ),
    "entry without a key": (
        {"01.md": HEAD, "references.yaml": "references:\n- id: 5\n  title: Five\n"},
        'source/references.yaml:2: error[ref-keyless]: the entry "Five" has no key; give it an `id:`; one that is a number '
        "needs quotation marks",
    ),
    "raw code in an entry": (
        {
            "01.md": HEAD + "Text [@a].\n",
            "references.yaml": 'references:\n- id: a\n  type: book\n  title: "An <i>open title"\n',
        },
        'source/references.yaml:2: warning[raw-dropped]: raw code in the entry "a" is left out: <i>; write it in Markdown',
    ),
    "date that is none": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle: T\ndate: 2026-02-30\n"},
        'source/metadata.yaml:3: error[metadata-value]: "2026-02-30" is no date; write a day as 2026-05-31, a month as 2026-05, '
        "a year as 2026; it is printed in the document's language",
    ),
    "quoted date that is none": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle: T\ndate: '2026-13-45'\n"},
        'source/metadata.yaml:3: error[metadata-value]: "2026-13-45" is no date; write a day as 2026-05-31, a month as 2026-05, '
        "a year as 2026; it is printed in the document's language",
    ),
    "date in words": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle: T\ndate: Mai 2026\n"},
        'source/metadata.yaml:3: error[metadata-value]: "Mai 2026" is no date; write a day as 2026-05-31, a month as 2026-05, '
        "a year as 2026; it is printed in the document's language",
    ),
    "month of an entry that is none": (
        {
            "01.md": HEAD,
            "references.yaml": "references:\n- id: a\n  title: A\n- id: b\n  title: B\n  issued: 2026-13-01\n",
        },
        'source/references.yaml:4: error[ref-date]: the entry "b" has the date 2026-13-01, which there is not; write a day as '
        "2026-05-31, a month as 2026-05, a year as 2026",
    ),
    "quoted month of an entry that is none": (
        {
            "01.md": HEAD,
            "references.yaml": "references:\n- id: a\n  title: A\n- id: b\n  title: B\n  issued: '2026-12/2026-13-01'\n",
        },
        'source/references.yaml:4: error[ref-date]: the entry "b" has the date 2026-13-01, which there is not; write a day as '
        "2026-05-31, a month as 2026-05, a year as 2026",
    ),
    "formula that cannot be read": (
        {"01.md": HEAD + "Text $x$ and\n$\\unknown{x}$.\n"},
        "source/01.md:4: error[formula-unreadable]: the formula \\unknown{x} cannot be read; look for an unknown command, or "
        "for a brace too many or too few",
    ),
    "raw TeX": (
        {"01.md": "\\newcommand{\\R}{\\mathbb{R}}\n\n" + HEAD + "Text $\\R$.\n\n\\newpage\n"},
        'source/01.md:7: warning[raw-dropped]: raw tex "\\newpage" is left out: the three editions could not agree on it; '
        "write it in Markdown",
    ),
    "raw HTML": (
        {"01.md": HEAD + "```{=html}\n<nav>\n<hr>\n```\n"},
        'source/01.md:4: warning[raw-dropped]: raw html "<nav>…" is left out: the three editions could not agree on it; '
        "write it in Markdown",
    ),
    "entry without a key in JSON": (
        {
            "01.md": HEAD,
            "r.json": '[\n {"id": "a",\n "title": "A"},\n {"title": "B"}]\n',
            "metadata.yaml": "title: T\nlang: en\nbibliography: r.json\n",
        },
        'source/r.json:4: error[ref-keyless]: the entry "B" has no key; give it an `id:`; one that is a number needs '
        "quotation marks",
    ),
    "entry with nothing but a type": (
        {"01.md": HEAD, "references.yaml": "references:\n- id: a\n  title: A\n\n- type: book\n"},
        "source/references.yaml:5: error[ref-keyless]: an entry has no key; give it an `id:`; one that is a number needs "
        "quotation marks",
    ),
    "entry without a key in BibTeX": (
        {
            "01.md": HEAD,
            "r.bib": "@book{a,\n  title = {A}\n}\n@book{,\n  title = {B}\n}\n",
            "metadata.yaml": "title: T\nlang: en\nbibliography: r.bib\n",
        },
        "source/r.bib:4: error[bibliography-unreadable]: the bibliography cannot be read: pandoc failed: Error at (line 4, "
        "column 7): unexpected ',' @book{, ^; an entry begins with its type and its key, as in `@book{key,`",
    ),
    "entry without a title in BibTeX": (
        {
            "01.md": HEAD,
            "r.bib": "@book{a,\n  author = {A}\n}\n",
            "metadata.yaml": "title: T\nlang: en\nbibliography: r.bib\n",
        },
        'source/r.bib:1: error[ref-untitled]: the entry "a" has no title; add `title = {…},`',
    ),
    "bibliography that is no JSON": (
        {
            "01.md": HEAD,
            "r.json": '[\n {"id": "a"\n "title": "A"}]\n',
            "metadata.yaml": "title: T\nlang: en\nbibliography: r.json\n",
        },
        "source/r.json:3: error[bibliography-unreadable]: the bibliography is not JSON: Expecting ',' delimiter",
    ),
    "bibliography without a list": (
        {"01.md": HEAD, "references.yaml": "a:\n  title: A\n"},
        "source/references.yaml: error[bibliography-unreadable]: the bibliography has no list `references:`; an entry "
        "begins with a line `- id: key` and goes on with `title: …` and the like below it",
    ),
    "bibliography with a colon in a value": (
        {"01.md": HEAD, "references.yaml": "references:\n- id: a\n  title: A: B\n"},
        "source/references.yaml:3: error[bibliography-unreadable]: the bibliography is not YAML: mapping values are not "
        "allowed in this context; put quotation marks around a value that has a colon in it",
    ),
    "control character in a bibliography": (
        {"01.md": HEAD, "references.yaml": "references:\n- id: a\n  title: Ä\x07\n"},
        "source/references.yaml:3: error[bibliography-unreadable]: the bibliography has the control character U+0007; "
        "delete it",
    ),
    "title that is empty": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle:\n"},
        'source/metadata.yaml:2: error[metadata-missing]: the metadata has no "title"; write it behind `title:`',
    ),
    "title that is no word": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle: ''\n"},
        'source/metadata.yaml:2: error[metadata-missing]: the metadata has no "title"; write it behind `title:`',
    ),
    "metadata with a colon in a value": (
        {"01.md": HEAD, "metadata.yaml": "lang: en\ntitle: One: two\n"},
        "source/metadata.yaml:2: error[metadata-unreadable]: the metadata is not YAML: mapping values are not allowed here; "
        "put quotation marks around a value that has a colon in it",
    ),
    "table with a label, but no caption": (
        {"01.md": HEAD + "See @tbl:x.\n\n| a |\n|---|\n| 1 |\n\n: {#tbl:x}\n"},
        "source/01.md:9: error[caption-missing]: the table has a label, but no caption; write one below it, "
        "`: Caption. {#tbl:x}`",
    ),
    "listing with a label, but no caption": (
        {"01.md": HEAD + "See @lst:x.\n\n> ``` {#lst:x .yaml}\n> a: 1\n> ```\n"},
        "source/01.md:5: error[caption-missing]: the listing has a label, but no caption; write one beside it, "
        '`{#lst:x caption="Caption."}`',
    ),
    "group of figures with a label, but no caption": (
        {"01.md": HEAD + '::: {#fig:x}\n![C](figures/picture.svg){#fig:y alt="A"}\n:::\n'},
        "source/01.md:3: error[caption-missing]: the figure has a label, but no caption; let the group that is labelled "
        "fig:x end with a paragraph, which is its caption",
    ),
    "label of a picture without a caption": (
        {"01.md": HEAD + 'See @fig:x.\n\n![](figures/picture.svg){#fig:x alt="A"}\n'},
        'source/01.md:3: error[xref-missing]: what is labelled "fig:x" is no numbered figure; let the picture stand in a '
        "paragraph of its own, with a caption",
    ),
    "label around a table": (
        {"01.md": HEAD + "See @tbl:x.\n\n::: {#tbl:x}\n| a |\n|---|\n| 1 |\n:::\n"},
        'source/01.md:3: error[xref-missing]: what is labelled "tbl:x" is no numbered table; let the label stand behind '
        "the table's caption, `: Caption. {#tbl:x}`",
    ),
    "link in a link": (
        {"01.md": HEAD + "See [the book [@one]](https://example.org/).\n"},
        'source/01.md:3: error[link-nested]: the link to "https://example.org/" holds another, or a citation, '
        "or a call of a note; let that stand behind the link",
    ),
    "call in a link": (
        {"01.md": HEAD + "See [it[^a]](https://example.org/).\n\n[^a]: A note.\n"},
        'source/01.md:3: error[link-nested]: the link to "https://example.org/" holds another, or a citation, '
        "or a call of a note; let that stand behind the link",
    ),
    "citation in a citation": (
        {"01.md": HEAD + "Known\n[@one; @two, as @three says].\n"},
        'source/01.md:4: error[citation-nested]: the brackets of the citation "two" hold another, or a mention, or a call of '
        "a note; let that stand behind the brackets, or cite both in one: [@one; @two]",
    ),
    "citation before a citation": (
        {"01.md": HEAD + "Text.^[Known [see @one and @two].]\n"},
        'source/01.md:3: error[citation-nested]: the brackets of the citation "one" hold another, or a mention, or a call of '
        "a note; let that stand behind the brackets, or cite both in one: [@one; @two]",
    ),
    "mention in a citation": (
        {"01.md": "# Title {#sec:x}\n\nKnown [@one, see *@sec:x*].\n"},
        'source/01.md:3: error[citation-nested]: the brackets of the citation "one" hold another, or a mention, or a call of '
        "a note; let that stand behind the brackets, or cite both in one: [@one; @two]",
    ),
    "call of no note": (
        {"01.md": HEAD + "Known,[^first]\nunknown.[^frist]\n\n[^first]: A note.\n"},
        'source/01.md:4: error[note-missing]: no note has the label "frist"; did you mean "first"?',
    ),
    "character that the font of formulas lacks": (
        {"01.md": HEAD + "Text.\n\n$$ x = \\text{词} $$\n"},
        "source/01.md:5: error[glyph-missing]: the formulas' font has not the character '词' (U+8BCD); use another "
        "character, or let it stand outside the formula",
    ),
    "language from right to left": (
        {"01.md": HEAD + "Text.\n", "metadata.yaml": "title: T\nlang: fa\n"},
        'source/metadata.yaml:2: warning[language-direction]: "fa" is written from right to left; the editions are set '
        "from left to right; words from right to left can stand in a document in another language",
    ),
    "citation of an empty bibliography": (
        {"01.md": HEAD + "Text [@one].\n", "references.yaml": ""},
        'source/01.md:3: error[ref-missing]: no reference has the key "one"; add it to the bibliography',
    ),
    "link without text": (
        {"01.md": HEAD + "See [](https://example.org/).\n"},
        'source/01.md:3: error[link-empty]: the link to "https://example.org/" has no text; '
        "name what it leads to",
    ),
    "alternative text that names the file": (
        {"01.md": HEAD + '![C](figures/picture.svg){#fig:p alt="picture.svg"}\n'},
        'source/01.md:3: warning[alt-vague]: the text alternative "picture.svg" does not say what '
        'the picture shows; write what it shows: ![Caption](file){alt="…"}',
    ),
    "language of a word": (
        {"01.md": HEAD + "The word\n[Wort]{lang=german}.\n"},
        'source/01.md:4: error[language-unknown]: "german" is no language tag: there is no '
        'language "german"; did you mean "de"?',
    ),
    "language of the document": (
        {"01.md": HEAD, "metadata.yaml": "title: T\nlang: en-UK\n"},
        'source/metadata.yaml:2: error[language-unknown]: "en-UK" is no language tag: there is no '
        'region "UK"; did you mean "en-GB"?',
    ),
    "language of a reference": (
        {
            "01.md": HEAD,
            "references.yaml": "references:\n- id: one\n  title: One\n  language: English\n",
        },
        'source/references.yaml:4: warning[language-unknown]: "English" is no language tag: there '
        'is no language "English"; did you mean "en"?',
    ),
    "language tag that has been replaced": (
        {"01.md": HEAD + "[שלום]{lang=iw}\n"},
        'source/01.md:3: warning[language-outdated]: the language tag "iw" is outdated; write "he"',
    ),
    "exception without a reason": (
        {
            "01.md": HEAD + "### Low\n",
            "metadata.yaml": "title: T\nlang: en\n"
            "exceptions:\n- {code: heading-skipped, in: 01.md}\n",
        },
        "source/metadata.yaml:4: error[exception-incomplete]: the exception has no reason; "
        "add `reason: …`",
    ),
    "exception for what has none": (
        {
            "01.md": HEAD,
            "metadata.yaml": "title: T\nlang: en\n"
            "exceptions:\n- {code: heading-skiped, in: 01.md, reason: r}\n",
        },
        "source/metadata.yaml:4: error[exception-unknown]: there are no exceptions for "
        '"heading-skiped"; did you mean "heading-skipped"?',
    ),
    "exception that answers nothing": (
        {
            "01.md": HEAD,
            "metadata.yaml": "title: T\nlang: en\n"
            "exceptions:\n- {code: heading-skipped, in: 01.md, reason: r}\n",
        },
        'source/metadata.yaml:4: warning[exception-unused]: the exception for "heading-skipped" '
        "answers nothing; take it out",
    ),
    "style that does not number": (
        {
            "01.md": HEAD + "[@one]\n",
            "metadata.yaml": "title: T\nlang: en\ncsl: source/plain.csl\n",
            "plain.csl": "<style/>",
        },
        "source/plain.csl: error[style-unsupported]: the citation style does not number its "
        "references; name a numeric CSL style under `csl:` in source/metadata.yaml",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_message_names_file_line_and_remedy(tmp_path: Path, case: str) -> None:
    files, message = CASES[case]
    problems = problems_of(tmp_path, files)
    assert message in [str(each) for each in problems]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = HEAD + "[@twa] @fig:no [x](#y)\n\n![C](no.svg)\n"
    codes = {each.code for each in problems_of(tmp_path, {"01.md": text})}
    assert codes == {"ref-missing", "xref-missing", "link-missing", "figure-missing", "alt-missing"}


@pytest.mark.parametrize(
    ("name", "code", "whose"),
    [
        ("01.md", "section", "section"),
        ("metadata.yaml", "metadata", "metadata"),
        ("references.yaml", "bibliography", "bibliography"),
        ("r.bib", "bibliography", "bibliography"),
        ("figures/picture.svg", "figure", "picture"),
    ],
)
def test_a_file_that_is_not_utf8_is_told_with_the_line(
    tmp_path: Path, name: str, code: str, whose: str
) -> None:
    text = '![C](figures/picture.svg){alt="A"}\n'
    files = {"metadata.yaml": "title: T\nlang: en\n", "r.bib": "\n", "references.yaml": ""}
    files["metadata.yaml"] += "bibliography: [r.bib, references.yaml]\n"
    document = write_document(tmp_path, {"01.md": HEAD + text}, files={"figures/picture.svg": SVG})
    for each, content in files.items():
        (document.root / "source" / each).write_text(content, "utf-8")
    path = document.root / "source" / name
    declared = b'<?xml version="1.0" encoding="iso-8859-1"?>\n' if name.endswith("svg") else b""
    line = path.read_bytes().count(b"\n") + declared.count(b"\n") + 1
    last = "<!-- Ü -->" if name.endswith("svg") else "# Ü"
    path.write_bytes(declared + path.read_bytes() + last.encode("iso-8859-1"))
    with pytest.raises(ProblemsFound) as found:
        document.build([Format.HTML])
    message = f"the {whose} is not UTF-8 text: byte DC is not; save it as UTF-8"
    expected = f"source/{name}:{line}: error[{code}-unreadable]: {message}"
    assert expected in [*map(str, found.value.problems)]


@pytest.mark.parametrize("name", ["references.yaml", "more.yaml", "nowhere.yaml"])
def test_of_a_bibliography_that_cannot_be_read_nothing_else_is_told(
    tmp_path: Path, name: str
) -> None:
    files = {
        "01.md": HEAD + "Known [@a; @one].\n",
        "metadata.yaml": f"title: T\nlang: en\nbibliography: [{name}, good.yaml]\n",
        "good.yaml": "references:\n- id: one\n  title: One\n",
        "references.yaml": "references:\n- id: a\n  title: A: B\n",
        "more.yaml": "words",
    }
    (problem,) = problems_of(tmp_path, files)
    assert problem.place.file == f"source/{name}"
    assert problem.code.startswith("bibliography-")


def test_citeproc_is_not_asked_for_what_stands_in_a_citation(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {"01.md": "# Title {#sec:x}\n\nKnown [@one, see @sec:x].\n"})
    assert [each.code for each in problems] == ["citation-nested"]


def test_the_last_good_editions_stay(tmp_path: Path) -> None:
    document = write_document(tmp_path, {"01.md": HEAD + "Good [@one].\n"})
    document.build([Format.HTML])
    before = {path: path.read_bytes() for path in (tmp_path / "build").iterdir()}
    (tmp_path / "source" / "01.md").write_text(HEAD + "Bad [@nobody].\n", "utf-8")
    with pytest.raises(ProblemsFound):
        document.build([Format.HTML])
    assert {path: path.read_bytes() for path in (tmp_path / "build").iterdir()} == before


@pytest.mark.parametrize(
    ("template", "added", "message"),
    [
        ("html.jinja", "{% for x in %}", "Expected an expression, got 'end of statement block'"),
        ("html.jinja", "{{ nothing }}", "'nothing' is undefined"),
        ("epub-nav.jinja", "{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("cover.jinja", '{% include "n.jinja" %}', 'there is no template "n.jinja"'),
    ],
)
def test_a_broken_template_is_told_with_its_line(
    tmp_path: Path, template: str, added: str, message: str
) -> None:
    text = (STYLES / template).read_text("utf-8")
    line = len(text.splitlines()) + 1
    problems = problems_with_template(tmp_path, template, text + added)
    assert problems == [f"styles/{template}:{line}: error[template-broken]: {message}"]


def test_a_template_that_makes_no_xml_is_told(tmp_path: Path) -> None:
    (problem,) = problems_with_template(tmp_path, "pdf-chapter.jinja", "<html><p></html>")
    assert problem.startswith("styles/pdf-chapter.jinja: error[template-broken]: XMLSyntaxError: ")


def test_a_drawing_that_cannot_be_drawn_stops_the_build(tmp_path: Path) -> None:
    text = 'Text.\n\n# Two\n\n![C](figures/p.svg){#fig:p alt="Some words of it"}\n'
    drawing = SVG.replace("<svg", '<svg viewBox="0 0 a b"')
    document = write_document(tmp_path, {"01.md": HEAD + text}, files={"figures/p.svg": drawing})
    with pytest.raises(ProblemsFound) as found:
        document.build([Format.PDF])
    (problem,) = map(str, found.value.problems)
    assert problem.startswith(
        "source/01.md:5: error[not-drawn]: the layout engine leaves something"
    )


@pytest.mark.parametrize("count", [2, 401], ids=["short", "in stretches"])
def test_a_style_that_hides_what_links_lead_to_stops_the_build(tmp_path: Path, count: int) -> None:
    references = "".join(f"- id: r{index}\n  title: T\n" for index in range(count))
    cited = "; ".join(f"@r{index}" for index in range(count))  # of a range the ends are links
    written = write_document(
        tmp_path,
        {
            "01.md": f"# One {{#one}}\n\nWords [{cited}] of [it](#two).\n\n[Two]{{#two .hidden}}.\n\n# References {{.unnumbered}}\n\n::: {{#refs}}\n:::\n"
        },
        files={"references.yaml": references},
    )
    own_styles(tmp_path, pdf=".references, .hidden { display: none }")
    with pytest.raises(ProblemsFound) as found:
        written.build([Format.PDF])
    hint = "but links lead to it; a style sheet hides it"
    assert [*map(str, found.value.problems)] == [
        f"source/references.yaml:1: error[not-printed]: reference 1 (the first of 2) is not printed, {hint}",
        f"styles/pdf.css: error[not-printed]: what has the address #two is not printed, {hint}",
    ]


def test_where_the_layout_engine_fails_is_told(tmp_path: Path) -> None:
    document = write_document(tmp_path, {"01.md": HEAD + "Words.\n", "02.md": "# Two\n\nA.^[N.]\n"})
    own_styles(tmp_path, pdf="p { columns: 2 }")  # which WeasyPrint cannot lay out beside notes
    with pytest.raises(ProblemsFound) as found:
        document.build([Format.PDF])
    (problem,) = map(str, found.value.problems)
    assert problem.startswith(
        "source/02.md:1: error[not-laid-out]: the layout engine fails at this chapter: TypeError: "
    )


def test_what_is_wrong_here_is_not_told_of_the_layout_engine() -> None:
    with pytest.raises(ZeroDivisionError), heard("one"):
        print(1 / 0)


def problems_with_template(root: Path, template: str, text: str) -> list[str]:
    document = write_document(root, {"01.md": HEAD + "Text.\n"})
    (own_styles(root) / template).write_text(text, "utf-8")
    with pytest.raises(ProblemsFound) as found:
        document.build()
    return [str(each) for each in found.value.problems]


EXEMPT = """title: T
lang: en
exceptions:
- {code: heading-skipped, of: [Low], reason: The form is prescribed.}
- {code: alt-missing, of: [figures/picture.svg], reason: It is an ornament.}
- {code: table-header-missing, of: ["tbl:x"], reason: The columns hold one list.}
- {code: link-text-vague, in: "0*.md", reason: The phrase is what the text is about.}
"""


def test_declared_exceptions_answer_findings(tmp_path: Path) -> None:
    text = HEAD + "### Low\n\n![C](figures/picture.svg){#fig:p}\n\n[here](https://example.org/)\n\n"
    text += "|   |   |\n|---|---|\n| a | b |\n\n: Caption. {#tbl:x}\n"
    assert not problems_of(tmp_path, {"01.md": text, "metadata.yaml": EXEMPT})


def problems_of(root: Path, files: dict[str, str]) -> tuple[Problem, ...]:
    """Return what is told of a document, whether it stops the build or not."""
    document = write_document(root, {}, files={"figures/picture.svg": SVG, **files})
    try:
        return publish(document.root, Progress(Console(file=StringIO())))[1]
    except ProblemsFound as found:
        return found.problems
