"""What mail programs put around a quote, told by its form: header blocks, attributions, signatures, disclaimers.

Languages have a list of words here only where form alone says nothing. Whether a line names a message of ours is
decided by the message we sent.
"""

from __future__ import annotations

import re

LABELS = 3
"""From, To and Subject: so many lines of `word: value` make a header block."""
WRAPPED_AT = 60
"""Columns from which on a mail program may have ended a line; a shorter one was ended by somebody."""

_LABEL = re.compile(r"[*_ \t]{0,4}[^\W\d_][^\d:：<>@]{0,30}[:：](?!//)")
_YEAR = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with|using) .{1,100}|get outlook for (?:ios|android|mac).{0,60}|yahoo mail: .{1,60}"
    r"|(?:diese nachricht wurde )?von (?:mein(?:em|er)\b|unterwegs\b|outlook\b|spark\b).{0,60}(?:gesendet|geschickt)"
    r"|von meinem .{1,30}|hol(?:en sie sich|e? dir) outlook.{0,60})",
    re.IGNORECASE,
)
# Each holds one of these words at its beginning or end, and the name of a device or a program.
_SENT = frozenset(
    "gesendet beziehen herunterladen envoyé obtenez obtenir télécharger enviado enviada enviat obtener obter inviato "
    "ottieni scarica verzonden verstuurd download skickat hämta sendt hent lähetetty hanki wysłane wysłano pobierz "
    "odesláno stáhnout odoslané küldve elküldve trimis poslano poslato saadetud išsiųsta nosūtīts bidalia gönderildi "
    "edinin отправлено надіслано відправлено изпратено στάλθηκε נשלח أُرسلت أرسلت dikirim terkirim gửi".split()  # noqa: SIM905
)
_SENT_INSIDE = ("送信", "发自", "發自", "傳送", "보냄", "ส่งจาก", "נשלח")
_PROGRAMS = frozenset(
    "iphon ipad android galax samsung huawei xiaomi redmi pixel blackberry nokia outlook yahoo proton thunderbird "
    "gmail fastmail tutanota tuta spark bluemail k-9 fairemail gmx web.de aol mailbird superhuman windows mobil mobile "
    "handy phone telefon téléphone teléfono smartphone tablet".split()  # noqa: SIM905
)
_SIGNED_WORDS = 12
_ORIGINAL = frozenset(
    (
        "original message", "forwarded message", "ursprüngliche nachricht", "originalnachricht", "message d'origine",
        "message original", "mensaje original", "messaggio originale", "mensagem original", "oorspronkelijk bericht",
        "ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti",
        "oryginalna wiadomość", "původní zpráva", "исходное сообщение", "özgün ileti", "原始邮件", "원본 메시지",
    )
)  # fmt: skip
_DISCLAIMER = re.compile(
    r"(?=.{60})(?:the (?:information|contents?) .{0,30})?\b(?:this|diese[rs]?|ce(?:t|tte)?|este|questa?) .{0,30}"
    r"\b(?:e-?mail|message|communication|transmission|nachricht|courriel|correo|mensaje|messaggio)\b"
    r".{0,200}\b(?:confidential|privileged|intended recipient|intended (?:solely|only)|vertraulich|richtige adressat"
    r"|bestimmungsgemäß|confidentiel|confidencial|riservat[aeio]).{0,800}"
    r"|(?:please )?(?:consider|think of) the environment before .{0,80}"
    r"|bitte (?:denken sie an|prüfen sie).{0,40}(?:umwelt|ausdruck).{0,80}",
    re.IGNORECASE,
)


def is_label(line: str) -> bool:
    """Say whether a line begins as a header field does, in any language: "Von: …", "*Subject:* …", "件名：…"."""
    return _LABEL.match(line) is not None


def is_dated(text: str) -> bool:
    """Say whether a text holds a year, a date in figures or a time of day."""
    return _YEAR.search(text) is not None or _TIME.search(text) is not None


def is_stamp(text: str) -> bool:
    """Say whether a text holds both a year and a time of day, as attributions do that name nobody."""
    return _YEAR.search(text) is not None and _TIME.search(text) is not None


def is_decorated(line: str) -> bool:
    """Say whether a line is a rule, or words between two rows of marks ("-------- Original message --------")."""
    bare = line.strip()
    return len(bare) > 4 and all(end in "-_=*─" for end in (*bare[:2], *bare[-2:]))  # noqa: PLR2004 - two at each end


def is_original(line: str) -> bool:
    """Say whether a line is the heading of a header block: between rows of marks, or by its words alone."""
    return is_decorated(line) or line.casefold() in _ORIGINAL


def is_wrapped(line: str, next_line: str) -> bool:
    """Say whether a program may have ended a line there: its width left no room for the next word."""
    return len(line) + 1 + len(next_line.split(maxsplit=1)[0]) > WRAPPED_AT


def is_bracketed(line: str) -> bool:
    """Say whether a line is what a gateway or a program puts in: "[EXTERNAL] …", "[cid:image001.png@01D9]"."""
    inside, bracket, rest = line[1:].partition("]")
    return line[:1] == "[" and bool(bracket) and (not rest.strip() or inside.isupper())


def is_sent_from(line: str) -> bool:
    """Say whether a line is what a phone or a program signs with; the caller sees to its place, the last one."""
    if _SENT_FROM.fullmatch(line):
        return True
    words = [word.strip(".,!:()<>*_\u200e\u200f") for word in line.casefold().split()]
    if not 0 < len(words) <= _SIGNED_WORDS or not any(name in word for word in words for name in _PROGRAMS):
        return False
    return words[0] in _SENT or words[-1] in _SENT or any(word in line for word in _SENT_INSIDE)


def is_disclaimer(line: str) -> bool:
    """Say whether a line begins what companies put below every mail."""
    return _DISCLAIMER.fullmatch(line) is not None
