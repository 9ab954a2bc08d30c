"""The words of days, lengths of time and cadences, in English and German; core.dates says what they mean."""

from __future__ import annotations

WEEKDAYS = {
    "en": "monday|mon,tuesday|tue|tues,wednesday|wed|weds,thursday|thu|thur|thurs,friday|fri,saturday|sat,sunday|sun",
    "de": "montag|mo,dienstag|di,mittwoch|mi,donnerstag|do,freitag|fr,samstag|sonnabend|sa,sonntag|so",
}
MONTH_NAMES = {
    "en": "january|jan,february|feb,march|mar,april|apr,may,june|jun,july|jul,august|aug,september|sep|sept,"
    "october|oct,november|nov,december|dec",
    "de": "januar|jänner|jan,februar|feber|feb,märz|mär|mrz,april|apr,mai,juni|jun,juli|jul,august|aug,"
    "september|sep|sept,oktober|okt,november|nov,dezember|dez",
}
DAYS = {
    "en": {
        "today": 0,
        "this morning": 0,
        "this afternoon": 0,
        "this evening": 0,
        "tonight": 0,
        "yesterday": -1,
        "last night": -1,
        "the day before yesterday": -2,
        "day before yesterday": -2,
        "tomorrow": 1,
        "the day after tomorrow": 2,
        "day after tomorrow": 2,
    },
    "de": {
        "heute": 0,
        "heute morgen": 0,
        "heute abend": 0,
        "gestern": -1,
        "gestern abend": -1,
        "vorgestern": -2,
        "morgen": 1,
        "übermorgen": 2,
    },
}
NUMBERS = {
    "en": "a|an|one|another,two|a couple of,three,four,five,six,seven,eight,nine,ten,eleven,twelve",
    "de": "ein|eine|einen|einem|einer,zwei,drei,vier,fünf,sechs,sieben,acht,neun,zehn,elf,zwölf",
}
UNITS = {
    "en": {
        "day": "d",
        "days": "d",
        "week": "w",
        "weeks": "w",
        "wk": "w",
        "wks": "w",
        "fortnight": "f",
        "fortnights": "f",
        "month": "m",
        "months": "m",
        "quarter": "q",
        "quarters": "q",
        "year": "y",
        "years": "y",
        "yr": "y",
        "yrs": "y",
    },
    "de": {
        "tag": "d",
        "tage": "d",
        "tagen": "d",
        "woche": "w",
        "wochen": "w",
        "monat": "m",
        "monate": "m",
        "monaten": "m",
        "quartal": "q",
        "quartale": "q",
        "quartalen": "q",
        "jahr": "y",
        "jahre": "y",
        "jahren": "y",
    },
}
WHICH = {
    "en": {"last": "last", "this": "this", "this coming": "this", "coming": "this", "next": "next"},
    "de": {
        **{word + end: "last" for word in ("letzt", "vergangen", "vorig") for end in ("en", "er", "es", "e", "em")},
        **{word + end: "this" for word in ("dies", "kommend") for end in ("en", "er", "es", "e", "em")},
        **{word + end: "next" for word in ("nächst",) for end in ("en", "er", "es", "e", "em")},
    },
}
ENDS = {"en": ("end of ", "the end of "), "de": ("ende ", "ende des ", "ende der ")}
PERIODS = {
    "en": {"week": "w", "weekend": "weekend", "month": "m", "quarter": "q", "year": "y"},
    "de": {
        "woche": "w",
        "wochenende": "weekend",
        "monat": "m",
        "monats": "m",
        "quartal": "q",
        "quartals": "q",
        "jahr": "y",
        "jahres": "y",
    },
}
HALF_YEARS = {"half a year", "a half year", "half year", "ein halbes jahr", "einem halben jahr", "halbes jahr"}
PARTS_OF_DAY = {
    "en": ("morning", "lunchtime", "noon", "afternoon", "evening", "night"),
    "de": ("früh", "morgen", "vormittag", "mittag", "nachmittag", "abend", "nacht"),
}
"""What may stand behind a day and changes nothing of it: "Tuesday evening"."""
STARTS = {
    "en": {"start of": 1, "the start of": 1, "beginning of": 1, "the beginning of": 1, "early": 1, "mid": 15},
    "de": {"anfang": 1, "mitte": 15},
}
"""The day of the month that "beginning of April" and "mid April" stand for, ahead."""
CADENCES = {
    "daily": 1,
    "weekly": 7,
    "fortnightly": 14,
    "biweekly": 14,
    "bi-weekly": 14,
    "monthly": 30,
    "quarterly": 91,
    "twice a year": 182,
    "twice yearly": 182,
    "half-yearly": 182,
    "yearly": 365,
    "annually": 365,
}
