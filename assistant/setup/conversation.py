"""Asks four questions and tests each answer at once. Asks more only about what it can't find out.

    address ─> (a slip?) ─> discovery ─> servers ─┐ (nobody knows: two plain questions)
    password or OAuth ────────────────────────────┴─> signed in ─> folders, SMTP, the owner's name ─┐
    (zone, on a machine in UTC; company, where the domain may be the owner's own) ──────────────────┤
    model ─> one that runs here, one with a key, none ─> tried ─────────────────────────────────────┴─> NewConfig

Nothing is written until all of it is known. Then the secret is written, and then the configuration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.config import LlmConfig, MailboxConfig, Secret, SmtpConfig
from assistant.config.values import base_url_problem, is_host
from assistant.core.language.translation import Translatable, all_of, joined, means
from assistant.errors import LoginRefusedError, UnreachableError, UserError
from assistant.setup import models, sign_in, try_servers
from assistant.setup.discovery.found import FoundServers, local_part
from assistant.setup.proposal import Proposal, proposal
from assistant.setup.typos import meant_domain
from assistant.setup.write_config import KEY_FILE, NewConfig, config_text, write_config, write_secret

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.core.mail.message import Folders
    from assistant.setup.answers import Asker
    from assistant.setup.discovery.providers import Server
    from assistant.setup.outside import Surroundings
    from assistant.setup.sign_in import SignInWay

# Said before the first question. The four: address, password, model, first digest. What may have to be asked too:
# servers (one question or two), time zone, company, the folder of sent mail.
INTRODUCTION: Final = (
    Translatable("This sets the assistant up on your mailbox, in about five minutes."),
    Translatable("It asks four to six short questions, more only for what it can't find out."),
    Translatable("Then it reads whom you wrote to in a year. Nothing is sent unless you say so."),
)
# Passwords to try before set-up gives up. More would lock some accounts.
TRIES: Final = 3
_TWO_STEPS: Final = (
    "If you sign in with two steps, you need an app password: your provider's website makes one in its security "
    "settings."
)
# Words for an answer, with blanks between them.
_LOCAL: Final = Translatable("local yes y")
_NONE: Final = Translatable("none no n -")


@dataclass(slots=True)
class Conversation:
    """One set-up. `folder` is where the configuration will be written, `home` is the data folder."""

    asker: Asker
    around: Surroundings
    folder: Path
    home: Path
    now: datetime

    def run(self, path: Path) -> None:
        """Ask, test, and write the configuration to `path`. Raises UserError with one sentence if something fails."""
        address = self._ask_address()
        found = self._find_servers(address)
        box, way, found = self._sign_in(address, found)
        box, folders = self._find_folders(box, way)
        smtp = self._try_smtp(found, box, way)
        with self.asker.working(Translatable("Looking into {sent}", sent=all_of(folders.all_sent))):
            sender = try_servers.sender(box, way.credential, folders.all_sent, self.now)
        me = proposal(self.asker, self.around, address, sender)
        llm, key = self._choose_model()
        # Only now: whoever stops at a question leaves nothing behind.
        secret = way.keep(box.user, self.folder, self.around.keyring)
        if key is not None:
            write_secret(self.folder / KEY_FILE, key)
        box = replace(box, secret=secret)
        write_config(path, config_text(NewConfig(me, box, smtp, llm)))
        self._sum_up(me, box, path)

    def _ask_address(self) -> str:
        while True:
            answer = self.asker.ask("address", "Your email address").strip()
            local, _, domain = answer.rpartition("@")
            if local and is_host(domain) and "." in domain and answer.isprintable() and " " not in answer:
                return self._confirm_domain(local, domain)
            self.asker.again(
                Translatable("“{answer}” is not an email address; one looks like priya@example.com.", answer=answer)
            )

    def _confirm_domain(self, local: str, domain: str) -> str:
        """Return the address as it was typed, or with the domain that was meant if the owner agrees."""
        meant = meant_domain(domain.casefold())
        if meant and self.asker.agree("meant", Translatable("Did you mean {local}@{meant}?", local=local, meant=meant)):
            return f"{local}@{meant}"
        return f"{local}@{domain}"

    def _find_servers(self, address: str) -> FoundServers:
        """Return the servers of an address: known, published, or asked for."""
        provider = self.around.discovery.known(address)
        if provider is not None and provider.imap is None:
            raise UserError(provider.note)
        if self.asker.given("imap") is not None:
            return self._ask_servers(address)
        with self.asker.working("Looking for your mail server"):
            found = self.around.discovery.discover(address)
        if found is None:
            self.asker.say("Your mail server could not be found, so two more questions:")
            return self._ask_servers(address)
        out = Translatable(", sending through {smtp}", smtp=found.smtp) if found.smtp else ""
        name = _printable(found.name)
        self.asker.say(
            Translatable("{name}: {imap}{out} ({source})", name=name, imap=found.imap, out=out, source=found.source)
        )
        # DNS can be forged, and a password that went to the wrong host can't be taken back (RFC 6186, 6).
        trusted = found.certain or self.asker.agree(
            "trust_dns",
            Translatable(
                "Only DNS names {host}, which is outside your domain. Send your password there?", host=found.imap.host
            ),
        )
        return found if trusted else self._ask_servers(address)

    def _ask_servers(self, address: str, before: FoundServers | None = None) -> FoundServers:
        """Ask for both servers; the second one is optional. Enter keeps those of `before`, to try them again."""
        domain = address.rpartition("@")[2]
        kept = (str(before.imap), str(before.smtp or "")) if before else (None, "")
        while True:
            try:
                said = self.asker.ask(
                    "imap",
                    Translatable("IMAP server (as in imap.{domain} or imap.{domain}:143)", domain=domain),
                    kept[0],
                )
                imap = try_servers.typed_servers(said)
                no_smtp = Translatable("- for none" if kept[1] else "Enter for none")
                out = self.asker.ask(
                    "smtp", Translatable("SMTP server for sending ({no_smtp})", no_smtp=no_smtp), kept[1]
                )
                if before is not None and (said, out) == kept:
                    return before
                smtp = _smtp_choices(out) if out and not means(out, _NONE, self.asker.language) else []
            except UserError as error:
                self.asker.again(error.sentence)
            else:
                users = tuple(dict.fromkeys((self.asker.given("user") or address, address, local_part(address))))
                return Typed(domain, imap[0], smtp[0] if smtp else None, users, users[0], Translatable("as you said"),
                             choices=tuple(imap), outgoing=tuple(smtp))  # fmt: skip

    def _sign_in(self, address: str, found: FoundServers) -> tuple[MailboxConfig, SignInWay, FoundServers]:
        """Return the mailbox that accepted the sign-in, how, and on which servers."""
        way: SignInWay | None = None
        tries = 0
        while True:
            way = way or self._choose_way(address, found, tell=tries == 0)
            users = (way_user,) if (way_user := self.asker.given("user")) else found.users
            # Each user name is another refused login, and too many would lock some accounts.
            users = users if tries == 0 else users[:1]
            try:
                with self.asker.working(Translatable("Signing in at {place}", place=found.imap)):
                    typed = found.choices if isinstance(found, Typed) else try_servers.servers(found.imap)
                    box = try_servers.find_sign_in(tuple(typed), users, way.credential)
            except LoginRefusedError as error:
                tries += 1
                problem = error.sentence if way.secret.oauth else _refusal(address, found)
                if tries == TRIES:
                    problem = Translatable(
                        "{problem} Nothing was set up; with the right one, run assistant init again.", problem=problem
                    )
                # A password from a command, a variable or a file can't be typed again.
                if tries == TRIES or way.secret != Secret():
                    raise UserError(problem) from None
                self.asker.again(problem)
                way = None
                if tries == 1 and (found.provider is None or not found.provider.app_page):
                    self.asker.say(_TWO_STEPS)
            except UnreachableError as error:
                self.asker.again(error.sentence)
                found = self._ask_servers(address, found)
            else:
                self.asker.say(Translatable("Signed in as {user} at {host}.", user=box.user, host=box.host))
                return box, way, found

    def _choose_way(self, address: str, found: FoundServers, *, tell: bool) -> SignInWay:
        named = sign_in.named_way(self.asker, self.folder)
        if named is not None:
            return named
        provider = found.provider
        if tell:
            for hint in sign_in.hints(provider):
                self.asker.say(hint)
        oauth = provider.oauth if provider is not None else None
        if oauth is not None and (self.asker.given("client_id") or (provider and not provider.passwords)):
            return sign_in.oauth_way(self.asker, oauth, address, self.home, self.around)
        way = sign_in.typed_way(self.asker, address, provider)
        if way is None:
            if oauth is None:
                self.asker.again("The password can't be empty.")
                return self._choose_way(address, found, tell=False)
            return sign_in.oauth_way(self.asker, oauth, address, self.home, self.around)
        return way

    def _find_folders(self, box: MailboxConfig, way: SignInWay) -> tuple[MailboxConfig, Folders]:
        """Return the folders, asking for Sent if it can't be found."""
        box = replace(box, sent=self.asker.given("sent"), drafts=self.asker.given("drafts"))
        while True:
            try:
                with self.asker.working("Looking at your folders"):
                    folders = try_servers.folders(box, way.credential)
            except LoginRefusedError:
                raise
            except UserError as error:
                self.asker.say(error.sentence)
                if self.asker.given("sent") is not None:
                    self.asker.again(error.sentence)
                box = replace(box, sent=self.asker.ask("sent", "Folder of your sent mail"))
            else:
                sent, drafts = all_of(folders.all_sent), folders.drafts
                self.asker.say(
                    Translatable("Folders: sent mail in {sent}, drafts in {drafts}.", sent=sent, drafts=drafts)
                )
                return box, folders

    def _try_smtp(self, found: FoundServers, box: MailboxConfig, way: SignInWay) -> SmtpConfig | None:
        if found.smtp is None:
            return None
        choices = found.outgoing if isinstance(found, Typed) else tuple(try_servers.servers(found.smtp))
        with self.asker.working(Translatable("Signing in at {place}", place=found.smtp)):
            config, why = try_servers.try_smtp(choices, (found.smtp_user, box.user), way.credential)
        # Without SMTP everything works but `send N`, so this must not stop set-up.
        if config is None:
            self.asker.say(
                Translatable("Sending through {smtp} did not work, so it is left out: {why}", smtp=found.smtp, why=why)
            )
            self.asker.say(
                "Your digest still comes over IMAP, and you send the drafts from your Drafts folder. For "
                "`send`, add [smtp] to config.toml later."
            )
        else:
            self.asker.say(Translatable("Sending works through {host}.", host=config.host))
        return config

    def _choose_model(self) -> tuple[LlmConfig | None, str | None]:
        """Return the language model and its key, (None, None) for no model."""
        with self.asker.working("Looking for a language model on this machine"):
            here = models.running(self.around.model_ports)
        if here is not None:
            name, url = _printable(here.models[0]), here.base_url
            self.asker.say(Translatable("A language model runs on this machine: {name} ({url}).", name=name, url=url))
        question = (
            "Language model to word the drafts, if you want one: local, none, or the address of a server (https://…/v1)"
            if here
            else "Language model to word the drafts, if you want one: none, or the address of a server (https://…/v1)"
        )
        while True:
            answer = self.asker.ask("model", Translatable(question), "local" if here else "none")
            if means(answer, _NONE, self.asker.language):
                return None, None
            if means(answer, _LOCAL, self.asker.language) and here is not None:
                url, key, names = here.base_url, None, here.models
            elif problem := base_url_problem(answer):
                self.asker.again(Translatable("“{answer}” {problem}.", answer=answer, problem=problem))
                continue
            else:
                url = answer.rstrip("/")
                key = self.asker.secret("model_key", "Its key (Enter for none)", "") or None
                with self.asker.working("Asking for its models"):
                    names = models.models_of(url, key)
            llm = self._try_model(url, names, key)
            if llm is not None:
                return llm, key

    def _try_model(self, url: str, names: tuple[str, ...], key: str | None) -> LlmConfig | None:
        """Return a model that answers, None if it doesn't and another one is to be chosen."""
        given = self.asker.given("model_name")
        one = len(names) == 1 or (names and url.startswith("http://"))
        name = given or (names[0] if one else self.asker.ask("model_name", "Model", names[0] if names else None))
        self.asker.say(Translatable("Trying {name} …", name=_printable(name)))
        with self.asker.working("Waiting for its answer"):
            problem = models.problem_of(url, name, key)
        if problem is None:
            self.asker.say("It answers.")
            return LlmConfig(url, name, Secret(file=Path(KEY_FILE)) if key else Secret())
        self.asker.again(problem)
        return None

    def _sum_up(self, me: Proposal, box: MailboxConfig, path: Path) -> None:
        say = self.asker.say
        many = len(me.addresses) > 1
        template = (
            "Name {name}, addresses {addresses}, time zone {zone}."
            if many
            else "Name {name}, address {addresses}, time zone {zone}."
        )
        say(Translatable(template, name=me.name, addresses=", ".join(me.addresses), zone=me.timezone))
        if me.company_domains:
            domains = ", ".join(me.company_domains)
            say(Translatable("Your company: {domains} (people there are inside it).", domains=domains))
        if box.secret == Secret():
            say("The password is in this machine's keyring.")
        elif box.secret.file is not None and not box.secret.file.is_absolute():
            file = self.folder / box.secret.file
            say(Translatable("No keyring was found, so the password is in {file}, which only you can read.", file=file))
        say(
            Translatable(
                "Of your sent mail the headers are read; of received mail only headers too, and only of people on your "
                "roster (received = false stops that)."
            )
        )
        say(Translatable("Wrote {path}; all of this can be changed there.", path=path))


@dataclass(frozen=True, slots=True)
class Typed(FoundServers):
    """Servers the owner typed, with everything they may mean, the safest first."""

    choices: tuple[Server, ...] = ()
    outgoing: tuple[Server, ...] = ()


def _smtp_choices(text: str) -> list[Server]:
    from assistant.setup.discovery.providers import Server

    choices = try_servers.typed_servers(text)
    if ":" in text:
        return choices
    host = choices[0].host
    return [Server(host, 465, "tls"), Server(host, 587, "starttls")]


def _refusal(address: str, found: FoundServers) -> str:
    refused = Translatable("The mailbox refused the password for {address}.", address=address)
    if found.provider is None or not found.provider.app_page:
        return refused
    name, page = found.provider.name, found.provider.app_page
    return joined([refused, Translatable("{name} accepts only an app password: {page}", name=name, page=page)])


def _printable(text: str) -> str:
    return "".join(ch if ch.isprintable() else " " for ch in text)[:80]
