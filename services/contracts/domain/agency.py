"""The agency itself: who sends invoices and letters. Refuses as `profile`, `papers` and vocabulary.agreement say."""

from collections.abc import Sequence

from services.contracts.domain.papers import check_papers
from services.contracts.domain.profile import check_email, check_locale, check_name
from services.contracts.events import AgencyDescribed
from vocabulary.agreement import check_time_zone


def decide(command: AgencyDescribed, agency: AgencyDescribed | None) -> Sequence[AgencyDescribed]:
    """The command is the profile as it shall be; nothing is recorded where it says what is known."""
    check_name(command.name)
    check_locale(command.locale)
    check_time_zone(command.time_zone)
    check_email(command.email, "email")
    check_papers(command)
    return () if command == agency else (command,)


def evolve(_: AgencyDescribed | None, event: AgencyDescribed) -> AgencyDescribed:
    return event
