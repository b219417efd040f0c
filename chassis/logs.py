"""Structured logs on stderr: JSON where machines read them, colours at a terminal, a correlation id on every line.

Everybody logs by the standard library (`logging.getLogger(__name__)`); what stands here gives the lines their form.
Logs hold ids and reasons, never tokens, keys, names, addresses or notes.
"""

import logging
import re
import sys
from contextvars import ContextVar
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from chassis.settings import LogFormat

correlation: ContextVar[str] = ContextVar("correlation", default="")
"""The correlation id of what is being done: set by the door for a call, by the inbox for a fact."""

_SECRETS = re.compile(r"(?i)(bearer\s+)?\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=://)[^/\s@]+@")


def set_up(service: str, form: LogFormat, level: str) -> None:
    """Give the process's logs their form; call it once, before anything is logged."""
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and sys.stderr.isatty())
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if console:  # no pretty tracebacks: they show the values of variables
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.PositionalArgumentsFormatter(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _named(service),
            structlog.processors.format_exc_info,
            _without_secrets,
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("faststream", "nats", "grpc", "asyncio", "aiosmtplib"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def _named(service: str) -> Processor:
    def name(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        if correlation_id := correlation.get():
            event["correlation_id"] = correlation_id
        return event

    return name


def _without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A last net: tokens and passwords in addresses do not get into a log, whoever wrote them there."""
    for key, value in event.items():
        if isinstance(value, str) and ("eyJ" in value or "@" in value):
            event[key] = _SECRETS.sub("(hidden)", value)
    return event
