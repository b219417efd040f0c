"""An agency that a story is told of: what people do goes in by public calls, what came of it is read back as text.

Days pass one after another: each morning the boundaries of all contracts are settled at the day's first instant, and
what people tell is told at eleven at night. So a fact counts at the next morning's boundary.
"""

from datetime import date, datetime, time
from typing import Any

from messages.dates import date_message, instant_message
from messages.terms import agreement_message
from retainer import case_terms
from retainer.client import Client
from retainer.terms_messages import change_message
from retainer.words import date_text, id_of, measured_text, minor, parse_hours, parse_money, plain_amount
from retainer.yaml_exact import parse
from vocabulary.calendar import ONE_DAY, first_instant, zone
from vocabulary.terms import Agreement
from wire.retainer.billing.v1 import account_pb2 as account
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.invoice_pb2 import CancelInvoiceRequest, ListInvoicesRequest
from wire.retainer.billing.v1.payment_pb2 import GetBalanceRequest, RecordPaymentRequest, RefundBalanceRequest
from wire.retainer.billing.v1.proof_pb2 import GetAccountStatementRequest, VerifyAccountRequest
from wire.retainer.contracts.v1 import contract_pb2 as contracts
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest
from wire.retainer.contracts.v1.client_pb2 import Client as Buyer
from wire.retainer.timelog.v1 import time_entry_pb2 as timelog
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, Person

CURRENCY, ZONE = "EUR", "Europe/Berlin"
PERSON = "finn"
AT_NIGHT = time(23)


class Atelier:
    """One agency, one person who works, as many clients and contracts as the story has."""

    def __init__(self, client: Client, begins_on: str) -> None:
        self._client = client
        self._today = date.fromisoformat(begins_on)
        self._agreements: dict[str, Agreement] = {}
        self._seen: set[str] = set()
        self._night()
        self._ask(AddPersonRequest(person_id=PERSON, person=Person(display_name="Finn", time_zone=ZONE)))

    # What people do

    def wins(self, client: str) -> None:
        buyer = Buyer(display_name=client.title(), currency_code=CURRENCY, time_zone=ZONE)
        self._ask(AddClientRequest(client_id=client, client=buyer))

    def agrees(self, contract: str, client: str, terms: str) -> None:
        """A contract as `contract:` of a case file says it."""
        agreement = case_terms.agreement(parse(terms), CURRENCY, ZONE)
        self._agreements[contract] = agreement
        draft = contracts.DraftContractRequest(
            contract_id=contract, client=f"clients/{client}", agreement=agreement_message(agreement), activate=True
        )
        self._ask(draft)

    def changes(self, contract: str, terms: str, on: str, *, immediately: bool = False) -> None:
        """New terms, with the client's consent."""
        patch = case_terms.terms_patch(parse(terms), CURRENCY, "hours")
        message, mask = change_message(patch, self._agreements[contract].terms, CURRENCY)
        change = contracts.ChangeTermsRequest(
            contract=f"contracts/{contract}",
            terms=message,
            update_mask=mask,
            effective_on=_day(on),
            immediately=immediately,
            client_consents=True,
        )
        self._ask(change)

    def pauses(self, contract: str, from_on: str, to_on: str) -> None:
        pause = contracts.PauseContractRequest(contract=f"contracts/{contract}", to=_day(to_on))
        getattr(pause, "from").CopyFrom(_day(from_on))
        self._ask(pause)

    def logs(self, entry_id: str, contract: str, worked: str, start: str = "") -> None:
        """Time of today, or by the instant at which it began."""
        entry = timelog.TimeEntry(
            contract=f"contracts/{contract}", person=f"people/{PERSON}", worked=parse_hours(worked)
        )
        if start:
            entry.start_time.CopyFrom(instant_message(datetime.fromisoformat(start)))
        else:
            entry.work_date.CopyFrom(date_message(self._today))
        self._ask(timelog.LogTimeRequest(entry_id=entry_id, entry=entry))

    def corrects(self, entry_id: str, worked: str) -> None:
        entry = timelog.TimeEntry(name=f"entries/{entry_id}", worked=parse_hours(worked))
        correction = timelog.CorrectTimeRequest(entry=entry)
        correction.update_mask.paths.append("worked")
        self._ask(correction)

    def deletes(self, entry_id: str) -> None:
        self._ask(timelog.DeleteTimeRequest(name=f"entries/{entry_id}"))

    def sells_block(self, contract: str, hours: str, price: str, expires_on: str = "") -> None:
        block = account.BuyBlockRequest(
            contract=f"contracts/{contract}",
            hours=parse_hours(hours),
            price=parse_money(price, CURRENCY),
            bought_on=date_message(self._today),
            expires_on=_day(expires_on) if expires_on else None,
        )
        self._ask(block)

    def credits(self, contract: str, amount: str, why: str) -> None:
        credit = account.GiveCreditRequest(
            contract=f"contracts/{contract}",
            amount=parse_money(amount, CURRENCY),
            why=why,
            on=date_message(self._today),
        )
        self._ask(credit)

    def writes_off(self, number: str) -> None:
        self._ask(CancelInvoiceRequest(name=f"invoices/{number}", write_off=True))

    def is_paid(self, payment_id: str, client: str, amount: str, invoice: str = "") -> None:
        payment = RecordPaymentRequest(
            payment_id=payment_id,
            client=f"clients/{client}",
            amount=parse_money(amount, CURRENCY),
            paid_on=date_message(self._today),
            invoice=f"invoices/{invoice}" if invoice else "",
        )
        self._ask(payment)

    def pays_back(self, refund_id: str, client: str, amount: str) -> None:
        refund = RefundBalanceRequest(
            refund_id=refund_id,
            client=f"clients/{client}",
            amount=parse_money(amount, CURRENCY),
            refunded_on=date_message(self._today),
        )
        self._ask(refund)

    # How time goes by

    def lives_until(self, day: str) -> list[str]:
        """It is the night of `day` then; what was issued since this was last asked, each document as a line of text."""
        while self._today < date.fromisoformat(day):
            self._today += ONE_DAY
            self._client.now = first_instant(self._today, zone(ZONE))
            reply = self._ask(CloseBoundariesRequest(through=date_message(self._today)))
            assert not reply.unsettled, reply.unsettled
            for one in reply.settled:
                self._must_balance(id_of(one.contract))
        self._night()
        return self._new_documents()

    # What came of it

    def period(self, contract: str, on: str = "") -> str:
        """`20:00 + 5:00 - 27:00: 0:00 left, 2:00 over, 0:00 lapsed`: allowance, carried, used and what follows."""
        day = _day(on) if on else date_message(self._today)
        seen = self._ask(GetBudgetRequest(contract=f"contracts/{contract}", on=day)).current
        named = ("allowance", "carried", "used", "remaining", "overage", "expired")
        allowance, carried, used, left, over, lapsed = (measured_text(getattr(seen, name)) for name in named)
        return f"{allowance} + {carried} - {used}: {left} left, {over} over, {lapsed} lapsed"

    def owes(self, client: str) -> str:
        """`2028-0001 2557.50, 2028-0002 232.05; credit 0.00`: what is open of each document, and the balance."""
        invoices = self._invoices(f'client = "clients/{client}"')
        opens = [f"{one.number} {plain_amount(one.open)}" for one in invoices if minor(one.open)]
        balance = self._ask(GetBalanceRequest(client=f"clients/{client}", currency=CURRENCY))
        return f"{', '.join(opens) or 'nothing'}; credit {plain_amount(balance.credit)}"

    def asked_of(self, contract: str) -> int:
        """The net of all its documents, in cents."""
        return sum(minor(one.net) for one in self._invoices(f'contract = "contracts/{contract}"'))

    def charges_of(self, contract: str) -> int:
        """What its periods come to, in cents, as its account states them."""
        stated = self._ask(GetAccountStatementRequest(contract=f"contracts/{contract}"))
        return sum(period.charged for period in stated.periods)

    def flaws_of(self, contract: str) -> list[Any]:
        return list(self._ask(VerifyAccountRequest(contract=f"contracts/{contract}")).flaws)

    def numbers(self) -> list[str]:
        """In the order of issue."""
        return [one.number for one in self._invoices()]

    def _must_balance(self, contract: str) -> None:
        """R27, at every moment after invoicing: what was asked is what the statements charge."""
        assert self.asked_of(contract) == self.charges_of(contract), (self._today, contract)

    def _new_documents(self) -> list[str]:
        new = [one for one in self._invoices() if one.number not in self._seen]
        self._seen |= {one.number for one in new}
        return [document_text(one) for one in new]

    def _invoices(self, filter: str = "") -> list[Any]:
        return list(self._client.pages(ListInvoicesRequest(filter=filter, page_size=500), "invoices"))

    def _night(self) -> None:
        self._client.now = datetime.combine(self._today, AT_NIGHT, zone(ZONE))

    def _ask(self, request: Any) -> Any:
        return self._client.ask(request)


def document_text(invoice: Any) -> str:
    """`2028-01-01 2028-0001 shop: overage 2027-12-01 250.00, fee 2028-01-01 2000.00: 2250.00 + 427.50 = 2677.50`: day
    of issue, number, contract, the lines, their sum, the tax, and what is asked."""
    lines = ", ".join(f"{line.kind} {date_text(line.period)} {plain_amount(line.amount)}" for line in invoice.lines)
    net, tax, gross = (plain_amount(getattr(invoice, name)) for name in ("net", "tax", "gross"))
    cancels = f" cancels {id_of(invoice.cancels)}" if invoice.cancels else ""
    head = f"{date_text(invoice.issued_on)} {invoice.number} {id_of(invoice.contract)}{cancels}"
    return f"{head}: {lines}: {net} + {tax} = {gross}"


def _day(text: str) -> Any:
    return date_message(date.fromisoformat(text))
