"""ContractService: commands and queries as one."""

from chassis.auth import ANYONE, MANAGERS, Rule, Rules
from chassis.grpc_server import Door
from services.contracts.api.commands import ContractCommands
from services.contracts.api.desk import Desk
from services.contracts.api.queries import ContractQueries
from wire.retainer.contracts.v1 import contract_pb2_grpc

SERVICE = "retainer.contracts.v1.ContractService"
COMMANDS = {
    "DraftContract": "What is agreed on binds the agency",
    "ReviseDraft": "What is agreed on binds the agency",
    "DiscardDraft": "",
    "ActivateContract": "From here on it binds",
    "ChangeTerms": "It changes what a client owes",
    "PauseContract": "It changes what a client owes",
    "EndContract": "It changes what a client owes",
    "GiveNotice": "It lets a contract end",
    "PlanHours": "",
    "KeepCalendar": "The scheduler does it by itself",
}
QUERIES = ("GetContract", "ListContracts", "ListContractHistory")
RULES: Rules = {
    **{f"/{SERVICE}/{name}": Rule(MANAGERS, why) for name, why in COMMANDS.items()},
    **{f"/{SERVICE}/{name}": Rule(ANYONE, "A guest sees his own client's contracts alone") for name in QUERIES},
}


class Contracts(ContractCommands, ContractQueries, contract_pb2_grpc.ContractServiceServicer):
    """Both halves."""


def contracts_door(desk: Desk) -> Door:
    return Door(contract_pb2_grpc.add_ContractServiceServicer_to_server, Contracts(desk), SERVICE)
