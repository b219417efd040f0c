"""Imports between messages and the domain."""

from collections.abc import Sequence
from hashlib import sha256

from messages.dates import date_message, seconds_message
from messages.names import id_in, name_of
from services.timelog.api.import_run import Reading
from services.timelog.domain.imports.clocks import ClockTwice
from services.timelog.domain.imports.formats import DateOrder
from services.timelog.domain.imports.mapping import MappedPerson, Options, key
from services.timelog.domain.imports.rows import Note
from services.timelog.domain.imports.tally import Tally
from services.timelog.domain.person import check_time_zone
from vocabulary.identity import ContractId, PersonId
from wire.retainer.timelog.v1 import import_pb2 as messages

DATE_ORDERS = {
    messages.DATE_ORDER_UNSPECIFIED: None,
    messages.DATE_ORDER_DAY_FIRST: DateOrder.DAY_FIRST,
    messages.DATE_ORDER_MONTH_FIRST: DateOrder.MONTH_FIRST,
}
CLOCKS = {
    messages.CLOCK_TWICE_UNSPECIFIED: ClockTwice.ASK,
    messages.CLOCK_TWICE_EARLIER: ClockTwice.EARLIER,
    messages.CLOCK_TWICE_LATER: ClockTwice.LATER,
}


def options_of(message: messages.ImportOptions) -> Options:
    """How the file is to be read; `TimeZoneUnknown` and `NameMalformed` with the option at fault."""
    contracts: dict[tuple[str, str], ContractId] = {}
    for number, mapped in enumerate(message.contracts):
        contract_id = id_in(mapped.contract, "contracts", f"options.contracts[{number}].contract")
        contracts[key(mapped.client), key(mapped.project)] = ContractId(contract_id)
    people: dict[str, MappedPerson] = {}
    for number, user in enumerate(message.people):
        place = f"options.people[{number}]"
        if user.time_zone:
            check_time_zone(user.time_zone, f"{place}.time_zone")
        person_id = PersonId(id_in(user.person, "people", f"{place}.person"))
        people[key(user.user)] = MappedPerson(person_id, user.time_zone)
    if message.time_zone:
        check_time_zone(message.time_zone, "options.time_zone")
    return Options(
        contracts=contracts,
        people=people,
        time_zone=message.time_zone,
        date_order=DATE_ORDERS[message.date_order],
        no_is_billable=message.billable_no == messages.BILLABLE_NO_BILLABLE,
        clock_twice=CLOCKS[message.clock_twice],
    )


def plan_message(reading: Reading, tally: Tally) -> messages.ImportPlan:
    table = reading.table
    return messages.ImportPlan(
        source=reading.source,
        file_sha256=sha256(table.content).hexdigest(),
        rows=tally.rows,
        to_log=tally.to_log,
        known_already=tally.known_already,
        skipped_count=tally.skipped_count,
        skipped=_notes(tally.skipped),
        warning_count=tally.warning_count,
        warnings=_notes(tally.warnings),
        unknown=[
            messages.UnknownParty(
                client=missed.client,
                project=missed.project,
                user=missed.user,
                rows=missed.rows,
                first_line=missed.first_line,
            )
            for missed in tally.unknown.values()
        ],
        shares=[
            messages.ContractShare(
                contract=name_of("contracts", contract_id),
                rows=share.rows,
                worked=seconds_message(share.worked),
                first_on=date_message(share.first_on),
                last_on=date_message(share.last_on),
            )
            for contract_id, share in sorted(tally.shares.items())
        ],
        worked=seconds_message(tally.worked),
        delimiter=table.delimiter,
        encoding=table.encoding,
    )


def _notes(notes: Sequence[Note]) -> list[messages.RowNote]:
    return [messages.RowNote(line=note.line, reason=note.reason, message=note.message) for note in notes]
