"""Facts of contracts. Streams: `<agency>/agency/profile`, `<agency>/client/<id>`, `<agency>/contract/<id>`, and
`<agency>/noted/<contract>` for what was heard of timelog."""

from datetime import date

import msgspec

from vocabulary.duration import Minutes
from vocabulary.fact import Fact
from vocabulary.identity import AgencyId, ClientId, ContractId
from vocabulary.personal import Personal
from vocabulary.terms import Agreement


class PostalAddress(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where invoices go. `lines` holds street and addition, sealed as one text with line breaks."""

    lines: Personal | None = None
    postal_code: str = ""
    city: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person at the client. `receives` names the letters he gets: `invoices`, `budget`; empty is all."""

    contact_id: str
    name: Personal
    email: Personal | None = None
    receives: tuple[str, ...] = ()


class BankDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    holder: Personal | None = None
    iban: Personal | None = None
    bic: str = ""


class AgencyDescribed(Fact, frozen=True, tag="contracts.AgencyDescribed@1"):
    """The sender's data on invoices and letters; holds the whole profile each time."""

    agency_id: AgencyId
    name: Personal
    address: PostalAddress
    email: Personal | None = None
    phone: Personal | None = None
    vat_id: str = ""
    tax_number: str = ""
    bank: BankDetails = BankDetails()
    locale: str = "en"
    time_zone: str = "UTC"
    region: str = ""
    registration: str = ""
    contact_name: Personal | None = None
    logo: str = ""
    """The file in base64; empty where there is none."""
    colour: str = ""


class ClientProfile(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of a client; every client fact holds the whole of it."""

    name: Personal
    currency: str
    locale: str = "en"
    time_zone: str = "UTC"
    address: PostalAddress = PostalAddress()
    contacts: tuple[Contact, ...] = ()
    vat_id: str = ""
    external_ids: dict[str, str] = {}
    """CRM links: `hubspot` -> object id."""
    buyer_reference: str = ""


class ClientAdded(Fact, frozen=True, tag="contracts.ClientAdded@1"):
    client_id: ClientId
    profile: ClientProfile


class ClientDescribed(Fact, frozen=True, tag="contracts.ClientDescribed@1"):
    """The client's data changed; the whole of it as it is now."""

    client_id: ClientId
    profile: ClientProfile


class ClientErased(Fact, frozen=True, tag="contracts.ClientErased@1"):
    """The key of all that is personal about a client was destroyed; contracts, amounts and ids stay."""

    client_id: ClientId


class ContractDrafted(Fact, frozen=True, tag="contracts.ContractDrafted@1"):
    """Life cycle: draft -> active -> (paused ->) ended. A draft binds nobody."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement


class DraftRevised(Fact, frozen=True, tag="contracts.DraftRevised@1"):
    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement


class DraftDiscarded(Fact, frozen=True, tag="contracts.DraftDiscarded@1"):
    contract_id: ContractId


class ContractActivated(Fact, frozen=True, tag="contracts.ContractActivated@1"):
    """From here on it binds: billing opens the account, timelog takes time."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement


class TermsChanged(Fact, frozen=True, tag="contracts.TermsChanged@1"):
    """New terms from a date, at a boundary or `immediately` (R22). `patch` is a merge patch over the JSON of Terms;
    changes apply in order of `effective_on`, whatever the order in which they were recorded."""

    contract_id: ContractId
    client_id: ClientId
    patch: dict[str, object]
    effective_on: date
    immediately: bool = False
    client_consents: bool = False


class ContractPaused(Fact, frozen=True, tag="contracts.ContractPaused@1"):
    """No work and no fee in `[from_on, to_on)` (R24)."""

    contract_id: ContractId
    client_id: ClientId
    from_on: date
    to_on: date


class EndAgreed(Fact, frozen=True, tag="contracts.EndAgreed@1"):
    """`ends_on` is now the first date no longer covered; never later than agreed before (R6)."""

    contract_id: ContractId
    client_id: ClientId
    ends_on: date


class NoticeGiven(Fact, frozen=True, tag="contracts.NoticeGiven@1"):
    """Either side will not renew (R25); `in_time` says whether it came before the notice period began."""

    contract_id: ContractId
    client_id: ClientId
    by: str
    received_on: date
    in_time: bool


class RenewalApproaches(Fact, frozen=True, tag="contracts.RenewalApproaches@1"):
    """A reminder ahead of the end (R25), once per end and number of days."""

    contract_id: ContractId
    client_id: ClientId
    ends_on: date
    days_ahead: int
    renews: bool


class ContractRenewed(Fact, frozen=True, tag="contracts.ContractRenewed@1"):
    """The end moved on by the renewal's months, under the terms then in force (R25)."""

    contract_id: ContractId
    client_id: ClientId
    ends_on: date


class NotedWork(msgspec.Struct, frozen=True, omit_defaults=True):
    """Billable time or a delivery, the whole of it as it is now. Pauses and early ends may not go over it (R7, R24),
    and new terms may not leave it without a rate or a place (R9, R20)."""

    subject: str
    """`entries/e1` or `deliveries/d1`."""
    on: date
    """In the contract's time zone."""
    person_id: str = ""
    role: str = ""
    task: str = ""
    rated: bool = False
    """The entry has a rate of its own."""


class WorkHeard(Fact, frozen=True, tag="contracts.WorkHeard@1"):
    """What timelog told in one go of the work on a contract; each entry or delivery once, as it is at the end."""

    contract_id: ContractId
    noted: tuple[NotedWork, ...] = ()
    dropped: tuple[str, ...] = ()
    """Subjects that were deleted or withdrawn, or are not billable any more."""


class HoursPlanned(Fact, frozen=True, tag="contracts.HoursPlanned@1"):
    """So many minutes are planned for the period that begins on a date, on a task or on none in particular (R34); this
    takes the place of what was planned for them before, and zero takes it away."""

    contract_id: ContractId
    client_id: ClientId
    period: date
    planned: Minutes
    task: str = ""


class WorkNoted(Fact, frozen=True, tag="contracts.WorkNoted@1"):
    """One entry or delivery by itself, as it was noted before WorkHeard tells of many at once."""

    subject: str
    """`entries/e1` or `deliveries/d1`."""
    contract_id: ContractId
    on: date
    """In the contract's time zone."""
    person_id: str = ""
    role: str = ""
    task: str = ""
    rated: bool = False
    """The entry has a rate of its own."""


class WorkDropped(Fact, frozen=True, tag="contracts.WorkDropped@1"):
    """It was deleted or withdrawn, or is not billable any more; as it was noted before WorkHeard."""

    subject: str
    contract_id: ContractId


ContractsEvent = (
    AgencyDescribed
    | ClientAdded
    | ClientDescribed
    | ClientErased
    | ContractDrafted
    | DraftRevised
    | DraftDiscarded
    | ContractActivated
    | TermsChanged
    | ContractPaused
    | EndAgreed
    | NoticeGiven
    | RenewalApproaches
    | ContractRenewed
    | HoursPlanned
    | WorkHeard
    | WorkNoted
    | WorkDropped
)
