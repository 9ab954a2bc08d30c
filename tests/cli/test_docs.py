from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.main import WRONG_USAGE
from assistant.config import load_config
from assistant.config.values import DigestConfig, LlmConfig, MailboxConfig, Me, RepliesConfig, SmtpConfig
from assistant.core.people.roles import Role
from assistant.setup.discovery.providers import PROVIDERS
from assistant.setup.sign_in import PAGES as CLIENT_ID_PAGES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PASSWORDS = ("password_command", "password_env", "password_file", "token_command")
OAUTH = ("oauth", "client_id", "client_secret_command", "client_secret_env", "client_secret_file", "tenant",
         "authorize_url", "token_url", "device_url", "scope")  # fmt: skip
API_KEYS = ("api_key_command", "api_key_env", "api_key_file", "api_key")
CADENCES = {"cadence_days": "cadence", "favourite_days": "favourite_cadence", "goal_days": "goal_cadence"}
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLAIN_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AT_THE_SHELL = re.compile(r"(?:^|[/ ])assistant (?:-v |--(?:config|home|now) \S+ )*([a-z].*)$")
LEAST = {
    "me": '[me]\nname = "P"\naddresses = ["p@example.com"]\n',
    "mailbox": '[mailbox]\nkind = "imap"\nhost = "h.example.com"\n',
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors that forges make of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_resolve(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}"
        assert not anchor or anchor in anchors(there), f"{name_of(page)} links to {target}"


def documented(section: str) -> set[str]:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    block = text.split(f"## `[{section}]`")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", block, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(
    ("section", "kind", "secrets"),
    [("me", Me, ()), ("mailbox", MailboxConfig, (*PASSWORDS, *OAUTH)), ("smtp", SmtpConfig, PASSWORDS),
     ("digest", DigestConfig, ()), ("replies", RepliesConfig, ()), ("llm", LlmConfig, API_KEYS)],
)  # fmt: skip
def test_every_key_is_documented_and_no_other(section: str, kind: type, secrets: tuple[str, ...]) -> None:
    names = {field.name for field in fields(kind)}
    assert documented(section) == (names - {"secret", "archive_folders"}) | set(secrets if "secret" in names else ())


def test_every_key_of_a_role_is_documented_and_no_other() -> None:
    names = {CADENCES.get(field.name, field.name) for field in fields(Role)}
    assert documented("roles.NAME") == names - {"name"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_piece_of_configuration_in_the_docs_loads(page: Path, tmp_path: Path) -> None:
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "toml" and page.parent.name != "tests":
            sections = tomllib.loads(text)
            if not sections.keys() & {"me", "mailbox", "smtp", "digest", "replies", "llm", "roles"}:
                continue
            whole = "".join(least for name, least in LEAST.items() if name not in sections) + text
            (tmp_path / "config.toml").write_text(whole)
            assert load_config(tmp_path / "config.toml").warnings == ()


def commands_in(page: Path) -> list[str]:
    """Return each `assistant COMMAND …` in a page's prose and blocks, without the global options."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in PLAIN_BLOCK.findall(text) for line in block.splitlines()]
    in_blocks = [found.group(1) for line in lines if (found := AT_THE_SHELL.search(line))]
    return re.findall(r"`assistant ([a-z][^`\n]*)`", text) + in_blocks


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_in_the_docs_exists(page: Path) -> None:
    from assistant.cli.main import cli

    for said in commands_in(page):
        words = said.split()
        command = cli.get_command(None, words[0])  # type: ignore[arg-type]
        assert command is not None, f"{name_of(page)} names assistant {said}"
        names = [words[0]]
        if hasattr(command, "commands") and len(words) > 1:
            assert words[1] in command.commands, f"{name_of(page)} names assistant {said}"
            names.append(words[1])
        shown = CliRunner().invoke(cli, [*names, "--help"]).output
        for option in (word.rstrip(",;:") for word in words if word.startswith("--")):
            assert option in shown, f"{name_of(page)} names assistant {said}"


def test_every_command_has_its_row() -> None:
    import click

    from assistant.cli.main import cli

    said = set(
        re.findall(r"^\| `assistant ([a-z-]+(?: [a-z]+)?)", (ROOT / "docs" / "commands.md").read_text(), re.MULTILINE)
    )
    names = set()
    for name, command in cli.commands.items():
        inner = getattr(command, "commands", None)
        names |= {f"{name} {sub}" for sub in inner} if inner else {name}
        assert isinstance(command, click.Command)
    assert said == names


def test_every_command_and_option_has_its_help() -> None:
    import click

    from assistant.cli.main import cli

    todo = [
        cli,
        *cli.commands.values(),
        *(sub for one in cli.commands.values() for sub in getattr(one, "commands", {}).values()),
    ]
    for command in todo:
        assert command.help, command.name
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert all(option.help or option.hidden for option in options), command.name


def test_every_answer_of_set_up_is_documented_and_no_other() -> None:
    from assistant.setup.answers import FLAGS, LISTS, TEXTS

    text = (ROOT / "docs" / "set-up.md").read_text().split("## Without a terminal")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`[^|]*) \|", text, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == TEXTS | LISTS | FLAGS


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_each_shell_is_there(shell: str) -> None:
    from click.shell_completion import get_completion_class

    assert f"_ASSISTANT_COMPLETE={shell}_source assistant" in (ROOT / "docs" / "set-up.md").read_text()
    assert get_completion_class(shell) is not None


def test_set_up_begins_with_the_same_four_commands_everywhere() -> None:
    install = '\npipx install . --pip-args="-c constraints.txt"\npipx ensurepath\n'
    for page in (ROOT / "README.md", ROOT / "docs" / "set-up.md"):
        assert install in page.read_text(encoding="utf-8")
        assert "\nassistant init\nassistant install-service\n" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_in_the_docs_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    assert {*re.findall(r"`make ([a-z-]+)", text), *re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)} <= targets


def test_a_page_is_printed_and_all_are_listed() -> None:
    from assistant.cli.main import cli

    listed = CliRunner().invoke(cli, ["docs"]).output
    assert {line.split()[0] for line in listed.splitlines()} == page_names()
    for name, page in (("oauth", "providers/oauth.md"), ("providers", "providers/README.md"), ("faq", "faq.md")):
        assert CliRunner().invoke(cli, ["docs", name]).output == (ROOT / "docs" / page).read_text(encoding="utf-8")
    wrong = CliRunner().invoke(cli, ["docs", "gmial"])
    assert wrong.exit_code == WRONG_USAGE
    assert "no page called gmial; there are commands, configuration," in wrong.output


def page_names() -> set[str]:
    pages = (ROOT / "docs").rglob("*.md")
    return {page.parent.name if page.name == "README.md" else page.stem for page in pages}


def texts_of(module: Path) -> list[str]:
    """Return a module's strings but its docstrings; an f-string comes in pieces."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone]
    return [node.value for node in constants if isinstance(node.value, str)]


def test_owners_are_sent_to_pages_they_can_print() -> None:
    """An installed program has no docs/ beside it, so it names `assistant docs PAGE`."""
    modules = sorted((ROOT / "assistant").rglob("*.py"))
    said = [text for module in modules for text in texts_of(module)]
    assert not [text for text in said if "docs/" in text]
    named = {name for text in said for name in re.findall(r"assistant docs ([a-z][a-z0-9-]*)", text)}
    assert {"set-up", "configuration"} <= named
    of_providers = {provider.page for provider in PROVIDERS if provider.page}
    assert named | of_providers | set(CLIENT_ID_PAGES.values()) <= page_names()


def test_each_provider_has_a_page_that_is_linked() -> None:
    folder = ROOT / "docs" / "providers"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in folder.glob("*.md")} - {"README.md"}
    assert pages == {
        "gmail.md",
        "microsoft-365.md",
        "icloud.md",
        "fastmail.md",
        "proton-bridge.md",
        "yahoo.md",
        "gmx.md",
        "own-server.md",
        "oauth.md",
    }
    assert all(f"({page})" in index for page in pages)
