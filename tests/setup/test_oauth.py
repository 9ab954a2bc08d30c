"""OAuth 2: signing in by browser and by code, keeping tokens, using them on a real Dovecot, renewing, withdrawing."""

from __future__ import annotations

import json
import stat
import threading
import urllib.request
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from imapclient import IMAPClient

from assistant.cli.main import run
from assistant.config import MailboxConfig, OAuth, Secret, SmtpConfig, load_config
from assistant.config.secrets import Credential
from assistant.errors import ConfigError, LoginRefusedError, UnreachableError, UserError
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.smtp import SmtpTransport
from assistant.oauth.flows import by_browser, by_device
from assistant.oauth.tokens import FILE_NAME, SignIn, ask, endpoints
from assistant.setup.outside import Surroundings
from tests.servers import dovecot as dovecots
from tests.servers.dovecot import Setup
from tests.servers.oauth import Granting, running_oauth
from tests.servers.smtp import running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import Account

USER = "priya@northwind.example"


def visit(address: str) -> None:
    """Does what a browser does: goes where it is sent, in its own time."""

    def get() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - a server of this test
            page.read()

    threading.Thread(target=get, daemon=True).start()


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def granting() -> Iterator[Granting]:
    with running_oauth(Granting(USER)) as server:
        yield server


def config_for(server: Granting, **changes: object) -> OAuth:
    own = OAuth(
        "other",
        server.client_id,
        None,
        "common",
        f"{server.base}/authorize",
        f"{server.base}/token",
        f"{server.base}/device",
        "mail",
    )
    return replace(own, **changes)  # type: ignore[arg-type]


def sign_in(server: Granting, home: Path, **changes: object) -> SignIn:
    return SignIn(config_for(server, **changes), home, USER, Clock())


def shown_in(server: Granting, home: Path) -> SignIn:
    way = sign_in(server, home)
    way.keep(by_browser(way, lambda _address: None, visit, 10))
    return way


def test_signed_in_by_the_browser_with_pkce_and_kept_for_the_owner_alone(granting: Granting, tmp_path: Path) -> None:
    seen: list[str] = []
    way = sign_in(granting, tmp_path / "home")
    way.keep(by_browser(way, seen.append, visit, 10))
    assert seen[0].startswith(f"{granting.base}/authorize?response_type=code&client_id=a-client")
    assert "code_challenge_method=S256" in seen[0]
    kept = tmp_path / "home" / FILE_NAME
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == [FILE_NAME]
    assert way.credential().token == "access-2"
    assert granting.kinds().count("authorization_code") == 1


def test_signed_in_by_a_code_typed_on_another_device(granting: Granting, tmp_path: Path) -> None:
    granting.waits, granting.slow_down = 2, True
    slept: list[float] = []
    shown: list[tuple[str, str]] = []
    way = sign_in(granting, tmp_path)
    way.keep(by_device(way, lambda address, code: shown.append((address, code)), slept.append))
    assert shown == [(f"{granting.base}/here", "ABCD-EFGH")]
    assert slept == [5.0, 10.0, 15.0], "asked to slow down, it does (RFC 8628, 3.5)"
    assert way.credential().token


def test_declined_or_never_finished_is_one_sentence(granting: Granting, tmp_path: Path) -> None:
    way = sign_in(granting, tmp_path)
    with pytest.raises(UserError, match="Nobody signed in"):
        by_browser(way, lambda _address: None, lambda _address: None, 0.2)
    granting.declines = True
    with pytest.raises(UserError, match="declined"):
        by_browser(way, lambda _address: None, visit, 10)
    with pytest.raises(UserError, match="declined"):
        by_device(way, lambda _address, _code: None, lambda _seconds: None)
    granting.declines, granting.waits = False, 10_000
    with pytest.raises(UserError, match="Nobody signed in"):
        by_device(way, lambda _address, _code: None, lambda _seconds: None)
    assert not (tmp_path / FILE_NAME).exists()


def test_a_redirect_with_another_state_is_not_taken(granting: Granting, tmp_path: Path) -> None:
    codes: list[int] = []

    def forged(address: str) -> None:
        redirect = dict(part.split("=", 1) for part in address.partition("?")[2].split("&"))["redirect_uri"]
        place = urllib.request.unquote(redirect)  # type: ignore[attr-defined]

        def get() -> None:
            for query in ("code=evil&state=guessed", "code=evil", "error=x&state="):
                try:
                    urllib.request.urlopen(f"{place}?{query}", timeout=5).close()  # noqa: S310 - this very test
                except urllib.error.HTTPError as error:
                    codes.append(error.code)
                    error.close()

        threading.Thread(target=get, daemon=True).start()

    with pytest.raises(UserError, match="Nobody signed in"):
        by_browser(sign_in(granting, tmp_path), lambda _address: None, forged, 1.0)
    assert codes == [404] * 3


def test_a_token_is_used_until_it_runs_out_and_then_renewed(granting: Granting, tmp_path: Path) -> None:
    way = shown_in(granting, tmp_path)
    clock = way.clock
    assert isinstance(clock, Clock)
    first = way.credential().token
    clock.now += 3600 - 61
    assert way.credential().token == first
    clock.now += 2
    second = way.credential().token
    assert second not in {None, first}
    assert way.credential().token == second
    assert granting.kinds().count("refresh_token") == 1
    assert "refresh-3" in (tmp_path / FILE_NAME).read_text(), "the refresh token is kept where no new one came"


def test_a_new_refresh_token_takes_the_place_of_the_old(granting: Granting, tmp_path: Path) -> None:
    granting.rotates = True
    way = shown_in(granting, tmp_path)
    tokens = {way.renewed().token for _ in range(3)}
    assert len(tokens) == 3


def test_a_withdrawn_sign_in_is_one_sentence(granting: Granting, tmp_path: Path) -> None:
    way = shown_in(granting, tmp_path)
    granting.withdraw()
    with pytest.raises(LoginRefusedError) as caught:
        way.renewed()
    assert str(caught.value) == (
        f"The provider no longer accepts the sign-in for {USER} (withdrawn, or too old). "
        "Sign in again: assistant init --password"
    )


def test_without_a_sign_in_or_with_anothers_it_says_how_to_make_one(granting: Granting, tmp_path: Path) -> None:
    with pytest.raises(LoginRefusedError, match="assistant init --password"):
        sign_in(granting, tmp_path).credential()
    way = shown_in(granting, tmp_path)
    with pytest.raises(LoginRefusedError, match="Nobody has signed in as somebody"):
        replace(way, user="somebody@example.com").credential()
    (tmp_path / FILE_NAME).write_text("{broken")
    with pytest.raises(LoginRefusedError):
        way.credential()


def test_what_the_endpoint_answers_is_told_apart(granting: Granting, tmp_path: Path) -> None:
    way = shown_in(granting, tmp_path)
    granting.down = True
    with pytest.raises(UnreachableError, match=r"gave no usable answer \(it answered"):
        way.renewed()
    granting.down, granting.client_secret = False, "hidden"
    with pytest.raises(UserError, match="client id"):
        way.renewed()
    assert way.credential().token == "access-2", "what was kept is still there"
    (tmp_path / "cs").write_text("hidden\n")
    assert replace(way, config=config_for(granting, client_secret=Secret(file=tmp_path / "cs"))).renewed().token
    with pytest.raises(UnreachableError):
        ask("http://127.0.0.1:1/token", {"refresh_token": "canary"})
    with pytest.raises(UserError):
        ask("http://northwind.example/token", {})


def test_no_token_stands_in_a_repr_or_an_error(granting: Granting, tmp_path: Path) -> None:
    way = shown_in(granting, tmp_path)
    told = repr(way) + repr(way.credential()) + repr(way._load())  # noqa: SLF001 - its repr is what is tested
    granting.withdraw()
    with pytest.raises(LoginRefusedError) as caught:
        way.renewed()
    told += repr(caught.value) + str(caught.value.__context__)
    assert "access-2" not in told
    assert "refresh-3" not in told


def test_the_large_two_are_known_and_ask_for_mail_alone() -> None:
    google = endpoints(OAuth("google", "x"))
    microsoft = endpoints(OAuth("microsoft", "x", tenant="northwind.example/../x"))
    assert (google.scope, google.device) == ("https://mail.google.com/", "")
    assert dict(google.extra)["access_type"] == "offline"
    assert microsoft.token == "https://login.microsoftonline.com/northwind.example%2F..%2Fx/oauth2/v2.0/token"
    assert "IMAP.AccessAsUser.All" in microsoft.scope
    assert microsoft.device.endswith("/devicecode")
    assert microsoft.redirect_host == "localhost"


def test_google_gives_no_device_code_for_mail(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="browser"):
        by_device(SignIn(OAuth("google", "x"), tmp_path, USER), lambda _a, _c: None)


# On a real Dovecot.


@dataclass
class Real:
    """A Dovecot that believes the sign-in server's tokens."""

    account: Account
    granting: Granting
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def mailbox(self, way: SignIn) -> ImapMailbox:
        box = self.account.config(secret=Secret(oauth=way.config))
        assert isinstance(box, MailboxConfig)
        return ImapMailbox(box, way.credential)

    def command(self, *arguments: str) -> int:
        base = ["--config", str(self.folder / "config.toml"), "--home", str(self.home)]
        return run([*base, *arguments], Surroundings(browse=visit))


@pytest.fixture
def real(granting: Granting, tmp_path: Path) -> Iterator[Real]:
    with dovecots.running(Setup(tokeninfo=f"{granting.base}/tokeninfo?access_token=")) as server:
        account = server.account(USER)
        (tmp_path / "config.toml").write_text(
            '[me]\nname = "Priya Raman"\naddresses = ["priya@northwind.example"]\ntimezone = "UTC"\n'
            f'[mailbox]\nkind = "imap"\nhost = "{account.host}"\nport = {account.port}\nsecurity = "none"\n'
            f'user = "{USER}"\noauth = "other"\nclient_id = "a-client"\nscope = "mail"\n'
            f'authorize_url = "{granting.base}/authorize"\ntoken_url = "{granting.base}/token"\n'
            f'device_url = "{granting.base}/device"\n'
        )
        yield Real(account, granting, tmp_path)


@pytest.mark.dovecot
def test_dovecot_lets_the_token_in_by_xoauth2_and_by_oauthbearer(real: Real) -> None:
    way = shown_in(real.granting, real.home)
    mailbox = real.mailbox(way)
    assert mailbox.folders().sent == "Sent"
    mailbox.close()
    token = way.credential().token
    with IMAPClient(real.account.host, real.account.port, ssl=False) as client:
        client.oauthbearer_login(USER, token)
    assert [path for path, _ in real.granting.questions].count("/tokeninfo") == 2


@pytest.mark.dovecot
def test_a_token_refused_before_its_time_is_renewed_without_a_word(real: Real) -> None:
    way = shown_in(real.granting, real.home)
    real.granting.forget_access()
    mailbox = real.mailbox(way)
    assert mailbox.folders().sent == "Sent"
    mailbox.close()
    assert real.granting.kinds().count("refresh_token") == 1


@pytest.mark.dovecot
def test_signed_in_scanned_withdrawn_and_signed_in_anew_by_the_commands(
    real: Real, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text("")
    assert real.command("scan") == 1
    assert "assistant init --password" in capsys.readouterr().err
    assert real.command("init", "--password", "--answers", str(answers)) == 0
    assert f"Signed in as {USER}" in capsys.readouterr().err
    assert real.command("scan") == 0
    real.granting.withdraw()
    capsys.readouterr()
    assert real.command("scan") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no longer accepts the sign-in" in said
    real.granting.withdrawn = False
    assert real.command("init", "--password", "--answers", str(answers)) == 0
    assert real.command("scan") == 0
    stored = json.loads((real.home / FILE_NAME).read_text())
    assert stored["user"] == USER
    assert stored["access"] not in capsys.readouterr().err


# The configuration.

LEAST = '[me]\nname = "P"\naddresses = ["p@example.com"]\n[mailbox]\nkind = "imap"\nhost = "h.example.com"\n'


def loaded(folder: Path, text: str) -> OAuth | None:
    (folder / "config.toml").write_text(LEAST + text)
    return load_config(folder / "config.toml").mailbox.secret.oauth


def test_oauth_in_the_configuration(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, 'oauth = "google"\nclient_id = "x"\nclient_secret_file = "cs"\n[smtp]\nhost = "s.example.com"\n'
    )
    assert found == OAuth("google", "x", Secret(file=tmp_path / "cs"))
    smtp = load_config(tmp_path / "config.toml").smtp
    assert smtp is not None
    assert smtp.secret.oauth == found
    assert loaded(tmp_path, 'oauth = "microsoft"\nclient_id = "x"\ntenant = "organizations"\n') == OAuth(
        "microsoft", "x", tenant="organizations"
    )
    assert loaded(tmp_path, 'password_env = "X"\n') is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('oauth = "yahoo"\nclient_id = "x"\n', "is not known"),
        ('oauth = "google"\n', "client_id is missing"),
        ('client_id = "x"\n', "needs oauth"),
        ('oauth = "google"\nclient_id = "x"\npassword_env = "P"\n', "can't be used together with oauth"),
        ('oauth = "google"\nclient_id = "x"\ntoken_url = "http://example.com/t"\n', "can't be used as an address"),
        ('oauth = "google"\nclient_id = "x"\ntoken_url = "https://u:p@example.com/t"\n', "can't be used as an address"),
        (
            'oauth = "other"\nclient_id = "x"\nscope = "m"\ntoken_url = "https://example.com/t"\n',
            "authorize_url is missing",
        ),
        (
            'oauth = "google"\nclient_id = "x"\nclient_secret_env = "A"\nclient_secret_file = "B"\n',
            "can't be used together with",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        loaded(tmp_path, text)
    assert len(caught.value.problems) == 1


def test_a_token_refused_when_sending_is_renewed_once() -> None:
    with running_sink(user=USER, token="fresh") as sink:
        config = SmtpConfig(sink.host, sink.port, "none", USER)
        fresh = Credential(token="fresh")
        SmtpTransport(config, lambda: Credential(token="stale", renew=lambda: fresh)).check()
        with pytest.raises(LoginRefusedError):
            SmtpTransport(config, lambda: Credential(token="stale", renew=lambda: Credential(token="worse"))).check()
        with pytest.raises(LoginRefusedError):
            SmtpTransport(config, lambda: Credential(token="stale")).check()
