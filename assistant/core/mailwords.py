"""The fixed words mail programs put around a quote, in a dozen languages and more.

What is checked here is form only; whether a line names a message of ours is decided by the message we sent.
"""

from __future__ import annotations

import re

_ORIGINAL = (
    r"(?:original message|original appointment|forwarded message|ursprüngliche nachricht"
    r"|originalnachricht|weitergeleitete nachricht|message d'origine|message original|mensaje original"
    r"|messaggio originale|mensagem original|oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande"
    r"|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość"
    r"|původní zpráva|исходное сообщение|özgün ileti|orijinal mesaj|原始邮件|原始郵件|元のメッセージ"
    r"|원본 메시지)"
)
ORIGINAL = re.compile(rf"[-_=* ]{{2,12}}\s?{_ORIGINAL}\s?[-_=* ]{{2,12}}", re.IGNORECASE)
# The words alone, as some phones have them, are a rule only where a header field follows.
RULE = re.compile(rf"[_─—-]{{20,120}}|[*_ ]{{5,}}|{_ORIGINAL}", re.IGNORECASE)
HEADER_FIELD = re.compile(
    r"(?:from|sent|date|to|cc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé|date|à|objet|enviado|enviada el"
    r"|para|asunto|fecha|da|inviato|data|a|oggetto|assunto|van|verzonden|aan|onderwerp|från|skickat|till|ämne|fra|sendt"
    r"|til|emne|lähettäjä|lähetetty|vastaanottaja|aihe|od|wysłano|do|temat|odesláno|komu|předmět|от|отправлено|дата"
    r"|кому|тема|kimden|gönderildi|kime|konu|发件人|发送时间|收件人|主题|寄件者|寄件日期|收件者|主旨|差出人|送信日時|宛先|件名"
    r"|보낸 사람|보낸 날짜|받는 사람|제목)\*?\s?[:：]\*?(?:\s|$)",
    re.IGNORECASE,
)
BEGINS = re.compile(
    r"(?:on|am|le|el|il|em|op|den|på|pada|dne|dnia|w dniu|at|a|ma|v|na|no dia|tarihinde|в)[\s,]"
    r"|\d{1,4}[./年-]|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|[^\W\d]{2,4}[.,]",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"(?:\bwrote|\bwrites|\bschrieb(?: am .{1,60})?|\bhat geschrieben|\ba écrit|\bescribió|\bha scritto|\bescreveu"
    r"|\bschreef|\bskrev"
    r"|\bkirjoitti|\bnapisał(?:\(a\))?|\bnapsal(?:\(a\))?|\bпишет|\bнаписал(?:\(а\))?|\byazdı"
    r"|写道|寫道|のメッセージ|님이 작성)\s?[:：]?\s*$",
    re.IGNORECASE,
)
YEAR_OR_TIME = re.compile(r"\d{4}|\d{1,2}[:.h]\d{2}")
SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with|using) .{1,60}|get outlook for (?:ios|android).{0,60}"
    r"|(?:diese nachricht wurde )?von (?:mein(?:em|er)\b|unterwegs\b|outlook\b|spark\b).{0,60}(?:gesendet|geschickt)"
    r"|gesendet (?:von|mit|über) .{1,50}"
    r"|von meinem .{1,30}|outlook für (?:ios|android) (?:beziehen|herunterladen).{0,60}"
    r"|hol(?:en sie sich|e? dir) outlook.{0,60}|envoyé (?:de|depuis|à partir de) .{1,50}"
    r"|enviado (?:desde|do|de|a partir d[oe]) .{1,50}|inviato (?:da|dal) .{1,50}|verzonden (?:vanaf|met|via) .{1,50}"
    r"|verstuurd vanaf .{1,50}|skickat från .{1,50}|sendt fra .{1,50}|lähetetty .{1,50}|wysłan[eo] z .{1,50}"
    r"|odesláno z .{1,50}|отправлено (?:с|из) .{1,50}|.{1,40}'?(?:dan|den|umdan) gönderildi|.{1,40}から送信"
    r"|发自.{1,40}|從我的.{1,40}傳送|.{1,40}에서 보냄|trimis de pe .{1,50}|poslano z .{1,50})[.!]?",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"(?=.{60})(?:the (?:information|contents?) .{0,30})?\b(?:this|diese[rs]?|ce(?:t|tte)?|este|questa?) .{0,30}"
    r"\b(?:e-?mail|message|communication|transmission|nachricht|courriel|correo|mensaje|messaggio)\b"
    r".{0,200}\b(?:confidential|privileged|intended recipient|intended (?:solely|only)|vertraulich|richtige adressat"
    r"|bestimmungsgemäß|confidentiel|confidencial|riservat[aeio]).{0,800}"
    r"|(?:please )?(?:consider|think of) the environment before .{0,80}"
    r"|bitte (?:denken sie an|prüfen sie).{0,40}(?:umwelt|ausdruck).{0,80}",
    re.IGNORECASE,
)
"""The first line of what companies put below every mail."""
