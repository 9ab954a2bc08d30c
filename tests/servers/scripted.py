"""A small IMAP server in this process that does what Dovecot never does. It keeps messages in lists.

    with running_script(Script(messages=[...], poison={3})) as script:
        script.config()   # a [mailbox] section that leads there

Only what the program sends is understood. UIDs are 1, 2, 3, ... in the order of `messages`.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.config import MailboxConfig, Secret
from tests.servers.search_criteria import meets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.search_criteria import Compare

ARRIVED = b'"02-Mar-2026 08:00:00 +0000"'
_TEXT = re.compile(rb"BODY\.PEEK\[(1?)\]")
STRUCTURE = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 5 1 NIL NIL NIL NIL)'


@dataclass
class Script:
    """What the server holds and how it misbehaves. The sets name UIDs; `shut` names folders that can't be opened.

    `cut`: the line breaks, `cuts` times, when such a message is read for the first time.
    `stalls`: the server falls silent when such a message is asked for.
    `idling` is the immediate answer to IDLE. `tide`: a command is answered by the first octets, then by the others for
    ever. `text_breaks`: the line breaks in a giant literal when the text of such a message is asked for, whole or in
    part. `calendars` are text/calendar. `text_refused`: the text of such a message gets the `refusal`. `dropped`: an OK
    that leaves such messages out. `most`: FETCH and SEARCH take so many messages, the newest ones, and say so
    (RFC 9738). `hidden`: SEARCH does not name such messages. `wants_id`: no folder is opened before an ID. `only`: no
    other folders than these can be opened or written to. `compare` is how SEARCH compares texts (None: it finds all).
    `search_refused`: a SEARCH with these octets in it is refused. `searchable`: the server falls silent when more UIDs
    are searched (0: never). `said` has the commands as they were given.
    """

    messages: list[bytes] = field(default_factory=list)
    folders: tuple[bytes, ...] = (b'(\\Sent) "/" "Sent"', b'(\\Drafts) "/" "Drafts"', b'() "/" "INBOX"')
    capabilities: bytes = b"IMAP4rev1 UIDPLUS IDLE"
    login: bytes = b"OK signed in"
    poison: frozenset[int] = frozenset()
    refusal: bytes = b"NO cannot read that"
    poison_structure: frozenset[int] = frozenset()
    cut: frozenset[int] = frozenset()
    cuts: int = 10**9
    giant: frozenset[int] = frozenset()
    stalls: frozenset[int] = frozenset()
    text_breaks: frozenset[int] = frozenset()
    text_refused: frozenset[int] = frozenset()
    calendars: frozenset[int] = frozenset()
    shut: frozenset[bytes] = frozenset()
    garbled: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    most: int = 0
    only: frozenset[bytes] = frozenset()
    namespaces: bytes = b'(("" "/")) NIL NIL'
    wants_id: bool = False
    known_as: bytes = b""
    noise: bool = False
    idling: tuple[bytes, ...] = (b"+ idling",)
    courier: bool = False
    shuffled: bool = False
    append: bytes | None = b"OK [APPENDUID 7 1] done"
    drip: float = 0.0
    silent: frozenset[str] = frozenset()
    flood: frozenset[str] = frozenset()
    tide: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    bye: frozenset[str] = frozenset()
    mutate: Callable[[bytes], bytes] | None = None
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    signed_in_by: bytes = b""
    appended: list[bytes] = field(default_factory=list)
    port: int = 0
    compare: Compare | None = None
    search_refused: bytes = b""
    searchable: int = 0
    said: list[bytes] = field(default_factory=list)

    def config(self, **changes: object) -> MailboxConfig:
        given: dict[str, object] = {
            "kind": "imap", "host": "127.0.0.1", "port": self.port, "security": "none", "user": "priya",
            "secret": Secret(literal="x"),
        }  # fmt: skip
        return MailboxConfig(**{**given, **changes})  # type: ignore[arg-type]


class _CutError(Exception):
    """The line should be cut here."""


class _Handler(socketserver.StreamRequestHandler):
    script: Script
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.script.connections += 1
        with contextlib.suppress(_CutError, OSError):
            self._say(b"* OK [CAPABILITY " + self.script.capabilities + b"] ready")
            while line := self.rfile.readline():
                tag, _, rest = line.strip().partition(b" ")
                self._command(tag, rest)

    def _say(self, line: bytes) -> None:
        data = line + b"\r\n"
        if not self.script.drip:
            self.wfile.write(data)
            return
        for at in range(len(data)):
            self.wfile.write(data[at : at + 1])
            time.sleep(self.script.drip)

    def _command(self, tag: bytes, rest: bytes) -> None:
        words = rest.split()
        name = words[0].upper().decode()
        name = f"UID {words[1].upper().decode()}" if name == "UID" else name
        self.script.commands.append(name)
        self.script.said.append(rest)
        if name in self.script.silent:
            time.sleep(30)
            raise _CutError
        if name in self.script.bye:
            self._say(b"* BYE going down")
            raise _CutError
        while name in self.script.flood:
            self._say(b"* OK " + b"x" * 60_000)
        if name in self.script.tide:
            first, then = self.script.tide[name]
            self.wfile.write(first)
            while True:
                self.wfile.write(then)
        answer = getattr(self, "_" + name.lower().replace(" ", "_"), self._unknown)(tag, rest)
        if self.script.noise:
            self._say(b"* 4711 EXISTS")
            self._say(b"* 1 FETCH (FLAGS (\\Seen $Odd))")
        self._say(tag + b" " + answer)

    def _unknown(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        return b"BAD unknown"

    def _ok(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        return b"OK done"

    _noop = _uid_store = _uid_expunge = _create = _ok

    def _capability(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        self._say(b"* CAPABILITY " + self.script.capabilities)
        return b"OK done"

    def _login(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        return self.script.login

    def _authenticate(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        self._say(b"+ ")
        self.script.signed_in_by = base64.b64decode(self.rfile.readline().strip())
        if self.script.login.startswith(b"OK"):
            return self.script.login
        self._say(b"+ eyJzdGF0dXMiOiI0MDAifQ==")
        self.rfile.readline()
        return self.script.login

    def _list(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        for folder in self.script.folders:
            self._say(b"* LIST " + folder)
        return b"OK done"

    def _logout(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        self._say(b"* BYE see you")
        return b"OK done"

    def _namespace(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        self._say(b"* NAMESPACE " + self.script.namespaces)
        return b"OK done"

    def _id(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        self.script.known_as = rest
        self._say(b'* ID ("name" "scripted")')
        return b"OK done"

    def _select(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        if self.script.wants_id and not self.script.known_as:
            return b"NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
        examine = rest.upper().startswith(b"EXAMINE")
        if not self._is_there(rest, shut=self.script.shut):
            return b"NO [NONEXISTENT] no such folder"
        self._say(b"* FLAGS (\\Seen \\Draft)")
        self._say(b"* %d EXISTS" % len(self.script.messages))
        self._say(b"* 0 RECENT")
        self._say(b"* OK [UIDVALIDITY 7] numbers")
        if not (examine and self.script.courier):
            self._say(b"* OK [UIDNEXT %d] next" % (len(self.script.messages) + 1))
        return b"OK [READ-ONLY] done" if examine else b"OK [READ-WRITE] done"

    _examine = _select

    def _status(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        self._say(b"* STATUS %s (UIDVALIDITY 7 UIDNEXT %d)" % (rest.split()[1], len(self.script.messages) + 1))
        return b"OK done"

    def _is_there(self, rest: bytes, shut: frozenset[bytes] = frozenset()) -> bool:
        named = re.match(rb'\w+ "?([^"]*)', rest)
        name = named[1] if named else b""
        return name not in shut and (not self.script.only or name in self.script.only)

    def _idle(self, tag: bytes, rest: bytes) -> bytes:
        del tag, rest
        for line in self.script.idling:
            self._say(line)
        self.rfile.readline()
        return b"OK done"

    def _append(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        if not self._is_there(rest):
            return b"NO [TRYCREATE] no such folder"
        size = int(re.search(rb"\{(\d+)\}$", rest)[1])  # type: ignore[index]
        self._say(b"+ go on")
        message = self.rfile.read(size)
        self.rfile.readline()
        if self.script.append is None:
            self.script.appended.append(message)
            raise _CutError
        if self.script.append.startswith(b"OK"):
            self.script.appended.append(message)
        return self.script.append

    def _uid_search(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        if b"CHARSET" in rest:
            return b"NO [BADCHARSET (US-ASCII)] letters of ASCII only"
        if self.script.search_refused and self.script.search_refused in rest:
            return b"BAD too much to search for"
        wanted = re.search(rb"\bUID (\d+):(\d+)", rest)
        low, high = (int(wanted[1]), int(wanted[2])) if wanted else (1, len(self.script.messages))
        if 0 < self.script.searchable < high - low + 1:
            self._stay_silent()
        there = range(low, min(high, len(self.script.messages)) + 1)
        found = [uid for uid in there if uid not in self.script.hidden]
        if self.script.compare is not None:
            criteria = rest.partition(b"SEARCH ")[2]
            messages, compare = self.script.messages, self.script.compare
            found = [uid for uid in found if meets(criteria, uid, messages[uid - 1], compare)]
        uids, words = self._newest(found, b"SEARCH")
        self._say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids))
        return words

    def _newest(self, uids: list[int], name: bytes) -> tuple[list[int], bytes]:
        most = self.script.most
        if not most or len(uids) <= most:
            return uids, b"OK done"
        few = uids[-most:]
        code = b"[MESSAGELIMIT %d %d]" % (most, few[0])
        return few, b"OK %s %s completed with %d partial results" % (code, name, most)

    def _uid_fetch(self, tag: bytes, rest: bytes) -> bytes:
        del tag
        uids = self._uids(rest.split()[2])
        script = self.script
        if script.poison & uids or (script.poison_structure & uids and b"BODYSTRUCTURE" in rest):
            return script.refusal
        if script.text_refused & uids and _TEXT.search(rest):
            return script.refusal
        few, words = self._newest(sorted(uids), b"FETCH")
        for uid in few:
            if uid in script.stalls:
                self._stay_silent()
            if uid not in script.dropped:
                self._fetch_one(uid, rest)
        return words

    def _uids(self, given: bytes) -> frozenset[int]:
        top = len(self.script.messages)
        found: set[int] = set()
        for part in given.split(b","):
            first, _, last = part.partition(b":")
            found |= set(range(int(first), min(int(last or first), top) + 1))
        return frozenset(uid for uid in found if uid <= top)

    def _stay_silent(self) -> None:
        """Wait until the other side gives up."""
        self.connection.settimeout(10)
        while self.connection.recv(4_096):
            pass
        raise _CutError

    def _fetch_one(self, uid: int, rest: bytes) -> None:
        message = self.script.messages[uid - 1]
        header = _wanted_header(message, rest)
        if uid in self.script.cut and self.script.cuts > 0 and b"INTERNALDATE" in rest:
            self.script.cuts -= 1
            self._say(b"* %d FETCH (UID %d BODY[HEADER.FIELDS (DATE)] {%d}" % (uid, uid, len(header)))
            raise _CutError
        if uid in self.script.giant:
            self._say(b"* %d FETCH (UID %d BODY[HEADER.FIELDS (DATE)] {99999999999}" % (uid, uid))
            self._stay_silent()
        text = _TEXT.search(rest)
        if text and uid in self.script.text_breaks:
            self._say(b"* %d FETCH (UID %d BODY[%s] {99999999999}" % (uid, uid, text[1]))
            raise _CutError
        if uid in self.script.garbled:
            self._say(b"* %d FETCH (UID %d ((( nonsense" % (uid, uid))
            return
        items = [b"UID %d" % uid, b"FLAGS (\\Seen)", b"INTERNALDATE " + ARRIVED, b"RFC822.SIZE %d" % len(message)]
        if b"BODYSTRUCTURE" in rest:
            kind = b"CALENDAR" if uid in self.script.calendars else b"PLAIN"
            items.append(b"BODYSTRUCTURE " + STRUCTURE.replace(b"PLAIN", kind))
        fields = b'("DATE" "FROM")' if self.script.courier else b"(DATE FROM)"
        if b"HEADER.FIELDS" in rest:
            items.append(b"BODY[HEADER.FIELDS %s] {%d}\r\n%s" % (fields, len(header), header))
        if text:
            part = message if not text[1] else message[len(header) :]
            items.append(b"BODY[%s]%s {%d}\r\n%s" % (text[1], b"<0>" if text[1] else b"", len(part), part))
        if self.script.shuffled:
            items.reverse()
        if self.script.noise:
            self._say(b"* 3 EXPUNGE")
            self._say(b"* OK still working")
        answer = b"* %d FETCH (%s)" % (uid, b" ".join(items))
        self._say(self.script.mutate(answer) if self.script.mutate else answer)


def _wanted_header(message: bytes, rest: bytes) -> bytes:
    lines = message.partition(b"\r\n\r\n")[0].split(b"\r\n")
    alone = b"HEADER.FIELDS (FROM)" in rest
    return b"".join(line + b"\r\n" for line in lines if not alone or line.startswith(b"From:")) + b"\r\n"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def running_script(script: Script) -> Iterator[Script]:
    """Start the server on a free loopback port, yield the script, stop it."""
    handler = type("Handler", (_Handler,), {"script": script})
    with _Server(("127.0.0.1", 0), handler) as server:
        script.port = int(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
