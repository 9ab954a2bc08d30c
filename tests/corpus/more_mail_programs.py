"""The other half of the mail programs: kept apart while the trimming was written, so that they measure it."""

# ruff: noqa: E501 -- the HTML stands as the programs write it
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.corpus.flattening import Rules, flatten
from tests.corpus.mail_programs import (
    ADDRESS,
    CARD_1,
    CARD_2,
    CARD_3,
    COMPANY,
    HEADERS,
    IPHONE,
    LONG,
    NAME,
    OWNER,
    PLAIN,
    PROSE,
    WHO,
    Answer,
    Mail,
    Row,
    Written,
    body_of,
    date,
    header,
    html_header,
    joined,
    our_html,
    our_text,
    paragraphs,
    quoted,
    typed,
    wrapped,
    wrote,
)

if TYPE_CHECKING:
    from collections.abc import Callable

RULE = "________________________________"


def outlook_web(mail: Mail, answer: Answer) -> Written:
    page = body_of(our_html(mail, answer, '<div class="elementToProof">{}</div>'))
    head = [RULE, *header(mail, answer.language)]
    rules = Rules(links="<URL>", cells="\t", bullet="  *   ", hidden=True)
    text = joined(
        answer.top, answer.signature, head, quoted(flatten(page, rules), answer, ""), answer.bottom, end="\r\n"
    )
    style = '<div class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);">'
    html = (
        f'<html><head></head><body dir="ltr">{paragraphs(answer.top, style)}<div class="elementToProof"><br></div>'
        f'<div id="Signature">{paragraphs(answer.signature)}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, '
        f'sans-serif" style="font-size:11pt" color="#000000">{html_header(mail, answer.language)}</font><div>&nbsp;</div></div>'
        f"<div>{typed(page, answer)}</div>{paragraphs(answer.bottom)}</body></html>"
    )
    return Written(text, html)


def outlook_mobile(mail: Mail, answer: Answer) -> Written:
    page = body_of(our_html(mail, answer))
    device = {
        "de": "Outlook für iOS beziehen", "fr": "Obtenir Outlook pour iOS", "es": "Obtener Outlook para Android",
    }.get(answer.language, "Get Outlook for iOS")  # fmt: skip
    head = [RULE, *header(mail, answer.language)]
    quote = quoted(flatten(page, Rules(links="<URL>", cells="\n", hidden=True, blank=2)), answer, "")
    text = joined(answer.top, f"{device}<https://aka.ms/o0ukef>", head, quote, answer.bottom)
    html = (
        f'<html><body><div dir="ltr">{paragraphs(answer.top)}</div><div id="ms-outlook-mobile-signature"><div><br></div>'
        f'<a href="https://aka.ms/o0ukef">{device}</a></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr">{html_header(mail, answer.language)}<div>&nbsp;</div></div>'
        f"{typed(page, answer)}{paragraphs(answer.bottom)}</body></html>"
    )
    return Written(text, html)


def outlook_mac(mail: Mail, answer: Answer) -> Written:
    page = body_of(our_html(mail, answer, "<p class=MsoNormal>{}</p>"))
    words = {"de": ("Von", "Datum", "An", "Betreff"), "sv": ("Från", "Datum", "Till", "Ämne")}
    from_, when, to, subject = words.get(answer.language, ("From", "Date", "To", "Subject"))
    head = [
        f"{from_}: {WHO}", f"{when}: {date(answer.language, 'EEEE, d MMMM y, HH:mm')}", f"{to}: {OWNER}",
        f"{subject}: {mail.subject}",
    ]  # fmt: skip
    quote = quoted(flatten(page, Rules(links="<URL>", cells="\t", bullet="  *   ")), answer, "")
    text = joined(answer.top, answer.signature, head, quote, answer.bottom)
    lines = "<br>".join(escape(line) for line in head)
    html = (
        f"<html><body><div class=WordSection1>{paragraphs(answer.top, '<p class=MsoNormal>', '</p>')}"
        f'{paragraphs(answer.signature, "<p class=MsoNormal>", "</p>")}<div id="mail-editor-reference-message-container">'
        f"<div><div style='border:none;border-top:solid #B5C4DF 1.0pt'><p class=MsoNormal><b>{lines}</b></p></div>"
        f"{typed(page, answer)}</div></div>{paragraphs(answer.bottom, '<p class=MsoNormal>', '</p>')}</div></body></html>"
    )
    return Written(text, html)


def ios_mail(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "dd.MM.y 'um' HH:mm" if answer.language == "de" else "d MMM y, 'at' HH:mm")
    page = body_of(our_html(mail, answer))
    device = IPHONE[answer.language]
    quote = quoted(attribution + "\n\n\ufeff" + flatten(page, Rules(cells="\n", bullet="• ")), answer, inside="> ")
    text = joined(answer.top, device, quote, answer.bottom)
    html = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{"<div>".join(escape(line, quote=False) for line in answer.top)}<br id="lineBreakAtBeginningOfSignature">'
        f'<div dir="ltr">{device}</div><div dir="ltr"><br><blockquote type="cite">{escape(attribution)}<br><br>'
        f'</blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{typed(page, answer)}</div></blockquote>'
        f"{paragraphs(answer.bottom)}</body></html>"
    )
    return Written(text, html, {"X-Mailer": "iPhone Mail (22D72)"})


def yahoo_mobile(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "EEEE, MMMM d, y, h:mm a")
    page = body_of(our_html(mail, answer))
    device = {"es": "Enviado desde Yahoo Mail con Android", "it": "Inviato da Yahoo Mail per iPhone"}.get(
        answer.language, "Yahoo Mail: Search, Organize, Conquer"
    )
    text = joined(answer.top, device, "  " + attribution, quoted(flatten(page, PLAIN), answer, "  "), answer.bottom)
    html = (
        f'{paragraphs(answer.top)}<br><br><div id="ymail_android_signature"><a href="https://mail.onelink.me/107872968">'
        f'{device}</a></div> <br> <blockquote style="margin: 0 0 20px 0;"> <div style="font-family:Roboto;color:#6D00F6;">'
        f'<div>{escape(attribution)}</div></div><div style="padding: 10px 0 0 20px;">{typed(page, answer)}</div>'
        f"</blockquote>{paragraphs(answer.bottom)}"
    )
    return Written(text, html)


def fastmail(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "EEE, d MMM y, 'at' h:mm a", NAME)
    page = body_of(our_html(mail, answer))
    quote = quoted(flatten(page, Rules(links=" <URL>", bold="*", bullet=" • ")), answer, inside="> ")
    text = joined(answer.top, attribution + "\n" + quote, answer.bottom, answer.signature)
    html = (
        '<!DOCTYPE html><html><head><title></title><style type="text/css">p.MsoNormal,p.MsoNoSpacing{margin:0}</style>'
        f"</head><body>{paragraphs(answer.top)}<div><br></div><div>{escape(attribution)}</div>"
        f'<blockquote type="cite" id="qt">{typed(page, answer)}</blockquote>{paragraphs(answer.bottom)}<div><br></div>'
        f'<div id="sig123">{paragraphs(answer.signature)}</div></body></html>'
    )
    return Written(text, html)


def roundcube(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "y-MM-dd HH:mm", NAME)
    quote = quoted(our_text(mail, answer), answer)
    text = joined(wrapped(answer.top, 76), attribution + "\n" + quote, wrapped(answer.bottom, 76))
    return Written(
        text, headers={"User-Agent": "Roundcube Webmail/1.6.6"}, charset="utf-8", encoding="quoted-printable"
    )


def zimbra(mail: Mail, answer: Answer) -> Written:
    page = body_of(our_html(mail, answer))
    words = HEADERS[answer.language]
    head = [
        f'{words[0]}: "{NAME}" <{ADDRESS}>', f'{words[2]}: "Priya Raman" <{ADDRESS}>',
        f"{words[1]}: {date(answer.language, 'EEEE, d MMMM y HH:mm:ss')}", f"{words[3]}: {mail.subject}",
    ]  # fmt: skip
    text = joined(answer.top, head, quoted(flatten(page, PLAIN), answer, ""), answer.bottom)
    html = (
        f'<html><body><div style="font-family: arial; font-size: 12pt">{paragraphs(answer.top)}<div><br></div>'
        f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>{"<br>".join(map(escape, head))}'
        f'</b></div><br><div data-marker="__QUOTED_TEXT__">{typed(page, answer)}</div>{paragraphs(answer.bottom)}</div></body></html>'
    )
    return Written(text, html, {"X-Mailer": "Zimbra 8.8.15_GA_4581"})


def claws(mail: Mail, answer: Answer) -> Written:
    attribution = f"On {SENT_RFC}\n{WHO} wrote:\n"
    text = joined(
        answer.top, attribution, quoted(our_text(mail, answer), answer, "> "), answer.bottom, answer.signature
    )
    return Written(text, headers={"X-Mailer": "Claws Mail 4.2.0"}, encoding="8bit")


SENT_RFC = "Mon, 02 Mar 2026 08:00:00 +0100"


def windows_mail(mail: Mail, answer: Answer) -> Written:
    page = body_of(our_html(mail, answer, "<p class=MsoNormal>{}</p>"))
    device = {"de": "Gesendet von Mail für Windows", "fr": "Envoyé à partir de Courrier pour Windows"}.get(
        answer.language, "Sent from Mail for Windows"
    )
    head = header(mail, answer.language)
    quote = quoted(flatten(page, Rules(cells="\n", hidden=True, title=True)), answer, "")
    text = joined(answer.top, device, head, quote, answer.bottom)
    html = (
        f"<html><body><div class=WordSection1>{paragraphs(answer.top, '<p class=MsoNormal>', '</p>')}<p class=MsoNormal>"
        f"<o:p>&nbsp;</o:p></p><p class=MsoNormal>{device}</p><div style='mso-element:para-border-div;border:none;border-top:"
        f"solid #E1E1E1 1.0pt'><p class=MsoNormal style='border:none;padding:0in'>{html_header(mail, answer.language)}</p></div>"
        f"{typed(page, answer)}{paragraphs(answer.bottom, '<p class=MsoNormal>', '</p>')}</div></body></html>"
    )
    return Written(text, html)


def spark(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "d MMM y, HH:mm Z")
    page = body_of(our_html(mail, answer))
    text = joined(
        answer.top,
        answer.signature,
        attribution,
        quoted(flatten(page, PLAIN), answer, "> ", inside="> "),
        answer.bottom,
    )
    html = (
        f'<html><body><div name="messageBodySection">{paragraphs(answer.top, "<div dir=auto>")}</div>'
        f'<div name="messageSignatureSection"><br>{paragraphs(answer.signature)}</div><div name="messageReplySection">'
        f'{escape(attribution)}<br><blockquote type="cite" style="border-left-color: grey; border-left-width: thin;">'
        f"{typed(page, answer)}</blockquote></div>{paragraphs(answer.bottom)}</body></html>"
    )
    return Written(text, html, {"X-Readdle-Message-ID": "x@Spark"})


def blackberry(mail: Mail, answer: Answer) -> Written:
    """Plain text, nothing marked, the header block in a paragraph of its own."""
    words = HEADERS[answer.language]
    head = [
        "  Original Message  ", f"{words[0]}: {ADDRESS}", f"{words[1]}: {date(answer.language, 'EEEE, MMMM d, y HH:mm')}",
        f"{words[2]}: {ADDRESS}", f"{words[3]}: {mail.subject}",
    ]  # fmt: skip
    device = {"id": "Terkirim dari BlackBerry 10"}.get(answer.language, "Sent from my BlackBerry 10 smartphone.")
    text = joined(answer.top, device, head, quoted(our_text(mail, answer), answer, ""), answer.bottom)
    return Written(text, encoding="base64")


def yandex(mail: Mail, answer: Answer) -> Written:
    hour = "08" if answer.language == "en" else "10"
    attribution = f'02.03.2026, {hour}:00, "{NAME}" <{ADDRESS}>:'
    page = body_of(our_html(mail, answer))
    quote = quoted(flatten(page, PLAIN), answer, ">", inside=">")
    text = joined(answer.top, answer.signature, attribution + "\n" + quote, answer.bottom)
    html = (
        f"{paragraphs(answer.top)}<div> </div><div>{'<br>'.join(answer.signature)}</div><div>"
        f"{escape(attribution)}</div><blockquote>{typed(page, answer)}</blockquote>{paragraphs(answer.bottom)}"
    )
    return Written(text, html, {"X-Mailer": "Yamail [ http://yandex.ru ] 5.0"})


def evolution(mail: Mail, answer: Answer) -> Written:
    attribution = wrote(answer.language, "EEE, y-MM-dd 'at' HH:mm Z", NAME)
    quote = quoted(our_text(mail, answer), answer, "> ")
    signature = ["-- ", *answer.signature] if answer.signature else []
    text = joined(wrapped(answer.top, 71), signature, attribution + "\n" + quote, answer.bottom)
    return Written(text, headers={"User-Agent": "Evolution 3.52.1"}, encoding="8bit")


def notes_old(mail: Mail, answer: Answer) -> Written:
    """Mark nothing; words of the header stand over their values, without colons."""
    words = HEADERS[answer.language]
    head = [
        f"{WHO} ", "02.03.2026 08:00", "", words[2], "Priya Raman/Company@COMPANY, ", "", "", words[3], mail.subject, "",
    ]  # fmt: skip
    text = joined(answer.top, answer.signature, head, quoted(our_text(mail, answer), answer, ""), answer.bottom)
    return Written(text, headers={"X-Mailer": "Lotus Notes Release 8.5.3"})


DISCLAIMER = (
    "This e-mail and any attachments are confidential and may be privileged. If you are not the intended recipient, "
    "please notify the sender and delete it."
)


def _row(program: Callable[[Mail, Answer], Written], state: str, **answer: object) -> Row:
    return Row(program, state, Answer(**answer))  # type: ignore[arg-type]


ROWS = (
    _row(outlook_web, "ordinary", top=("1 done", LONG), signature=COMPANY),
    _row(outlook_web, "ordinary", inside=((CARD_1, "1 done"), (CARD_3, PROSE)), language="de"),
    _row(outlook_web, "five", bottom=("Q1 yes", "C2 ignore"), language="ko"),
    _row(outlook_web, "german", top=("2 snooze 2 weeks",), language="de", signature=(*COMPANY, "", DISCLAIMER)),
    _row(outlook_mobile, "ordinary", top=("1 done", "3 skip")),
    _row(outlook_mobile, "five", inside=((CARD_2, LONG),), language="es"),
    _row(outlook_mobile, "one", bottom=("1 snooze until June",), language="fr"),
    _row(outlook_mobile, "german", top=(PROSE, "1 send"), language="de"),
    _row(outlook_mac, "ordinary", top=("met Jane Roe on Tuesday, talked promo",), signature=COMPANY),
    _row(outlook_mac, "five", inside=((CARD_1, "1 skip"), (CARD_2, PROSE)), language="sv"),
    _row(outlook_mac, "ordinary", bottom=("status",), language="de"),
    _row(outlook_mac, "german", top=("note Bob Li: mag Vormittage",), language="de"),
    _row(ios_mail, "ordinary", top=("1 done", "2 skip")),
    _row(ios_mail, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, "note Bob Li: prefers mornings")), language="fr"),
    _row(ios_mail, "five", bottom=("C1 mentor",), language="ja"),
    _row(ios_mail, "german", top=("Q1 no", PROSE), language="de"),
    _row(yahoo_mobile, "ordinary", top=("2 done",)),
    _row(yahoo_mobile, "five", inside=((CARD_3, "3 snooze 3 weeks"),), language="es"),
    _row(yahoo_mobile, "one", bottom=(PROSE, "1 done"), language="it"),
    _row(yahoo_mobile, "german", top=(LONG,)),
    _row(fastmail, "ordinary", top=("1 done", "win: search shipped to everyone")),
    _row(fastmail, "ordinary", inside=((CARD_1, PROSE), (CARD_3, "3 done"))),
    _row(fastmail, "five", bottom=("Q1 no",), signature=("Priya Raman", "priya@example.com")),
    _row(fastmail, "german", top=("3 skip",), language="da"),
    _row(roundcube, "ordinary", top=("1 done", "2 snooze 3 weeks"), language="pl"),
    _row(roundcube, "ordinary", inside=((CARD_1, "met Jane Roe yesterday"), (CARD_2, "2 skip")), language="ro"),
    _row(roundcube, "five", bottom=("C1 ignore", PROSE), language="cs"),
    _row(roundcube, "german", inside=((CARD_2, PROSE),), language="de"),
    _row(zimbra, "ordinary", top=("1 done",), language="fr"),
    _row(zimbra, "five", inside=((CARD_1, "note Jane Roe: moves in May"),), language="it"),
    _row(zimbra, "ordinary", bottom=("2 skip",), language="vi"),
    _row(zimbra, "german", top=("Q1 yes",), language="th"),
    _row(claws, "ordinary", inside=((CARD_1, "1 done"), (CARD_3, "3 snooze 2 weeks"))),
    _row(claws, "ordinary", top=("2 done", PROSE)),
    _row(claws, "five", bottom=("add Kim Sol <kim@sol.example> as mentor",), signature=("-- ", "Priya")),
    _row(claws, "german", inside=((CARD_1, "1 send"),)),
    _row(windows_mail, "ordinary", top=("1 done", LONG)),
    _row(windows_mail, "five", inside=((CARD_2, "2 done"),), language="fr"),
    _row(windows_mail, "ordinary", bottom=("pause 3 weeks",), language="uk"),
    _row(windows_mail, "german", top=("1 skip",), language="de"),
    _row(spark, "ordinary", top=("1 done", "2 done"), signature=("Priya",)),
    _row(spark, "ordinary", inside=((CARD_2, "2 done"), (CARD_3, LONG)), language="pt"),
    _row(spark, "five", bottom=("C2 mentor",), language="nb"),
    _row(spark, "one", top=("note Jane Roe: lead with the outcome and put the numbers second",), language="el"),
    _row(blackberry, "ordinary", top=("1 done",)),
    _row(blackberry, "five", bottom=("2 skip", PROSE)),
    _row(blackberry, "ordinary", inside=((CARD_1, "1 snooze 2 weeks"),)),
    _row(blackberry, "german", top=("Q1 yes", "status"), language="de"),
    _row(yandex, "ordinary", top=("1 done", "2 skip"), language="ru"),
    _row(yandex, "ordinary", inside=((CARD_1, "1 done"),), language="tr"),
    _row(yandex, "five", bottom=(PROSE, "Q1 no"), language="en", signature=("-- ", "Priya Raman")),
    _row(yandex, "scripts", top=("status",), language="ru"),
    _row(evolution, "ordinary", top=("1 done", "note Bob Li: prefers mornings"), signature=("Priya Raman",)),
    _row(evolution, "ordinary", inside=((CARD_2, "2 skip"), (CARD_3, "3 done")), language="uk"),
    _row(evolution, "five", bottom=("C1 mentor",), language="he"),
    _row(evolution, "german", top=(PROSE,), language="ar"),
    _row(notes_old, "ordinary", top=("1 done", "2 done"), language="de"),
    _row(notes_old, "five", inside=((CARD_1, PROSE), (CARD_2, "2 skip"))),
    _row(notes_old, "german", bottom=("1 snooze 2 weeks",), language="de"),
    _row(notes_old, "one", top=(LONG,), language="it", signature=COMPANY),
)  # fmt: skip
