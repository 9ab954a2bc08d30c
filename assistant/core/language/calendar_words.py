"""Days, intervals and months as words, in English and German: every date a draft or brief shows comes from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}
WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_NUMBERS: Final[dict[str, str]] = {
    "en": "zero:0 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 "
    "thirteen:13 fourteen:14 "
    "fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50 sixty:60 "
    "seventy:70 "
    "eighty:80 ninety:90 hundred:100 thousand:1000 million:1000000 billion:1000000000 dozen:12 twice:2 "
    "thrice:3 third:3 "
    "fourth:4 fifth:5 sixth:6 seventh:7 eighth:8 ninth:9 tenth:10 double:2 triple:3 tripled:3 doubled:2 percent:100",
    "de": "null:0 zwei:2 drei:3 vier:4 fünf:5 sechs:6 sieben:7 acht:8 neun:9 zehn:10 elf:11 zwölf:12 "
    "dreizehn:13 vierzehn:14 "
    "fünfzehn:15 sechzehn:16 siebzehn:17 achtzehn:18 neunzehn:19 zwanzig:20 dreißig:30 vierzig:40 fünfzig:50 "
    "sechzig:60 "
    "siebzig:70 achtzig:80 neunzig:90 hundert:100 tausend:1000 dutzend:12 doppelt:2 dreifach:3 million:1000000 "
    "millionen:1000000 prozent:100 dritten:3 vierten:4 fünften:5",
    "fr": "deux:2 trois:3 quatre:4 cinq:5 six:6 sept:7 huit:8 neuf:9 dix:10 onze:11 douze:12 treize:13 "
    "quatorze:14 quinze:15 "
    "seize:16 vingt:20 trente:30 quarante:40 cinquante:50 soixante:60 cent:100 mille:1000 million:1000000 "
    "douzaine:12 troisième:3",
    "es": "dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11 doce:12 trece:13 "
    "catorce:14 quince:15 "
    "veinte:20 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90 cien:100 "
    "ciento:100 mil:1000 millón:1000000 docena:12",
}
# Left out: words that mean something else in another of the four languages ("once", "mil", "null").
NUMBER_WORDS: Final[dict[str, str]] = {
    word: value
    for word, value in (item.split(":") for text in _NUMBERS.values() for item in text.split())
    if word not in {"once", "null", "mil", "percent", "prozent", "double"}
}
"""Number words of the four languages and their digits."""


_FORTNIGHT: Final = 14
_TWO_MONTHS: Final = 60
_ABOUT_TWO_YEARS: Final = 700
_JUST_NOW: Final = 10
_WEEKS: Final = 24
"""Days up to which people count days, weeks, months; up to which it was "recently", and "a few weeks ago"."""


def day_in_words(day: date, language: str) -> str:
    """Return "3 March 2026" or "3. März 2026"; English for any other language."""
    if language == "de":
        return f"{day.day}. {MONTHS['de'][day.month - 1]} {day.year}"
    return f"{day.day} {MONTHS['en'][day.month - 1]} {day.year}"


def ago(days: int, language: str) -> str:
    """Return how long ago in words ("4 weeks ago", "vor 4 Wochen"), rounded to the unit a person would use."""
    count, unit = _interval(days)
    if language == "de":
        names = {
            "day": ("Tag", "Tagen"),
            "week": ("Woche", "Wochen"),
            "month": ("Monat", "Monaten"),
            "year": ("Jahr", "Jahren"),
        }
        one = "einer" if unit == "week" else "einem"
        return "heute" if days <= 0 else f"vor {one if count == 1 else count} {names[unit][count > 1]}"
    return "today" if days <= 0 else f"{count} {unit}{'s' if count > 1 else ''} ago"


def _interval(days: int) -> tuple[int, str]:
    if days < _FORTNIGHT:
        return max(days, 1), "day"
    if days < _TWO_MONTHS:
        return round(days / 7), "week"
    if days < _ABOUT_TWO_YEARS:
        return round(days / 30.44), "month"
    return round(days / 365.25), "year"


def month_since(day: date, today: date, language: str) -> str:
    """Return when something was as one says it in a letter: "in March", "in November last year", "in March 2023".

    The last few weeks are said vaguely: a draft may be sent days after it was written.
    """
    days, month = (today - day).days, day.month - 1
    if language == "de":
        if days <= _WEEKS:
            return "vor kurzem" if days <= _JUST_NOW else "vor ein paar Wochen"
        name = MONTHS["de"][month]
        return f"im {name}" + {0: "", 1: " letzten Jahres"}.get(today.year - day.year, f" {day.year}")
    if days <= _WEEKS:
        return "recently" if days <= _JUST_NOW else "a few weeks ago"
    name = MONTHS["en"][month]
    return f"in {name}" + {0: "", 1: " last year"}.get(today.year - day.year, f" {day.year}")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, in English: "1 message", "2,000 messages"; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
