"""Starts notify: `python -m services.notify`."""

from collections.abc import Sequence
from functools import cache

from chassis.catalog import Catalog
from chassis.grpc_server import Door
from chassis.inbox import Subscription
from chassis.metrics import Metrics
from chassis.run import Parts, Wiring, run
from chassis.settings import Settings
from services import KEEPERS
from services.billing.events import BillingEvent, EntryCounted, EntryRecounted, EntryUncounted, FiguresRestated
from services.contracts.events import ContractsEvent, WorkDropped, WorkHeard, WorkNoted
from services.notify import reactions
from services.notify.api import channels, letters
from services.notify.api.documents import InvoiceDocuments
from services.notify.channels import Channel
from services.notify.channels.outbox import Outbox
from services.notify.desk import Desk
from services.notify.errand import RESULTS, Count, Office
from services.notify.events import NotifyEvent
from services.notify.postman import Postman
from services.notify.shredder import shredder
from services.notify.views.forgotten import ForgottenView
from services.notify.views.letters import LettersView

CATALOG = Catalog("notify", NotifyEvent)


def doors(parts: Parts) -> Sequence[Door]:
    return [
        letters.letters_door(parts.store, parts.views, parts.freshness, parts.keyring),
        channels.channels_door(parts.store, parts.freshness, parts.keyring),
    ]


async def postman(parts: Parts) -> None:
    channel = channel_by(parts.settings)
    office = Office(
        store=parts.store,
        views=parts.views,
        desk=Desk(parts.store, parts.keyring),
        channel=channel,
        documents=InvoiceDocuments(parts.neighbours),
        clock=parts.clock,
        count=count_in(parts.metrics, channel.name),
        sender=parts.settings.mail_from,
    )
    await Postman(office).run()


@cache  # the postman may begin again; a metric is made once
def count_in(metrics: Metrics, channel: str) -> Count:
    letters_counted = metrics.counter("retainer_letters", "Letters by channel and result", ("channel", "result"))
    for result in RESULTS:  # from zero, so that the first of a kind is an increase too
        letters_counted.labels(channel, result)
    return lambda channel, result: letters_counted.labels(channel, result).inc()


def channel_by(settings: Settings) -> Channel:
    """The mail server, or the outbox folder while none is set."""
    if not settings.smtp_host:
        return Outbox(settings.outbox)
    from services.notify.channels.smtp import Smtp, Tls  # aiosmtplib loads where there is a mail server

    return Smtp(
        settings.smtp_host,
        settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        tls=Tls(settings.smtp_tls),
    )


WIRING = Wiring(
    service="notify",
    catalog=CATALOG,
    views=[LettersView(), ForgottenView()],
    subscriptions=[
        Subscription(
            Catalog("contracts", ContractsEvent),
            reactions.hear_contracts,
            reactions.contracts_partition,
            passed_over=(WorkHeard, WorkNoted, WorkDropped),
        ),
        Subscription(
            Catalog("billing", BillingEvent),
            reactions.hear_billing,
            reactions.billing_partition,
            passed_over=(EntryCounted, EntryRecounted, EntryUncounted, FiguresRestated),
        ),
    ],
    doors=doors,
    rules={**letters.RULES, **channels.RULES},
    loops=[postman, shredder],
    keepers=KEEPERS,
    hot_streams=500,  # a notice is asked for again when its document is drawn, and when it goes out: much later
)


def main() -> None:
    run(WIRING)


if __name__ == "__main__":
    main()
