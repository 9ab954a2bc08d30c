"""What the owner is told of each command, in both languages: the only place where transcripts' sentences are worded.

A key gives one template; its places are filled by what the command was about. Commands stay English in both: the
grammar is. Tests hold that both languages have the same places, and that no sentence reads as a command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.core.language.days_in_words import cadence_words, say_day, say_day_and_month

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.language.dates import Language

EFFECTS: Final[dict[str, tuple[str, str]]] = {
    # met, notes, the numbers of a digest
    "met": ("{name}: {verb} on {day}{noted}{named}", "{name}: {verb} am {day}{noted}{named}"),
    "met.noted": (", noted “{note}”", ", notiert: „{note}“"),
    "done": ("{name}: done, in touch on {day}{named}", "{name}: erledigt, Kontakt am {day}{named}"),
    "snooze": ("{name}: snoozed until {day}{named}", "{name}: zurückgestellt bis {day}{named}"),
    "skip": (
        "{name}: not this week: snoozed until {day}{named}",
        "{name}: diese Woche nicht, zurückgestellt bis {day}{named}",
    ),
    "told": ("{kind} noted: “{text}”", "{kind} notiert: „{text}“"),
    "told.of": ("{name}: {kind} kept, “{text}”{named}", "{name}: {kind} gemerkt, „{text}“{named}"),
    "verb.met": ("met", "getroffen"),
    "verb.called": ("called", "angerufen"),
    "verb.talked to": ("talked to", "gesprochen"),
    "verb.emailed": ("emailed", "geschrieben"),
    "kind.note": ("note", "Notiz"),
    "kind.advice": ("advice", "Rat"),
    "kind.ask": ("ask", "Bitte"),
    "kind.win": ("win", "Erfolg"),
    "kind.goal": ("goal", "Ziel"),
    # who is meant
    "named": (" (number {number} of {day})", " (Nummer {number} vom {day})"),
    "who.dropped": (
        "{name} was dropped from the roster, nothing done.",
        "{name} ist nicht mehr auf der Liste, nichts getan.",
    ),
    "who.nobody": (
        "Nobody on the roster is called “{who}”, nothing done.",
        "Niemand auf der Liste heißt „{who}“, nichts getan.",
    ),
    "who.closest": (" Closest: {handle}", " Am nächsten: {handle}"),
    "who.no-digest": (
        "Number {number} of which digest? Say it by name, or answer the digest; nothing done.",
        "Nummer {number} welcher Wochenmail? Nenne den Namen, oder antworte auf die Wochenmail; nichts getan.",
    ),
    "who.no-number": (
        "There is no number {number} in the digest of {day}, nothing done.",
        "In der Wochenmail vom {day} gibt es keine Nummer {number}, nichts getan.",
    ),
    "who.number-dropped": (
        "{name} (number {number} of {day}) was dropped from the roster, nothing done.",
        "{name} (Nummer {number} vom {day}) ist nicht mehr auf der Liste, nichts getan.",
    ),
    "who.which": (
        "{many} {plural}: {handles}. Answer with one.",
        "{many} passen zu „{who}“: {handles}. Antworte mit einem davon.",
    ),
    "who.plural": ("people fit “{who}”", ""),
    "which": ("Which one: {handles}?", "Wer davon: {handles}?"),
    # what exists
    "every": ("{cadence}", "{cadence}"),
    "role": ("{role} now", "jetzt {role}"),
    "role.kept": ("{name}: stays {role}", "{name}: bleibt {role}"),
    "as-said": ("{name}: {what}{named}", "{name}: {what}{named}"),
    "as-it-was": ("{name}: {what}, as it was{named}", "{name}: {what}, wie bisher{named}"),
    "favourite": ("{name}: a favourite{named}", "{name}: besonders wichtig{named}"),
    "favourite.before": ("{name}: a favourite, as before{named}", "{name}: besonders wichtig, wie bisher{named}"),
    "dropped": ("dropped from the roster", "von der Liste genommen"),
    "closed": ("closed, the goal is reached", "abgeschlossen, das Ziel ist erreicht"),
    "closed.goal": ("the goal “{goal}” is reached", "das Ziel „{goal}“ ist erreicht"),
    "closed.nothing": (
        "{name} is no ally and has no goal to close, nothing done{named}",
        "{name}: kein Bündnis und kein Ziel, das abzuschließen wäre, nichts getan{named}",
    ),
    "confirm": (
        "{effect}? Not done yet: answer this with “confirm {code}” within 48 hours.",
        "{effect}? Noch nicht getan: Antworte hierauf binnen 48 Stunden mit „confirm {code}“.",
    ),
    "confirm.exposed": (
        "{effect}? Not done yet, since others have this mail too: answer this with “confirm {code}” within 48 hours.",
        "{effect}? Noch nicht getan, denn andere haben diese Mail auch: Antworte binnen 48 Stunden „confirm {code}“.",
    ),
    "exposed.tap": (
        "Others have this mail too, so its links do only what is harmless: write the line in an answer. Nothing done",
        "Andere haben diese Mail auch, darum tun ihre Links nur Harmloses: Schreib es in einer Antwort. Nichts getan",
    ),
    "exposed.undo": (
        "Others have this mail too: write `undo` in an answer to what it is to take back, nothing done",
        "Andere haben diese Mail auch: Schreib `undo` als Antwort auf das, was es zurücknehmen soll, nichts getan",
    ),
    "confirm.none": (
        "{code} is no code of the transcript this answers, nothing done",
        "{code} ist kein Code der Antwort, auf die du hier schreibst, nichts getan",
    ),
    "confirm.before": ("{code} was confirmed already, nothing done", "{code} ist schon bestätigt, nichts getan"),
    "confirm.late": (
        "{code} was good for 48 hours: say it again, nothing done",
        "{code} galt 48 Stunden: Sag es noch einmal, nichts getan",
    ),
    "not-possible": ("{what}: not possible any more", "{what}: nicht mehr möglich"),
    "main-account": (
        "`{verb}` works from your main account alone, nothing done",
        "`{verb}` geht nur von deinem Hauptkonto aus, nichts getan",
    ),
    "not-contact": ("The message {short} counts as no contact", "Die Nachricht {short} zählt nicht als Kontakt"),
    "not-contact.several": (
        "Several messages begin with the id {short}, nothing done",
        "Mehrere Nachrichten beginnen mit der Kennung {short}, nichts getan",
    ),
    "not-contact.none": (
        "No message begins with the id {short}, nothing done",
        "Keine Nachricht beginnt mit der Kennung {short}, nichts getan",
    ),
    "look": ("{name}: {what}{named}", "{name}: {what}{named}"),
    "look.brief": ("brief", "Stichworte"),
    "look.show": ("show", "alles Bekannte"),
    "look.status": ("How things stand", "So steht es"),
    "look.help": ("How to answer", "So antwortest du"),
    # addresses and new people
    "address.none": ("“{written}” is no address, nothing done", "„{written}“ ist keine Adresse, nichts getan"),
    "address.own": ("{address} is your own address, nothing done", "{address} ist deine eigene Adresse, nichts getan"),
    "address.taken": ("{address} is {name}'s already, nothing done", "{address} gehört schon {name}, nichts getan"),
    "address.known": ("{name}: {address} was known{named}", "{name}: {address} war bekannt{named}"),
    "address.also": ("also {address}", "auch {address}"),
    "address.linked": ("{name}: also {address}", "{name}: auch {address}"),
    "address.not": ("{address} is not theirs", "{address} gehört nicht dazu"),
    "address.not-before": (
        "{name}: {address} is not theirs, as before{named}",
        "{name}: {address} gehört nicht dazu, wie bisher{named}",
    ),
    "address.not-names": ("{address} is not {names}", "{address} gehört nicht {names}"),
    "add.there": (
        "{name} is on the roster with {address} already, nothing changed",
        "{name} ist mit {address} schon auf der Liste, nichts geändert",
    ),
    "add": (
        "{name} <{address}>: added as {described} ({handle})",
        "{name} <{address}>: neu auf der Liste, {described} ({handle})",
    ),
    "add.back": (
        "{name}: back on the roster as {described} ({handle})",
        "{name}: wieder auf der Liste, {described} ({handle})",
    ),
    "back": (
        (
            "{address} is that of {dropped}, who was dropped. Is {name} the same person? "
            "Answer “{label} yes” to bring back {dropped}, “{label} no” to add {name}."
        ),
        (
            "{address} gehörte {dropped}, nicht mehr auf der Liste. Ist {name} derselbe Mensch? "
            "Antworte „{label} yes“, dann kommt {dropped} zurück, oder „{label} no“ für einen neuen Eintrag {name}."
        ),
    ),
    "back.text": ("Is {name} the {dropped} whom you dropped?", "Ist {name} der frühere Eintrag {dropped}?"),
    "add.goal": (", for “{goal}”", ", für „{goal}“"),
    "add.until": (", until {day}", ", bis {day}"),
    "add.role": (
        "{name} <{address}>: as what? Answer “{label} {first}”, or another role: {others}.",
        "{name} <{address}>: als was? Antworte „{label} {first}“, oder mit einer anderen Rolle: {others}.",
    ),
    "add.role-text": ("As what to add {name}?", "Als was kommt {name} auf die Liste?"),
    "add.not": ("{name} is not added", "{name} kommt nicht auf die Liste"),
    "same": (
        (
            "{name} is on the roster already ({handles}). Is {address} the same person? "
            "Answer “{label} yes” to link the address, “{label} no” to add a second {name}."
        ),
        (
            "{name} ist schon auf der Liste ({handles}). Ist {address} derselbe Mensch? "
            "Antworte „{label} yes“, dann gehört die Adresse dazu, oder „{label} no“ für einen zweiten Eintrag {name}."
        ),
    ),
    "same.text": ("Is {address} the {name} of your roster?", "Ist {address} der Eintrag {name} deiner Liste?"),
    "candidate.none": (
        "There is no {label} in the digest that is answered, nothing done",
        "In der Wochenmail, auf die du antwortest, gibt es kein {label}, nichts getan",
    ),
    "candidate.ignored": (
        "{name} <{address}>: not named again ({label})",
        "{name} <{address}>: wird nicht mehr genannt ({label})",
    ),
    # answers to questions
    "question.none": (
        "There is no open question {label}, nothing done",
        "Es gibt keine offene Frage {label}, nichts getan",
    ),
    "question.before": (
        "{label} was answered already ({answer}), nothing done",
        "{label} ist schon beantwortet ({answer}), nichts getan",
    ),
    "question.unfit": (
        "{label} cannot be answered by “{text}”, nothing done",
        "„{text}“ ist keine Antwort auf {label}, nichts getan",
    ),
    "prose.not-meant": ("“{text}” was not meant", "„{text}“ war nicht gemeint"),
    "prose.numbers": (
        "The numbers of “{text}” mean others by now: say it anew, nothing done",
        "Die Nummern in „{text}“ meinen inzwischen andere: Sag es neu, nichts getan",
    ),
    "prose.read": ("Read as {effect}", "Gelesen als {effect}"),
    "prose.order": ("“{order}”, {effect}", "„{order}“, {effect}"),
    "prose.ask": (
        "is that meant? Nothing done yet; “{label} yes” does it: {said}",
        "ist das gemeint? Noch nichts getan; „{label} yes“ tut es: {said}",
    ),
    "mine": ("{address} is yours: mail from it counts", "{address} gehört dir: Mails von dort zählen"),
    "mine.not": ("{address} is not yours", "{address} gehört dir nicht"),
    "met.not": ("Counted as not met", "Zählt als nicht getroffen"),
    "met.all": ("{names}: met on {day}", "{names}: getroffen am {day}"),
    # sending
    "send": ("{name} <{address}>: “{subject}” {when}{named}", "{name} <{address}>: „{subject}“ {when}{named}"),
    "send.out": ("goes out", "geht hinaus"),
    "send.now": ("goes out now", "geht jetzt hinaus"),
    "send.minute": (
        "goes out in a minute, unless you write “undo {cause}” before",
        "geht in einer Minute hinaus, wenn du nicht vorher „undo {cause}“ schreibst",
    ),
    "send.minutes": (
        "goes out in {minutes} minutes, unless you write “undo {cause}” before",
        "geht in {minutes} Minuten hinaus, wenn du nicht vorher „undo {cause}“ schreibst",
    ),
    "send.refused": ("{name}: {reason}{named}", "{name}: {reason}{named}"),
    "send.newest": (
        "`send` works under the newest digest only, nothing sent",
        "`send` geht nur unter der neuesten Wochenmail, nichts gesendet",
    ),
    "send.no-draft": (
        "there is no draft with a known address, nothing sent",
        "es gibt keinen Entwurf mit bekannter Adresse, nichts gesendet",
    ),
    "send.changed": (
        "the text is no longer the one the digest showed, nothing sent",
        "der Text ist nicht mehr der, den die Wochenmail zeigte, nichts gesendet",
    ),
    "send.no-smtp": (
        "there is no [smtp] in the configuration to send with; the draft lies in Drafts",
        "zum Senden fehlt [smtp] in der Konfiguration; der Entwurf liegt unter den Entwürfen",
    ),
    "send.under-way": (
        "that text is on its way already, nothing more is sent",
        "dieser Text ist schon unterwegs, weiter wird nichts gesendet",
    ),
    "send.sent": (
        "that text was sent already, nothing more is sent",
        "dieser Text ist schon gesendet, weiter wird nichts gesendet",
    ),
    "send.doubt": (
        "whether that text went out is being looked into, nothing more is sent",
        "ob dieser Text hinausging, wird noch geprüft, weiter wird nichts gesendet",
    ),
    "send.mail-refused": (
        "the mail server refused that text, nothing more is sent",
        "der Mailserver hat diesen Text abgelehnt, weiter wird nichts gesendet",
    ),
    "draft.edited": (
        "you changed that draft: send it from Drafts; nothing sent",
        "du hast diesen Entwurf geändert: Sende ihn aus den Entwürfen; nichts gesendet",
    ),
    "draft.sent": (
        "you sent that draft yourself, nothing more is sent",
        "du hast diesen Entwurf selbst gesendet, weiter wird nichts gesendet",
    ),
    "draft.replaced": (
        "a newer draft took its place, nothing sent",
        "ein neuerer Entwurf steht an seiner Stelle, nichts gesendet",
    ),
    "doubt.left": ("The message to {to} is left as it is", "Die Nachricht an {to} bleibt, wie sie ist"),
    "doubt.main": (
        "Sending again works from your main account alone, nothing done",
        "Noch einmal senden geht nur von deinem Hauptkonto aus, nichts getan",
    ),
    "doubt.again": ("The message to {to} goes out again", "Die Nachricht an {to} geht noch einmal hinaus"),
    # taking back, and the switches
    "undo.nothing": ("There is nothing to take back.", "Es gibt nichts zurückzunehmen."),
    "undo.none": ("There is no {cause} to take back.", "Es gibt kein {cause}, das zurückzunehmen wäre."),
    "undo.before": ("{cause} is taken back already.", "{cause} ist schon zurückgenommen."),
    "undo.later": (
        "{later} changed the same thing since: undo {later} first. Nothing done.",
        "{later} hat dasselbe seither geändert: zuerst undo {later}. Nichts getan.",
    ),
    "undo.itself": (
        "This message itself changes what {cause} changed: undo {cause} in one of its own.",
        "Diese Nachricht ändert selbst, was {cause} geändert hat: undo {cause} bitte in einer eigenen.",
    ),
    "undo.empty": (
        "{cause} changed nothing: there is nothing to take back.",
        "{cause} hat nichts geändert: Es gibt nichts zurückzunehmen.",
    ),
    "undo": ("{cause} taken back", "{cause} zurückgenommen"),
    "undo.one": ("{cause} taken back: 1 change", "{cause} zurückgenommen: 1 Änderung"),
    "undo.many": ("{cause} taken back: {count} changes", "{cause} zurückgenommen: {count} Änderungen"),
    "undo.stopped": (
        "; the message to {names} was stopped in time",
        "; die Nachricht an {names} wurde noch angehalten",
    ),
    "undo.gone": (
        "; the message to {names} is out and stays out",
        "; die Nachricht an {names} ist hinaus und bleibt es",
    ),
    "pause.until": ("No digest until {day}", "Keine Wochenmail bis {day}"),
    "pause": ("No digest until you write resume", "Keine Wochenmail, bis du resume schreibst"),
    "stop": (
        "Stopped: no more digests, and no earlier mail is obeyed any more. To go on, answer this with “resume”",
        "Angehalten: keine Wochenmails mehr, und keine frühere Mail gilt noch. Weiter geht es mit der Antwort „resume“",
    ),
    "stop.shell": (
        "Stopped: no more digests, and no earlier mail is obeyed any more. To go on, run: assistant do resume",
        "Angehalten: keine Wochenmails mehr, und keine frühere Mail gilt noch. Weiter geht es mit: assistant do resume",
    ),
    "resume": ("Digests come again", "Die Wochenmails kommen wieder"),
    "resume.before": ("Digests were not paused", "Die Wochenmails waren nicht angehalten"),
    # lines and messages as a whole
    "unknown": ("Not understood, nothing done.", "Nicht verstanden, nichts getan."),
    "unknown.closest": (
        "Not understood, nothing done. Closest: {near}",
        "Nicht verstanden, nichts getan. Am nächsten: {near}",
    ),
    "problem": ("{problem}: nothing done.", "{problem}: nichts getan."),
    "problem.past": ("{day} has come already", "{day} liegt nicht in der Zukunft"),
    "problem.ahead": ("{day} is yet to come", "{day} kommt erst noch"),
    "left.signature": ("1 line of signature", "1 Zeile Unterschrift"),
    "left.signatures": ("{count} lines of signature", "{count} Zeilen Unterschrift"),
    "left.digest": ("the quoted digest", "die zitierte Wochenmail"),
    "left.transcript": ("the quoted transcript", "die zitierte Antwort"),
    "left.doubtful": ("{count} more quoted lines", "{count} weitere zitierte Zeilen"),
    "doubtful": (
        "It stands in a quote or a signature and may not be yours (if it is, answer with it alone)",
        "Es steht in einem Zitat oder einer Unterschrift und ist vielleicht nicht von dir (sonst schreib es allein)",
    ),
    "refused": (
        "Your answer {why}: nothing of it was read, nothing done.",
        "Deine Antwort {why}: nichts davon gelesen, nichts getan.",
    ),
    "refused.sealed": (
        "is encrypted or sealed, so send it once more as plain mail",
        "ist verschlüsselt, also schick sie noch einmal als gewöhnliche Mail",
    ),
    "refused.files": ("has no text, only files", "hat keinen Text, nur Dateien"),
    "refused.long": ("is longer than 256 KiB", "ist länger als 256 KiB"),
    "refused.large": ("is larger than 5 MB", "ist größer als 5 MB"),
    "refused.lines": ("has more than {count} lines", "hat mehr als {count} Zeilen"),
    "refused.line": ("has a line of more than {count} characters", "hat eine Zeile mit mehr als {count} Zeichen"),
    "a-day": (
        "This is answer {count} of today; what you send now is read tomorrow.",
        "Das ist heute die {count}. Antwort; was du jetzt schickst, wird morgen gelesen.",
    ),
}

ROLES: Final = {"mentor": "Mentoring", "advisor": "Beratung", "advocate": "Fürsprache", "ally": "Bündnis"}
"""The built-in roles as German sentences name them; a role of the owner's own keeps its name."""
_MANY: Final = {
    "en": ("No", "One", "Two", "Three", "Four", "Five", "Six"),
    "de": ("Niemand", "Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; call it with a key and the values for its places."""

    language: Language = "en"

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence, its places filled. Raises KeyError for an unknown key or a place without a value."""
        return EFFECTS[key][self.language == "de"].format(**values)

    def day(self, day: date) -> str:
        """Return a day: "Sat 4 Apr 2026"."""
        return say_day(day, self.language)

    def bare_day(self, day: date) -> str:
        """Return the day of a digest: "2 March"."""
        return say_day_and_month(day, self.language)

    def cadence(self, days: int) -> str:
        """Return a cadence (days): "every 3 weeks"."""
        return cadence_words(days, self.language)

    def role(self, role: str, *, hoped: bool = False) -> str:
        """Return a role: "hoped-for advocate"."""
        if self.language != "de":
            return f"hoped-for {role}" if hoped else role
        return f"{ROLES.get(role, role)}{' (erhofft)' if hoped else ''}"

    def many(self, count: int) -> str:
        """Return a count as the first word of a sentence, a number from seven on."""
        words = _MANY[self.language]
        return words[count] if count < len(words) else str(count)
