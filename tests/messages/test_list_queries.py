"""Names, filters, orders, page tokens, etags and masks."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from messages.etags import EtagMalformed, etag_of, version_in
from messages.filters import EQUAL, ORDERED, Condition, FilterInvalid, Order, OrderInvalid, conditions, order
from messages.masks import MaskInvalid, overlaid
from messages.names import NameMalformed, id_in, ids_in
from messages.pages import PageTokenInvalid, cut, key_in, size_of, token_of
from vocabulary.refusal import Refused
from wire.retainer.contracts.v1.client_pb2 import Client, Contact

FIELDS = {"contract": EQUAL, "state": EQUAL, "starts_on": ORDERED}


def test_a_resource_name_holds_its_ids() -> None:
    assert id_in("clients/acme", "clients", "client") == "acme"
    assert ids_in("contracts/web-2026/blocks/b1", ("contracts", "blocks"), "name") == ("web-2026", "b1")


@pytest.mark.parametrize(
    "name", ["", "acme", "clients/", "contracts/acme", "clients/a/b", "clients/a/contacts/c", "clients/Ä"]
)
def test_another_form_of_name_is_refused(name: str) -> None:
    with pytest.raises(NameMalformed) as refusal:
        id_in(name, "clients", "client")
    assert refusal.value.field == "client"


def test_a_filter_is_comparisons_joined_by_and() -> None:
    assert conditions("", FIELDS) == []
    assert conditions('contract = "contracts/x" AND state=active AND starts_on >= 2026-01-01', FIELDS) == [
        Condition("contract", "=", "contracts/x"),
        Condition("state", "=", "active"),
        Condition("starts_on", ">=", "2026-01-01"),
    ]
    assert conditions(r'state = "a \"b\""', FIELDS) == [Condition("state", "=", 'a "b"')]


@pytest.mark.parametrize(
    "text",
    [
        'contract "x"',
        "state = active state = ended",
        "state = active AND",
        "state = active OR state = ended",
        "person = anna",
        "state < active",
        'state = "active',
        "(state = active)",
        "state = x; DROP TABLE contracts",
        "state = active ANDstate = ended",
    ],
)
def test_a_filter_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(FilterInvalid) as refusal:
        conditions(text, FIELDS)
    assert refusal.value.field == "filter"


def test_values_of_a_filter_are_checked() -> None:
    assert Condition("contract", "=", "contracts/x").id_in("contracts") == "x"
    assert Condition("starts_on", "<", "2026-01-01").day() == "2026-01-01"
    assert Condition("state", "=", "ACTIVE").one_of(("active", "ended")) == "active"
    with pytest.raises(FilterInvalid):
        Condition("contract", "=", "clients/x").id_in("contracts")
    with pytest.raises(FilterInvalid):
        Condition("starts_on", "<", "soon").day()
    with pytest.raises(FilterInvalid):
        Condition("state", "=", "lost").one_of(("active", "ended"))


def test_an_order_ends_with_the_default() -> None:
    assert order("", ("name", "starts_on"), [Order("name", False)]) == [Order("name", False)]
    assert order("starts_on desc", ("name", "starts_on"), [Order("name", False)]) == [
        Order("starts_on", True),
        Order("name", False),
    ]
    assert order("name desc, starts_on asc", ("name", "starts_on"), [Order("name", False)]) == [
        Order("name", True),
        Order("starts_on", False),
    ]


@pytest.mark.parametrize("text", ["fee", "name up", "name,", "name, name", "name; x"])
def test_an_order_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(OrderInvalid):
        order(text, ("name", "starts_on"), [Order("name", False)])


def test_a_page_token_belongs_to_its_query() -> None:
    token = token_of(("web", 7), "acme", "state = active", "name")
    assert key_in(token, "acme", "state = active", "name") == ("web", 7)
    assert key_in("", "acme") is None
    for query in (("acme", "", "name"), ("other", "state = active", "name")):
        with pytest.raises(PageTokenInvalid):
            key_in(token, *query)


@pytest.mark.parametrize("token", ["x", "ä", "e30", token_of((), "acme")[:-3], "W10"])
def test_a_page_token_of_somebody_else_is_refused(token: str) -> None:
    with pytest.raises(PageTokenInvalid):
        key_in(token, "acme")


def test_a_page_has_at_most_a_thousand_rows() -> None:
    assert (size_of(0), size_of(7), size_of(5000)) == (50, 7, 1000)
    assert cut([1, 2, 3], 2) == ([1, 2], 2)
    assert cut([1, 2], 2) == ([1, 2], None)


def test_an_etag_is_a_version() -> None:
    assert version_in(etag_of(3)) == 3
    assert version_in("") is None
    for etag in ("x", "-1", "1.0", "٣"):
        with pytest.raises(EtagMalformed):
            version_in(etag)


def test_a_mask_names_what_changes() -> None:
    before = Client(display_name="Acme", vat_id="DE1", contacts=[Contact(contact_id="a"), Contact(contact_id="b")])
    before.address.city = "Berlin"
    before.address.country = "DE"
    given = Client(display_name="Acme GmbH", contacts=[Contact(contact_id="c")])
    given.address.city = "Hamburg"
    fields = ("display_name", "vat_id", "address", "contacts")

    after = overlaid(before, given, FieldMask(paths=["contacts", "address.city"]), fields)
    assert (after.display_name, after.vat_id) == ("Acme", "DE1")
    assert [contact.contact_id for contact in after.contacts] == ["c"]
    assert (after.address.city, after.address.country) == ("Hamburg", "DE")

    emptied = overlaid(before, given, FieldMask(paths=["vat_id"]), fields)
    assert emptied.vat_id == ""
    for everything in (FieldMask(), FieldMask(paths=["*"])):
        whole = overlaid(before, given, everything, fields)
        assert (whole.display_name, whole.vat_id, whole.address.country) == ("Acme GmbH", "", "")


@pytest.mark.parametrize("path", ["fee", "name", "address.planet", "contacts.email", "display_name.x", ""])
def test_a_mask_of_no_field_is_refused(path: str) -> None:
    with pytest.raises(MaskInvalid) as refusal:
        overlaid(Client(), Client(), FieldMask(paths=[path]), ("display_name", "address", "contacts"))
    assert isinstance(refusal.value, Refused)
    assert refusal.value.field == "update_mask"
