"""A new password for a mailbox that is set up: asked for, tried, and put where the old one lay."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.config.keyrings import keep_in_keyring
from assistant.config.secrets import Credential, resolve
from assistant.errors import LoginRefusedError, UserError
from assistant.oauth.tokens import SignIn
from assistant.setup.signing import authorize, stripped
from assistant.setup.trial import knock
from assistant.setup.writing import PASSWORD_FILE, write_secret

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config import Config, MailboxConfig
    from assistant.setup.answers import Asker
    from assistant.setup.surroundings import Surroundings

TRIES = 3


def renew(config: Config, folder: Path, home: Path, asker: Asker, around: Surroundings) -> None:
    """Replace the mailbox's password, or sign in anew; nothing is replaced by what the server refuses.

    Raises UserError where the password comes from somewhere this program cannot write to, or stays refused.
    """
    box = config.mailbox
    if box.kind != "imap":
        message = "The mailbox is a Maildir on this machine, which needs no password."
        raise UserError(message)
    if box.secret.oauth is not None:
        way = SignIn(box.secret.oauth, home, box.user)
        authorize(way, asker, around)
        knock(box, way.credential)
        asker.say(f"Signed in as {box.user}.")
        return
    elsewhere = box.secret.command or box.secret.token_command or (box.secret.env and f"${box.secret.env}")
    if elsewhere:
        _from_elsewhere(box, elsewhere, asker)
        return
    password = _accepted(box, asker)
    asker.say(_kept(box, folder, password, around))


def _from_elsewhere(box: MailboxConfig, where: str, asker: Asker) -> None:
    """Try what the owner's own way leads to: it is changed there, not here."""
    try:
        knock(box, lambda: resolve(box.secret, "mailbox", box.user))
    except LoginRefusedError:
        message = f"The password comes from {where}, and the mailbox refuses it; change it there."
        raise UserError(message) from None
    asker.say(f"The password comes from {where}, and the mailbox takes it; there is nothing to change here.")


def _accepted(box: MailboxConfig, asker: Asker) -> str:
    """Ask until the mailbox takes it, three times at most."""
    for left in reversed(range(TRIES)):
        password = stripped(asker.secret("password", f"New password for {box.user}"))
        try:
            with asker.working(f"Signing in at {box.place}"):
                knock(box, partial(Credential, password))
        except LoginRefusedError:
            problem = f"The mailbox refused this password for {box.user}; nothing was changed."
            if not left:
                raise UserError(problem) from None
            asker.again(problem)
        else:
            break
    return password


def _kept(box: MailboxConfig, folder: Path, password: str, around: Surroundings) -> str:
    if box.secret.file is not None:
        write_secret(box.secret.file, password)
        return f"Signed in; the new password lies in {box.secret.file}."
    if keep_in_keyring(f"mailbox:{box.user}", password, around.keyring):
        return "Signed in; the new password lies in this machine's keyring."
    write_secret(folder / PASSWORD_FILE, password)
    message = (
        f"The mailbox takes the password, and it lies in {folder / PASSWORD_FILE}; but config.toml does not say so."
        f' Write under [mailbox]: password_file = "{PASSWORD_FILE}"'
    )
    raise UserError(message)
