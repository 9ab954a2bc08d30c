"""The doctor's checks of the outside world: connections, certificates, the Drafts folder, the model, the sign-in.

Each has a time limit. None of them sends mail, spends tokens or tells a secret.
"""

from __future__ import annotations

import secrets
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.core.language.translation import Translatable, joined
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.cli.session import Session

LONGEST = 40.0  # seconds; a check that takes longer has failed
CONNECT = 10.0
TOKEN_AGE = timedelta(days=60)
PROBE = "assistant-doctor"


def bounded(check: Callable[[], str], seconds: float = LONGEST) -> str:
    """Return what a check says. Raises what it raises, and AssistantError if it takes longer than `seconds`."""
    # In a thread, since a call that hangs in a library can't be stopped from outside.
    answers: list[str | BaseException] = []

    def run() -> None:
        try:
            answers.append(check())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            answers.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not answers:
        raise AssistantError("There was no answer within {seconds:.0f} seconds.", seconds=seconds)
    if isinstance(answers[0], BaseException):
        raise answers[0]
    return answers[0]


def mail_servers(session: Session) -> str:
    """Check that the mail servers' names are known, their ports answer and their certificates are valid."""
    config = session.config
    places = []
    if config.mailbox.kind == "imap":
        places.append((config.mailbox.host, config.mailbox.port, config.mailbox.security))
    if config.smtp is not None:
        places.append((config.smtp.host, config.smtp.port, config.smtp.security))
    if not places:
        return Translatable("none needed: the mailbox is a Maildir on this machine")
    return joined((_reached(*place) for place in places), "; ")


def _reached(host: str, port: int, security: str) -> str:
    why = ""
    try:
        with socket.create_connection((host, port), timeout=CONNECT) as line:
            if security == "tls":
                with ssl.create_default_context().wrap_socket(line, server_hostname=host) as wrapped:
                    return Translatable(
                        "{host}:{port} answers, {version}", host=host, port=port, version=wrapped.version()
                    )
            return Translatable("{host}:{port} answers", host=host, port=port)
    except socket.gaierror:
        template = "The name {host} is not known. Check host in config.toml, and this machine's network."
    except ssl.SSLCertVerificationError as error:
        template = "The certificate of {host} can't be trusted ({why}). Check host in config.toml."
        why = error.verify_message
    except ssl.SSLError:
        template = 'An encrypted connection to {host}:{port} failed. Try security = "starttls", or another port.'
    except TimeoutError:
        template = "{host}:{port} does not answer. Check port in config.toml; a firewall may be in the way."
    except OSError:
        template = "Nothing answers at {host}:{port}. Check host and port in config.toml."
    raise AssistantError(Translatable(template, host=host, port=port, why=why))


def drafts(session: Session) -> str:
    """Check that a message can be put into Drafts and removed again at once."""
    from assistant.render.mail import Party, compose_draft

    me = session.config.me
    probe = f"{PROBE}-{secrets.token_hex(8)}@{me.control_address.rpartition('@')[2]}"
    body = "assistant doctor put this here to see whether it can, and takes it away at once."
    party = Party(me.name, me.addresses[0])
    message = compose_draft(
        message_id=probe, from_=party, to=party, subject="A trial of the assistant", body=body, date=session.now
    )
    with session.owner() as owner, owner.opened() as mailbox:
        mailbox.within(LONGEST - 5)
        folder = mailbox.folders().drafts
        lies = mailbox.append(folder, message, ("\\Draft", "\\Seen"), session.now)
        # Without UIDPLUS the server doesn't say where it put the message.
        found = [lies] if lies else list(mailbox.find(folder, probe))
        removed = [mailbox.remove_draft(one, probe) for one in found]
        if not all(removed) or mailbox.find(folder, probe):
            raise AssistantError(
                "A trial message in {folder} could not be removed again; delete it by hand.", folder=folder
            )
    return Translatable("a trial message went into {folder} and out again", folder=folder)


def model(session: Session) -> str:
    """Check that something answers at the model's address. Neither the key nor any text is sent."""
    llm = session.config.llm
    if llm is None:
        return Translatable("none configured: drafts and briefs are made by rules")
    parts = urlsplit(llm.base_url or "https://api.openai.com/v1")
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        _reached(host, port, "tls" if parts.scheme == "https" else "none")
    except AssistantError as error:
        raise AssistantError(
            "{error} (base_url under [llm]) Until then drafts are made by rules.", error=error
        ) from error
    with session.owner() as owner:
        from assistant.core.digest.week import week_name
        from assistant.store.completions import Completions

        used = Completions(owner.store).used(week_name(session.now.astimezone(session.config.me.timezone).date()))
        return Translatable(
            "{model} at {base_url} answers; {used:,} of {weekly_tokens:,} tokens used this week",
            model=llm.model,
            base_url=llm.base_url,
            used=used,
            weekly_tokens=llm.weekly_tokens,
        )


def calendars(session: Session) -> str:
    """Check that each calendar can be read. Only names and hosts are said: an address is a secret."""
    from assistant.rounds.scan.calendars import look

    failed, found = [], []
    with session.owner() as owner:
        for calendar in owner.calendars():
            try:
                n = look(calendar, session.now, session.config.me.timezone)
            except AssistantError as error:
                failed.append(error.sentence)
            else:
                found.append(
                    Translatable("{name}: {n} event" if n == 1 else "{name}: {n} events", name=calendar.name, n=n)
                )
    if failed:
        raise AssistantError(joined(failed, " "))
    return joined(found, ", ") if found else Translatable("none configured")


def token(session: Session) -> str:
    """Check how old the sign-in by token is, if there is one."""
    from assistant.oauth.tokens import FILE_NAME

    if session.config.mailbox.secret.oauth is None:
        return Translatable("none needed: no sign-in by token")
    path = session.home / FILE_NAME
    if not path.exists():
        raise AssistantError("There is no sign-in yet. Make one: assistant init --password")
    # The file is written whenever the token is renewed.
    renewed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if session.now - renewed > TOKEN_AGE:
        raise AssistantError(
            "The sign-in was last renewed on {renewed:%Y-%m-%d}. Make a new one: assistant init --password",
            renewed=renewed,
        )
    return Translatable("renewed on {renewed:%Y-%m-%d}", renewed=renewed)
