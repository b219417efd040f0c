"""One thing that a client is told: once, to each contact, with another try where it failed."""

from datetime import timedelta

import pytest

from chassis.testing import given
from services.notify.deciders import NOTICE
from services.notify.domain.notice import (
    LOOK_AGAIN_AFTER,
    RETRY_AFTER,
    Address,
    Defer,
    NoteDocument,
    NoteFailure,
    NoteSent,
    NoteUndeliverable,
    NothingToResend,
    Resend,
    Tell,
    Way,
)
from services.notify.domain.notice_state import Stage
from services.notify.events import (
    DocumentReady,
    NoticeAddressed,
    NoticeDeferred,
    NoticeEvent,
    NoticeFailed,
    NoticeGivenUp,
    NoticeQueued,
    NoticeRequeued,
    NoticeSent,
    NoticeUndeliverable,
    NoticeWithheld,
)
from services.notify.events import NoticeId as Id
from tests.notify.samples import ACME, INVOICE, INVOICED, NOON, QUEUED, THRESHOLD, TO_JOERG
from vocabulary.personal import of_client

THIS = Id("threshold.web-2026.2026-03-01.75")
SENT = NoteSent(
    contact_id="joerg",
    channel="email",
    message_id="1@retainer.invalid",
    recipient=of_client(ACME, "Jörg <joerg@acme.example>"),
    subject=of_client(ACME, "75 %"),
    text=of_client(ACME, "Guten Tag"),
    sent_at=NOON,
)
WAS_SENT = NoticeSent(
    notice_id=THIS,
    contact_id="joerg",
    channel="email",
    message_id="1@retainer.invalid",
    recipient=SENT.recipient,
    subject=SENT.subject,
    text=SENT.text,
    sent_at=NOON,
)


def addressed(*contacts: str) -> NoticeAddressed:
    return NoticeAddressed(notice_id=THIS, contact_ids=contacts)


def failure(*, for_good: bool = False, contact_id: str = "joerg") -> NoteFailure:
    return NoteFailure(contact_id=contact_id, channel="email", reason="450", for_good=for_good, now=NOON)


def failed(attempt: int) -> NoticeFailed:
    return NoticeFailed(
        notice_id=THIS,
        contact_id="joerg",
        channel="email",
        attempt=attempt,
        reason="450",
        retry_at=NOON + RETRY_AFTER[attempt - 1],
    )


def given_up(attempt: int = 1) -> NoticeGivenUp:
    return NoticeGivenUp(notice_id=THIS, contact_id="joerg", channel="email", attempt=attempt, reason="450")


def test_what_is_told_is_queued_once() -> None:  # R36
    queued = given(NOTICE).when(Tell(ACME, THRESHOLD)).then(QUEUED)
    queued.when(Tell(ACME, THRESHOLD)).then()


def test_each_contact_has_a_delivery_of_his_own() -> None:
    both = Address((Way("joerg"), Way("books", shut_because="the contact has no e-mail address")))
    unreachable = NoticeUndeliverable(notice_id=THIS, contact_id="books", reason="the contact has no e-mail address")
    state = given(NOTICE, QUEUED).when(both).then(addressed("joerg", "books"), unreachable).state
    assert state is not None
    assert state.is_due("joerg", NOON)
    assert not state.is_due("books", NOON)
    assert state.stage is Stage.QUEUED


def test_a_client_with_nobody_to_tell_is_shown_as_undeliverable() -> None:
    nobody = NoticeUndeliverable(notice_id=THIS, contact_id="", reason="the client has no contact")
    state = given(NOTICE, QUEUED).when(Address((), "the client has no contact")).then(addressed(), nobody).state
    assert state is not None
    assert state.is_settled
    assert state.stage is Stage.UNDELIVERABLE


def test_between_two_facts_of_one_append_it_has_a_stage_too() -> None:
    """A view that is built anew may be filled up to any fact."""
    state = given(NOTICE, QUEUED, NoticeAddressed(THIS, ())).state
    assert state is not None
    assert state.stage is Stage.QUEUED


def test_who_is_not_to_be_told_is_passed_over() -> None:
    withheld = NoticeWithheld(notice_id=THIS, contact_id="joerg")
    given(NOTICE, QUEUED).when(Address((Way("joerg", withheld=True),))).then(addressed("joerg"), withheld)


def test_it_is_addressed_once() -> None:
    given(NOTICE, QUEUED, addressed("joerg")).when(TO_JOERG).then()


def test_a_letter_that_went_out_is_recorded_once() -> None:
    sent = given(NOTICE, QUEUED, addressed("joerg")).when(SENT).then(WAS_SENT)
    assert sent.state is not None
    assert sent.state.is_settled
    assert sent.state.stage is Stage.SENT
    sent.when(SENT).then()


def test_a_failed_letter_comes_again_later_each_time() -> None:
    once = given(NOTICE, QUEUED, addressed("joerg")).when(failure()).then(failed(1))
    assert once.state is not None
    assert once.state.next_look == NOON + timedelta(minutes=1)
    assert not once.state.is_due("joerg", NOON)
    assert once.state.is_due("joerg", NOON + timedelta(minutes=1))
    once.when(failure()).then(failed(2))


def test_after_the_last_try_it_is_given_up() -> None:
    history: list[NoticeEvent] = [QUEUED, addressed("joerg"), *(failed(n + 1) for n in range(len(RETRY_AFTER)))]
    state = given(NOTICE, *history).when(failure()).then(given_up(len(RETRY_AFTER) + 1)).state
    assert state is not None
    assert state.is_settled
    assert state.stage is Stage.GIVEN_UP


def test_what_the_channel_refuses_for_good_is_given_up_at_once() -> None:
    given(NOTICE, QUEUED, addressed("joerg")).when(failure(for_good=True)).then(given_up())


def test_one_contact_who_fails_does_not_touch_the_other() -> None:
    state = given(NOTICE, QUEUED, addressed("joerg", "books"), given_up()).state
    assert state is not None
    assert state.is_due("books", NOON)
    assert state.next_look is None, "books is due at once"


def test_nothing_is_recorded_for_who_was_never_addressed() -> None:
    known = given(NOTICE, QUEUED, addressed("joerg"))
    known.when(failure(contact_id="books")).then()
    known.when(NoteUndeliverable("books", "no address")).then()
    given(NOTICE).when(failure()).then()


def test_what_is_missing_is_waited_for_ever_longer() -> None:
    waits = given(NOTICE, QUEUED)
    for seconds in (1, 2, 5, 15):
        deferred = NoticeDeferred(notice_id=THIS, waits_for="the PDF", until=NOON + timedelta(seconds=seconds))
        waits = waits.when(Defer("the PDF", NOON)).then(deferred)
    assert waits.state is not None
    assert waits.state.waits_for == "the PDF"
    assert waits.state.next_look == NOON + timedelta(seconds=15)


def test_what_never_comes_is_given_up_in_the_end() -> None:
    deferred = NoticeDeferred(notice_id=THIS, waits_for="the PDF", until=NOON)
    history: list[NoticeEvent] = [QUEUED, addressed("joerg"), *([deferred] * len(LOOK_AGAIN_AFTER))]
    over = NoticeGivenUp(notice_id=THIS, contact_id="", channel="", attempt=0, reason="the PDF")
    state = given(NOTICE, *history).when(Defer("the PDF", NOON)).then(over).state
    assert state is not None
    assert state.is_settled
    assert state.deliveries["joerg"].stage is Stage.GIVEN_UP


def test_a_document_that_was_waited_for_makes_it_due_at_once() -> None:
    told = NoticeQueued(notice_id=Id("invoice.2026-0001"), client_id=ACME, news=INVOICED)
    deferred = NoticeDeferred(notice_id=told.notice_id, waits_for="the PDF", until=NOON)
    ready = DocumentReady(notice_id=told.notice_id, number=INVOICE)
    state = given(NOTICE, told, deferred).when(NoteDocument(INVOICE)).then(ready).state
    assert state is not None
    assert (state.next_look, state.waits_for) == (None, "")


def test_a_document_that_nobody_waited_for_is_no_news() -> None:
    told = NoticeQueued(notice_id=Id("invoice.2026-0001"), client_id=ACME, news=INVOICED)
    given(NOTICE, told).when(NoteDocument(INVOICE)).then()
    given(NOTICE).when(NoteDocument(INVOICE)).then()


@pytest.mark.parametrize("end", [given_up(), NoticeUndeliverable(notice_id=THIS, contact_id="joerg", reason="none")])
def test_what_failed_for_good_can_be_tried_once_more(end: NoticeEvent) -> None:
    again = given(NOTICE, QUEUED, addressed("joerg"), end).when(Resend()).then(NoticeRequeued(notice_id=THIS))
    again.when(TO_JOERG).then(addressed("joerg")).when(SENT).then(WAS_SENT)


def test_who_has_got_it_does_not_get_it_again() -> None:
    gone = NoticeGivenUp(notice_id=THIS, contact_id="books", channel="email", attempt=1, reason="550")
    again = given(NOTICE, QUEUED, addressed("joerg", "books"), WAS_SENT, gone).when(Resend())
    both = Address((Way("joerg"), Way("books")))
    state = again.then(NoticeRequeued(notice_id=THIS)).when(both).then(addressed("books")).state
    assert state is not None
    assert not state.is_due("joerg", NOON)


def test_there_is_nothing_to_resend_while_it_is_on_its_way_or_after_it_arrived() -> None:
    given(NOTICE, QUEUED).when(Resend()).refused(NothingToResend)
    given(NOTICE, QUEUED, addressed("joerg"), failed(1)).when(Resend()).refused(NothingToResend)
    given(NOTICE, QUEUED, addressed("joerg"), WAS_SENT).when(Resend()).refused(NothingToResend)
