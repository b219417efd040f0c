"""docs/events.md is what the catalogs say."""

from tools.events import PAGE, SERVICES, events_of, page


def test_the_page_is_in_step_with_the_catalogs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_event_of_every_service_stands_in_it() -> None:
    text = page()
    for service in SERVICES:
        events = events_of(service)
        assert events
        for event in events:
            assert f"### {event.__struct_config__.tag}\n" in text
