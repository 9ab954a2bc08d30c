"""What the owner wrote in a sent message: without quotes, forwards, signatures, and nothing a reader cannot see.

Every pattern here runs on bounded text and in linear time: a body is cut to 64 KiB before it is looked at.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
import unicodedata
from typing import Final

from assistant.core.mail.html import html_lines

BODY_LIMIT: Final = 64 * 1024
EXCERPT_LIMIT: Final = 1200
"""Characters of one message that may become evidence."""

_QUOTE_STARTS = re.compile(
    r"""^\s*(?:
        -{2,}\s*(?:original\ message|forwarded\ message|urspr.ngliche\ nachricht|weitergeleitete\ nachricht
                 |message\ d.origine|message\ transf.r.|mensaje\ original|mensaje\ reenviado).*
      | begin\ forwarded\ message.* | anfang\ der\ weitergeleiteten.* | _{20,}
      | (?:from|von|de|da)\s*:\s.*[@<].* | (?:sent|gesendet|envoy.(?:\ le)?|enviado(?:\ el)?)\s*:\s.*\d{4}.*
      | (?:on|am|le|el|den|op)\s.{4,200}(?:wrote|schrieb|geschrieben|a\ .crit|escribi.|skrev|schreef).{0,160}:\s*
      | .{0,160}(?:schrieb\ am|wrote\ on)\s.{0,80}:\s*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_FROM = re.compile(r"^\s*(?:from|von|de|da)\s*:\s", re.IGNORECASE)
_ATTRIBUTION_HEAD = re.compile(r"^(?:on|am|le|el)\s.{6,200}$", re.IGNORECASE)
_ATTRIBUTION_TAIL = re.compile(r"^.{0,200}(?:wrote|schrieb|a .crit|escribi.)\s*:\s*$", re.IGNORECASE)
_SENT_FROM = re.compile(
    r"^(?:sent (?:from|with|via)|get outlook|von mein(?:em|er) |gesendet (?:mit|von)|diese nachricht wurde von"
    r"|envoyé (?:de|depuis)|enviado (?:desde|con)).{0,80}$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,2000}>")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\s?(?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_REFERENCE_LINK = re.compile(r"^\s*\[[^\[\]]{1,100}\]:\s.*$", re.MULTILINE)
_URL = re.compile(r"\b(?:https?|ftp|mailto|data|cid|javascript|file):\S{1,500}|\bwww\.\S{1,500}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_TOKENS = re.compile(
    r"<\|[^<>|]{0,60}\|>|\[/?INST\]|<</?SYS>>|\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|#{2,}\s*(?:system|assistant|user)\b:?",
    re.IGNORECASE,
)
_BLOB = re.compile(r"\S{41,}")
_INSTRUCTION = re.compile(
    r"""\b(?:ignor\w*|disregard\w*|forget|vergiss|vergessen\ sie|missachte\w*|oublie\w*|olvida\w*)\b
        .{0,40}\b(?:previous|prior|above|earlier|instruct\w*|prompt\w*|rules?|vorherig\w*|bisherig\w*|anweisung\w*
        |regeln|pr.c.dent\w*|consignes|anterior\w*|instruc\w*)
      | \b(?:system|developer)\s*(?:prompt|message|override|turn)\b | ^\s*(?:system|assistant|developer)\s*:
      | "\s*role"\s*:\s*" | "\s*(?:sentences|brief|abstain|subject)"\s*:
      | \byou\ are\ now\b | \b(?:as|you\ are)\ an?\ (?:ai|assistant|language\ model)\b | \bnew\ instructions?\b
      | \b(?:print|output|reveal|repeat)\b.{0,30}\b(?:prompt|instructions?|verbatim)\b | \bjailbreak\b
      | \b(?:respond|reply|answer|say|write|include|add|insert|antworte\w*|schreib\w*)\b.{0,40}
        \b(?:only\ with|exactly|verbatim|in\ your\ (?:reply|answer|draft|output)|in\ (?:the|every|each)\ draft|nur\ mit)
      | \b(?:bcc|cc)\s*:""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSINGS: Final = (
    "best|best regards|best wishes|all the best|kind regards|warm regards|warmly|regards|cheers|thanks|thank you"
    "|many thanks|thanks again|thanks a lot|talk soon|take care|speak soon|see you|sincerely|yours|yours sincerely"
    "|love|hugs|xo|viele grüße|liebe grüße|beste grüße|herzliche grüße|schöne grüße|mit freundlichen grüßen|grüße"
    "|gruß|lg|vg|bg|mfg|beste gruesse|viele gruesse|liebe gruesse|herzlich|herzlichst|bis bald|bis dann|danke"
    "|vielen dank|ciao|cordialement|bien à toi|bien à vous|amicalement|bises|à bientôt|merci|bien cordialement"
    "|un saludo|saludos|un abrazo|abrazos|atentamente|gracias|hasta pronto|cordialmente"
)


GREETING_WORDS: Final = frozenset(
    "hi hello hey dear good morning afternoon evening hiya howdy hallo hej moin servus guten tag abend liebe "
    "lieber liebes grüß grüezi sehr "
    "geehrte geehrter frau herr dr prof mr mrs ms bonjour bonsoir salut cher chère coucou hola buenos buenas "
    "días tardes querida querido "
    "estimada estimado monsieur madame señor señora don doña there again".split()
)
CLOSING_WORDS: Final = frozenset(re.findall(r"[^\W\d_]+", _CLOSINGS)) | frozenset(
    "as ever always your ihr ihre dein deine euer ton ta votre tu su with mit".split()
)


def visible(text: str) -> str:
    """Return `text` in NFC with Unix line ends and without invisible, control, bidi and tag characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def suspicious(text: str) -> bool:
    """Return whether a line reads like an instruction to a language model; such a line is never evidence."""
    return bool(_INSTRUCTION.search(text))


def plain(text: str) -> str:
    """Return visible text without markup, links, addresses, chat tokens, template braces and long unbroken strings."""
    text = visible(text)
    for pattern, by in (
        (_TOKENS, " "),
        (_REFERENCE_LINK, ""),
        (_MARKDOWN_LINK, r"\1"),
        (_TAG, " "),
        (_URL, ""),
        (_EMAIL, ""),
        (_BLOB, ""),
    ):
        text = pattern.sub(by, text)
    return "\n".join(re.sub(r" {2,}", " ", line).strip() for line in text.split("\n"))


def one_line(text: str, limit: int = 400) -> str:
    """Return `text` as plain words on one line, at most `limit` characters; "" where it reads like an instruction."""
    if suspicious(visible(text[:BODY_LIMIT])):
        return ""
    text = _ARROW.sub(" → ", text[: 4 * limit])  # "35 -> 19": a bracket alone would be taken for markup
    line = " ".join(plain(text).translate(_PLAIN_BRACKETS).split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0]


def own_lines(text: str) -> list[str]:
    """Return the lines the owner wrote above or between quotes: no quoted, forwarded or signature lines."""
    lines = visible(text[:BODY_LIMIT]).split("\n")
    kept: list[str] = []
    for index, line in enumerate(lines):
        if line.rstrip() == "--" or _SENT_FROM.match(line.strip()) or _is_quote_start(lines, index):
            break
        if not line.lstrip().startswith((">", "|")):
            kept.append(line.rstrip())
    return kept


def _is_quote_start(lines: list[str], index: int) -> bool:
    line = lines[index][:400]
    if _QUOTE_STARTS.match(line):
        return True
    following = lines[index + 1][:400] if index + 1 < len(lines) else ""
    if _FROM.match(line) and _QUOTE_STARTS.match(following):  # "From: Jane Roe" without an address, then "Sent: …"
        return True
    return bool(_ATTRIBUTION_HEAD.match(line.strip()) and _ATTRIBUTION_TAIL.match(following.strip()))


def from_html(html: str) -> str:
    """Return the text of an HTML body that a reader would see: nothing hidden, no comments, no quoted block."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(html_lines(visible(html[:BODY_LIMIT]), show="own"))).strip()


_ARROW = re.compile(r"(?<=[\d%])\s*(?:-+|=+)>\s*(?=\d)")
_PLAIN_BRACKETS = str.maketrans("[]", "()", "{}<>`*|\\~^")
