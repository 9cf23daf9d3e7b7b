"""What the file says of itself: page labels, identity, and the standards that it keeps (XMP, ISO 16684-1)."""

from __future__ import annotations

import pikepdf

from concordant.editions.binding.imprint import Imprint

# PDF/A wants every property outside its own list to be described (ISO 19005-3, 6.6.2.3.3).
_PDFUA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>The part of ISO 14289 that the file keeps</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def label_pages(pdf: pikepdf.Pdf, roman_pages: int) -> None:
    """Give each page its printed folio as label: roman first, then arabic (ISO 32000-1, 12.4.2)."""
    roman = pikepdf.Dictionary(S=pikepdf.Name.r)
    arabic = pikepdf.Dictionary(S=pikepdf.Name.D)
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, roman, roman_pages, arabic])


def identify(pdf: pikepdf.Pdf, imprint: Imprint) -> None:
    """Say which document this is, in which version, and from which source it was built."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:identifier"] = imprint.identifier
        xmp["dc:source"] = imprint.source_urn
        xmp["xmpMM:DocumentID"] = imprint.identifier
        if imprint.version:
            xmp["xmpMM:VersionID"] = imprint.version
        xmp["dc:language"] = {imprint.lang}


def declare_conformance(pdf: pikepdf.Pdf) -> None:
    """Declare PDF/UA-1 beside the PDF/A that WeasyPrint declares; it writes one of the two."""
    packet = pdf.Root.Metadata.read_bytes()
    head, end, tail = packet.rpartition(_END)
    pdf.Root.Metadata = pdf.make_stream(
        head + _PDFUA + end + tail, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )
