"""Signs in to an IMAP server by token, LOGIN or AUTHENTICATE PLAIN, then tells it the program's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

import assistant
from assistant.core.language.translation import Translatable
from assistant.errors import AssistantError, MailboxError, UserError
from assistant.mailbox.errors import login_failure, safe

if TYPE_CHECKING:
    from assistant.config import MailboxConfig
    from assistant.config.secrets import Credential
    from assistant.mailbox.imap.connection import BoundedClient

IDENTITY = {"name": "career-assistant", "version": assistant.__version__}


def sign_in(client: BoundedClient, config: MailboxConfig, credential: Credential) -> None:
    """Sign in by token or password. Raises LoginRefusedError only if the server says that they are wrong.

    The line must be encrypted or lead to this machine. `ImapSession` has checked that.
    """
    password = credential.password or ""
    by_login = not client.has_capability("LOGINDISABLED")  # forbids LOGIN only (RFC 3501, 6.2.3), not AUTHENTICATE
    if not (credential.token or by_login or client.has_capability("AUTH=PLAIN")):
        raise _no_password(client, config.host)
    try:
        if credential.token:
            client.oauth2_login(config.user, safe(credential.token))
        # LOGIN carries printable ASCII only. AUTHENTICATE PLAIN takes passwords of any kind.
        elif by_login and (config.user + password).isascii() and (config.user + password).isprintable():
            client.login(config.user, password)
        else:
            client.plain_login(config.user, password)
    except AssistantError:
        raise
    except (OSError, IMAPClientError) as error:
        # Without the chain: a traceback could show the secret.
        raise login_failure(config.place, config.user, error, credential) from None
    except Exception:  # noqa: BLE001 - imapclient raises anything on odd answers
        raise MailboxError(
            "The mail server {host} answered the sign-in in a way that cannot be read.", host=config.host
        ) from None


def introduce(client: BoundedClient) -> None:
    """Send ID (RFC 2971) if the server knows it. Some open no folder until they know the program's name."""
    if not client.has_capability("ID"):
        return
    try:
        client.id_(IDENTITY)
    except IMAPClient.AbortError:
        raise
    except (IMAPClientError, ValueError):
        pass  # the answer doesn't matter


def _no_password(client: BoundedClient, host: str) -> UserError:
    names = (name.decode("ascii", "replace").upper() for name in client.capabilities())
    offered = ", ".join(name.removeprefix("AUTH=") for name in names if name.startswith("AUTH=")) or Translatable(
        "nothing"
    )
    return UserError(
        "The mail server {host} takes no password on this line (it offers {offered}): set another "
        "security, token_command or oauth in config.toml.",
        host=host,
        offered=offered,
    )
