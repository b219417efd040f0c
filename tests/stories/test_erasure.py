"""An erased person stays erased: no byte of what was personal is left in the data folder, a backup or a log; the books
still verify, and issued documents stay readable to owners for as long as the law wants them.

Every personal text holds a word that stands nowhere else, so that the whole folder can be searched for it.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk
from tests.traces import traces

CLIENT, PERSON = "Zyxerasedclientq", "Zyxerasedpersonq"
STAYS_ERASED = "an erased person stays erased"
SOON_SECONDS = 60.0
LATER = "2026-06-01T09:00:00Z"

pytestmark = pytest.mark.xdist_group("house")


@pytest.fixture
def desk(house: RunningHouse, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, "erasing", capsys)


def until(holds: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < limit, what
        time.sleep(0.2)


def settled(desk: Desk, tmp_path: Path) -> None:
    """A client with invoices and letters, a person with notes, a contract that has ended."""
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("agency", "describe", "--name", "Studio", "--zone", "Europe/Berlin", "--email", "hello@studio.example")
    contact = f"ida={CLIENT} Ida <{CLIENT.lower()}@acme.example>"
    desk.done("client", "add", "acme", "--name", f"{CLIENT} GmbH", "--contact", contact)
    desk.done("person", "add", "anna", "--name", f"{PERSON} Anna", "--email", f"{PERSON.lower()}@studio.example")
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(terms), "--title", "Care", "--activate")
    desk.now = "2026-01-16T12:00:00Z"
    for day in ("15", "16"):
        desk.done("log", "web", "16:00", "--person", "anna", "--on", f"2026-01-{day}", "--note", f"{PERSON} was here")
    desk.done("contract", "end", "web", "--on", "2026-03-01")
    desk.done("close", "--on", "2026-03-01", now="2026-03-01T09:00:00Z")
    desk.now = LATER


@pytest.mark.promise(STAYS_ERASED, "`retainer erase client` and `erase person`; folder and backup are searched")
def test_nothing_personal_is_left_and_the_books_still_verify(desk: Desk, house: RunningHouse, tmp_path: Path) -> None:
    settled(desk, tmp_path)
    outbox = house.data_dir / "outbox" / desk.agency
    until(lambda: len(list(outbox.glob("*.eml"))) >= 2, "letters are in the outbox")
    assert traces(house.data_dir, CLIENT), "the outbox shows that the search finds what is there"
    desk.done("invoice", "pdf", "2026-0001", str(tmp_path / "before.pdf"))

    told = desk.done("erase", "client", "acme", "--dry-run").out
    assert "2026-0001 of 2026-01-01 stays until 2036-12-31" in told and "Nothing was done" in told
    assert CLIENT in desk.done("client", "show", "acme").out
    kept = desk.json("erase", "client", "acme", "--request-id", "erase-acme")["kept"]
    assert kept[0]["name"] == "invoices/2026-0001" and kept[0]["keep_until"] == {"year": 2036, "month": 12, "day": 31}
    desk.done("erase", "client", "acme", "--request-id", "erase-acme")
    desk.done("erase", "person", "anna")

    until(lambda: not list(outbox.glob("*.eml")), "letters of the outbox are destroyed")
    assert PERSON not in desk.done("person", "list", "--json").out
    assert CLIENT not in desk.done("client", "show", "acme", "--json").out
    assert PERSON not in desk.done("entry", "list", "--json").out
    time.sleep(5.5)  # what another service had at hand, it forgets within five seconds
    letters = desk.done("letters", "list", "--json").out
    names = [letter["name"] for letter in json.loads(letters)["letters"]]
    shown = [desk.done("letters", "show", name, "--json").out for name in names]
    assert CLIENT not in letters + "".join(shown)

    desk.done("backup", str(tmp_path / "backup"))
    for folder in (house.data_dir, tmp_path / "backup"):
        for word in (CLIENT, CLIENT.lower(), PERSON, PERSON.lower()):
            assert traces(folder, word) == []

    desk.done("invoice", "pdf", "2026-0001", str(tmp_path / "after.pdf"))
    assert (tmp_path / "after.pdf").read_bytes() == (tmp_path / "before.pdf").read_bytes()
    manager = desk.done("token", "--role", "manager").out.strip()
    refused = desk("invoice", "pdf", "2026-0001", str(tmp_path / "no.pdf"), "--token", manager)
    assert refused.status is ExitStatus.NOT_FOUND
    over = desk("invoice", "pdf", "2026-0001", str(tmp_path / "no.pdf"), now="2037-01-01T09:00:00Z")
    assert over.status is ExitStatus.NOT_FOUND and "RetentionOver" in over.err
    desk.done("verify")


@pytest.mark.promise(STAYS_ERASED, "who was erased is added and described again")
def test_who_was_erased_does_not_come_back(desk: Desk) -> None:
    desk.done("client", "add", "gone", "--name", "Gone")
    desk.done("erase", "client", "gone")
    for order in (("client", "add", "gone", "--name", "Gone"), ("client", "describe", "gone", "--name", "Back")):
        assert desk(*order).status is ExitStatus.REFUSED
    desk.done("erase", "client", "gone")
    desk.done("person", "add", "ghost", "--name", "Ghost")
    desk.done("erase", "person", "ghost")
    again = desk("person", "describe", "ghost", "--name", "Back")
    assert again.status is ExitStatus.REFUSED and "PersonIsErased" in again.err


def test_only_owners_erase_and_only_what_is_there(desk: Desk) -> None:
    desk.done("client", "add", "stays", "--name", "Stays")
    manager = desk.done("token", "--role", "manager").out.strip()
    assert desk("erase", "client", "stays", "--token", manager).status is ExitStatus.DENIED
    assert desk("erase", "client", "nobody").status is ExitStatus.NOT_FOUND
    assert desk("erase", "person", "nobody").status is ExitStatus.NOT_FOUND
    assert "Stays" in desk.done("client", "show", "stays").out


def test_a_client_whose_contract_binds_is_not_erased(desk: Desk, tmp_path: Path) -> None:
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("client", "add", "bound", "--name", "Bound")
    desk.done("contract", "draft", "b1", "--client", "bound", "--terms", str(terms), "--title", "Care", "--activate")
    refused = desk("erase", "client", "bound", now=LATER)
    assert refused.status is ExitStatus.REFUSED and "ClientStillServed" in refused.err and "b1" in refused.err
    assert "Bound" in desk.done("client", "show", "bound").out
