"""What `services` says of the four is what they are wired to."""

from services import HEARS, KEEPERS, PORTS
from tools.api import wirings


def test_who_hears_whom_is_what_the_services_are_wired_to() -> None:
    for name, wiring in wirings().items():
        assert [heard.source.service for heard in wiring.subscriptions] == list(HEARS[name]), name
        assert wiring.keepers == KEEPERS, name
    assert set(HEARS) == set(PORTS)
