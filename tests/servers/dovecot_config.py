"""The configuration of the tests' Dovecot, in the syntax of 2.3 (Debian 12) or of 2.4 (Debian 13 and later)."""

from __future__ import annotations

import functools
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import Setup


@functools.cache
def version(binary: Path) -> tuple[int, int]:
    """Return the major and minor version of a Dovecot."""
    told = subprocess.run([str(binary), "--version"], check=True, capture_output=True, text=True).stdout
    major, minor, *_ = told.split()[0].split(".")
    return int(major), int(minor)


def config_text(binary: Path, root: Path, port: int, setup: Setup, owner: tuple[str, str], password: str) -> str:
    """Return the configuration for a server in `root` on `port`. `owner` is the user and group it serves as."""
    write = _since_2_4 if version(binary) >= (2, 4) else _before_2_4
    return f"{write(root, setup, owner, password)}\n{_shared(root, port, setup, owner)}\n{setup.extra}\n"


def _before_2_4(root: Path, setup: Setup, owner: tuple[str, str], password: str) -> str:
    user, group = owner
    pair = setup.certificate
    tokens = ""
    if setup.tokeninfo:
        about = root / "oauth2.conf"
        about.write_text(f"tokeninfo_url={setup.tokeninfo}\nusername_attribute=email\n")
        about.chmod(0o644)
        tokens = f"passdb {{\n  driver=oauth2\n  mechanisms=xoauth2 oauthbearer\n  args={about}\n}}"
    return f"""
protocols=imap
{f"ssl_cert=<{pair.path}{chr(10)}ssl_key=<{pair.path}" if pair else ""}
disable_plaintext_auth=no
mail_location=maildir:~/Maildir
{f"imap_capability={setup.capabilities}" if setup.capabilities else ""}
{tokens}
passdb {{
  driver=static
  args=password={password}
}}
userdb {{
  driver=static
  args=uid={user} gid={group} home={root}/home/%u
}}
"""


def _since_2_4(root: Path, setup: Setup, owner: tuple[str, str], password: str) -> str:
    user, group = owner
    pair = setup.certificate
    oauth2 = f"tokeninfo_url={setup.tokeninfo}\n  introspection_mode=get\n  username_attribute=email"
    tokens = f"oauth2 {{\n  {oauth2}\n}}\npassdb oauth2 {{\n  mechanisms_filter=xoauth2 oauthbearer\n}}"
    return f"""
dovecot_config_version=2.4.0
dovecot_storage_version=2.4.0
protocols=imap
{f"ssl_server_cert_file={pair.path}{chr(10)}ssl_server_key_file={pair.path}" if pair else ""}
auth_allow_cleartext=yes
mail_driver=maildir
mail_path=~/Maildir
{f"imap_capability={setup.capabilities}" if setup.capabilities else ""}
{tokens if setup.tokeninfo else ""}
passdb static {{
  password={password}
}}
userdb static {{
  fields {{
    uid={user}
    gid={group}
    home={root}/home/%{{user}}
  }}
}}
"""


def _shared(root: Path, port: int, setup: Setup, owner: tuple[str, str]) -> str:
    user, group = owner
    pair = setup.certificate
    folders = "\n".join(
        f'  mailbox "{name}" {{\n    auto=create\n'
        + (f"    special_use=\\{use}\n" if setup.special_use else "")
        + "  }"
        for use, name in setup.folders.items()
    )
    return f"""
base_dir={root}/run
state_dir={root}/run
log_path={root}/log
listen=127.0.0.1
ssl={"yes" if pair else "no"}
default_internal_user={user}
default_internal_group={group}
default_login_user={user}
auth_mechanisms=plain{" xoauth2 oauthbearer" if setup.tokeninfo else ""}
auth_failure_delay=0
mail_max_userip_connections=200
default_vsz_limit=2G
namespace inbox {{
  inbox=yes
  separator={setup.separator}
  prefix={setup.prefix}
{folders}
}}
service imap-login {{
  chroot=
  inet_listener imap {{
    port={0 if pair else port}
  }}
  inet_listener imaps {{
    port={port if pair and pair.at_once else 0}
    ssl=yes
  }}
  inet_listener starttls {{
    port={port if pair and not pair.at_once else 0}
  }}
}}
service anvil {{
  chroot=
  unix_listener anvil-auth-penalty {{
    mode=0
  }}
}}
"""
