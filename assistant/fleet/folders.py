"""The owners of one host: `owners/NAME/{config.toml,data/}` below one folder, each private."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from assistant.config import load_config
from assistant.core.language.translation import Translatable
from assistant.errors import AssistantError, UserError
from assistant.store import backups
from assistant.store.database import FILE_NAME, LOCKS, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG, DATA = "config.toml", "data"
# What useradd(8) takes, so that an owner can be a Unix user, and what systemd takes as an instance without escaping.
_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_OTHERS = 0o077
_PASS = 0o011  # others may pass through a folder, but not list it


def owners_folder(home: Path) -> Path:
    """Return the folder of all owners in the host's data folder."""
    return home / "owners"


def owner_folder(owners: Path, name: str) -> Path:
    """Return the folder of one owner, which need not exist. Raises UserError if that can be nobody's name."""
    if not _NAME.fullmatch(name):
        raise UserError(
            "{name} can't be the name of an owner: use at most 32 of a-z, 0-9, - and _, and begin with a letter.",
            name=repr(name),
        )
    return owners / name


def known_owner(owners: Path, name: str) -> Path:
    """Return the folder of an owner who is there. Raises UserError if none is."""
    folder = owner_folder(owners, name)
    if not folder.is_dir():
        raise UserError("There is no owner {name} in {owners}.", name=name, owners=owners)
    return folder


def names(owners: Path) -> list[str]:
    """Return the names of all owners, in order; empty if there is no such folder."""
    if not owners.is_dir():
        return []
    with os.scandir(owners) as entries:
        return sorted(one.name for one in entries if _NAME.fullmatch(one.name) and one.is_dir(follow_symlinks=False))


def add(owners: Path, name: str, config: Path | None, user: str | None) -> Path:
    """Make the folder of a new owner (0700) with a copy of `config`, if given (0600), and return it.

    With `user`, all of it belongs to that Unix user. Raises UserError if the owner exists or there is no such user.
    """
    folder = owner_folder(owners, name)
    owners.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise UserError("There is an owner {name} already: {folder}", name=name, folder=folder) from None
    try:
        (folder / DATA).mkdir(mode=0o700)
        if config:
            with open(os.open(folder / CONFIG, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123 - mode
                file.write(config.read_bytes())
        if user:
            for path in (*folder.iterdir(), folder):
                shutil.chown(path, user, _group_of(user))
            # A Unix user must pass through the folder of all owners, which earlier ones may not have needed.
            owners.chmod(stat.S_IMODE(owners.stat().st_mode) | _PASS)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return folder


def _group_of(user: str) -> int:
    import pwd

    try:
        return pwd.getpwnam(user).pw_gid
    except KeyError:
        raise UserError("There is no Unix user {user} on this machine.", user=user) from None


def remove(owners: Path, name: str) -> None:
    """Delete all that is kept of an owner. Their mailbox stays. Raises UserError while a round or daemon runs."""
    folder = known_owner(owners, name)
    with alone(folder):
        gone = owners / f".{name}.removed"  # no owner's name, so that nobody begins a round in half a folder
        folder.rename(gone)
        shutil.rmtree(gone)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the locks of an owner's daemon and round. Raises UserError if another process holds one."""
    with ExitStack() as stack:
        for lock in LOCKS if (folder / DATA).is_dir() else ():
            with acting_for(folder):
                handle = os.open(folder / DATA / lock, os.O_CREAT | os.O_RDWR, 0o600)
            stack.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError("The assistant is at work for {name}. Stop it first.", name=folder.name) from None
        yield


def check(folder: Path) -> list[str]:
    """Return what is wrong with an owner's folder, one sentence each; empty if it is private, readable and sound."""
    if problems := unusable(folder):
        return private(folder) + problems
    problems = private(folder)
    with acting_for(folder):
        try:
            load_config(folder / CONFIG)
            if (folder / DATA / FILE_NAME).exists():
                with Store(folder / DATA) as store:
                    backups.check_database(store)
        except AssistantError as error:
            problems.append(error.sentence)
    return problems


def unusable(folder: Path) -> list[str]:
    """Return why the Unix user to whom an owner's folder belongs can't use all of it, one sentence for each reason."""
    uid, user = folder.stat().st_uid, unix_user(folder)
    if uid == 0:
        return []
    shut = "{user} can't pass through {path}; run: chmod o+x {path}"
    problems: list[str] = [
        Translatable(shut, user=user, path=parent) for parent in folder.absolute().parents if not _passes(parent, uid)
    ]
    if strange := sum(path.lstat().st_uid != uid for path in folder.rglob("*")):
        told = "Files of others in {path}: {n}. {user} can't use them; run: chown -R {user}: {path}"
        problems.append(Translatable(told, n=strange, path=folder, user=user))
    return problems


def _passes(folder: Path, uid: int) -> bool:
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & (stat.S_IXGRP if found.st_gid in _groups_of(uid) else stat.S_IXOTH))


def _groups_of(uid: int) -> list[int]:
    import pwd

    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        return []
    return os.getgrouplist(user.pw_name, user.pw_gid)


def unix_user(path: Path) -> str:
    """Return the name of the Unix user to whom a file belongs, as sudo takes it: `#1000` for one without a name."""
    import pwd

    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"


@contextmanager
def acting_for(folder: Path) -> Iterator[None]:
    """If root runs this, have the rights of the Unix user to whom the folder belongs, so that new files are theirs."""
    owner = folder.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group, groups = os.getegid(), os.getgroups()
    os.setgroups(_groups_of(owner.st_uid))
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def private(folder: Path) -> list[str]:
    """Return a sentence for each part of an owner's folder that others on this machine may read."""
    parts = (folder, folder / DATA, folder / CONFIG, folder / DATA / FILE_NAME)
    told = "Others on this machine may read {path}; run: chmod go= {path}"
    return [Translatable(told, path=path) for path in parts if path.exists() and path.stat().st_mode & _OTHERS]


def sharing(owners: Path) -> list[str]:
    """Return a sentence for each mailbox that two owners read: each would get the other's digest, and answer it."""
    found: dict[tuple[object, ...], str] = {}
    problems: list[str] = []
    for name in names(owners):
        try:
            box = load_config(owners / name / CONFIG).mailbox
        except AssistantError:
            continue  # `check` says it
        first = found.setdefault((box.kind, box.host, box.user, box.path), name)
        if first != name:
            problems.append(Translatable("{first} and {second} share one mailbox.", first=first, second=name))
    return problems
