"""Names, versions, schemas and seals of events."""

import json

import msgspec
import pytest
from jsonschema import Draft202012Validator

from chassis.catalog import Catalog, EventType, Undecodable, UnknownEvent
from chassis.house import DeadLettered
from chassis.testing import FixedKeys
from services.timelog.events import TimelogEvent, TimeLogged, Work
from tests.chassis.tally import CATALOG, Closed, Counted, CountedOnce
from vocabulary.duration import Seconds
from vocabulary.fact import Fact
from vocabulary.identity import ContractId, EntryId, PersonId
from vocabulary.personal import Personal

KEYS = FixedKeys()
ILL = Personal("person/anna", text="Anna was ill")


def test_name_and_version_come_from_the_tag() -> None:
    assert CATALOG.type_of(Counted(counter_id="a", amount=1)) == EventType("tally.Counted", 2)
    assert list(CATALOG.types()) == [("tally.Closed", 1), ("tally.Counted", 1), ("tally.Counted", 2)]


def test_a_payload_is_json_that_names_its_fact() -> None:
    payload = CATALOG.encode(Counted(counter_id="a", amount=3), "acme", KEYS)
    assert json.loads(payload) == {"fact": "tally.Counted@2", "counter_id": "a", "amount": 3}
    assert CATALOG.decode("tally.Counted", 2, payload) == Counted(counter_id="a", amount=3)


def test_an_old_version_is_read_as_the_newest() -> None:
    payload = CATALOG.encode(CountedOnce(counter_id="a"), "acme", KEYS)
    assert CATALOG.decode("tally.Counted", 1, payload) == Counted(counter_id="a", amount=1)


@pytest.mark.parametrize(("name", "version"), [("tally.Counted", 3), ("tally.Lost", 1), ("other.Counted", 2)])
def test_an_unknown_name_or_version_is_told(name: str, version: int) -> None:
    with pytest.raises(UnknownEvent, match=f"{name}@{version}"):
        CATALOG.decode(name, version, b"{}")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b'{"fact":"tally.Counted@2"}',
        b'{"fact":"tally.Closed@1","counter_id":"a"}',
        b'{"fact":"tally.Counted@2","counter_id":"a","amount":"3"}',
        b'{"fact":"tally.Counted@2","counter_id":"a","amount":3,"note":{"subject":"person/anna"}}',
        b'\xff{"fact":"tally.Counted@2"}',
    ],
)
def test_a_payload_that_does_not_fit_is_told(payload: bytes) -> None:
    with pytest.raises(Undecodable):
        CATALOG.decode("tally.Counted", 2, payload)


def test_unknown_fields_of_a_later_writer_are_passed_over() -> None:
    payload = b'{"fact":"tally.Closed@1","counter_id":"a","why":"full"}'
    assert CATALOG.decode("tally.Closed", 1, payload) == Closed(counter_id="a")


def test_facts_of_the_chassis_can_be_decoded_by_every_catalog() -> None:
    dead = DeadLettered(source="x", position=1, partition="p", reason="r", headers={}, payload=b"\x00")
    assert CATALOG.decode("chassis.DeadLettered", 1, CATALOG.encode(dead, "acme", KEYS)) == dead


def test_what_is_personal_is_never_encoded_in_clear() -> None:
    event = Counted(counter_id="a", amount=1, note=ILL)
    payload = CATALOG.encode(event, "acme", KEYS)
    assert b"ill" not in payload
    assert CATALOG.subjects(event) == {"person/anna"}
    decoded = CATALOG.decode("tally.Counted", 2, payload)
    assert isinstance(decoded, Counted)
    assert decoded.note is not None
    assert decoded.note.text is None
    assert CATALOG.subjects(decoded) == frozenset()
    assert CATALOG.sealed(decoded, "acme", KEYS) is decoded


async def test_what_was_sealed_opens_with_the_key_of_its_subject() -> None:
    sealed = CATALOG.sealed(Counted(counter_id="a", amount=1, note=ILL), "acme", KEYS)
    assert await KEYS.open("acme", sealed.note) == "Anna was ill"


class Deep(msgspec.Struct, frozen=True):
    by_name: dict[str, Personal]
    listed: tuple[Personal, ...] = ()


class Nested(Fact, frozen=True, tag="deep.Nested@1"):
    deep: Deep
    optional: Deep | None = None


def test_personal_fields_are_found_however_deep_they_are() -> None:
    catalog = Catalog("deep", Nested)
    event = Nested(deep=Deep({"a": ILL}, (ILL,)), optional=Deep({}, (Personal("person/bert", text="Bert"),)))
    assert catalog.subjects(event) == {"person/anna", "person/bert"}
    payload = catalog.encode(event, "acme", KEYS)
    assert payload.count(b"sealed") == 3
    assert b"Bert" not in payload


def test_an_event_without_personal_fields_is_not_walked() -> None:
    event = Closed(counter_id="a")
    assert CATALOG.sealed(event, "acme", KEYS) is event


def test_two_classes_cannot_have_one_tag() -> None:
    class Twin(Fact, frozen=True, tag="tally.Closed@1"):
        counter_id: str

    with pytest.raises(AssertionError, match="same tag"):
        Catalog("tally", Closed | Twin)


def test_payloads_fit_their_published_schemas() -> None:
    catalog = Catalog("timelog", TimelogEvent)
    work = Work(
        contract_id=ContractId("web"), person_id=PersonId("anna"), worked=Seconds(60), note=ILL, tags=("a", "b")
    )
    event = TimeLogged(entry_id=EntryId("e1"), work=work)
    schema = catalog.schemas()[EventType("timelog.TimeLogged", 1)]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    payload = json.loads(catalog.encode(event, "acme", KEYS))
    validator.validate(payload)
    payload["work"]["note"] = {"subject": "person/anna", "text": "in clear"}
    assert not validator.is_valid(payload)


def test_every_type_has_a_schema_of_its_own() -> None:
    catalog = Catalog("timelog", TimelogEvent)
    schemas = catalog.schemas()
    assert list(schemas) == list(catalog.types())
    assert "Personal" not in schemas[EventType("timelog.TimeDeleted", 1)]["$defs"]
