"""Who may import whom (ARCHITECTURE.md). The contracts for whole packages stand in pyproject.toml and are held by
import-linter; what is about rooms inside of services, and about who alone may import a library, stands here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, SERVICES, Module, modules

ONLY_IMPORTERS = {
    "eventsourcing": ("chassis.store.",),
    "faststream": ("chassis.bus",),
    "cryptography": ("chassis.seal",),
    "joserfc": ("chassis.tokens.",),
    "prometheus_client": ("chassis.metrics",),
    "opentelemetry": ("chassis.traces",),
    "structlog": ("chassis.logs",),
    "pydantic_settings": ("chassis.settings",),
    "protovalidate": ("chassis.method", "tools.wire"),
    "grpc_health": ("chassis.grpc_server", "retainer."),
    "grpc_reflection": ("chassis.grpc_server",),
    "uvloop": ("chassis.run",),
    "typst": ("services.billing.documents",),
    "pypdf": ("services.billing.documents",),
    "drafthorse": ("services.billing.documents",),
    "segno": ("services.billing.documents",),
    "stdnum": ("services.contracts.domain.papers",),
    "schwifty": ("services.contracts.domain.papers",),
    "aiosmtplib": ("services.notify.channels.smtp",),
}
"""Library -> who alone may import it, so that it can be changed in one place."""

WIRE = ("api", "__main__")
"""Rooms of a service that may speak of messages."""


def named(rule: str) -> str:
    return f"see ARCHITECTURE.md, who may import whom: {rule}"


def test_the_contracts_of_import_linter_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("library", ONLY_IMPORTERS)
def test_a_library_has_one_importer(library: str) -> None:
    allowed = ONLY_IMPORTERS[library]
    others = [m.name for m in modules() if m.reaches(library) and not f"{m.name}.".startswith(allowed)]
    assert not others, f"only {allowed} may import {library}"


def test_the_settings_alone_read_the_environment() -> None:
    def reads(module: Module) -> bool:
        text = module.path.read_text()
        return any(f"os.{word}" in text for word in ("environ", "getenv"))

    # A child gets what its parent has, and what the supervisor adds. The command quiets gRPC before it is imported.
    assert [m.name for m in modules() if reads(m)] == ["chassis.child", "chassis.settings", "retainer.__main__"]


def test_of_another_service_only_its_events_may_be_imported() -> None:
    wrong = [
        (module.name, imported)
        for module in modules()
        for imported in module.imports
        if module.service
        and imported.startswith("services.")
        and (other := imported.split(".")[1]) in SERVICES
        and other != module.service
        and not imported.startswith(f"services.{other}.events")
    ]
    assert not wrong, named("another service's events.py is the only thing of it that may be imported")


def test_events_know_no_other_service_and_no_room() -> None:
    wrong = [
        (module.name, imported)
        for module in modules()
        if module.room == "events"
        for imported in module.imports
        if imported.startswith(("services.", "chassis.", "wire.")) and not imported.startswith(module.name)
    ]
    assert not wrong, named("events import the vocabulary alone")


def test_a_domain_imports_words_events_and_itself() -> None:
    wrong = [
        (module.name, imported)
        for module in modules()
        if module.room == "domain"
        for imported in module.imports
        if imported.startswith(("services.", "chassis.", "wire.", "retainer."))
        and not imported.startswith((f"services.{module.service}.domain", f"services.{module.service}.events"))
    ]
    assert not wrong, named("vocabulary, then events, then domain")


def test_rooms_beside_each_other_do_not_import_each_other() -> None:
    """views, reactions and api stand beside each other above the domain; only api asks views."""
    wrong = [
        (module.name, imported)
        for module in modules()
        if module.room in ("views", "reactions")
        for imported in module.imports
        if imported.startswith(tuple(f"services.{module.service}.{room}" for room in ("api", "__main__")))
    ]
    assert not wrong, named("views and reactions know no api")


def test_messages_are_spoken_of_at_the_doors_only() -> None:
    allowed = ("chassis.keys_api", "chassis.operations")
    wrong = [
        module.name
        for module in modules()
        if (module.reaches("wire") or module.reaches("messages"))
        and not module.name.startswith(("retainer", "messages", *allowed))
        and not (module.service and module.room in WIRE)
    ]
    assert not wrong, named("wire only from api, __main__, the command and tests")


def test_views_decide_nothing_and_compute_no_money() -> None:
    wrong = [m.name for m in modules() if m.room == "views" and m.reaches("vocabulary.money.divide")]
    assert not wrong, named("no decisions and no money maths in views")


def test_what_keeps_the_house_running_imports_little() -> None:
    """The supervisor lives as long as the house: the standard library and the settings are enough for it."""
    code = "import sys; import chassis.supervise; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"grpc", "nats", "faststream", "eventsourcing", "google", "msgspec", "typst", "structlog"}
