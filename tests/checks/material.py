"""A small publication in three editions, written here by hand: no part of the builder has touched it.

The words stand once in `CHAPTERS`; the three functions below lay them out each in its own way: notes at
the end of the HTML, at the end of each chapter file of the EPUB, at the foot of the page in the PDF.
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path

import pikepdf
import uharfbuzz as hb
import weasyprint
from weasyprint.text.fonts import FontConfiguration

TITLE = "The Harbour Accounts"
IDENTIFIER = "urn:uuid:5f0c1f0e-2f6b-4c61-9a55-0d7d2a2f7a10"
VERSION = "2.1"

CHAPTERS = (
    (
        "ch1",
        """
<h2 id="s1"><span>1</span> The harbour and its books</h2>
<p>The harbour kept two sets of accounts <c>[<r>1</r>]</c>, and the reasons were discussed at length
by the inspectors <c>[<r>2</r>, <r>3</r>]</c>.<n>1</n> The circumstances are described in
<x f="s2.1">Section 2.1</x>; the incomprehensible correspondence between the administrators
is summarised in <x f="t1">Table 1</x>. See also <x f="f1">Figures 1</x> and <x f="f2">2</x>.</p>
<figure id="f1"><svg width="120" height="40" role="img" aria-label="Three bars of growing height">
<rect x="5" y="20" width="20" height="20"/><rect x="35" y="10" width="20" height="30"/></svg>
<figcaption>Figure 1: Ships that entered the harbour, by decade.</figcaption></figure>
<p>An office in the flat quarter of the town was responsible for the official ledgers
<c>[<r>3</r>–<r>5</r>]</c>. Its efficient clerks wrote everything twice.<n>2</n></p>
<h3 id="s1.1"><span>1.1</span> What was written down</h3>
<p>Quantities were entered by weight, values by estimate. Equation <x f="e1">1</x> gives the rule.</p>
<div id="e1" class="eq"><math xmlns="http://www.w3.org/1998/Math/MathML" display="block">
<mi>v</mi><mo>=</mo><mi>w</mi></math> <span class="no">(1)</span></div>
<table id="t1"><caption>Table 1: Entries in the two sets of accounts.</caption>
<thead><tr><th scope="col">Year</th><th scope="col">First set</th><th scope="col">Second set</th></tr></thead>
<tbody><tr><td>1871</td><td>210</td><td>198</td></tr><tr><td>1872</td><td>244</td><td>201</td></tr></tbody></table>
""",
    ),
    (
        "ch2",
        """
<h2 id="s2"><span>2</span> The discovery</h2>
<p>A difference of a few tons was noticed in the spring, by a clerk whose name is lost.<n>3</n>
The finding was communicated to the ministry <c>[<r>6</r>]</c> and to the newspapers.</p>
<h3 id="s2.1"><span>2.1</span> Circumstances</h3>
<p>The investigation began with a letter <c>[<r>1</r>, <r>4</r>–<r>6</r>]</c>. What the letter said is
reproduced in <x f="l1">Listing 1</x>, and <x f="f2">Figure 2</x> shows where it was found.</p>
<figure id="l1"><pre><code>weigh = measured * 0.9
enter(weigh)</code></pre>
<figcaption>Listing 1: The rule as it was followed.</figcaption></figure>
<figure id="f2"><svg width="120" height="40" role="img" aria-label="A plan of the office">
<rect x="5" y="5" width="60" height="30"/></svg>
<figcaption>Figure 2: Plan of the office.</figcaption></figure>
<p>Those responsible were never found.<n>4</n> The accounts of <x f="s1">Section 1</x> were closed.</p>
<h3 id="s2.2"><span>2.2</span> Consequences</h3>
<p>Afterwards the measurements were compared with those of neighbouring harbours
(<x f="t2">Table 2</x>), and the difference was explained <c>[<r>7</r>]</c>.</p>
<table id="t2"><caption>Table 2: Neighbouring harbours.</caption>
<thead><tr><th scope="col">Harbour</th><th scope="col">Tons</th></tr></thead>
<tbody><tr><td>North</td><td>310</td></tr><tr><td>South</td><td>275</td></tr></tbody></table>
<h3>Thanks</h3>
<p>The keeper of the town archive opened every box, and read aloud what nobody else could decipher.</p>
<h3>Conventions</h3>
<p>Years are those of the harbour, which began in March; weights are given as the clerks gave them.</p>
""",
    ),
)
NOTES = {
    1: "The inspectors left no minutes; their visit is known from the invoices <c>[<r>2</r>]</c>.",
    2: 'Compare <x f="s2.2">Section 2.2</x>, where the habit is explained.',
    3: "It may have been the same clerk in both years: the sum <math><mi>s</mi></math> is in one hand.",
    4: "The file was closed in 1875.",
}
REFERENCES = {
    1: "Registers of the harbour office, 1860–1880. Town archive.",
    2: "Invoices of the inspectors, second series. Town archive, 1872.",
    3: "H. Ostergaard. <i>On double accounts</i>. Harbour Press, 1901.",
    4: "Letters received by the ministry. State archive, 1873.",
    5: "A. Lindqvist. <i>Measures and weights of the coast</i>. 2nd edition, 1911.",
    6: "Report to the ministry on the harbour accounts. 1874.",
    7: "Yearbook of the coastal harbours. 1876.",
}
HEADINGS = (
    ("s1", "1 The harbour and its books", 2),
    ("s1.1", "1.1 What was written down", 3),
    ("s2", "2 The discovery", 2),
    ("s2.1", "2.1 Circumstances", 3),
    ("s2.2", "2.2 Consequences", 3),
)
FIGURES = (
    ("f1", "Figure 1: Ships that entered the harbour, by decade."),
    ("f2", "Figure 2: Plan of the office."),
)


class Writer:
    """Turns the marks of the words above into links; counts the citations so that they can be led back to."""

    def __init__(self, file_of: dict[str, str] | None = None, here: str = "") -> None:
        self.file_of = file_of or {}
        self.here = here
        self.cited: dict[int, list[str]] = {}
        self.count = 0

    def href(self, anchor: str) -> str:
        file = self.file_of.get(anchor, "")
        return f"{file if file != self.here else ''}#{anchor}"

    def words(self, text: str) -> str:
        text = re.sub(r"<c>(.*?)</c>", self._citation, text, flags=re.S)
        text = re.sub(r'<x f="(.*?)">', lambda m: f'<a href="{self.href(m[1])}">', text)
        return text.replace("</x>", "</a>")

    def _citation(self, match: re.Match[str]) -> str:
        self.count += 1
        anchor = f"{self.here.split('.')[0]}k{self.count}"

        def link(number: re.Match[str]) -> str:
            self.cited.setdefault(int(number[1]), []).append(f"{self.here}#{anchor}")
            return f'<a role="doc-biblioref" href="{self.href(f"r{number[1]}")}">{number[1]}</a>'

        return f'<span id="{anchor}">{re.sub("<r>([0-9]+)</r>", link, match[1])}</span>'


def call(number: int) -> str:
    return f'<a id="c{number}" href="#n{number}" role="doc-noteref" class="call">{number}</a>'


def entries(writer: Writer, back: str) -> str:
    items = []
    for number, text in REFERENCES.items():
        links = ", ".join(
            back.format(
                href=href.replace(f"{writer.here}#", "#")
                if href.startswith(f"{writer.here}#")
                else href,
                n=i,
            )
            for i, href in enumerate(writer.cited.get(number, []), 1)
        )
        items.append(f'<li id="r{number}" role="doc-biblioentry">[{number}] {text} {links}</li>')
    return "\n".join(items)


def html_edition() -> str:
    writer = Writer()
    body = "".join(f"<section>{writer.words(text)}</section>" for _, text in CHAPTERS)
    body = re.sub(r"<n>(\d)</n>", lambda m: call(int(m[1])), body)
    notes = "".join(
        f'<li id="n{n}" role="doc-footnote"><p>{writer.words(text)} '
        f'<a role="doc-backlink" href="#c{n}">↩</a></p></li>'
        for n, text in NOTES.items()
    )
    toc = "".join(f'<li><a href="#{i}">{text}</a></li>' for i, text, _ in HEADINGS)
    refs = entries(writer, '<a role="doc-backlink" href="{href}">↑{n}</a>')
    body = body.replace("</h3>", ' <a class="here" href="#x" aria-hidden="true">¶</a></h3>')
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="dc.identifier" content="{IDENTIFIER}"><meta name="version" content="{VERSION}">
<style>body {{ max-width: 40em }}</style></head>
<body><header><p>Read online</p></header><nav aria-label="Contents"><ol>{toc}</ol></nav>
<main><h1 id="x">{TITLE}</h1>{body}
<section role="doc-endnotes"><ol>{notes}</ol></section>
<section role="doc-bibliography"><h2>References</h2><ul>{refs}</ul></section></main>
<footer>Version {VERSION}</footer></body></html>"""


def xhtml(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">'
        f"<head><title>{title}</title></head><body>{body}</body></html>"
    )


def epub_files() -> dict[str, str]:
    file_of = {}
    for name, text in CHAPTERS:
        for anchor in re.findall(r'id="([^"]+)"', text):
            file_of[anchor] = f"{name}.xhtml"
    file_of |= {f"r{n}": "refs.xhtml" for n in REFERENCES}
    made: dict[str, str] = {}
    cited: dict[int, list[str]] = {}
    for name, text in CHAPTERS:
        writer = Writer(file_of, f"{name}.xhtml")
        called = [int(n) for n in re.findall(r"<n>(\d)</n>", text)]
        body = re.sub(r"<n>(\d)</n>", lambda m: call(int(m[1])), writer.words(text))
        notes = "".join(
            f'<aside id="n{n}" epub:type="footnote"><p><a href="#c{n}">{n}</a> '
            f"{writer.words(NOTES[n])}</p></aside>"
            for n in called
        )
        body = re.sub(r"(\s)role=\"doc-noteref\"", r'\1epub:type="noteref"', body)
        made[f"{name}.xhtml"] = xhtml(name, f"<section>{body}{notes}</section>")
        for number, places in writer.cited.items():
            cited.setdefault(number, []).extend(places)
    writer = Writer(file_of, "refs.xhtml")
    writer.cited = cited
    refs = entries(writer, '<a role="doc-backlink" href="{href}">↑{n}</a>')
    made["refs.xhtml"] = xhtml(
        "References",
        f'<section role="doc-bibliography"><h2>References</h2><ul>{refs}</ul></section>',
    )
    toc = "".join(f'<li><a href="{file_of[i]}#{i}">{t}</a></li>' for i, t, _ in HEADINGS)
    lof = "".join(f'<li><a href="{file_of[i]}#{i}">{t}</a></li>' for i, t in FIGURES)
    made["nav.xhtml"] = xhtml(
        "Contents",
        f'<nav epub:type="toc"><h1>Contents</h1><ol>{toc}</ol></nav><nav epub:type="lof"><ol>{lof}</ol></nav>',
    )
    items = "".join(
        f'<item id="{name.split(".")[0]}" href="{name}" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav.xhtml' else ''}/>"
        for name in made
    )
    made["content.opf"] = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="uid">{IDENTIFIER}</dc:identifier>
<dc:title>{TITLE}</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2024-05-01T00:00:00Z</meta><meta property="schema:version">{VERSION}</meta></metadata>
<manifest>{items}</manifest><spine><itemref idref="ch1"/><itemref idref="ch2"/><itemref idref="refs"/></spine></package>"""
    return made


def write_epub(files: dict[str, str], path: Path) -> None:
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        container.writestr(
            "META-INF/container.xml",
            '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OPS/content.opf" media-type="application/oebps-package+xml"/>'
            "</rootfiles></container>",
        )
        for name, text in files.items():
            container.writestr(f"OPS/{name}", text, zipfile.ZIP_DEFLATED)


PAGED = """
@page { size: 300pt 380pt; margin: 45pt 40pt; @top-left { content: "The Harbour Accounts" }
  @bottom-center { content: counter(page) } @footnote { border-top: 0.5pt solid } }
@page front { @top-left { content: none } @bottom-center { content: counter(page, lower-roman) } }
body { font: 10pt/13pt serif; text-align: justify; hyphens: auto }
.front { page: front; break-after: page }
@page :nth(1 of main) { counter-reset: page 1 }
.body { page: main }
h2 { break-before: page; font-size: 14pt; text-align: left; hyphens: none } h3 { font-size: 11pt }
nav ol { list-style: none; padding: 0 } nav a { color: inherit; text-decoration: none }
nav a::after { content: leader('.') target-counter(attr(href), page) }
nav.roman a::after { content: leader('.') target-counter(attr(href), page, lower-roman) }
.fn { float: footnote; font-size: 8pt; line-height: 10pt }
.fn::footnote-call { content: none } .fn::footnote-marker { content: none }
.call { font-size: 7pt; vertical-align: super; text-decoration: none }
.refs { list-style: none; padding-left: 0 }
.refs .pg::after { content: target-counter(attr(href), page) }
.eq math { display: inline-block }
table { width: 100% }
"""


def paged_html() -> str:
    writer = Writer()
    body = "".join(f"<section>{writer.words(text)}</section>" for _, text in CHAPTERS)
    notes = {n: writer.words(text) for n, text in NOTES.items()}
    body = re.sub(
        r"<n>(\d)</n>",
        lambda m: (
            f'{call(int(m[1]))}<span class="fn" id="n{m[1]}"><a href="#c{m[1]}">{m[1]}</a> {notes[int(m[1])]}</span>'
        ),
        body,
    )
    body = re.sub(
        r"<math.*?</math>",
        '<svg width="40" height="10"><path d="M0 5h40v2h-40z"/></svg>',
        body,
        flags=re.S,
    )
    toc = "".join(f'<li><a href="#{i}">{text}</a></li>' for i, text, _ in HEADINGS)
    lof = "".join(f'<li><a href="#{i}">{text}</a></li>' for i, text in FIGURES)
    refs = entries(writer, '<a class="pg" href="{href}"></a>').replace("</li>", "</li>")
    refs = re.sub(r' (<a class="pg")', r" Cited on pages \1", refs)
    refs = re.sub(r", Cited on pages", ",", refs)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="dcterms.created" content="2024-05-01T00:00:00Z"><style>{PAGED}</style></head>
<body><div class="front"><h1>{TITLE}</h1></div>
<div class="front"><nav><h2>Contents</h2><ol>{toc}</ol></nav><nav><h2>Figures</h2><ol>{lof}</ol></nav></div>
<div class="body">{body}<section><h2>References</h2><ul class="refs">{refs}</ul></section></div></body></html>"""


FACES = {
    "Print": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 12, "wght": 400}),
    "Other": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf", {"wght": 400}),
}
FEATURES = (b"onum", b"lnum")


@cache
def static_face(name: str) -> str:
    """Return a locked face as a `data:` URL, cut to one weight: WeasyPrint is slow to cut it itself."""
    package, file, axes = FACES[name]
    face = hb.Face(hb.Blob((files(package) / "files" / file).read_bytes()))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update({*range(0x20, 0x180), *range(0x2010, 0x2045)})
    wanted.layout_feature_tag_set.update(int.from_bytes(tag, "big") for tag in FEATURES)
    for axis, value in axes.items():
        wanted.pin_axis_location(face, axis, value)
    return f"data:font/ttf;base64,{base64.b64encode(hb.subset(face, wanted).blob.data).decode()}"


def print_pdf(page: str, path: Path, css: str = "", variant: str | None = "pdf/ua-1") -> None:
    """Print a page with locked faces: a bare machine has no fonts of its own."""
    rules = [
        f'@font-face {{ font-family: {name}; src: url("{static_face(name)}") }}' for name in FACES
    ]
    rules.append("* { font-family: Print !important }")
    config = FontConfiguration()
    sheets = [weasyprint.CSS(string="\n".join([*rules, css]), font_config=config)]
    document = weasyprint.HTML(string=page)
    document.write_pdf(path, stylesheets=sheets, font_config=config, pdf_variant=variant)


def write_pdf(path: Path, css: str = "") -> None:
    """Write the paged edition; `css` is for another look."""
    print_pdf(paged_html(), path, css)


def add_xmp(path: Path, identifier: str = IDENTIFIER, version: str = VERSION) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:title"] = TITLE
            xmp["dc:identifier"] = identifier
            xmp["xmpMM:VersionID"] = version
        pdf.save(path)


def ledger() -> dict[str, object]:
    """Return the ledger that a build of this publication would write, by hand."""
    places = {
        anchor: f"source/{name}.md:{line}"
        for line, (name, text) in enumerate(CHAPTERS, 10)
        for anchor in re.findall(r'id="([^"]+)"', text)
    }

    def said(number: str, anchor: str, text: str = "") -> dict[str, str]:
        place = places.get(anchor, "source/notes.md:3")
        return {"id": anchor, "label": number, "number": number, "text": text, "place": place}

    def pointed(numbers: str) -> list[dict[str, object]]:
        return [
            {"number": n.strip("()"), "printed": "(" not in n, "place": "source/ch1.md:4"}
            for n in numbers.split()
        ]

    plain = {n: re.sub(r"<[^>]+>", "", text) for n, text in REFERENCES.items()}
    kinds: dict[str, tuple[list[dict[str, str]], str]] = {
        "reference": (
            [said(str(n), f"r{n}", t) for n, t in plain.items()],
            "1 2 3 2 3 (4) 5 6 1 4 (5) 6 7",
        ),
        "footnote": ([said(str(n), f"n{n}") for n in NOTES], ""),
        "section": (
            [said(t.split()[0], i, t.partition(" ")[2]) for i, t, _ in HEADINGS],
            "2.1 2.2 1",
        ),
        "figure": ([said(t[7], i, t[10:]) for i, t in FIGURES], "1 2 2"),
        "table": ([said("1", "t1"), said("2", "t2")], "1 2"),
        "equation": ([said("1", "e1")], "1"),
        "listing": ([said("1", "l1")], "1"),
    }
    return {
        "document": {"title": TITLE, "identifier": IDENTIFIER, "version": VERSION},
        "kinds": {k: {"declarations": d, "mentions": pointed(m)} for k, (d, m) in kinds.items()},
    }


def write_editions(folder: Path) -> dict[str, Path]:
    """Write the three editions into a folder; return their paths by format."""
    paths = {name: folder / f"harbour.{name}" for name in ("html", "epub", "pdf", "json")}
    paths["json"].write_text(json.dumps(ledger()), encoding="utf-8")
    paths["html"].write_text(html_edition(), encoding="utf-8")
    write_epub(epub_files(), paths["epub"])
    write_pdf(paths["pdf"])
    add_xmp(paths["pdf"])
    return paths
