"""Structured log lines through the standard logging, so that one setting decides where they go."""

from __future__ import annotations

import structlog


def configure() -> None:
    """Event and fields as key=value pairs behind the level and the name; never on standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
