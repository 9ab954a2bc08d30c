"""What the offline writer says in German.

"[dich|Sie]" is the familiar and the formal word; slots as in `draft_en`: {uns} is "uns " where the verb wants it
("uns zuletzt geschrieben", but "zuletzt telefoniert"), {v} the participle.
"""

from __future__ import annotations

from typing import Final

OPENINGS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "mentor": {
        "due": (
            (
                "Zuletzt haben wir {uns}{since} {v}{about}, und ich würde gern hören, was sich bei [dir|Ihnen] "
                "seitdem getan hat."
            ),
            "Es ist Zeit für eine neue Runde: Zuletzt haben wir {uns}{since} {v}{about}.",
            (
                "Wie geht es [dir|Ihnen]? Wir haben {uns}{since} zuletzt {v}{about}, und ich möchte es nicht "
                "länger schleifen lassen."
            ),
            "Ich würde gern an unser Gespräch anknüpfen; zuletzt haben wir {uns}{since} {v}{about}.",
            "Seit wir {uns}{since} zuletzt {v} haben{about}, hat sich bei uns beiden sicher einiges angesammelt.",
            "Mal wieder Lust, sich auszutauschen? Zuletzt haben wir {uns}{since} {v}{about}.",
            "Unser letzter Austausch war {since}{about}, und ich bin neugierig, was [dich|Sie] gerade beschäftigt.",
        ),
        "long": (
            "Das ist viel zu lange her: Zuletzt haben wir {uns}{since} {v}{about}.",
            "Ich habe mich zu lange nicht gemeldet; zuletzt haben wir {uns}{since} {v}{about}.",
            "Diese Zeilen kommen etwas unverhofft, denn zuletzt haben wir {uns}{since} {v}{about}.",
            "Zuletzt haben wir {uns}{since} {v}{about}, und das ist länger, als mir lieb ist.",
            "Es war zu lange still zwischen uns; zuletzt haben wir {uns}{since} {v}{about}.",
        ),
        "never": (
            "Ich nehme mir schon länger vor, [dir|Ihnen] einmal in Ruhe zu schreiben.",
            "Ich würde mich gern öfter mit [dir|Ihnen] austauschen und mache einfach den Anfang.",
            "Statt auf eine gute Gelegenheit zu warten, schreibe ich [dir|Ihnen] einfach.",
            "Mit [dir|Ihnen] würde ich gern öfter Ideen austauschen, deshalb heute diese Zeilen.",
            "Ich würde gern hören, was [dich|Sie] gerade beschäftigt, ganz ohne besonderen Anlass.",
        ),
        "candidate": (
            "Wir schreiben uns oft genug, dass ich [dich|Sie] einmal direkt etwas fragen möchte.",
            (
                "Ich nehme aus unseren Mails viel mit, deshalb heute eine Frage, die nichts mit der Arbeit selbst "
                "zu tun hat."
            ),
            "Heute eine Frage, die ich lieber offen stelle.",
            "Ich habe mich gefragt, mit wem ich gern gemeinsam lernen würde, und bin auf [dich|Sie] gekommen.",
            "Es geht heute nicht um eine gemeinsame Aufgabe, sondern um etwas, das mir Freude machen würde.",
        ),
    },
    "advisor": {
        "due": (
            "Zuletzt haben wir {uns}{since} {v}{about}, und [dein|Ihr] Blick von außen wäre mir wieder viel wert.",
            (
                "Seit wir {uns}{since} zuletzt {v} haben{about}, trage ich eine Frage mit mir herum, mit der ich "
                "gern zu [dir|Ihnen] käme."
            ),
            "Unser letzter Austausch war {since}{about}, und ich würde ihn gern fortsetzen.",
            "Ich schreibe, weil mir [dein|Ihr] Rat wieder wichtig wäre; zuletzt haben wir {uns}{since} {v}{about}.",
            (
                "Ich würde gern hören, wie es [dir|Ihnen] geht, und etwas mit [dir|Ihnen] durchdenken; zuletzt "
                "haben wir {uns}{since} {v}{about}."
            ),
            (
                "Als wir {uns}{since} zuletzt {v} haben{about}, war ich froh über [deine|Ihre] Zeit, und heute "
                "bitte ich um etwas mehr davon."
            ),
            (
                "Darf ich [dich|Sie] wieder um [deine|Ihre] Einschätzung bitten? Zuletzt haben wir {uns}{since} "
                "{v}{about}."
            ),
        ),
        "long": (
            "Es ist lange her: Zuletzt haben wir {uns}{since} {v}{about}, und ich hätte mich früher melden sollen.",
            "Zuletzt haben wir {uns}{since} {v}{about}; die lange Stille tut mir leid.",
            (
                "Seit wir {uns}{since} zuletzt {v} haben{about}, ist zu viel Zeit vergangen, und ich möchte gern "
                "wieder anknüpfen."
            ),
            "Von mir war zu lange nichts zu hören; zuletzt haben wir {uns}{since} {v}{about}.",
            "Ich bin [dir|Ihnen] ein paar Zeilen schuldig: Zuletzt haben wir {uns}{since} {v}{about}.",
        ),
        "never": (
            "Ich würde [dich|Sie] gern um [deine|Ihre] Einschätzung bitten und fasse mich kurz.",
            "Ich wollte [dir|Ihnen] schon länger schreiben, weil mir [dein|Ihr] Blick von außen viel wert wäre.",
            "Wenn ich überlege, wessen Rat mir bei meinem Weg wichtig wäre, fällt mir [dein|Ihr] Name ein.",
            "Ich schreibe [dir|Ihnen], weil ich gern von [deinem|Ihrem] Weg lernen würde.",
            "Über [deinen|Ihren] Weg würde ich gern mehr erfahren, deshalb diese Zeilen.",
        ),
        "candidate": (
            "Ich habe eine ungewöhnliche Frage und stelle sie lieber direkt.",
            (
                "Ich suche jemanden mit einem Blick von außen, den ich ab und zu zu meinem Weg befragen darf, und "
                "habe an [dich|Sie] gedacht."
            ),
            "Ich habe überlegt, wessen Rat ich mir für die nächsten Jahre wünsche, und [dein|Ihr] Name kam zuerst.",
            "Ich würde [dich|Sie] gern etwas fragen, das nichts mit dem Alltag bei der Arbeit zu tun hat.",
            "Ich möchte von Menschen lernen, die auf ihrem Weg schon weiter sind, und dabei denke ich an [dich|Sie].",
        ),
    },
    "advocate": {
        "due": (
            "Zuletzt haben wir {uns}{since} {v}{about}, und ich möchte [dich|Sie] gern auf den neuesten Stand bringen.",
            "Unser letzter Austausch war {since}{about}, deshalb heute eine kurze Nachricht von mir.",
            "Ich möchte [dir|Ihnen] kurz erzählen, wo meine Arbeit steht; zuletzt haben wir {uns}{since} {v}{about}.",
            (
                "Seit wir {uns}{since} zuletzt {v} haben{about}, ist einiges zusammengekommen, das ich [dir|Ihnen] "
                "gern zeigen würde."
            ),
            "Zuletzt haben wir {uns}{since} {v}{about}, und ein kurzer Stand von meiner Seite ist fällig.",
        ),
        "long": (
            "Unser letzter direkter Austausch ist lange her: Das war {since}{about}.",
            "Zuletzt haben wir {uns}{since} {v}{about}; ein kurzer Stand von mir ist überfällig.",
            "Es ist lange her, dass wir {uns}direkt {v} haben{about}: Das war {since}.",
            "Zuletzt haben wir {uns}{since} zu zweit {v}{about}, deshalb heute ein kurzer Stand von mir.",
        ),
        "never": (
            (
                "Wir sprechen selten direkt miteinander, deshalb möchte ich [dir|Ihnen] in wenigen Zeilen sagen, "
                "woran ich arbeite."
            ),
            "Ich würde [dir|Ihnen] gern zeigen, welche Überlegungen hinter meiner Arbeit stehen.",
            (
                "Es wäre mir wichtig, dass [du|Sie] von meiner Arbeit etwas mehr [weißt|wissen], als in großen "
                "Runden ankommt."
            ),
            (
                "In großen Runden ist selten Platz für die Geschichte hinter der Arbeit, deshalb schreibe ich "
                "[dir|Ihnen] direkt."
            ),
        ),
        "hoped": (
            (
                "Ich möchte, dass [du|Sie] ein klares Bild von meiner Arbeit [hast|haben], und schreibe "
                "[dir|Ihnen] deshalb direkt."
            ),
            "Wir haben selten Anlass, zu zweit zu sprechen, und ich würde gern einen schaffen.",
            "Ich würde gern hören, wie [du|Sie] das große Ganze [siehst|sehen], und kurz erzählen, woran ich arbeite.",
            (
                "Ich möchte gern verstehen, was [dir|Ihnen] in der nächsten Zeit am wichtigsten ist und wo meine "
                "Arbeit dazu passt."
            ),
        ),
        "candidate": (
            (
                "Ich möchte, dass [du|Sie] ein klares Bild von meiner Arbeit [hast|haben], und schreibe "
                "[dir|Ihnen] deshalb direkt."
            ),
            "Wir sprechen selten zu zweit, und das würde ich gern ändern.",
            "Ich würde gern hören, wie [du|Sie] das große Ganze [siehst|sehen], und kurz erzählen, woran ich arbeite.",
            (
                "Ich möchte gern verstehen, was [dir|Ihnen] in der nächsten Zeit am wichtigsten ist und wo meine "
                "Arbeit dazu passt."
            ),
        ),
    },
    "ally": {
        "due": (
            "Ich würde gern sehen, wo wir bei {goal} stehen; zuletzt haben wir {uns}{since} {v}{about}.",
            "Kurz zu {goal}: Zuletzt haben wir {uns}{since} {v}{about}, und ich möchte, dass es weitergeht.",
            "Zuletzt haben wir {uns}{since} {v}{about}; wie sieht es bei {goal} von [deiner|Ihrer] Seite aus?",
            "Lass[|en Sie] uns bei {goal} den nächsten Schritt gehen; zuletzt haben wir {uns}{since} {v}{about}.",
            "Bevor es bei {goal} still wird: Zuletzt haben wir {uns}{since} {v}{about}.",
        ),
        "long": (
            "Bei {goal} war es zu lange still; zuletzt haben wir {uns}{since} {v}{about}.",
            (
                "Zuletzt haben wir {uns}{since} {v}{about}, und ich wüsste gern, ob [dir|Ihnen] an {goal} noch so "
                "viel liegt wie mir."
            ),
            "Zu {goal} habe ich mich zu lange nicht gemeldet; zuletzt haben wir {uns}{since} {v}{about}.",
            (
                "Ganz offen zu {goal}: Zuletzt haben wir {uns}{since} {v}{about}, und ich möchte mit [dir|Ihnen] "
                "entscheiden, wie es weitergeht."
            ),
        ),
        "never": (
            "Ich würde gern mit [dir|Ihnen] über {goal_acc} sprechen und darüber, wie wir gemeinsam weiterkommen.",
            "Lass[|en Sie] uns bei {goal} den nächsten Schritt finden, solange wir ihn beide wollen.",
            "Es geht mir um {goal_acc}, denn ich glaube, dass es mit uns beiden besser vorangeht.",
            "Ich würde gern hören, wie [du|Sie] {goal_acc} [siehst|sehen].",
        ),
        "goal-met": (
            "Geschafft: {goal_cap} ist erreicht, und ich möchte [dir|Ihnen] dafür in aller Form danken.",
            "{goal_cap} liegt hinter uns, und ich möchte nicht einfach weiterziehen, ohne [dir|Ihnen] zu danken.",
            "Jetzt, wo wir {goal_acc} erreicht haben, möchte ich es einfach sagen: danke.",
            "Bevor wir beide zum nächsten Thema eilen: danke für die gemeinsame Arbeit an {goal}.",
        ),
        "candidate": (
            "Ich habe das Gefühl, dass wir manches gemeinsam wollen, deshalb frage ich [dich|Sie] direkt.",
            "Ich glaube, wir könnten zusammen etwas voranbringen, das allein keiner von uns schafft.",
            (
                "Ich glaube, dass [du|Sie] manches von einer anderen Seite [siehst|sehen] als ich, und das könnte "
                "uns beiden helfen."
            ),
            "Ich würde gern herausfinden, ob es ein Ziel gibt, das wir beide wollen.",
        ),
    },
}

WHY: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "Mir gehen gerade ein paar Ideen durch den Kopf, die einen zweiten Kopf gut gebrauchen könnten.",
        "Bei mir gibt es ein wenig Fortschritt und ein wenig Frust, und beides würde ich gern mit [dir|Ihnen] teilen.",
        "Es tut mir gut, ab und zu daran erinnert zu werden, dass die Welt größer ist als mein Schreibtisch.",
        "Ich habe einiges gesammelt, das ich nur jemandem erzähle, der diese Art von Arbeit kennt.",
        "Ich denke klarer über meine Fragen nach, wenn ich sie einmal laut ausgesprochen habe.",
    ),
    "advisor": (
        "Ich überlege, was ich als Nächstes übernehmen soll, und bin zu nah dran, um es klar zu sehen.",
        (
            "Ich überlege, wie ich den nächsten Abschnitt meines Weges gestalten will, und ein Blick von außen "
            "würde mir sehr helfen."
        ),
        (
            "Außerdem würde ich gern besser verstehen, wie [du|Sie] solche Entscheidungen auf [deinem|Ihrem] Weg "
            "getroffen [hast|haben]."
        ),
        (
            "Mich beschäftigt, wie ich mich für eine größere Rolle aufstelle, und ich würde gern hören, wie "
            "[du|Sie] das angehen [würdest|würden]."
        ),
    ),
    "advocate": (
        (
            "Ich würde künftig gern einen größeren Teil übernehmen und sage das lieber offen, als dass [du|Sie] es "
            "erraten [musst|müssen]."
        ),
        (
            "Ich möchte dort nützlich sein, wo die schwierigen Fragen liegen, und dafür hilft es mir, [deine|Ihre] "
            "Sicht zu kennen."
        ),
        "Mir ist wichtig, dass meine Arbeit in die Richtung geht, auf die es [dir|Ihnen] ankommt.",
        (
            "In einem Satz: Ich suche größere Fragen, an denen ich arbeiten kann, und möchte, dass [du|Sie] davon "
            "[weißt|wissen]."
        ),
    ),
    "ally": (
        "Was ich davon habe, weiß ich; mir ist wichtig, dass auch für [dich|Sie] genug dabei ist.",
        "Mir liegt aus eigenen Gründen daran, und [deine|Ihre] Gründe würde ich gern besser verstehen.",
        "Mir ist ein kleiner nächster Schritt lieber als ein großer Plan, für den keiner von uns Zeit hat.",
        (
            "Wenn sich [deine|Ihre] Gründe inzwischen geändert haben, wüsste ich auch das gern, damit es sich für "
            "uns beide lohnt."
        ),
    ),
    "ally-open": (
        "Was ich davon hätte, weiß ich; mir ist wichtig, dass auch für [dich|Sie] genug dabei ist.",
        "Mir ist ein kleiner erster Schritt lieber als ein großer Plan, für den keiner von uns Zeit hat.",
        "Mir liegt aus eigenen Gründen daran, und [deine|Ihre] Gründe würde ich gern kennenlernen.",
    ),
    "goal-met": (
        "Ohne [dich|Sie] hätte ich das nicht geschafft.",
        (
            "[Du hattest|Sie hatten] [deine|Ihre] eigenen Gründe dafür, und ich hoffe, dass [du|Sie] bekommen "
            "[hast|haben], was [du|Sie] [wolltest|wollten]."
        ),
        "Es war eine Freude, mit [dir|Ihnen] dasselbe zu wollen.",
        "Es hat mir gutgetan, jemanden an meiner Seite zu haben, dem es genauso wichtig war.",
    ),
}

NEWS: Final[tuple[str, ...]] = (
    "Neues von meiner Seite: {news}.",
    "Eines freut [dich|Sie] vielleicht zu hören: {news}.",
    "Auch von mir gibt es etwas zu berichten: {news}.",
    "Eine gute Nachricht habe ich auch: {news}.",
    "In aller Kürze, was sich hier getan hat: {news}.",
)
NEWS_FOLLOW: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "Die lange Fassung erzähle ich [dir|Ihnen] gern, auch die Teile, die nicht glatt liefen.",
        "Die Geschichte dahinter erzählt sich besser bei einem Kaffee.",
    ),
    "advisor": (
        (
            "Damit stellt sich mir die Frage, was als Nächstes kommen soll, und da könnte ich einen Blick von "
            "außen gebrauchen."
        ),
        "Jetzt frage ich mich, worauf ich als Nächstes hinarbeiten sollte.",
    ),
    "advocate": (
        "Darauf möchte ich aufbauen und künftig einen größeren Teil übernehmen.",
        "Das ist die Art von Arbeit, von der ich gern mehr machen würde.",
    ),
    "ally": (
        "Ich erwähne es, weil es uns bei dem helfen könnte, was wir beide wollen.",
        "Vielleicht hilft das auch unserem gemeinsamen Ziel.",
    ),
}
ADVICE: Final[tuple[str, ...]] = (
    "[Dein|Ihr] Rat {advice} begleitet mich noch immer, und ich möchte [dir|Ihnen] erzählen, was daraus geworden ist.",
    "[Deinen|Ihren] Rat {advice} habe ich nicht vergessen, und [du sollst|Sie sollen] hören, wie es damit weiterging.",
    (
        "Ich komme immer wieder auf [deinen|Ihren] Rat {advice} zurück und erzähle [dir|Ihnen] gern, wie es mir "
        "damit ging."
    ),
    (
        "An [deinen|Ihren] Rat {advice} denke ich noch oft, und ein Wort dazu, was daraus wurde, bin ich "
        "[dir|Ihnen] schuldig."
    ),
)
ADVICE_PLAIN: Final[tuple[str, ...]] = (
    "[Dein|Ihr] Rat begleitet mich noch immer, und ich möchte [dir|Ihnen] erzählen, was daraus geworden ist.",
    "[Deinen|Ihren] Rat habe ich nicht vergessen, und [du sollst|Sie sollen] hören, wie es damit weiterging.",
    "Ich komme immer wieder auf [deinen|Ihren] Rat zurück und erzähle [dir|Ihnen] gern, wie es mir damit ging.",
    "An [deinen|Ihren] Rat denke ich noch oft, und ein Wort dazu, was daraus wurde, bin ich [dir|Ihnen] schuldig.",
)
GOAL: Final[tuple[str, ...]] = (
    "Worauf ich hinarbeite: {aim}.",
    "Mein Ziel für die nächste Zeit: {aim}.",
    "Kurz gesagt, da möchte ich hin: {aim}.",
    "Das habe ich mir vorgenommen: {aim}.",
)

ASKS: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        (
            "[Hast du|Haben Sie] in den nächsten Wochen Lust auf einen Kaffee oder ein kurzes Telefonat, wann "
            "immer es [dir|Ihnen] passt?"
        ),
        "Wollen wir uns auf einen Kaffee treffen oder telefonieren, an einem Tag, der [dir|Ihnen] gut passt?",
        "Wie wäre es mit einem Kaffee oder einem Anruf, einfach um zu hören, was uns beide gerade beschäftigt?",
        "Können wir demnächst einmal 20 bis 30 Minuten sprechen, am Telefon oder bei einem Kaffee?",
        "[Magst du|Mögen Sie] bald einmal mit mir mittagessen oder telefonieren, was auch immer einfacher ist?",
    ),
    "advisor": (
        (
            "[Hättest du|Hätten Sie] in den nächsten Wochen 20 bis 30 Minuten für ein Telefonat, wann es "
            "[dir|Ihnen] am besten passt?"
        ),
        "Darf ich [dich|Sie] um 20 bis 30 Minuten am Telefon bitten, wann immer es in [deinen|Ihren] Kalender passt?",
        (
            "Darf ich mit einer klaren Frage für 20 bis 30 Minuten zu [dir|Ihnen] kommen, zu einer Zeit "
            "[deiner|Ihrer] Wahl?"
        ),
        (
            "[Würdest du|Würden Sie] es 20 bis 30 Minuten lang mit mir durchsprechen, an einem Tag, der "
            "[dir|Ihnen] gut passt?"
        ),
        "Falls [du|Sie] 20 bis 30 Minuten übrig [hast|haben]: Welche Zeiten passen [dir|Ihnen] in den nächsten Wochen?",
    ),
    "advocate": (
        (
            "[Hättest du|Hätten Sie] 20 bis 30 Minuten für mich, wann immer [dein|Ihr] Kalender es zulässt, für "
            "die kurze Fassung und [deine|Ihre] Sicht darauf?"
        ),
        (
            "[Hättest du|Hätten Sie] 20 bis 30 Minuten für einen Kaffee, damit ich [dir|Ihnen] die kurze Fassung "
            "erzählen kann?"
        ),
        (
            "Darf ich in den nächsten Wochen um 20 bis 30 Minuten bitten, um [dir|Ihnen] ein Stück Arbeit zu "
            "zeigen und [deine|Ihre] Meinung zu hören?"
        ),
        (
            "Gibt es in [deinem|Ihrem] Kalender in den nächsten Wochen 20 bis 30 Minuten für einen Kaffee und "
            "einen kurzen Stand?"
        ),
    ),
    "ally": (
        (
            "Was wäre aus [deiner|Ihrer] Sicht ein guter nächster Schritt, und wollen wir 20 bis 30 Minuten "
            "darüber sprechen?"
        ),
        "Wollen wir uns 20 bis 30 Minuten zusammensetzen und schauen, wer welchen nächsten Schritt gehen möchte?",
        (
            "Passt [dir|Ihnen] ein kurzes Telefonat, damit wir den nächsten Schritt klären und auch, was jeder von "
            "uns davon braucht?"
        ),
        "Wie [siehst du|sehen Sie] das, und was müsste der nächste Schritt [dir|Ihnen] bringen, damit er sich lohnt?",
    ),
    "ally-met": (
        (
            "Darf ich [dich|Sie] einmal auf einen Kaffee einladen, um darauf zurückzublicken und zu hören, was bei "
            "[dir|Ihnen] als Nächstes kommt?"
        ),
        (
            "[Magst du|Mögen Sie] mit mir bei einem Kaffee darauf zurückblicken und erzählen, was [du|Sie] als "
            "Nächstes [vorhast|vorhaben]?"
        ),
        "Gibt es etwas, das ich im Gegenzug für [dich|Sie] tun kann?",
        "Wenn [du|Sie] einmal Hilfe bei etwas [brauchst|brauchen], [sagst du|sagen Sie] es mir dann?",
    ),
    "mentor-candidate": (
        (
            "[Hättest du|Hätten Sie] Lust, sich regelmäßig mit mir auszutauschen, alle paar Wochen bei einem "
            "Kaffee oder am Telefon?"
        ),
        "Wie wäre ein lockerer Austausch alle paar Wochen, bei dem wir uns erzählen, was uns gerade beschäftigt?",
        (
            "[Könntest du dir|Könnten Sie sich] vorstellen, dass wir uns alle paar Wochen treffen, ganz locker, "
            "als Mentoren füreinander?"
        ),
        "Wie wäre es mit einem regelmäßigen Kaffee, bei dem wir Ideen austauschen und ab und zu auch Frust?",
    ),
    "advisor-candidate": (
        (
            "[Wärst du|Wären Sie] bereit, mich ein paarmal im Jahr zu beraten: 20 bis 30 Minuten am Telefon, von "
            "mir gut vorbereitet?"
        ),
        "Darf ich [dich|Sie] ein paarmal im Jahr um Rat fragen, gut vorbereitet und für jeweils 20 bis 30 Minuten?",
        (
            "[Könntest du dir|Könnten Sie sich] vorstellen, mir ab und zu [deine|Ihre] Sicht auf die größeren "
            "Fragen zu geben, 20 bis 30 Minuten am Telefon?"
        ),
        "[Hättest du|Hätten Sie] 20 bis 30 Minuten für ein erstes Gespräch über [deinen|Ihren] Weg und über meinen?",
    ),
    "advocate-candidate": (
        "[Hättest du|Hätten Sie] 20 bis 30 Minuten für einen Kaffee, zu einer Zeit, die [dir|Ihnen] passt?",
        "Darf ich in den nächsten Wochen um 20 bis 30 Minuten bitten, wann immer [dein|Ihr] Kalender es zulässt?",
        "Darf ich um 20 bis 30 Minuten bitten, um die kurze Fassung zu erzählen und [deine|Ihre] Sicht zu hören?",
        "Gibt es in den nächsten Wochen 20 bis 30 Minuten für ein erstes Gespräch?",
    ),
    "ally-candidate": (
        (
            "Wollen wir 20 bis 30 Minuten darüber sprechen, was [du|Sie] erreichen [möchtest|möchten] und wo wir "
            "uns gegenseitig helfen können?"
        ),
        (
            "Was [möchtest du|möchten Sie] gerade am liebsten voranbringen, und wollen wir 20 bis 30 Minuten "
            "darüber sprechen?"
        ),
        "Wollen wir uns für 20 bis 30 Minuten zusammensetzen und sehen, ob es etwas gibt, das wir beide wollen?",
        "Wollen wir bei einem Kaffee herausfinden, was jeder von uns gern erreichen würde?",
    ),
}

NO: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        (
            "Wenn bei [dir|Ihnen] gerade zu viel los ist, [sag|sagen Sie] es einfach, dann versuche ich es später "
            "noch einmal."
        ),
        "Kein Druck, wenn es gerade schlecht passt; eine Zeile genügt.",
        (
            "Und wenn es jetzt nicht passt, ist das auch in Ordnung: [Sag|Sagen Sie] mir einfach, wann ich wieder "
            "fragen darf."
        ),
        "Falls es gerade nicht passt, ist das gar kein Problem, wir finden einen anderen Zeitpunkt.",
    ),
    "advisor": (
        "Wenn es gerade nicht passt, ist ein kurzes Nein völlig in Ordnung, ich nehme es nicht übel.",
        (
            "Falls es gerade eine volle Zeit ist, [sag|sagen Sie] bitte einfach nein oder [nenn|nennen Sie] mir "
            "einen besseren Zeitpunkt."
        ),
        (
            "Und falls [dir|Ihnen] ein paar Zeilen per Mail lieber sind oder es jetzt nicht geht, ist das genauso "
            "willkommen."
        ),
        "Ich verstehe es gut, wenn dafür gerade kein Raum ist; [gib|geben Sie] mir dann einfach kurz Bescheid.",
    ),
    "advocate": (
        "Wenn der Kalender zu voll ist, genügt ein kurzes Nein; ein paar Zeilen per Mail tun es dann auch.",
        "Ich weiß, wie wenig Platz da oft ist; ein Nein ist also völlig in Ordnung.",
        "Falls es nicht passt, fasse ich es gern in einer kurzen Mail zusammen.",
        "Falls es gerade ungünstig ist, komme ich gern später darauf zurück.",
    ),
    "ally": (
        "Und wenn sich [deine|Ihre] Prioritäten geändert haben, [sag|sagen Sie] es einfach, ich nehme es nicht übel.",
        "Wenn es nicht mehr in [deine|Ihre] Pläne passt, [sag|sagen Sie] es mir offen, dann lassen wir es dabei.",
        (
            "Wenn [du|Sie] lieber nicht [willst|wollen], ist das in Ordnung, es ist [deine|Ihre] Entscheidung so "
            "gut wie meine."
        ),
        "Falls es gerade der falsche Zeitpunkt ist, [sag|sagen Sie] es, dann finden wir einen anderen.",
    ),
    "ally-met": (
        (
            "Und falls [du|Sie] schon mitten im nächsten Thema [steckst|stecken], [brauchst du|brauchen Sie] nicht "
            "zu antworten."
        ),
        "Eine Antwort braucht es nicht, ich wollte es nur einmal schriftlich sagen.",
        "Falls dafür jetzt keine Zeit ist, bleibt der Dank trotzdem stehen.",
        "Und falls ein Kaffee gerade nicht passt, ist das auch in Ordnung.",
    ),
}

WARMTH: Final[dict[str, tuple[str, ...]]] = {
    "mentor": (
        "Vor allem möchte ich wissen, wie es [dir|Ihnen] geht.",
        "Ich bin gespannt, wie [du|Sie] die Dinge gerade [siehst|sehen].",
        "Ich höre immer gern, wie [du|Sie] auf die Dinge [schaust|schauen].",
        "Ich würde mich freuen, einmal in Ruhe mit [dir|Ihnen] zu reden.",
    ),
    "advisor": (
        "Ich komme vorbereitet und halte mich an die Zeit.",
        "Ich bereite mich gut vor, damit es [dich|Sie] nicht mehr als diese Zeit kostet.",
        "Ich hoffe, dass es [dir|Ihnen] gut geht.",
        "Wie auch immer [du dich|Sie sich] [entscheidest|entscheiden], ich bin dankbar für [deine|Ihre] Gedanken.",
    ),
    "advocate": (
        "Ich komme vorbereitet und fasse mich kurz.",
        "Ich halte mich an die Zeit und komme auf den Punkt.",
        "Vorbereiten [müsstest du|müssten Sie] dafür nichts.",
        "Mehr als diese Zeit braucht es von [deiner|Ihrer] Seite nicht.",
    ),
    "ally": (
        "Das erste Stück Arbeit übernehme ich gern.",
        "Meinen Teil übernehme ich gern; [sag|sagen Sie] mir, wo er am meisten hilft.",
        "[Sag|Sagen Sie] mir auch, was [du|Sie] von mir [brauchst|brauchen].",
        "Mir ist wichtig, dass es sich für uns beide lohnt.",
    ),
    "ally-met": (
        "So etwas würde ich jederzeit gern wieder mit [dir|Ihnen] machen.",
        "Es hat mir die Arbeit leichter gemacht, und Freude hat es auch gemacht.",
        "Ich hoffe, dass es auch [dir|Ihnen] gebracht hat, was [du|Sie] davon [wolltest|wollten].",
        "Wenn je jemand wissen will, wie gut man mit [dir|Ihnen] zusammenarbeitet, [schick|schicken Sie] ihn zu mir.",
    ),
}

CLOSINGS: Final = ("Viele Grüße", "Beste Grüße", "Herzliche Grüße")

SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "mentor": ("Mal wieder austauschen?", "Auf einen Kaffee?", "Wie geht es [dir|Ihnen]?", "Zeit für eine neue Runde"),
    "advisor": (
        "Eine Frage an [dich|Sie]",
        "Darf ich um Rat fragen?",
        "[Dein|Ihr] Blick von außen",
        "Bitte um eine Einschätzung",
    ),
    "advocate": (
        "Ein kurzer Stand von mir",
        "Kurzer Stand und eine Frage",
        "20 Minuten für einen kurzen Stand?",
        "Wo meine Arbeit steht",
    ),
    "ally": (
        "Unser nächster Schritt",
        "Wo stehen wir?",
        "Wie es mit unserem Ziel weitergeht",
        "Der nächste Schritt für uns beide",
    ),
    "ally-met": ("Danke", "Geschafft, und danke", "Bevor wir weiterziehen: danke", "Ein richtiges Dankeschön"),
    "mentor-candidate": (
        "Eine Frage an [dich|Sie]",
        "Eine Idee für uns beide",
        "Ab und zu austauschen?",
        "Was ich [dich|Sie] fragen möchte",
    ),
    "advisor-candidate": (
        "Eine direkte Frage",
        "Darf ich ab und zu um Rat fragen?",
        "Direkt gefragt",
        "Eine Frage zu [deinem|Ihrem] Weg",
    ),
    "advocate-candidate": (
        "Woran ich arbeite",
        "Darf ich um 20 Minuten bitten?",
        "Ein Kaffee und ein kurzer Stand?",
        "Ein kurzer Einblick in meine Arbeit",
    ),
    "ally-candidate": (
        "Etwas, das wir beide wollen könnten",
        "Ein gemeinsames Ziel?",
        "Eine Idee für uns beide",
        "Können wir uns gegenseitig helfen?",
    ),
}
TOPIC_SUBJECTS: Final = (
    "{topic}, und wie es weiterging",
    "Nach {topic}: Zeit für ein Gespräch?",
    "Im Anschluss an {topic}",
)
