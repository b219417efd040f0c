"""What ContractService decides."""

from collections.abc import Sequence
from typing import Any

from chassis.grpc_server import Call
from chassis.store import Ledger
from messages.dates import date_of, minutes_of, optional_date
from messages.masks import checked
from messages.names import id_in
from messages.terms import agreement_of, cap_measure_of, patch_of
from services.contracts import streams
from services.contracts.api.desk import Desk, chosen_id
from services.contracts.deciders import CLIENT, CONTRACT
from services.contracts.domain.changing import ChangeTerms, EndContract, PauseContract
from services.contracts.domain.contract import ContractCommand
from services.contracts.domain.drafting import ActivateContract, DiscardDraft, DraftContract, ReviseDraft
from services.contracts.domain.planning import PlanHours
from services.contracts.domain.renewal import GiveNotice, KeepCalendar
from services.contracts.domain.standing import ContractUnknown, binding
from services.contracts.events import NoticeGiven
from services.contracts.views import contracts as contracts_view
from services.contracts.views import work as work_view
from vocabulary.identity import ClientId, ContractId
from vocabulary.terms_in_force import Change
from wire.retainer.contracts.v1 import contract_pb2 as messages
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

REVISABLE = ("client", "title", "agreement")


class ContractCommands:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def DraftContract(self, request: messages.DraftContractRequest, call: Call) -> messages.DraftContractResponse:
        contract_id = ContractId(chosen_id(request.contract_id, "contract_id"))
        client_id = ClientId(id_in(request.client, "clients", "client"))
        agreement, cap = agreement_of(request.agreement)

        async def prepare(ledger: Ledger) -> DraftContract:
            return DraftContract(
                contract_id,
                client_id,
                request.title,
                agreement,
                client_known=await _is_known(ledger, client_id),
                cap=cap,
                activate=request.activate,
            )

        stream = streams.contract(call.agency, contract_id)
        receipt = await self._desk.obey(call, request, CONTRACT, stream, prepare)
        return messages.DraftContractResponse(receipt=receipt)

    async def ReviseDraft(self, request: messages.ReviseDraftRequest, call: Call) -> messages.ReviseDraftResponse:
        revised = request.contract
        contract_id = ContractId(id_in(revised.name, "contracts", "contract.name"))
        named = checked(request.update_mask, revised, REVISABLE) or _that_are_set(revised)
        agreement, cap = None, None
        if any(path.split(".")[0] == "agreement" for path in named):
            agreement, cap = agreement_of(revised.agreement, "contract.agreement")
        client_id = ClientId(id_in(revised.client, "clients", "contract.client")) if "client" in named else None

        async def prepare(ledger: Ledger) -> ReviseDraft:
            return ReviseDraft(
                contract_id,
                client_id,
                revised.title if "title" in named else None,
                agreement,
                client_known=client_id is None or await _is_known(ledger, client_id),
                cap=cap,
            )

        stream = streams.contract(call.agency, contract_id)
        receipt = await self._desk.obey(call, request, CONTRACT, stream, prepare, etag=request.etag)
        return messages.ReviseDraftResponse(receipt=receipt)

    async def DiscardDraft(self, request: messages.DiscardDraftRequest, call: Call) -> messages.DiscardDraftResponse:
        command = DiscardDraft(ContractId(id_in(request.name, "contracts", "name")))
        return messages.DiscardDraftResponse(receipt=await self._decide(call, request, command))

    async def ActivateContract(
        self, request: messages.ActivateContractRequest, call: Call
    ) -> messages.ActivateContractResponse:
        command = ActivateContract(ContractId(id_in(request.name, "contracts", "name")))
        return messages.ActivateContractResponse(receipt=await self._decide(call, request, command))

    async def ChangeTerms(self, request: messages.ChangeTermsRequest, call: Call) -> messages.ChangeTermsResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        effective_on = date_of(request.effective_on, "effective_on")
        stream = streams.contract(call.agency, contract_id)
        known_work = await work_view.work_from(self._desk.parts.views, call.agency, contract_id, effective_on)

        async def prepare(ledger: Ledger) -> ChangeTerms:
            contract = binding(await ledger.state(CONTRACT, stream), contract_id)
            patch = patch_of(request.terms, request.update_mask, contract.agreement.currency)
            return ChangeTerms(
                contract_id,
                Change(effective_on, patch, request.immediately),
                client_consents=request.client_consents,
                now=call.now,
                work=known_work,
                cap=cap_measure_of(request.terms),
            )

        receipt = await self._desk.obey(call, request, CONTRACT, stream, prepare, etag=request.etag)
        return messages.ChangeTermsResponse(receipt=receipt)

    async def PauseContract(self, request: messages.PauseContractRequest, call: Call) -> messages.PauseContractResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        from_on, to_on = date_of(getattr(request, "from"), "from"), date_of(request.to, "to")
        billable_on = await work_view.first_billable(self._desk.parts.views, call.agency, contract_id, from_on, to_on)
        command = PauseContract(contract_id, from_on, to_on, billable_on)
        return messages.PauseContractResponse(receipt=await self._decide(call, request, command, request.etag))

    async def EndContract(self, request: messages.EndContractRequest, call: Call) -> messages.EndContractResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        last_work_on = await work_view.last_work(self._desk.parts.views, call.agency, contract_id)
        command = EndContract(contract_id, date_of(request.ends_on, "ends_on"), last_work_on)
        return messages.EndContractResponse(receipt=await self._decide(call, request, command, request.etag))

    async def GiveNotice(self, request: messages.GiveNoticeRequest, call: Call) -> messages.GiveNoticeResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        command = GiveNotice(
            contract_id,
            "agency" if request.by == messages.SIDE_AGENCY else "client",
            optional_date(request, "received_on", "received_on"),
            call.now,
            await work_view.last_work(self._desk.parts.views, call.agency, contract_id),
        )
        given: list[NoticeGiven] = []
        receipt = await self._decide(
            call,
            request,
            command,
            request.etag,
            lambda facts: given.extend(fact for fact in facts if isinstance(fact, NoticeGiven)),
        )
        return messages.GiveNoticeResponse(receipt=receipt, in_time=await self._in_time(call, contract_id, given))

    async def PlanHours(self, request: messages.PlanHoursRequest, call: Call) -> messages.PlanHoursResponse:
        command = PlanHours(
            ContractId(id_in(request.contract, "contracts", "contract")),
            date_of(request.period, "period"),
            minutes_of(request.planned, "planned"),
            request.task,
        )
        return messages.PlanHoursResponse(receipt=await self._decide(call, request, command, request.etag))

    async def KeepCalendar(self, request: messages.KeepCalendarRequest, call: Call) -> messages.KeepCalendarResponse:
        parts, agency = self._desk.parts, call.agency
        await parts.views.wait_for(parts.store.position)
        if request.contract:
            contract_ids = [ContractId(id_in(request.contract, "contracts", "contract"))]
            await self._must_exist(agency, contract_ids[0])
        else:
            contract_ids = [found.contract.contract_id for found in await contracts_view.renewing(parts.views, agency)]
        kept = Receipt(name=request.contract)
        for contract_id in contract_ids:
            stream = streams.contract(agency, contract_id)
            _, before = await parts.store.state(CONTRACT, stream)
            receipt = await parts.store.execute(
                CONTRACT, stream, KeepCalendar(contract_id, call.now), context=call.context
            )
            if receipt.version != before:
                kept.created.append(streams.resource(stream))
                kept.consistency_token = parts.freshness.token(receipt)
        return messages.KeepCalendarResponse(receipt=kept)

    async def _decide(
        self,
        call: Call,
        request: Any,
        command: ContractCommand,
        etag: str | None = None,
        decided: Any = lambda facts: None,
    ) -> Receipt:
        async def prepare(_: Ledger) -> ContractCommand:
            return command

        stream = streams.contract(call.agency, command.contract_id)
        etag = request.etag if etag is None else etag
        return await self._desk.obey(call, request, CONTRACT, stream, prepare, etag=etag, decided=decided)

    async def _in_time(self, call: Call, contract_id: ContractId, given: Sequence[NoticeGiven]) -> bool:
        """As it was decided; where the request is repeated, as the contract has it."""
        if given:
            return given[-1].in_time
        contract, _ = await self._desk.parts.store.state(CONTRACT, streams.contract(call.agency, contract_id))
        return contract is not None and contract.notice is not None and contract.notice.in_time

    async def _must_exist(self, agency: str, contract_id: ContractId) -> None:
        contract, _ = await self._desk.parts.store.state(CONTRACT, streams.contract(agency, contract_id))
        if contract is None:
            raise ContractUnknown(f"there is no contract {contract_id} here", field="contract")


def _that_are_set(contract: messages.Contract) -> list[str]:
    plain = [name for name in ("client", "title") if getattr(contract, name)]
    return [*plain, "agreement"] if contract.HasField("agreement") else plain


async def _is_known(ledger: Ledger, client_id: ClientId) -> bool:
    stream = streams.client(ledger.context.agency, client_id)
    return await ledger.state(CLIENT, stream) is not None
