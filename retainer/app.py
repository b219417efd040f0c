"""The verbs by name. A verb's module is imported when it is called, or when its help is asked for."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final

from cyclopts import App, Group, Parameter

LEAD: Final = "Retainers to the cent: hours in, budget seen, invoice out, client told."

WORK: Final = Group("Work", sort_key=1)
MONEY: Final = Group("Money", sort_key=2)
TRY: Final = Group("Try out", sort_key=3)
HOUSE: Final = Group("Run the house", sort_key=4)

VERBS: Final[Sequence[tuple[str, Group, str, str]]] = (
    ("log", WORK, "log:log", "Log time worked"),
    ("budget", WORK, "budget:budget", "What is left of each retainer, now or as it changes (--watch)"),
    ("deliver", WORK, "deliveries:deliver", "Record deliverables that use up an allowance of units"),
    ("account", MONEY, "proofs:account", "An account with the head of its chain, for the client to check"),
    ("statement", MONEY, "statement:statement", "The account of one period: on the screen, as PDF, HTML or a chart"),
    ("close", MONEY, "close:close", "Settle every boundary that is due; safe to repeat"),
    ("pay", MONEY, "pay:pay", "Record a payment"),
    ("refund", MONEY, "pay:refund", "Record a transfer back out of a client's credit balance"),
    ("payments", MONEY, "pay:payments", "List payments and refunds"),
    ("receivables", MONEY, "pay:receivables", "What is open, client by client, by age"),
    ("takeover", MONEY, "takeover:takeover", "Take over a whole agency of running retainers from one file"),
    ("export", MONEY, "export:export", "Entries, statements, invoices or payments as CSV, XLSX or JSON lines"),
    ("datev", MONEY, "export:datev", "Invoices as DATEV bookings for the tax adviser"),
    ("simulate", TRY, "simulation:simulate", "What terms would have billed, from a case file; no server needed"),
    ("what-if", TRY, "what_if:what_if", "What other terms would have cost, over a real past"),
    ("demo", TRY, "demonstration:demo", "Start a sample agency and show a quarter of it"),
    ("up", HOUSE, "up:up", "Run the whole system on this machine"),
    ("config", HOUSE, "configuration:config", "Every setting, what it means, where it comes from"),
    ("doctor", HOUSE, "doctor:doctor", "Check the running system and say what to do"),
    ("top", HOUSE, "top:top", "Traffic, lag and budgets near their end, live"),
    ("verify", HOUSE, "verify:verify", "Read everything that is kept and say what does not fit"),
    ("backup", HOUSE, "copies:backup", "Copy all event stores into a folder, while they run"),
    ("restore", HOUSE, "copies:restore", "Put a backup in the place of the stores, as a new epoch"),
    ("migrate", HOUSE, "copies:migrate", "Move all stores to PostgreSQL, or back to SQLite"),
    ("rebuild", HOUSE, "house:rebuild", "Fill a service's views anew from its log"),
    ("republish", HOUSE, "house:republish", "Make the stream of facts on the bus anew"),
    ("replay", HOUSE, "house:replay", "Try again the facts that could not be taken in"),
)
NOUNS: Final[Mapping[str, tuple[Group, str, Sequence[tuple[str, str]]]]] = {  # "" is the noun's own verb
    "agency": (
        WORK,
        "The sender of letters and invoices",
        (("describe", "agencies:describe"), ("letterhead", "agencies:letterhead"), ("show", "agencies:agency_show")),
    ),
    "client": (
        WORK,
        "Who buys",
        (
            ("add", "clients:add"),
            ("describe", "clients:describe"),
            ("show", "clients:client_show"),
            ("list", "clients:list_"),
        ),
    ),
    "contract": (
        WORK,
        "Retainers and their terms",
        (
            ("draft", "drafting:draft"),
            ("activate", "drafting:activate"),
            ("terms", "contracts:terms"),
            ("pause", "contracts:pause"),
            ("plan", "contracts:plan"),
            ("end", "contracts:end"),
            ("notice", "contracts:notice"),
            ("takeover", "account:takeover"),
            ("show", "contracts:contract_show"),
            ("list", "contracts:list_"),
            ("history", "contracts:history"),
            ("thresholds", "extras:thresholds"),
            ("postings", "account:postings"),
            ("left-out", "account:left_out"),
        ),
    ),
    "person": (WORK, "Who works", (("add", "people:add"), ("describe", "people:describe"), ("list", "people:list_"))),
    "entry": (
        WORK,
        "Time that was logged",
        (
            ("list", "log:list_"),
            ("correct", "log:correct"),
            ("delete", "log:delete"),
            ("approve", "log:approve"),
        ),
    ),
    "timer": (
        WORK,
        "A running stopwatch",
        (
            ("start", "timers:start"),
            ("stop", "timers:stop"),
            ("discard", "timers:discard"),
            ("list", "timers:list_"),
        ),
    ),
    "delivery": (
        WORK,
        "Deliverables that were recorded",
        (("list", "deliveries:list_"), ("withdraw", "deliveries:withdraw")),
    ),
    "import": (
        WORK,
        "Time from another system",
        (("toggl", "imports:toggl"), ("list", "imports:list_")),
    ),
    "invoice": (
        MONEY,
        "Invoices and credit notes",
        (
            ("list", "invoice:list_"),
            ("show", "invoice:invoice_show"),
            ("explain", "invoice:explain"),
            ("pdf", "invoice:pdf"),
            ("xrechnung", "invoice:xrechnung"),
            ("timesheet", "invoice:timesheet"),
            ("release", "invoice:release"),
            ("cancel", "invoice:cancel"),
            ("give-up", "invoice:give_up"),
            ("number", "invoice:number"),
        ),
    ),
    "block": (MONEY, "Hours bought ahead", (("buy", "account:block_buy"), ("withdraw", "account:block_withdraw"))),
    "extra": (
        MONEY,
        "Add-ons, deliverables beyond the scope, expenses passed on",
        (("add", "extras:add"), ("withdraw", "extras:withdraw")),
    ),
    "credit": (MONEY, "Goodwill", (("give", "account:credit_give"), ("withdraw", "account:credit_withdraw"))),
    "overage": (
        MONEY,
        "Time beyond the allowance",
        (("approve", "account:overage_approve"), ("decline", "account:overage_decline")),
    ),
    "reminders": (
        MONEY,
        "Tell clients what is overdue, or stop telling",
        (
            ("send", "reminders:send"),
            ("stop", "reminders:stop"),
            ("resume", "reminders:resume"),
            ("set", "reminders:set_"),
        ),
    ),
    "letters": (
        WORK,
        "What clients were told",
        (("list", "letters:list_"), ("show", "letters:letter_show"), ("resend", "letters:resend")),
    ),
    "token": (
        HOUSE,
        "Make a token for somebody of an agency; list and revoke tokens",
        (("", "tokens:make"), ("list", "tokens:list_"), ("revoke", "tokens:revoke")),
    ),
    "keys": (
        HOUSE,
        "The keys that sign tokens",
        (("make", "signing:make"), ("list", "signing:list_"), ("rotate", "signing:rotate_")),
    ),
    "erase": (HOUSE, "Personal data, for ever", (("person", "erase:person"), ("client", "erase:client"))),
    "events": (
        HOUSE,
        "Facts as they are published",
        (("tail", "events:tail"), ("export", "proofs:export"), ("user", "bus:user"), ("users", "bus:users")),
    ),
}


def make_app(asked: Sequence[str] = ()) -> App:
    """All verbs; imported are none but those whose own words are `asked` for: a verb's docstring is its help."""
    app = App(
        name="retainer",
        help=LEAD,
        help_format="plaintext",
        version=version_of,
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
        result_action="return_value",
        default_parameter=Parameter(negative=(), show_default=_worth_showing),
    )
    first = asked[0] if asked else ""
    for name, group, target, meaning in VERBS:
        if name == first:
            app.command(_imported(target), name=name, group=group)
        else:
            app.command(f"retainer.verbs.{target}", name=name, group=group, help=meaning)
    for noun, (group, meaning, verbs) in NOUNS.items():
        below = App(name=noun, help=meaning, group=group)
        for name, target in verbs:
            if not name:
                if noun == first:
                    below.default(_imported(target))
                continue
            below.command(_imported(target) if noun == first else f"retainer.verbs.{target}", name=name)
        app.command(below)
    return app


def _imported(target: str) -> Callable[..., object]:
    module, _, name = target.partition(":")
    verb: Callable[..., object] = getattr(import_module(f"retainer.verbs.{module}"), name)
    return verb


def _worth_showing(default: object) -> str | None:
    return None if default in ("", False, None, (), 0) else str(default)


def version_of() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("retainer")
    except PackageNotFoundError:
        return "0.1.0"
