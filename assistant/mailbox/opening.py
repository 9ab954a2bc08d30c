"""Opens the mailbox and the transport that a configuration names. Nothing is connected yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.mailbox.archive.open import WithArchives
from assistant.mailbox.calendar_source import FileCalendar, WebCalendar
from assistant.mailbox.maildir import MaildirMailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import CalendarConfig, MailboxConfig, SmtpConfig
    from assistant.config.secrets import Credential
    from assistant.mailbox.imap.mailbox import ImapMailbox
    from assistant.mailbox.imap.unreadable import Pace
    from assistant.mailbox.smtp import SmtpTransport


def open_mailbox(
    config: MailboxConfig, secret: Callable[[], Credential], pace: Pace | None = None
) -> ImapMailbox | MaildirMailbox | WithArchives:
    """Return the mailbox of `[mailbox]`, with its archives as folders named by their paths.

    `secret` is called when a server wants a sign-in, so never for a Maildir. `pace` remembers which folders are read in
    smaller steps; None remembers nothing.
    """
    mailbox = MaildirMailbox(config) if config.kind == "maildir" else _imap(config, secret, pace)
    if not config.archives:
        return mailbox
    return WithArchives(mailbox, config.archives)


def open_transport(config: SmtpConfig, secret: Callable[[], Credential] | None) -> SmtpTransport:
    """Return the transport of `[smtp]`. `secret` is None if the server wants no sign-in."""
    # Imported only when used, as imapclient below: a command that reads must start in under 0.3 s of CPU.
    from assistant.mailbox.smtp import SmtpTransport

    return SmtpTransport(config, secret)


def open_calendar(config: CalendarConfig, secret: Callable[[], Credential]) -> FileCalendar | WebCalendar:
    """Return one `[[calendar]]`. `secret` gets its address if the configuration doesn't hold it."""
    if config.path is not None:
        return FileCalendar(config.name, config.path)
    return WebCalendar(config.name, lambda: config.url or secret().value)


def _imap(config: MailboxConfig, secret: Callable[[], Credential], pace: Pace | None) -> ImapMailbox:
    from assistant.mailbox.imap.mailbox import ImapMailbox

    return ImapMailbox(config, secret, pace=pace)
