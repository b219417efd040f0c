"""What a decision needs to know of contract and person, and who decides."""

from chassis.auth import MANAGERS, Identity
from chassis.store import Ledger
from services.timelog import streams
from services.timelog.deciders import CONTRACT, PERSON
from services.timelog.domain.work import Author, Ground
from vocabulary.identity import PersonId


def author_of(identity: Identity) -> Author:
    """Owner and manager may approve; a member is the person that his token's subject names."""
    return Author(may_approve=identity.role in MANAGERS, person_id=PersonId(identity.subject))


async def ground_of(ledger: Ledger, contract_id: str, person_id: str, author: Author) -> Ground:
    """Read through the ledger: where one of them changes meanwhile, the decision is taken again."""
    agency = ledger.context.agency
    person = await ledger.state(PERSON, streams.person(agency, person_id))
    contract = await ledger.state(CONTRACT, streams.contract(agency, contract_id))
    return Ground(contract, person, author)
