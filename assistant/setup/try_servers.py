"""Tests answers as they are given: does this login work, which folders are there, who writes from here, does SMTP."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from assistant.config import MailboxConfig, SmtpConfig
from assistant.config.values import is_loopback
from assistant.core.mail.address import normal_address
from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.message import Locator
from assistant.errors import AssistantError, LoginRefusedError, UnreachableError, UserError
from assistant.mailbox.opening import open_mailbox, open_transport
from assistant.setup.discovery.providers import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from assistant.config.secrets import Credential
    from assistant.core.mail.message import Folders

# How far back sent mail is searched for the owner's name and addresses. The second is for when the first finds nothing.
LOOK_BACK: Final = (timedelta(days=60), timedelta(days=400))
# An address counts as the owner's if it sent at least this many messages, and this share of all.
FEWEST: Final = 3
SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent mail is from: a name ("" for none) and all addresses, the most used first.

    `written_to` are the addresses it went to, in normal form.
    """

    name: str = ""
    addresses: tuple[str, ...] = ()
    written_to: frozenset[str] = frozenset()


def servers(server: Server) -> Iterator[Server]:
    """Yield a server, and if it is on this machine also the same one without encryption."""
    yield server
    # A server on this machine often has a certificate that nobody else signed.
    if is_loopback(server.host) and server.security != "none":
        yield replace(server, security="none")


def typed_servers(text: str) -> list[Server]:
    """Return what a typed "host" or "host:port" may mean, the safest first. Raises UserError if it is neither."""
    from assistant.config.values import is_host

    host, _, port = text.strip().rstrip("/").removeprefix("imap://").removeprefix("imaps://").partition(":")
    if not is_host(host) or (port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536)):  # noqa: PLR2004 - RFC 6335
        raise UserError("“{text}” is not a server; write its name, or name:port.", text=text)
    if not port:
        return [*servers(Server(host, 993, "tls")), Server(host, 143, "starttls")]
    first = [Server(host, int(port), "tls"), Server(host, int(port), "starttls")]
    # These ports usually begin in plain text and then use STARTTLS.
    if int(port) in {143, 587, 25}:
        first.reverse()
    return first + ([Server(host, int(port), "none")] if is_loopback(host) else [])


def find_sign_in(
    choices: Sequence[Server], users: Sequence[str], credential: Callable[[], Credential]
) -> MailboxConfig:
    """Return the first combination of server and user name that signs in.

    Raises LoginRefusedError if a server refuses every user name, UnreachableError if no server answers.
    """
    failure: UnreachableError | None = None
    for server in choices:
        refused: LoginRefusedError | None = None
        for user in users:
            box = MailboxConfig(kind="imap", host=server.host, port=server.port, security=server.security, user=user)
            try:
                check_sign_in(box, credential)
            except LoginRefusedError as error:
                refused = error
            except UnreachableError as error:
                failure = failure or error
                break
            except UserError as error:  # this line takes no password
                failure = failure or UnreachableError(error.sentence)
                break
            else:
                return box
        # A server that refuses is the right one. Trying the others would only be more refused logins.
        if refused is not None:
            raise refused
    raise failure or UnreachableError("No mail server was named.")


def check_sign_in(box: MailboxConfig, credential: Callable[[], Credential]) -> None:
    """Sign in and open INBOX, nothing else. Raises what the mailbox raises."""
    mailbox = open_mailbox(box, credential)
    try:
        mailbox.raw(Locator("INBOX", 0, 1), 0)  # no folder has UIDVALIDITY 0 (RFC 3501, 2.3.1.1), so nothing is read
    finally:
        mailbox.close()


def folders(box: MailboxConfig, credential: Callable[[], Credential]) -> Folders:
    """Return the mailbox's folders. Raises UserError if Sent is not found."""
    mailbox = open_mailbox(box, credential)
    try:
        return mailbox.folders()
    finally:
        mailbox.close()


def sender(box: MailboxConfig, credential: Callable[[], Credential], sent: Sequence[str], now: datetime) -> Sender:
    """Return who the sent mail of the last weeks is from. An empty Sender if there is none."""
    mailbox = open_mailbox(box, credential)
    seen: Counter[tuple[str, str]] = Counter()
    written_to: set[str] = set()
    try:
        for back in LOOK_BACK:
            for folder in sent:
                first = next(iter(mailbox.stream(folder, None, frozenset, now - back)), None)
                for header in first.headers if first else ():
                    envelope = parse_envelope(
                        header.header, flags=header.flags, internaldate=header.internaldate, size=header.size, now=now
                    )
                    seen.update((one.address, one.name) for one in envelope.sender[:1])
                    written_to.update(one.address for one in (*envelope.to, *envelope.cc))
            if seen:
                break
    except AssistantError:
        return Sender()  # it is only for a proposal, which can do without
    finally:
        mailbox.close()
    return _sender(seen, frozenset(written_to))


def _sender(seen: Counter[tuple[str, str]], written_to: frozenset[str]) -> Sender:
    addresses: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for (written, name), count in seen.items():
        address = normal_address(written)
        if address is not None:
            addresses[address] += count
            names[name] += count if name and "@" not in name else 0
    least = max(FEWEST, SHARE * addresses.total())
    own = tuple(address for address, count in addresses.most_common() if count >= least)
    name, count = names.most_common(1)[0] if names else ("", 0)
    return Sender(name if count else "", own, written_to)


def try_smtp(
    choices: Sequence[Server], users: Sequence[str], credential: Callable[[], Credential]
) -> tuple[SmtpConfig | None, str]:
    """Return the first submission server and user that sign in, or None and the reason. Nothing is sent."""
    why = ""
    for server in choices:
        for user in dict.fromkeys(users):
            config = SmtpConfig(server.host, server.port, server.security, user)
            try:
                open_transport(config, credential if user else None).check()
            except AssistantError as error:
                why = why or error.sentence
            else:
                return config, ""
    return None, why
