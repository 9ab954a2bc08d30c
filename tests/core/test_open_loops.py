"""What letters leave open: found by rule, settled by what came later, and never what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.core.evidence.build import NoteFact
from assistant.core.evidence.letters import read_letter
from assistant.core.evidence.open_loops import open_loops
from assistant.core.evidence.what_fits import brings_news, promised_news, untold, ways_to_meet

OPEN = [
    ("question", "Did the second reindex hold in the end?"),
    ("question", "I'd love to hear how the move to Oslo went."),
    ("promise", "I'll send you the outline once it is typed."),
    ("advice", "You once told me to ask for the budget first."),
    ("news", "Congratulations on the new laboratory, well earned."),
    ("question", "Hat der Verlag inzwischen bei dir geantwortet?"),
    ("question", "Mich würde interessieren, wie es mit dem Umbau weitergeht."),
    ("promise", "Ich schicke dir das Protokoll, sobald es fertig ist."),
    ("advice", "Dein Rat, erst mit dem Team zu reden, geht mir nach."),
    ("news", "Herzlichen Glückwunsch zur neuen Stelle in Bremen."),
    ("question", "Est-ce que ton éditeur a enfin répondu ?"),
    ("promise", "Je t'envoie le compte rendu dès qu'il est prêt."),
    ("advice", "Vous m'aviez conseillé de commencer par une page."),
    ("news", "Félicitations pour le nouveau laboratoire à Lyon."),
    ("question", "¿Te contestó por fin la editorial de Sevilla?"),
    ("promise", "En cuanto lo tenga te mando el informe completo."),
    ("advice", "Me dijiste que empezara por una sola página."),
    ("news", "Enhorabuena por el nuevo laboratorio de Sevilla."),
]
NOTHING = {
    "en": [
        "How are you all keeping these days?",
        "Are you free on Thursday for a coffee?",
        "Isn't that something, all things considered?",
        "The report went to the board on time.",
    ],
    "de": ["Wie geht es dir und der Familie so?", "Hast du am Donnerstag Zeit für einen Kaffee?"],
    "fr": ["Comment vas-tu depuis la rentrée ?", "Tu es libre jeudi pour un café ?"],
    "es": ["¿Cómo estás, qué tal todo por ahí?", "¿Quedamos el jueves para un café?"],
}
PLAIN = {
    "en": "The plan for the platform is with the board and we are all at work on it now.",
    "de": "Der Plan für die Plattform liegt beim Vorstand und wir sind alle daran.",
    "fr": "Le plan est avec la direction et nous sommes tous sur le pont avec elle.",
    "es": "El plan está con la dirección y todos estamos con ello por aquí.",
}


def kinds(*bodies: str, told: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Kind and quote of what is open; the newest letter first."""
    letters = [
        read_letter(date(2026, 3, 20 - age), "Plan", body, name="Jo", owner="P") for age, body in enumerate(bodies)
    ]
    return [(loop.kind, loop.quote) for loop in open_loops(letters, told)]


def language_of(sentence: str) -> str:
    return ("en", "de", "fr", "es")[next(i for i, rows in enumerate(ROWS) if sentence in rows)]


ROWS = ([s for _, s in OPEN[:5]], [s for _, s in OPEN[5:10]], [s for _, s in OPEN[10:14]], [s for _, s in OPEN[14:]])


@pytest.mark.parametrize(("kind", "sentence"), OPEN)
def test_each_kind_is_found_in_four_languages(kind: str, sentence: str) -> None:
    assert kinds(f"{PLAIN[language_of(sentence)]} {sentence}") == [(kind, sentence)]


@pytest.mark.parametrize(("language", "sentence"), [(lang, row) for lang, rows in NOTHING.items() for row in rows])
def test_small_talk_and_old_dates_leave_nothing_open(language: str, sentence: str) -> None:
    assert kinds(f"{PLAIN[language]}\n\n{sentence}") == []


def test_a_hard_wrapped_sentence_is_quoted_on_one_line() -> None:
    body = f"{PLAIN['en']}\n\nDid the second reindex\nhold in the end, and who\nwatched it overnight?"
    assert kinds(body) == [("question", "Did the second reindex hold in the end, and who watched it overnight?")]


def test_only_the_clause_that_asks_is_quoted() -> None:
    assert kinds(f"{PLAIN['en']} One thing only: did your reindex hold?") == [("question", "did your reindex hold?")]


def test_a_later_letter_about_the_same_thing_settles() -> None:
    asked = f"{PLAIN['en']} Did your second reindex hold in the end?"
    assert kinds(f"{PLAIN['en']} The reindex story made my week.", asked) == []
    assert kinds(f"{PLAIN['en']} It rained here.", asked) == [("question", "Did your second reindex hold in the end?")]


def test_a_short_question_is_settled_by_what_settles_the_sentence_before_it() -> None:
    asked = f"{PLAIN['en']} I asked Declan for the accounts. What would you read into that?"
    assert kinds(f"{PLAIN['en']} The accounts came yesterday.", asked) == []
    assert kinds(f"{PLAIN['en']} It rained here.", asked) == [("question", "What would you read into that?")]


def test_a_short_noun_settles_too() -> None:
    assert kinds(f"{PLAIN['en']} Your jack is back.", f"{PLAIN['en']} Did you find out whose jack that was?") == []


@pytest.mark.parametrize(
    "asked",
    [
        "By the way, who is on your board now?",
        "Do you still have a spare ladder for me?",
        "Übrigens, wer sitzt bei euch jetzt im Rat?",
        "Au fait, tu connais les gens de la mairie ?",
        "Por cierto, ¿tú conoces a los de la oficina?",
    ],
)
def test_what_is_asked_in_passing_or_for_a_loan_is_not_open(asked: str) -> None:
    assert kinds(f"Hello,\n\n{asked}") == []


def test_a_promise_that_a_later_letter_renews_is_still_owed() -> None:
    promised = f"{PLAIN['en']} I'll send you the outline."
    assert kinds(f"{PLAIN['en']} I haven't forgotten the outline.", promised) == [
        ("promise", "I'll send you the outline.")
    ]
    assert kinds(f"{PLAIN['en']} The outline went well.", promised) == []


def test_thanks_for_an_answer_settle_and_so_does_what_is_attached() -> None:
    asked = f"{PLAIN['en']} Did your second reindex hold?"
    promised = f"{PLAIN['en']} I'll send you the outline."
    assert kinds(f"{PLAIN['en']} Thanks for your answer.", asked) == []
    assert kinds(f"{PLAIN['en']} Attached, as promised.", promised) == []


def test_a_note_since_then_settles() -> None:
    promised = f"{PLAIN['en']} I'll send you the outline."
    assert kinds(promised, told=("gave him the outline at lunch",)) == []


def test_advice_whose_outcome_is_told_is_closed() -> None:
    assert kinds(f"{PLAIN['en']} You told me to walk in early. It worked.") == []


def test_a_question_the_owner_answers_or_asks_himself_is_none() -> None:
    assert kinds(f"{PLAIN['en']} What would your board say? Nothing much.") == []
    assert kinds(f"{PLAIN['en']} Why did we ever start with this?") == []


def test_the_surest_comes_first() -> None:
    body = f"{PLAIN['en']} I'll send you the outline. Did your second reindex hold in the end?"
    assert [kind for kind, _ in kinds(body)] == ["question", "promise"]


@pytest.mark.parametrize(
    ("language", "promised"),
    [
        ("en", "Expect that page from me when they have run for a while."),
        ("en", "The write-up is half done, give me till the end of the quarter."),
        ("en", "A written offer is on its way to you."),
        ("fr", "Le carton vous reviendra avec les clés et le plan."),
        ("de", "Über den Ausgang unterrichte ich Sie dann als Erste."),
        ("es", "Le quedo debiendo el costo por hectárea."),
        ("en", "the script: yes. i know. it's coming."),
    ],
)
def test_a_promise_is_told_by_other_words_than_i_will(language: str, promised: str) -> None:
    assert kinds(f"{PLAIN[language]} {promised}") == [("promise", promised)]


def test_to_report_is_to_write_so_the_next_letter_does() -> None:
    asked = f"{PLAIN['en']} I'll let you know how the panel went."
    assert kinds(asked) == [("promise", "I'll let you know how the panel went.")]
    assert kinds(f"{PLAIN['en']} It rained here.", asked) == []


def test_what_was_due_at_once_is_past_with_the_next_letter() -> None:
    promised = f"{PLAIN['en']} You'll have the petition from me this week."
    assert kinds(promised) != []
    assert kinds(f"{PLAIN['en']} It rained here.", promised) == []


def test_a_question_after_a_day_is_about_that_day() -> None:
    asked = "Would there be a way to greet you for a moment?"
    assert kinds(f"{PLAIN['en']} I am in town on 24 and 25 June. {asked}") == []
    assert kinds(f"{PLAIN['en']} I am in town a lot. {asked}") == [("question", asked)]


def test_a_debt_is_never_crowded_out() -> None:
    asked = " ".join(f"Did your {what} hold in the end?" for what in ("first wall", "second wall", "third wall"))
    found = kinds(f"{PLAIN['en']} {asked} I'll send you the outline.")
    assert [kind for kind, _ in found] == ["question", "question", "question", "promise"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Thanks for asking about the lease. I'll ring the agent and tell you what he says.",
            "No luck with the lease yet.",
        ),
        ("Te debo la receta del bizcocho, te la paso en cuanto pueda.", "La receta sigue en una servilleta, perdona."),
    ],
)
def test_no_luck_yet_renews_a_promise(first: str, second: str) -> None:
    assert ("promise", first.rsplit(". ", maxsplit=1)[-1]) in kinds(second, first)
    promised = [
        quote for kind, quote in kinds("The lease is signed, y la receta va adjunta.", first) if kind == "promise"
    ]
    assert promised == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Hast du die Trainer schon nach ihren Terminen gefragt?", "Zwei Trainer am Dienstag, das passt ja wunderbar."),
        ("Did you find anybody for the kiosk in the end?", "Two students at the till, that's perfect."),
        (
            "Gracias por venir a verlo con tu gente. ¿Encontrasteis por fin a alguien con furgoneta?",
            "Y perfecto lo de Maite, nos apañamos.",
        ),
        ("Est-ce que ta cousine peut garder le stand ?", "Pour samedi, c'est parfait."),
    ],
)
def test_joy_at_an_answer_settles_the_question(asked: str, answer: str) -> None:
    question = ("question", asked.rsplit(". ", maxsplit=1)[-1])
    assert question in kinds(asked)
    assert question not in kinds(answer, asked)


@pytest.mark.parametrize(
    "asked",
    [
        "Überleg mal bitte, ob wir am 5. oder erst am 12. April anfangen.",
        "Gracias por venir a verlo con tu gente. ¿Con cuánta gente podemos contar algún sábado de abril?",
        "Have a think whether you want the big hall or the small one.",
    ],
)
def test_what_is_to_be_thought_over_for_a_day_to_come_is_a_question(asked: str) -> None:
    assert asked.endswith(kinds(asked)[0][1])
    assert kinds(asked)[0][0] == "question"


@pytest.mark.parametrize(
    "told",
    [
        "Le confirmo que sí aceptaron la carta y que ya estoy dentro.",
        "Qui l'aurait cru après les pluies de la veille ?",
        "Quién lo iba a decir después de tu consejo?",
    ],
)
def test_what_is_confirmed_or_marvelled_at_is_not_open(told: str) -> None:
    assert kinds(told) == []


def test_no_letters_leave_nothing_open() -> None:
    assert open_loops([]) == ()


NOTES = [
    ("writes real letters, takes his time", set(), {"letter"}),
    ("gave up coffee", {"coffee"}, set()),
    ("prefers calls in the morning", set(), {"call"}),
    ("answers by letters only", set(), {"letter"}),
    ("never phones back, but answers letters", {"call"}, {"letter"}),
    ("no video calls; a visit or post", {"video"}, {"letter", "visit"}),
    ("answers by phone, hardly ever in writing", {"letter"}, {"call"}),
    ("antwortet nur schriftlich", set(), {"letter"}),
    ("répond par écrit, jamais au téléphone", {"call"}, {"letter"}),
    ("writes by hand, does not care for the telephone", {"call"}, {"letter"}),
    ("trinkt keinen Alkohol, lieber Spaziergang als Kneipe", {"drink"}, {"walk"}),
    ("n'aime pas le téléphone", {"call"}, set()),
    ("prefiere un paseo a una llamada", {"call"}, {"walk"}),
    ("met for coffee, asked about the office move", set(), set()),
    ("likes coffee", set(), {"coffee"}),
]


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "Do you want the long ladder or the short one? Never mind, I bring both of them."),
        ("de", "Warum sie sich am Ende für unser kleines Haus entschieden hat? Wegen der Lage, sagt sie selbst."),
        ("fr", "Faut-il que vous relisiez tout le chapitre avant lundi ? Vous connaissez ma réponse à cela."),
        ("es", "¿Le parece mejor pagar por mes o por trimestre? Bueno, por trimestre y se acabó el asunto."),
        ("es", "Me dijiste que la sala era fría y es fría."),
        ("es", "Ya me dijo mi tía que la caja le llegó entera."),
        ("en", "You said the ferry was late as ever that year."),
        ("de", "Du hast damals gesagt, dass ihr nach Kiel zieht."),
        ("en", "I'll let you get back to the kettle now."),
        ("en", "You'll have noticed that the porch is blue."),
        ("en", "Let me know if you need a hand with it."),
        ("en", "What would I do without you and your tools?"),
        ("de", "Ich gebe dir recht, das Tor war zu schmal."),
        ("de", "Sag Bescheid, wenn ihr etwas braucht."),
        ("de", "Sie hat gesagt, ich soll morgen anrufen, die Dame am Schalter."),
        ("fr", "Je vous fais confiance pour le reste du chantier."),
        ("fr", "Je te raconte pas le bruit que ça faisait."),
        ("fr", "Comment vous remercier pour une telle patience ?"),
        ("es", "Te doy la razón en lo del muro."),
        ("es", "No te cuento el ruido que hacía aquello."),
        ("es", "Avísame si necesitas una mano con eso."),
    ],
)
def test_what_is_answered_taken_back_or_merely_told_is_not_open(language: str, body: str) -> None:
    assert kinds(f"{PLAIN[language]}\n\n{body}") == []


def test_a_question_that_waits_for_an_hour_is_one() -> None:
    asked = "If you ever have an afternoon, I would like to hear how you chose the slate."
    assert kinds(f"{PLAIN['en']}\n\n{asked}") == [("question", asked)]


def test_a_question_that_spares_the_reader_is_one() -> None:
    asked = "Puis-je vous demander, sans vous presser, ce qui vous a menée à Brest ?"
    assert kinds(f"{PLAIN['fr']}\n\n{asked}") == [("question", asked)]


def test_a_note_settles_what_an_older_letter_promised() -> None:
    bodies = ("The weather was kind to us.", "I'll bring you the marine dictionary next time.")
    letters = [
        read_letter(date(2026, 3, 20 - age), "Plan", body, name="Jo", owner="P") for age, body in enumerate(bodies)
    ]
    assert open_loops(letters)
    assert not open_loops(letters, noted=[(date(2026, 3, 20), "gave him the marine dictionary")])
    assert open_loops(letters, noted=[(date(2026, 3, 18), "bought a marine dictionary")])


@pytest.mark.parametrize(("note", "forbidden", "preferred"), NOTES)
def test_notes_rule_ways_to_meet_in_and_out(note: str, forbidden: set[str], preferred: set[str]) -> None:
    assert [set(ways) for ways in ways_to_meet([note])] == [forbidden, preferred]


def test_what_is_ruled_out_once_is_never_preferred() -> None:
    assert ways_to_meet(["likes coffee", "gave up coffee"]) == (frozenset({"coffee"}), frozenset())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "What would the whole night shift do without you?"),
        ("de", "Was würden die Neuen im Lager bloß ohne dich machen?"),
        ("fr", "Que ferait toute l'équipe du soir sans toi ?"),
        ("es", "¿Qué harían los de la obra sin ti?"),
        ("en", "The tenants were delighted to see the courtyard finished."),
        ("de", "Die Mieter waren sehr froh über den neuen Hof."),
        ("fr", "Les locataires étaient très contents de la cour."),
        ("es", "Qué gusto lo de anoche, volví a casa cantando de alegría."),
        ("fr", "J'ai fait comme tu me l'avais conseillé, la cour d'abord."),
        ("de", "Magst du die lange Leiter morgen holen?"),
    ],
)
def test_compliments_and_joy_of_others_leave_nothing_open(language: str, sentence: str) -> None:
    assert kinds(f"{PLAIN[language]}\n\n{sentence}") == []


def test_a_question_for_a_day_is_settled_by_the_next_letter() -> None:
    asked = "Could you look over the figures before the hearing on 4 April?"
    first = read_letter(date(2026, 3, 9), "Plan", f"{PLAIN['en']} {asked}", name="Jo", owner="P")
    later = read_letter(date(2026, 5, 2), "Garden", "The roses are out at last.", name="Jo", owner="P")
    assert [loop.quote for loop in open_loops([first])] == [asked]
    assert not open_loops([later, first])


def test_a_reason_to_ask_them_is_no_answer() -> None:
    assert kinds(f"{PLAIN['es']} ¿Y la valla, la pintamos ahora o esperamos a la primavera? Tú pintas mejor.") == [
        ("question", "¿Y la valla, la pintamos ahora o esperamos a la primavera?")
    ]


@pytest.mark.parametrize(("month", "still"), [("June", True), ("March", False)])
def test_a_report_on_what_comes_later_is_not_kept_by_the_next_letter(month: str, *, still: bool) -> None:
    first = read_letter(
        date(2026, 1, 9), "Plan", f"The hearing is in {month}. I'll let you know how it goes.", name="Jo", owner="P"
    )
    later = read_letter(date(2026, 4, 2), "Garden", PLAIN["en"], name="Jo", owner="P")
    assert [loop.kind for loop in open_loops([later, first])] == ["promise"] * still


WIN = NoteFact(date(2026, 5, 4), "win", "passed the hygiene inspection")


@pytest.mark.parametrize(
    ("letter", "win"),
    [
        ("The inspection is next month. I'll let you know how it goes.", True),
        ("My exam is in June. I'll let you know the result.", True),  # an outcome was waited for, and one came
        ("I'll ask the porter about the shed and let you know what he says.", False),
    ],
)
def test_promised_news_is_what_came_of_it(letter: str, *, win: bool) -> None:
    sent = read_letter(date(2026, 3, 2), "Kitchen", letter, name="Jo", owner="P")
    loops = open_loops([sent])
    assert [loop.kind for loop in loops] == ["promise"]
    assert list(promised_news(loops, [sent], [WIN], "en").values()) == [WIN] * win
    assert not promised_news(loops, [sent], [replace(WIN, day=sent.on)], "en")


@pytest.mark.parametrize(
    ("draft", "left"),
    [("The queue went from 40 to 12 people.", False), ("Of 40 people in it, 12 left.", True)],
)
def test_a_change_in_numbers_is_told_once(draft: str, *, left: bool) -> None:
    assert bool(untold([NoteFact(date(2026, 5, 4), "win", "queue 40 -> 12")], [draft])) is left


@pytest.mark.parametrize(
    ("promise", "news"),
    [("Le mando las cifras en junio.", True), ("Le mando el capítulo de resultados en junio.", False)],
)
def test_a_part_of_a_thing_to_send_is_no_news(promise: str, *, news: bool) -> None:
    assert brings_news(promise, "es") is news
