"""What the offline writer puts into a brief, in German. {name} is the first name of the person it is about."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {
    "left_off": "Wo ihr stehen geblieben seid",
    "advice": "Der Rat",
    "tell": "Zu erzählen",
    "ask": "Zu fragen",
    "avoid": "Besser nicht",
    "opening": "Ein Satz für den Anfang",
    "motives": "Beweggründe",
    "next_step": "Nächster Schritt",
}
UNDATED: Final = "ohne Datum"
HOW: Final = {
    "mail": "hast du geschrieben",
    "emailed": "hast du geschrieben",
    "met": "habt ihr euch getroffen",
    "meeting": "habt ihr euch getroffen",
    "called": "habt ihr telefoniert",
    "talked to": "habt ihr gesprochen",
    "done": "hattet ihr Kontakt",
}
LEFT_OFF: Final = "Am {day}, {ago}, {how}{subject}."
SUBJECT: Final = " (Betreff: „{subject}“)"
NEVER: Final = (
    "Bisher war kein Kontakt mit {name} zu sehen: Fang klein an.",
    "In deiner Post gibt es noch nichts Gemeinsames: Sag kurz, warum du schreibst.",
)
NOTED: Final = "Deine Notiz vom {day}: „{text}“."
QUOTED: Final = " („{text}“)"
ADVICE: Final = (
    "Am {day} hast du als Rat notiert: „{text}“. Erzähl, was daraus geworden ist.",
    "„{text}“: Das war der Rat vom {day}. Fang damit an, was du daraus gemacht hast.",
    "Der Rat vom {day} war: „{text}“. Wenn du ihm nicht gefolgt bist, sag, warum.",
    "Komm auf „{text}“ zurück (notiert am {day}): Wer rät, hört am liebsten, ob es geholfen hat.",
)
TELL: Final = "Neu seitdem, notiert am {day}: „{text}“."
ASKED: Final = "Am {day} hast du um etwas gebeten: „{text}“. Sag danke oder wie es ausging, bevor du wieder fragst."
NOTHING_TO_TELL: Final = {
    "ally-open": (
        "Leg dir zurecht, was du selbst einbringen würdest.",
        "Sag in einem Satz, was du voranbringen möchtest und warum dir daran liegt.",
    ),
    "ally-met": (
        "Sag in einem Satz, was der Anteil von {name} möglich gemacht hat.",
        "Leg dir zurecht, was daraus geworden ist, damit der Dank einen Grund hat.",
    ),
    "never": (
        "Leg dir in zwei Sätzen zurecht, was euch verbindet und warum du schreibst.",
        "Sag in einem Satz, warum du an {name} gedacht hast.",
    ),
    "mentor": (
        "Seitdem ist kein Erfolg notiert. Eine kleine Lehre genügt zum Tauschen, gut oder schlecht.",
        "Bring etwas mit, das dich ärgert, und etwas, das gelungen ist; es muss nichts Großes sein.",
        "Halte eine Idee bereit, die du einmal laut sagen möchtest.",
    ),
    "advisor": (
        "Seitdem ist nichts Neues notiert. Sag in zwei Sätzen, wo du stehst, bevor du fragst.",
        "Leg dir in zwei Sätzen zurecht, was sich für dich geändert hat.",
        "Sag zuerst, was gut lief: Nach einer Nachricht fragt es sich leichter.",
    ),
    "advocate": (
        "Seitdem ist kein Erfolg notiert. Wähle ein Ergebnis und erzähle es in drei Sätzen.",
        "Such ein Stück Arbeit aus, das die Stärke zeigt, für die du bekannt sein willst.",
        "Halte eine klare Geschichte bereit: das Problem, dein Beitrag, das Ergebnis.",
    ),
    "ally": (
        "Sag, was du seitdem für das Ziel getan hast, auch wenn es wenig ist.",
        "Leg dir zurecht, was fertig ist und was hängt, je ein Satz.",
        "Fang mit deinem eigenen Anteil an, bevor du von dem anderen sprichst.",
    ),
}
SEEN_AS: Final = (
    "Entscheide vor dem Schreiben: Welchen einen Satz soll {name} über dich sagen, wenn du nicht im Raum bist?",
    "Wie soll {name} dich sehen? Wähle eine Stärke, und lass alles darauf zulaufen.",
    "Sag, welche größere Rolle du willst: Nur wer davon weiß, kann sich dafür einsetzen.",
)
QUESTIONS: Final = {
    "mentor": (
        "Was beschäftigt dich bei der Arbeit gerade am meisten?",
        "Was hast du zuletzt gelernt, das du gern früher gewusst hättest?",
        "Was ärgert dich im Moment am meisten, und wie gehst du damit um?",
        "Welche Idee geht dir durch den Kopf, die du noch niemandem erzählt hast?",
        "Was passiert außerhalb deiner Arbeit, das du spannend findest?",
        "Was würdest du an meiner Stelle tun?",
    ),
    "advisor": (
        "Wo siehst du mich, von außen betrachtet?",
        "Woran hast du gemerkt, dass es Zeit für etwas Neues war?",
        "Woran würdest du sehen, dass diese Rolle noch die richtige für mich ist?",
        "Welche Wendung auf deinem Weg sah zuerst falsch aus?",
        "Wie würdest du dich auf ein Gespräch über Gehalt oder eine größere Rolle vorbereiten?",
        "Wen sollte ich für den nächsten Schritt kennenlernen?",
        "Wie hast du Arbeit und den Rest des Lebens im Gleichgewicht gehalten?",
    ),
    "advocate": (
        "Welches Problem soll in der nächsten Zeit am dringendsten gelöst werden?",
        "Worauf achtest du, wenn du entscheidest, wer etwas Größeres übernimmt?",
        "Wo könnte meine Arbeit mehr nützen als jetzt?",
        "Wovon sollte ich mehr zeigen, damit es auch andere sehen?",
        "Welche Gelegenheit wäre gut, um das vorzustellen?",
    ),
    "ally": (
        "Was ist dir daran am wichtigsten?",
        "Welcher nächste Schritt ist klein genug, um bald zu gelingen?",
        "Was würde dich davon abbringen?",
        "Was brauchst du von mir, damit es auf deiner Seite vorangeht?",
        "Woran merken wir, dass wir fertig sind?",
    ),
    "ally-met": (
        "Hast du davon bekommen, was du wolltest?",
        "Was hast du als Nächstes vor?",
        "Was sollten wir beim nächsten Mal anders machen?",
    ),
    "mentor-candidate": (
        "Hast du Lust, alle paar Wochen Ideen und Erfahrungen mit mir zu tauschen?",
        "Was lernst du gerade?",
        "Was würdest du dir von einem solchen Austausch wünschen?",
    ),
    "advisor-candidate": (
        "Würdest du mich ein paarmal im Jahr beraten, von mir gut vorbereitet?",
        "Wie hat dich dein Weg dorthin geführt, wo du bist?",
        "Worauf würdest du an meiner Stelle zuerst schauen?",
    ),
    "advocate-candidate": (
        "Was ist dir in der nächsten Zeit am wichtigsten?",
        "Wo siehst du einen Platz für die Art von Arbeit, die ich mache?",
        "Was müsstest du von mir sehen, um mir etwas Größeres zuzutrauen?",
    ),
    "ally-candidate": (
        "Was möchtest du erreichen, und was steht im Weg?",
        "Gibt es ein Ziel, das wir beide wollen?",
        "Was hättest du davon, es gemeinsam zu tun?",
    ),
}
GOAL_QUESTION: Final = {
    "mentor": "Dein Ziel ist „{text}“: Wie würde {name} das angehen?",
    "advisor": "Dein Ziel ist „{text}“: Frag {name}, was von außen gesehen noch fehlt.",
    "advocate": "Dein Ziel ist „{text}“: Sorg dafür, dass {name} davon weiß, und frag, was noch fehlt.",
}
MOTIVES_GOAL: Final = (
    "Euer gemeinsames Ziel: „{text}“. Frag, was {name} davon hat, und sag, was du davon hast.",
    "Ihr wollt beide „{text}“, jeder aus eigenen Gründen: Nenn deine und finde die anderen heraus.",
    "Vor dem nächsten Schritt zu „{text}“ sollte klar sein, was {name} davon hat und was du.",
)
MOTIVES: Final = (
    "Sag, was es dir gebracht hat, und frag, was es {name} gebracht hat.",
    "Du hattest deine Gründe, {name} hatte andere: Dank dafür, nicht nur für das Ergebnis.",
)
MOTIVES_OPEN: Final = (
    "Finde heraus, was {name} will, bevor du sagst, was du willst.",
    "Frag, was {name} davon hätte, und sag, was du davon hättest.",
)
COMING: Final = "Ihr trefft euch am {day}{text}: Nutz die Gelegenheit."
NEXT: Final = {
    "ally": (
        "Einigt euch auf einen kleinen Schritt mit einem Tag dazu, und biete an, deinen Teil zuerst zu tun.",
        "Haltet gemeinsam fest, wer was als Nächstes tut; hier arbeitet keiner für den anderen.",
        "Frag nach dem kleinsten Schritt, der zeigt, ob es noch vorangeht.",
    ),
    "ally-met": (
        (
            "Sag danke und schließ das Ziel ab (close), oder gib {name} eine andere Rolle, wenn ihr in Kontakt "
            "bleiben wollt."
        ),
        "Dank {name} auch vor anderen, dann schließ das Ziel ab.",
    ),
    "advocate": (
        (
            "Such die nächste Gelegenheit, bei der {name} deine Arbeit sieht: eine Vorstellung, ein Vortrag, eine "
            "große Runde."
        ),
        "Überleg, wie du diese Stärke zeigst, wenn {name} das nächste Mal im Raum ist.",
        "Schick nach dem Gespräch drei Zeilen: was du gehört hast und was du tun wirst.",
    ),
    "candidate": (
        "Frag direkt: Um Rat gefragt zu werden, freut die meisten.",
        "Sag, worum du bittest und wie viel Zeit es kostet; dann mach ein Nein leicht.",
    ),
}
NEXT_UNTIL: Final = {
    "until": "Das Ziel läuft bis {day}: Einigt euch auf den Schritt, der davor dran ist.",
    "past": "Das Ziel sollte bis {day} erreicht sein: Entscheidet gemeinsam, ob es weitergeht, sonst schließ es ab.",
}
AVOID: Final = {
    "mentor": (
        "Eine förmliche Tagesordnung; das ist ein Gespräch unter Leuten, die gern reden.",
        "Nur die eigenen Sorgen: Lass Raum für die anderen.",
        "Klagen passt unter Gleichen, weniger gegenüber jemandem, der über dir steht.",
    ),
    "advisor": (
        "Klagen; bring lieber eine Frage mit.",
        "Viele kleine Fragen: Wähle die eine, auf die es ankommt.",
        "Ohne Plan kommen: Wisse, worüber du reden willst.",
    ),
    "advocate": (
        "Klagen, und in der ersten Mail um einen Gefallen bitten.",
        "Fragen ohne Nachricht: erst der Stand, dann die Frage.",
        "Eine zweite Bitte, bevor du für die erste gedankt hast.",
    ),
    "ally": (
        "Anweisungen; {name} arbeitet nicht für dich.",
        "Hilfe für selbstverständlich nehmen.",
        "Nur davon reden, was du brauchst.",
    ),
}
OPENING: Final = {
    "mentor": (
        "„Was ging [dir|Ihnen] in letzter Zeit durch den Kopf?“",
        "„Ich habe etwas zu erzählen, aber zuerst [du|Sie].“",
        "„Was war zuletzt das Beste, und was das Schlimmste?“",
    ),
    "advisor": (
        "„Zu einer Frage hätte ich gern [deine|Ihre] Sicht.“",
        "„Ich sage in zwei Sätzen, wo ich stehe, und dann höre ich zu.“",
        "„Vor meiner Frage: Wie ist es [dir|Ihnen] ergangen?“",
    ),
    "advocate": (
        "„Ich möchte von einem Stück Arbeit erzählen und dann hören, was [dir|Ihnen] am wichtigsten ist.“",
        "„Darf ich die kurze Fassung davon geben, wozu meine Arbeit geführt hat?“",
        "„In diese Richtung möchte ich mehr tun, und ich wollte, dass [du|Sie] es von mir [hörst|hören].“",
    ),
    "ally": (
        "„Wie sieht es von [deiner|Ihrer] Seite aus?“",
        "„Ich fange mit dem an, was ich dafür tun kann.“",
        "„Was müsste dabei herauskommen, damit es sich für [dich|Sie] lohnt?“",
    ),
    "ally-met": (
        "„Ich wollte einmal richtig danke sagen.“",
        "„Geschafft: Was hat [dir|Ihnen] daran am besten gefallen?“",
    ),
}
