"""The owner's configuration as frozen values, and where secrets come from."""

from __future__ import annotations

from assistant.config.load import load_config
from assistant.config.values import (
    CalendarConfig,
    Config,
    DigestConfig,
    LlmConfig,
    MailboxConfig,
    Me,
    OAuth,
    RepliesConfig,
    Secret,
    SmtpConfig,
)

__all__ = [
    "CalendarConfig",
    "Config",
    "DigestConfig",
    "LlmConfig",
    "MailboxConfig",
    "Me",
    "OAuth",
    "RepliesConfig",
    "Secret",
    "SmtpConfig",
    "load_config",
]
