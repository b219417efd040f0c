"""What stands on a document besides its facts, in German and in English."""

import msgspec


class Words(msgspec.Struct, frozen=True):
    """One language. `kinds` are the kinds of lines, `notes` the legal notes of tax categories (R31)."""

    language: str
    """ISO 639."""
    invoice: str
    credit_note: str
    number: str
    issued_on: str
    due_on: str
    client_vat_id: str
    buyer_reference: str
    giro_hint: str
    contract: str
    cancels: str
    replaces: str
    item: str
    period: str
    quantity: str
    rate: str
    amount: str
    net: str
    tax: str
    gross: str
    pay_by: str
    to_be_credited: str
    correction: str
    bank: str
    reference: str
    page: str
    vat_id: str
    tax_number: str
    hours: str
    hour: str
    unit: str
    statement: str
    as_of: str
    burn_down: str
    in_a_row: str
    what_if: str
    as_agreed: str
    by_task: str
    task: str
    no_task: str
    entries: str
    time: str
    value: str
    deliveries: str
    charges: str
    allowance: str
    carried: str
    borrowed: str
    available: str
    used: str
    remaining: str
    overage: str
    undecided: str
    expired: str
    expiring_next: str
    waiting: str
    time_sheet: str
    about: str
    date: str
    person: str
    total: str
    rows: dict[str, str]
    """What the row of a time sheet is, by the word of its reason."""
    kinds: dict[str, str]
    notes: dict[str, str]


ENGLISH = Words(
    language="en",
    invoice="Invoice",
    credit_note="Credit note",
    number="Number",
    issued_on="Date",
    due_on="Due",
    client_vat_id="Your VAT ID",
    buyer_reference="Your reference",
    giro_hint="Pay by banking app",
    contract="Agreement",
    cancels="This credit note cancels {number}.",
    replaces="This invoice replaces {number}.",
    item="Item",
    period="Period",
    quantity="Quantity",
    rate="Rate",
    amount="Amount",
    net="Net",
    tax="VAT {rate} on {net}",
    gross="Total",
    pay_by="Please pay {gross} by {due_on}, quoting the number {number}.",
    to_be_credited="{gross} are credited to your account.",
    correction="correction",
    bank="Bank details",
    reference="Reference",
    page="Page {page} of {pages}",
    vat_id="VAT ID",
    tax_number="Tax number",
    hours="h",
    hour="/h",
    unit="each",
    statement="Statement",
    as_of="as of {day}",
    burn_down="What is left, day by day",
    in_a_row="Used and available, period by period",
    what_if="What would have been charged, net, {span}",
    as_agreed="as agreed",
    by_task="Used by task",
    task="Task",
    no_task="(no task)",
    entries="Entries",
    time="Time",
    value="Value",
    deliveries="Deliveries",
    charges="Charged",
    allowance="Included",
    carried="Carried over",
    borrowed="Used ahead of time",
    available="Available",
    used="Used",
    remaining="Remaining",
    overage="Beyond the allowance",
    undecided="Waits for your approval",
    expired="Lapsed",
    expiring_next="Lapses at the end if not used",
    waiting="Time that waits for approval",
    time_sheet="Time sheet",
    about="To {title} {number} of {day}",
    date="Date",
    person="Person",
    total="Total",
    rows={
        "entry": "",
        "part of entry": "part",
        "earlier": "entries before",
        "later": "further entries",
        "overage": "beyond the allowance",
        "beyond": "beyond the allowance",
        "for days": "for the period",
        "block": "block of hours",
        "credit": "credit",
        "extra": "extra",
        "late fee": "late fee",
        "written off": "written off",
        "called in": "advance called in",
        "delivery": "delivery",
        "asked": "asked before",
        "minimum": "minimum",
    },
    kinds={
        "fee": "Fee",
        "access": "Access fee",
        "time": "Time",
        "minimum": "Minimum charge",
        "overage": "Beyond the allowance",
        "bank": "Block of hours",
        "credit": "Credit",
        "extra": "Extra",
        "late_fee": "Late fee",
    },
    notes={
        "standard": "",
        "reduced": "",
        "reverse_charge": "Reverse charge: the recipient is liable for the VAT (Art. 196 of Directive 2006/112/EC).",
        "small_business": "No VAT is charged: small business under § 19 UStG.",
        "outside_scope": "Items without VAT are outside its scope.",
    },
)

GERMAN = Words(
    language="de",
    invoice="Rechnung",
    credit_note="Rechnungskorrektur",
    number="Nummer",
    issued_on="Datum",
    due_on="Fällig am",
    client_vat_id="Ihre USt-IdNr.",
    buyer_reference="Ihre Referenz",
    giro_hint="Mit der Banking-App zahlen",
    contract="Vereinbarung",
    cancels="Diese Rechnungskorrektur storniert {number}.",
    replaces="Diese Rechnung ersetzt {number}.",
    item="Leistung",
    period="Zeitraum",
    quantity="Menge",
    rate="Satz",
    amount="Betrag",
    net="Netto",
    tax="USt. {rate} auf {net}",
    gross="Gesamt",
    pay_by="Bitte zahlen Sie {gross} bis zum {due_on} unter Angabe der Nummer {number}.",
    to_be_credited="{gross} werden Ihrem Konto gutgeschrieben.",
    correction="Korrektur",
    bank="Bankverbindung",
    reference="Verwendungszweck",
    page="Seite {page} von {pages}",
    vat_id="USt-IdNr.",
    tax_number="Steuernummer",
    hours="Std.",
    hour="/Std.",
    unit="je Stück",
    statement="Kontoauszug",
    as_of="Stand {day}",
    burn_down="Was übrig ist, Tag für Tag",
    in_a_row="Verbraucht und verfügbar, Zeitraum für Zeitraum",
    what_if="Was berechnet worden wäre, netto, {span}",
    as_agreed="wie vereinbart",
    by_task="Verbrauch nach Aufgabe",
    task="Aufgabe",
    no_task="(ohne Aufgabe)",
    entries="Einträge",
    time="Zeit",
    value="Wert",
    deliveries="Lieferungen",
    charges="Berechnet",
    allowance="Enthalten",
    carried="Übertrag",
    borrowed="Vorgriff",
    available="Verfügbar",
    used="Verbraucht",
    remaining="Übrig",
    overage="Über das Kontingent hinaus",
    undecided="Wartet auf Ihre Freigabe",
    expired="Verfallen",
    expiring_next="Verfällt zum Ende, wenn es nicht genutzt wird",
    waiting="Zeit, die auf Freigabe wartet",
    time_sheet="Stundennachweis",
    about="Zu {title} {number} vom {day}",
    date="Datum",
    person="Person",
    total="Summe",
    rows={
        "entry": "",
        "part of entry": "anteilig",
        "earlier": "frühere Einträge",
        "later": "weitere Einträge",
        "overage": "über das Kontingent hinaus",
        "beyond": "über das Kontingent hinaus",
        "for days": "für den Zeitraum",
        "block": "Stundenkontingent",
        "credit": "Nachlass",
        "extra": "Zusatzleistung",
        "late fee": "Mahngebühr",
        "written off": "abgeschrieben",
        "called in": "Vorgriff abgerechnet",
        "delivery": "Lieferung",
        "asked": "bereits berechnet",
        "minimum": "Mindestbetrag",
    },
    kinds={
        "fee": "Pauschale",
        "access": "Zugangspauschale",
        "time": "Arbeitszeit",
        "minimum": "Mindestbetrag",
        "overage": "Mehrleistung über das Kontingent hinaus",
        "bank": "Stundenkontingent",
        "credit": "Nachlass",
        "extra": "Zusatzleistung",
        "late_fee": "Mahngebühr",
    },
    notes={
        "standard": "",
        "reduced": "",
        "reverse_charge": "Steuerschuldnerschaft des Leistungsempfängers (Art. 196 der Richtlinie 2006/112/EG).",
        "small_business": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.",
        "outside_scope": "Positionen ohne Umsatzsteuer sind nicht steuerbar.",
    },
)


def words_for(locale: str) -> Words:
    """German for every German locale, English otherwise."""
    return GERMAN if locale.replace("_", "-").lower().split("-")[0] == "de" else ENGLISH
