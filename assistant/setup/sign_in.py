"""Ways to sign in (a typed password, a command, variable or file, OAuth 2), and a new password for a known mailbox."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from assistant.config import OAuth, Secret
from assistant.config.secrets import Credential, keep_in_keyring, require_credential
from assistant.core.language.translation import Translatable
from assistant.errors import LoginRefusedError, UserError
from assistant.oauth.flows import by_browser, by_device
from assistant.oauth.tokens import SignIn
from assistant.setup.try_servers import check_sign_in
from assistant.setup.write_config import CLIENT_SECRET_FILE, PASSWORD_FILE, write_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import Config, MailboxConfig
    from assistant.config.secrets import KeepingKeyring
    from assistant.setup.answers import Asker
    from assistant.setup.discovery.providers import Provider
    from assistant.setup.outside import Surroundings

WAYS: Final = ("password_command", "password_env", "password_file", "token_command")
# Google shows app passwords in four groups. The blanks aren't part of the password.
_IN_GROUPS: Final = re.compile(r"[a-z]{4}(?:\s[a-z]{4}){3}")
# The pages of `assistant docs` that explain client ids.
PAGES: Final = {"google": "oauth", "microsoft": "microsoft-365"}


@dataclass(frozen=True, slots=True)
class SignInWay:
    """One way to sign in, before it is kept: what the config will say, and the secrets to put away."""

    secret: Secret
    credential: Callable[[], Credential]
    password: str | None = None
    client_secret: str | None = None

    def keep(self, user: str, folder: Path, keyring: KeepingKeyring | None) -> Secret:
        """Put the secret into the keyring, or else into a file, and return what the config says."""
        if self.client_secret is not None and self.secret.oauth is not None:
            write_secret(folder / CLIENT_SECRET_FILE, self.client_secret)
            kept = Secret(file=Path(CLIENT_SECRET_FILE))
            return Secret(oauth=replace(self.secret.oauth, client_secret=kept))
        # Passwords are never written into config.toml.
        if self.password is None or keep_in_keyring(f"mailbox:{user}", self.password, keyring):
            return self.secret
        write_secret(folder / PASSWORD_FILE, self.password)
        return Secret(file=Path(PASSWORD_FILE))


def hints(provider: Provider | None) -> list[str]:
    """Return what the owner should know about a provider before the password is asked for."""
    if provider is None:
        return []
    name, page = provider.name, provider.app_page
    told = [provider.note] if provider.note else []
    if page:
        told.append(Translatable("{name} needs an app password, made here: {page}", name=name, page=page))
    if provider.page:
        told.append(Translatable("Step by step: assistant docs {page}", page=provider.page))
    return told


def named_way(asker: Asker, folder: Path) -> SignInWay | None:
    """Return the way that was named in advance (a command, a variable, a file), None if none was."""
    for key in WAYS:
        value = asker.given(key)
        if value is not None:
            file = Path(value).expanduser() if key == "password_file" else None
            file = folder / file if file is not None and not file.is_absolute() else file
            secret = Secret(
                command=value if key == "password_command" else None,
                env=value if key == "password_env" else None,
                file=file,
                token_command=value if key == "token_command" else None,
            )
            return SignInWay(secret, partial(require_credential, secret, "mailbox"))
    return None


def typed_way(asker: Asker, address: str, provider: Provider | None) -> SignInWay | None:
    """Ask for the password. None if the owner gives an empty one to use OAuth 2, where that is offered."""
    offered = provider is not None and provider.oauth is not None
    template = "Password for {address} (Enter for OAuth 2)" if offered else "Password for {address}"
    password = stripped(asker.secret("password", Translatable(template, address=address), "" if offered else None))
    if not password:
        return None
    return SignInWay(Secret(), lambda: Credential(password), password)


def stripped(password: str) -> str:
    """Return a password without the blanks around it, and without those between the groups of an app password."""
    bare = password.strip()
    return re.sub(r"\s", "", bare) if _IN_GROUPS.fullmatch(bare) else bare


def oauth_way(
    asker: Asker, kind: Literal["google", "microsoft"], address: str, home: Path, around: Surroundings
) -> SignInWay:
    """Ask for a client id, sign in by OAuth 2, and keep the tokens in the data folder.

    Raises UserError if nobody signs in.
    """
    asker.say(
        Translatable(
            "Signing in by OAuth 2 needs a client id of your own. How to get one: assistant docs {page}",
            page=PAGES[kind],
        )
    )
    client_id = asker.ask("client_id", "Client id")
    client_secret = asker.secret("client_secret", "Client secret (Enter for none)", "") or None
    config = OAuth(kind, client_id, Secret(literal=client_secret) if client_secret else None)
    authorize(SignIn(config, home, address), asker, around)
    return SignInWay(
        Secret(oauth=replace(config, client_secret=None)),
        SignIn(config, home, address).credential,
        client_secret=client_secret,
    )


def authorize(way: SignIn, asker: Asker, around: Surroundings) -> None:
    """Let the owner sign in and keep the tokens: in the browser, or with a code if the answers say `device`."""
    if asker.given("device"):
        tokens = by_device(
            way,
            lambda address, code: asker.say(
                Translatable("Open {address} on any device and type {code}", address=address, code=code)
            ),
        )
    else:
        tokens = by_browser(
            way,
            lambda address: asker.say(Translatable("Sign in here, in the browser:\n{address}", address=address)),
            around.browse,
        )
    way.keep(tokens)


TRIES = 3


def renew(config: Config, folder: Path, home: Path, asker: Asker, around: Surroundings) -> None:
    """Replace the mailbox's password, or sign in by OAuth 2 again. A password that is refused replaces nothing.

    Raises UserError if the password comes from somewhere this program can't write to, or is refused three times.
    """
    box = config.mailbox
    if box.kind != "imap":
        raise UserError("The mailbox is a Maildir on this machine, which needs no password.")
    if box.secret.oauth is not None:
        way = SignIn(box.secret.oauth, home, box.user)
        authorize(way, asker, around)
        check_sign_in(box, way.credential)
        asker.say(Translatable("Signed in as {user}.", user=box.user))
        return
    elsewhere = box.secret.command or box.secret.token_command or (box.secret.env and f"${box.secret.env}")
    if elsewhere:
        _try_elsewhere(box, elsewhere, asker)
        return
    password = _ask_password(box, asker)
    asker.say(_keep_password(box, folder, password, around))


def _try_elsewhere(box: MailboxConfig, where: str, asker: Asker) -> None:
    # A password from a command or a variable can only be changed there, so just say if it works.
    try:
        check_sign_in(box, lambda: require_credential(box.secret, "mailbox", box.user))
    except LoginRefusedError:
        raise UserError(
            "The password comes from {where}, and the mailbox refuses it; change it there.", where=where
        ) from None
    asker.say(
        Translatable(
            "The password comes from {where}, and the mailbox accepts it; there is nothing to change here.", where=where
        )
    )


def _ask_password(box: MailboxConfig, asker: Asker) -> str:
    """Ask for a password until the mailbox accepts it, three times at most."""
    for left in reversed(range(TRIES)):
        password = stripped(asker.secret("password", Translatable("New password for {user}", user=box.user)))
        try:
            with asker.working(Translatable("Signing in at {place}", place=box.place)):
                check_sign_in(box, partial(Credential, password))
        except LoginRefusedError:
            problem = Translatable("The mailbox refused this password for {user}; nothing was changed.", user=box.user)
            if not left:
                raise UserError(problem) from None
            asker.again(problem)
        else:
            break
    return password


def _keep_password(box: MailboxConfig, folder: Path, password: str, around: Surroundings) -> str:
    if box.secret.file is not None:
        write_secret(box.secret.file, password)
        return Translatable("Signed in; the new password is in {file}.", file=box.secret.file)
    if keep_in_keyring(f"mailbox:{box.user}", password, around.keyring):
        return Translatable("Signed in; the new password is in this machine's keyring.")
    write_secret(folder / PASSWORD_FILE, password)
    # The configuration is never rewritten, so the owner has to add the line.
    raise UserError(
        "The mailbox accepts the password, which is now in {file}, but config.toml doesn't say so. "
        'Write under [mailbox]: password_file = "{name}"',
        file=folder / PASSWORD_FILE,
        name=PASSWORD_FILE,
    )
