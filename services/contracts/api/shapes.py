"""Contracts as messages."""

from collections.abc import Iterator
from datetime import date

from messages.dates import date_message, instant_message
from messages.etags import etag_of
from messages.names import name_of
from messages.terms import agreement_message, terms_message
from services.contracts.domain.contract_state import Contract, Standing, standing_on
from services.contracts.views.contracts import ContractRow
from vocabulary.terms_in_force import fold, in_order, terms_on
from wire.retainer.contracts.v1 import contract_pb2 as messages

STATES: dict[Standing, messages.ContractState] = {
    "draft": messages.CONTRACT_STATE_DRAFT,
    "active": messages.CONTRACT_STATE_ACTIVE,
    "paused": messages.CONTRACT_STATE_PAUSED,
    "ended": messages.CONTRACT_STATE_ENDED,
    "discarded": messages.CONTRACT_STATE_DISCARDED,
}


def shape(row: ContractRow, today: date) -> messages.Contract:
    """`today` is the date in the contract's zone."""
    contract = row.contract
    agreement = contract.agreement
    in_force = terms_on(agreement, contract.changes, max(today, contract.starts_on))
    return messages.Contract(
        name=name_of("contracts", contract.contract_id),
        etag=etag_of(row.version),
        client=name_of("clients", contract.client_id),
        title=contract.title,
        state=STATES[standing_on(contract, today)],
        agreement=agreement_message(agreement),
        terms=terms_message(in_force, agreement.currency),
        versions=_versions(contract),
        pauses=_pauses(contract),
        ends_on=date_message(contract.ends_on),
        notice=_notice(contract),
        renews=contract.stage == "binding" and contract.renews,
        create_time=instant_message(row.created_at),
        update_time=instant_message(row.updated_at),
    )


def _versions(contract: Contract) -> Iterator[messages.TermsVersion]:
    agreement = contract.agreement
    yield messages.TermsVersion(
        effective_on=date_message(contract.starts_on), terms=terms_message(agreement.terms, agreement.currency)
    )
    terms = agreement.terms
    for change in in_order(contract.changes):
        terms = fold(terms, [change.patch])
        yield messages.TermsVersion(
            effective_on=date_message(change.effective_on),
            immediately=change.immediately,
            terms=terms_message(terms, agreement.currency),
        )


def _pauses(contract: Contract) -> Iterator[messages.Pause]:
    for pause in contract.pauses:
        message = messages.Pause(to=date_message(pause.to_on))
        getattr(message, "from").CopyFrom(date_message(pause.from_on))
        yield message


def _notice(contract: Contract) -> messages.Notice | None:
    notice = contract.notice
    if notice is None:
        return None
    by = messages.SIDE_AGENCY if notice.by == "agency" else messages.SIDE_CLIENT
    return messages.Notice(by=by, received_on=date_message(notice.received_on), in_time=notice.in_time)
