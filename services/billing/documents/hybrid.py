"""What makes a PDF/A-3 with an attached invoice a ZUGFeRD / Factur-X document: it says so in its XMP metadata.

typst writes the PDF/A-3 and attaches the data; what it cannot write is the extension schema by which a reader knows the
attachment (Factur-X 1.0, chapter 6). It is added in an incremental update, so that no other byte of the file changes.
"""

from io import BytesIO

ATTACHED = "factur-x.xml"
LEVEL = "EN 16931"
_URN = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_FIELDS = (
    ("DocumentFileName", ATTACHED, "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE", "INVOICE"),
    ("Version", "1.0", "version of the data format"),
    ("ConformanceLevel", LEVEL, "conformance level of the embedded data"),
)
_SCHEMAS, _SAYS = "<pdfaExtension:schemas><rdf:Bag>", "</rdf:RDF>"


def declared(pdf: bytes) -> bytes:
    """The file with its declaration; the same file gives the same bytes."""
    from pypdf import PdfWriter  # loads where it is first used
    from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

    writer = PdfWriter(BytesIO(pdf), incremental=True)
    metadata = writer.root_object["/Metadata"].get_object()
    assert isinstance(metadata, StreamObject)
    xmp = metadata.get_data().decode()
    assert _SCHEMAS in xmp, "a PDF/A by typst describes the schemas of its metadata"
    stream = DecodedStreamObject()
    stream.set_data(xmp.replace(_SCHEMAS, _SCHEMAS + _schema(), 1).replace(_SAYS, _said() + _SAYS, 1).encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _said() -> str:
    fields = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value, _ in _FIELDS)
    return f'<rdf:Description rdf:about="" xmlns:fx="{_URN}">{fields}</rdf:Description>'


def _schema() -> str:
    """PDF/A wants every property described that is not its own."""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, _, meaning in _FIELDS
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_URN}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
