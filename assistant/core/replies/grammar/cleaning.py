"""Take off what people type around a command: curly quotes, bullets, politeness, greetings, signatures."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
        ),
        "\uff1c": "<",
        "\uff1e": ">",
    }
)
_STRAIGHT = str.maketrans({**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"')})
_MAILTO = re.compile(r" ?< ?mailto:([^\s<>]{3,320}) ?>", re.IGNORECASE)
_TWICE = re.compile(r"<?([^\s<>@]{1,64}@[^\s<>@]{1,255})>? ?<(?:mailto:)?\1>?>?", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*•·–—+▪‣◦●■] ?|\[[ xX]?\] )(?=\S)")
# "1.2 skip" has two numbers; it isn't the first line of a list.
_NUMBER_BULLET = re.compile(r"(\d{1,3})[.)](?: (?=\S)|(?=[^\s\d]))")
_NUMBER_VERB = re.compile(r"(?:done|skip|send|snooze|every|role|favou?rite|is)\b", re.IGNORECASE)
_SEND = re.compile(r"send\b", re.IGNORECASE)

_PLEASE = r"(?:please|pls|plz|kindly|bitte)"
_THANKS = (
    r"(?:thanks(?: a lot| so much| very much| again)?|thank you(?: very much| so much)?|many thanks|thx|ty|tia|cheers"
    r"|danke(?: schön| sehr)?|dankeschön|vielen dank|besten dank|merci|gracias|grazie|obrigado|obrigada)"
)
_PREFIX = re.compile(
    rf"(?:(?:ok|okay|and|also|then|so|und|{_PLEASE}|(?:can|could|would|will) you(?: {_PLEASE})?"
    rf"|{_THANKS}(?=[,.!]))[,:.!]? )+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(rf"(?:[ ,.!]+(?:{_PLEASE}|{_THANKS}|for me|for now))+[ .!?]*", re.IGNORECASE)
_POLITE = re.compile(rf"(?:{_PLEASE}|{_THANKS})[ .!]*", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening)|morning|hallo|hei|hej|moin|servus"
    r"|guten (?:morgen|tag|abend)"
    r"|liebe[rs]?(?! nicht)|bonjour|salut|hola|ciao|buongiorno|olá|dag|beste)(?: [^\W\d]{1,30}){0,2}[ ,.!:]*",
    re.IGNORECASE,
)
_CLOSE = (
    r"(?:(?:best|kind|warm|warmest|with best|with kind)(?: regards| wishes)?|all the best|regards|sincerely(?: yours)?"
    r"|yours(?: sincerely| truly)?|take care|talk soon|br|kr|rgds"
    r"|(?:viele|liebe|beste|herzliche|schöne|freundliche) gr(?:ü|ue)(?:ß|ss)e"
    r"|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|gr(?:u|ü)(?:ß|ss)e?"
    r"|lg|vg|mfg|bg|cordialement|bien à vous|saludos|un saludo|cordiali saluti|saluti|met vriendelijke groet|groetjes"
    r"|abraços|med vänlig hälsning|mvh|hilsen|pozdrawiam)"
)
_BYE = re.compile(
    rf"(?:{_THANKS}|{_CLOSE})(?:[ ,!.]*(?:and|und|&) (?:{_THANKS}|{_CLOSE}))?(?P<rest>.{{0,60}})", re.IGNORECASE
)
_COURTEOUS_REST = re.compile(
    r"[ ,.!–—-]*(?:(?:in advance|im voraus|everyone|all|team|assistant)[ ,.!]*)?", re.IGNORECASE
)
_MARKS_ONLY = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """Return a line in NFC with straight quotes, single blanks and nothing invisible; "" for a blank line."""
    return as_typed(text).translate(_STRAIGHT)


def as_typed(text: str) -> str:
    """Return a line like `clean`, character for character, but with the quotes as they were typed."""
    flat = unicodedata.normalize("NFC", text).translate(_BLANKS)
    # Every line of a digest is looked at, and most are plain ASCII.
    plain = flat.isascii() and flat.isprintable()
    seen = flat if plain else "".join(character for character in flat if _is_seen(character))
    line = " ".join(seen.split())
    # Some programs write an address twice, as "a@b.example <mailto:a@b.example>".
    return _TWICE.sub(r"<\1>", _MAILTO.sub(r" <\1>", line)).strip()


def is_noise(line: str, own_names: tuple[str, ...] = ()) -> bool:
    """Return whether a line is a greeting, thanks, a close, the owner's own name, or marks without a word."""
    if _MARKS_ONLY.fullmatch(line) or _GREETING.fullmatch(line):
        return True
    names = {name.casefold() for full in own_names for name in (full, *full.split()[:1])}
    bare = line.strip(" ,.!-–—/").casefold()
    if bare in names:
        return True
    bye = _BYE.fullmatch(line)
    if bye is None:
        return False
    rest = bye["rest"]
    return bool(_COURTEOUS_REST.fullmatch(rest)) or rest.strip(" ,.!-–—/").casefold() in names


def is_polite(text: str) -> bool:
    """Return whether a text is nothing but please or thanks."""
    return _POLITE.fullmatch(text.strip()) is not None


def without_prefix(line: str) -> str:
    """Return a line without a leading "please", "ok" or "could you"."""
    match = _PREFIX.match(line)
    if match is None:
        return line
    # "Could you skip 2?" is an order; its question mark goes too.
    rest = line[match.end() :]
    return rest.rstrip("?") if " you" in f" {match[0].lower()}" else rest


def without_courtesy(line: str) -> str:
    """Return a line without a trailing "please" or "thanks", final period or smiley."""
    text = _bare_end(line)
    match = next((found for found in _SUFFIX.finditer(text) if found.end() == len(text)), None)
    return _bare_end(text[: match.start()]) if match and match.start() else text


def is_signed(line: str, own_names: tuple[str, ...]) -> bool:
    """Return whether a line of noise ends in the owner's name, so that what follows may be a signature."""
    bare = line.strip(" ,.!-–—/").casefold()
    return any(bare.endswith(name.casefold()) for full in own_names for name in (full, *full.split()[:1]))


def bullet_forms(line: str) -> tuple[str, ...]:
    """Return the ways to read a line, without its bullet: "1. skip" as "1 skip", or with "1." as a list's number."""
    bullet = _BULLET.match(line)
    said = line[bullet.end() :] if bullet else line
    numbered = _NUMBER_BULLET.match(said)
    if numbered is None:
        return (said,)
    rest = said[numbered.end() :]
    forms = (f"{numbered[1]} {rest}",) if _NUMBER_VERB.match(rest) else ()
    # "1. send 2" could send either. What goes out must be beyond doubt, so it is never read as a list.
    return forms if _SEND.match(rest) else (*forms, rest)


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return character in "\t\n\r" or not (category in {"Cc", "Cf", "Cs", "Co"} or "\ufe00" <= character <= "\ufe0f")


def _bare_end(line: str) -> str:
    end = len(line)
    while end and (line[end - 1] in " .!,;…" or unicodedata.category(line[end - 1]) in {"So", "Sk"}):
        end -= 1
    return line[:end]
