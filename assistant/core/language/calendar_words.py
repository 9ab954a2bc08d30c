"""Words of the calendar in four languages: the one table of months, weekdays, days, numbers, units and cadences.

`dates` reads these words, `days_in_words` writes them, and the checks of drafts look for them. In a table of forms the
first is the name as it is written; the others are read only. What else is only read lies in `calendar/`.
"""

from __future__ import annotations

from typing import Final

_MONTH_FORMS: Final = {
    "en": "January|Jan February|Feb March|Mar April|Apr May June|Jun July|Jul August|Aug September|Sep|Sept "
    "October|Oct November|Nov December|Dec",
    "de": "Januar|Jänner|Jan Februar|Feber|Feb März|Mär|Mrz April|Apr Mai Juni|Jun Juli|Jul August|Aug "
    "September|Sep|Sept Oktober|Okt November|Nov Dezember|Dez",
    "fr": "janvier|janv février|févr mars avril mai juin juillet|juil août septembre octobre novembre décembre|déc",
    "es": "enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre octubre noviembre "
    "diciembre|dic",
}
_WEEKDAY_FORMS: Final = {
    "en": "Monday|Mon Tuesday|Tue|Tues Wednesday|Wed|Weds Thursday|Thu|Thur|Thurs Friday|Fri Saturday|Sat Sunday|Sun",
    "de": "Montag|Mo Dienstag|Di Mittwoch|Mi Donnerstag|Do Freitag|Fr Samstag|Sonnabend|Sa Sonntag|So",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}


def _names(forms: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {tongue: tuple(group.partition("|")[0] for group in text.split()) for tongue, text in forms.items()}


def _numbers(forms: dict[str, str], first: int) -> dict[str, dict[str, int]]:
    return {
        tongue: {
            form.casefold(): number for number, group in enumerate(text.split(), first) for form in group.split("|")
        }
        for tongue, text in forms.items()
    }


MONTHS: Final = _names(_MONTH_FORMS)
WEEKDAYS: Final = _names(_WEEKDAY_FORMS)
"""The names as they are written, from January and from Monday."""
SHORT_MONTHS: Final = {
    "en": tuple(name[:3] for name in MONTHS["en"]),
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "es": ("ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sept.", "oct.", "nov.", "dic."),
}
SHORT_WEEKDAYS: Final = {
    "en": tuple(name[:3] for name in WEEKDAYS["en"]),
    "de": tuple(f"{name[:2]}." for name in WEEKDAYS["de"]),
    **{tongue: tuple(f"{name[:3]}." for name in WEEKDAYS[tongue]) for tongue in ("fr", "es")},
}
MONTH_NUMBERS: Final = _numbers(_MONTH_FORMS, 1)
WEEKDAY_NUMBERS: Final = _numbers(_WEEKDAY_FORMS, 0)
"""Every form in lower case: January is 1, Monday is 0."""
MAIL_MONTHS: Final = {name: number for number, name in enumerate(SHORT_MONTHS["en"], 1)}
"""The months of RFC 5322 (Date), RFC 9051 (SEARCH) and asctime: `Jan` is 1."""
COUNTED: Final = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
_UNIT_WORDS: Final = {
    "en": "d:day,days w:week,weeks,wk,wks f:fortnight,fortnights m:month,months q:quarter,quarters y:year,years,yr,yrs",
    "de": "d:tag,tage,tagen w:woche,wochen m:monat,monate,monaten q:quartal,quartale,quartalen y:jahr,jahre,jahren",
    "fr": "d:jour,jours w:semaine,semaines m:mois y:an,ans,année,années",
    "es": "d:día,días w:semana,semanas m:mes,meses y:año,años",
}
UNITS: Final = {
    tongue: {word: unit for unit, words in (item.split(":") for item in text.split()) for word in words.split(",")}
    for tongue, text in _UNIT_WORDS.items()
}
"""Units of time by word: d(ay), w(eek), f(ortnight), m(onth), q(uarter), y(ear)."""
SINCE: Final = {
    "en": {
        "in recent": "recently",
        "in weeks": "a few weeks ago",
        "in month": "in {month}",
        "in last": "last {month}",
        "in year": "in {month} {year}",
        "from recent": "from the other day",
        "from weeks": "from a few weeks ago",
        "from month": "from {month}",
        "from last": "from last {month}",
        "from year": "from {month} {year}",
        "since month": "since {month}",
        "since last": "since last {month}",
        "since year": "since {month} {year}",
    },
    "de": {
        "in recent": "vor kurzem",
        "in weeks": "vor ein paar Wochen",
        "in month": "im {month}",
        "in last": "im letzten {month}",
        "in year": "im {month} {year}",
        "from recent": "von neulich",
        "from weeks": "von vor ein paar Wochen",
        "from month": "vom {month}",
        "from last": "vom letzten {month}",
        "from year": "vom {month} {year}",
        "since month": "seit {month}",
        "since last": "seit letztem {month}",
        "since year": "seit {month} {year}",
    },
    "fr": {
        "in recent": "il y a peu",
        "in weeks": "il y a quelques semaines",
        "in month": "en {month}",
        "in last": "en {month} dernier",
        "in year": "en {month} {year}",
        "from recent": "d’il y a peu",
        "from weeks": "d’il y a quelques semaines",
        "from month": "de {month}",
        "from month vowel": "d’{month}",
        "from last": "de {month} dernier",
        "from last vowel": "d’{month} dernier",
        "from year": "de {month} {year}",
        "from year vowel": "d’{month} {year}",
        "since month": "depuis {month}",
        "since last": "depuis {month} dernier",
        "since year": "depuis {month} {year}",
    },
    "es": {
        "in recent": "hace poco",
        "in weeks": "hace unas semanas",
        "in month": "en {month}",
        "in last": "en {month} del año pasado",
        "in year": "en {month} de {year}",
        "from recent": "de hace poco",
        "from weeks": "de hace unas semanas",
        "from month": "de {month}",
        "from last": "de {month} del año pasado",
        "from year": "de {month} de {year}",
        "since month": "desde {month}",
        "since last": "desde {month} del año pasado",
        "since year": "desde {month} de {year}",
    },
}
"""How a letter says when something was: "in March", "from March"; `vowel` is the form before a, o and u."""
