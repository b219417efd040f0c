"""`retainer letters …`: what clients were told."""

from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.words import id_of, instant_text, named
from wire.retainer.notify.v1.letter_pb2 import (
    GetLetterRequest,
    LetterKind,
    LetterState,
    ListLettersRequest,
    ResendLetterRequest,
)


def list_(*, filter: str = "", options: Options = DEFAULT) -> None:
    """List letters, the latest first.

    Example: retainer letters list --filter 'client = "clients/acme"'

    Parameters
    ----------
    filter
        Over client, contract, invoice, kind and state.
    """
    with options.client() as client:
        letters = list(client.pages(ListLettersRequest(filter=filter, page_size=200), "letters"))
    if options.json:
        json_out({"letters": letters})
        return
    rows = [
        (
            instant_text(letter.create_time),
            id_of(letter.name),
            LetterKind.Name(letter.kind).removeprefix("LETTER_KIND_").lower(),
            id_of(letter.client),
            LetterState.Name(letter.state).removeprefix("LETTER_STATE_").lower(),
            letter.waits_for or "; ".join(delivery.reason for delivery in letter.deliveries if delivery.reason),
        )
        for letter in letters
    ]
    show(table("", ("when", "letter", "kind", "client", "state", "why"), rows))


def letter_show(letter: str, /, *, contact: str = "", options: Options = DEFAULT) -> None:
    """Show one letter's text.

    Example: retainer letters show invoice.2026-0001

    Parameters
    ----------
    letter
        Its name, as `retainer letters list` shows it.
    contact
        Whose letter; the first recipient's otherwise.
    """
    with options.client() as client:
        found = client.ask(GetLetterRequest(name=named("letters", letter), contact_id=contact))
    if options.json:
        json_out(found)
        return
    say(f"To: {found.recipient}")
    say(f"Subject: {found.subject}")
    say("")
    say(found.text)


def resend(letter: str, /, *, orders: Orders = ORDERS) -> None:
    """Try once more what could not be delivered.

    Example: retainer letters resend invoice.2026-0001

    Parameters
    ----------
    letter
        Its name, as `retainer letters list` shows it.
    """
    orders.obey(ResendLetterRequest(name=named("letters", letter)), "Sends {name} again.")
