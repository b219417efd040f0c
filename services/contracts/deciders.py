"""The aggregates of contracts as the store takes them."""

from chassis.store import Decider
from services.contracts.domain import agency, client, contract, contract_state
from services.contracts.events import AgencyDescribed, ClientProfile

AGENCY: Decider[AgencyDescribed, AgencyDescribed | None] = Decider(None, agency.decide, agency.evolve)
CLIENT: Decider[client.ClientCommand, ClientProfile | None] = Decider(None, client.decide, client.evolve)
CONTRACT: Decider[contract.ContractCommand, contract_state.Contract | None] = Decider(
    None, contract.decide, contract_state.evolve
)
