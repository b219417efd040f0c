"""Who is told at a client, and by which way."""

import msgspec

from chassis.testing import given
from services.notify.deciders import ADDRESSEE
from services.notify.domain.addressee import ChooseChannel, ContactUnknown, NoteAddressee, readers, way_to
from services.notify.events import ChannelChosen
from tests.notify.samples import ACME, NOTED


def test_a_client_is_noted_when_he_changes_and_not_otherwise() -> None:
    noted = given(ADDRESSEE).when(NoteAddressee(NOTED)).then(NOTED)
    noted.when(NoteAddressee(NOTED)).then()
    english = msgspec.structs.replace(NOTED, locale="en")
    noted.when(NoteAddressee(english)).then(english)


def test_contacts_get_the_letters_that_they_receive() -> None:
    client = given(ADDRESSEE, NOTED).state
    assert [reader.contact_id for reader in readers(client, "invoice")] == ["joerg", "books"]
    assert [reader.contact_id for reader in readers(client, "reminder")] == ["joerg", "books"]
    assert [reader.contact_id for reader in readers(client, "threshold")] == ["joerg"]
    assert readers(given(ADDRESSEE).state, "threshold") == []


def test_without_a_choice_letters_go_by_mail() -> None:
    assert way_to(given(ADDRESSEE, NOTED).state, "joerg", "threshold") == "email"


def test_a_client_can_be_left_untold() -> None:
    chosen = ChannelChosen(client_id=ACME, way="none", kinds=("threshold",))
    client = given(ADDRESSEE, NOTED).when(ChooseChannel(ACME, "", "none", ("threshold",))).then(chosen).state
    assert way_to(client, "joerg", "threshold") == "none"
    assert way_to(client, "joerg", "invoice") == "email"


def test_a_contacts_choice_goes_before_his_clients_whatever_came_last() -> None:
    for_joerg = ChannelChosen(client_id=ACME, contact_id="joerg", way="email")
    for_all = ChannelChosen(client_id=ACME, way="none")
    client = given(ADDRESSEE, NOTED, for_joerg, for_all).state
    assert way_to(client, "joerg", "invoice") == "email"
    assert way_to(client, "books", "invoice") == "none"


def test_the_last_choice_counts_and_replaces_the_one_before() -> None:
    none = ChannelChosen(client_id=ACME, way="none", kinds=("pace",))
    mail = ChannelChosen(client_id=ACME, way="email", kinds=("pace",))
    client = given(ADDRESSEE, NOTED, none, mail).state
    assert client.choices == (mail,)
    given(ADDRESSEE, NOTED, none, mail).when(ChooseChannel(ACME, "", "email", ("pace",))).then()


def test_a_choice_for_nobody_is_refused() -> None:
    given(ADDRESSEE, NOTED).when(ChooseChannel(ACME, "nobody", "none")).refused(ContactUnknown, field="name")
