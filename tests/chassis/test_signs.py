"""Control signs are found wherever a text stands in a request."""

from google.protobuf.duration_pb2 import Duration

from chassis.signs import control_signs
from messages.terms import terms_message
from vocabulary.terms import Rates, Terms
from wire.retainer.contracts.v1 import client_pb2
from wire.retainer.timelog.v1 import import_pb2, time_entry_pb2


def at(*entries: time_entry_pb2.TimeEntry) -> list[str]:
    """The fields at fault."""
    items = [time_entry_pb2.BatchLogTimeRequest.Item(entry=entry) for entry in entries]
    return [fault.field for fault in control_signs(time_entry_pb2.BatchLogTimeRequest(entries=items))]


def test_a_text_is_named_by_its_path():
    good = time_entry_pb2.TimeEntry(note="Zeile eins\r\n\tZeile zwei 🚀", worked=Duration(seconds=60), tags=["a"])
    bad = time_entry_pb2.TimeEntry(task="a\x00b", tags=["a", "\x1b[2J"])
    assert at(good) == []
    assert at(good, bad) == ["entries[1].entry.task", "entries[1].entry.tags[1]"]


def test_keys_and_values_of_a_map_are_texts_too():
    client = client_pb2.Client(external_ids={"crm": "a\x00", "\x07": "b"})
    assert len(control_signs(client)) == 2


def test_a_map_of_messages_is_looked_through():
    assert control_signs(terms_message(Terms(cycle="month", rates=Rates(tasks={"seo": 1_000})), "EUR")) == []
    assert control_signs(terms_message(Terms(cycle="month", rates=Rates(tasks={"s\x00": 1_000})), "EUR"))


def test_bytes_are_no_text():
    assert control_signs(import_pb2.PlanImportRequest(content=b"\x00\x01")) == []
