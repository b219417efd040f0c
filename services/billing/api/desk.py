"""How a command of a caller becomes one append and a receipt."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import uuid_utils

from chassis.call import Call
from chassis.run import Parts
from chassis.store import EtagStale, Ledger
from messages.etags import etag_of, version_in
from services.billing import streams
from services.billing.deciders import ACCOUNT
from services.billing.domain.account import AccountNotOpen
from services.billing.domain.account.commands import AccountCommand
from services.billing.domain.account.state import Account
from services.billing.views import budget
from vocabulary.identity import check_id
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

Work = Callable[[Ledger], Awaitable[None]]


class Asked(Protocol):
    """What every request of a command has."""

    request_id: str
    validate_only: bool


class _Validated(Exception):
    """All was decided and nothing refused: what `validate_only` asks for ends here, unrecorded."""


class Desk:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def order(self, call: Call, asked: Asked, stream: str, name: str, work: Work, *, etag: str = "") -> Receipt:
        """Run `work` as one append. The receipt names `name` and, as created, what the work added to the ledger's
        names; the same request id gives the same receipt."""
        expected = version_in(etag)

        async def run(ledger: Ledger) -> None:
            if expected is not None and await ledger.version(stream) != expected:
                raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")
            ledger.names.append(name)
            await work(ledger)
            if asked.validate_only:
                raise _Validated

        try:
            receipt = await self.parts.store.transact(run, context=call.context, stream=stream, request=call.request)
        except _Validated:
            return Receipt(name=name)
        names = list(receipt.names) or [name]
        return Receipt(
            name=names[0],
            etag=etag_of(receipt.version),
            consistency_token=self.parts.freshness.token(receipt),
            created=names[1:],
            repeated_request=receipt.repeated,
        )

    async def order_account(
        self,
        call: Call,
        asked: Asked,
        contract_id: str,
        name: str,
        command: Callable[[Account], AccountCommand],
        *,
        etag: str = "",
    ) -> Receipt:
        """A command on one account, made from what the account knows (its currency, its measure)."""
        stream = streams.account(call.agency, contract_id)

        async def work(ledger: Ledger) -> None:
            account = await self.open_account(ledger, stream, contract_id)
            if not call.sees_client(account.client_id):
                raise _not_open(contract_id)
            await ledger.decide(ACCOUNT, stream, command(account))

        return await self.order(call, asked, stream, name, work, etag=etag)

    async def open_account(self, ledger: Ledger, stream: str, contract_id: str) -> Account:
        account = await ledger.state(ACCOUNT, stream)
        if account.books is None:
            raise _not_open(contract_id)
        return account

    async def account_row(self, call: Call, contract_id: str) -> Any:
        """The account as the budget view has it; `AccountNotOpen` for others' and unknown ones alike."""
        row = await budget.account(self.parts.views, call.agency, contract_id)
        if row is None or (call.identity.client_id and call.identity.client_id != row["client_id"]):
            raise AccountNotOpen(
                f"there is no contract {contract_id}, or its terms have not arrived yet", field="contract"
            )
        return row


def chosen(given: str, field: str) -> str:
    """The id that the caller chose, or a UUIDv7."""
    return check_id(given, field) if given else str(uuid_utils.uuid7())


def _not_open(contract_id: str) -> AccountNotOpen:
    """The same for what is not there and for what a guest may not see."""
    return AccountNotOpen(f"there is no contract {contract_id}, or its terms have not arrived yet", field="contract")
