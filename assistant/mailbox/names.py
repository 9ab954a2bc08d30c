"""Which folder is Sent, Drafts, INBOX: by the server's word, else by the names mail programs give them.

The names are those that common mail programs and providers create, by language; they are compared without case.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Use = Literal["sent", "drafts"]

# One line a language, the names between bars.
_SENT = """
en: Sent | Sent Items | Sent Mail | Sent Messages | Sent-Mail | Sentmail | SentBox | Sent Emails
de: Gesendet | Gesendete Elemente | Gesendete Objekte | Gesendete Nachrichten | Gesendete E-Mails | Gesendete Mails
de: Versendet | Verschickt
fr: Envoyés | Messages envoyés | Éléments envoyés | Objets envoyés | Courrier envoyé | Mails envoyés | E-mails envoyés
fr: Envoyé
es: Enviados | Elementos enviados | Mensajes enviados | Correo enviado | Correos enviados
ca: Enviat | Enviats | Elements enviats
eu: Bidalitakoak
pt: Enviadas | Itens enviados | Items enviados | Mensagens enviadas | E-mails enviados | Correio enviado
it: Inviati | Inviata | Posta inviata | Elementi inviati | Messaggi inviati
nl: Verzonden | Verzonden items | Verzonden berichten | Verzonden objecten | Verstuurd
sv: Skickat | Skickade | Skickade objekt | Skickade meddelanden | Skickade mail
da: Sendt | Sendte | Sendte elementer | Sendt post | Sendte mails | Sendte e-mails | Sendte beskeder
nb: Sendte meldinger | Sendte objekter
fi: Lähetetyt | Lähetetyt viestit | Lähetetty posti | Lähetetyt kohteet
is: Sendir hlutir | Sendur póstur
pl: Wysłane | Elementy wysłane | Wiadomości wysłane | Wysłane wiadomości | Poczta wysłana
cs: Odeslané | Odeslaná pošta | Odeslané zprávy
sk: Odoslané | Odoslaná pošta | Odoslané správy
hu: Elküldött | Elküldött elemek | Elküldött üzenetek | Elküldött levelek
ro: Trimise | Elemente trimise | Mesaje trimise
hr: Poslano | Poslana pošta | Poslane poruke | Poslane stavke
sl: Poslani elementi | Poslana sporočila
sr: Poslata pošta | Poslate poruke | Послато | Послата пошта
ru: Отправленные | Отправленная почта | Отправленные сообщения | Отправлено
uk: Надіслані | Надіслане | Відправлені
be: Адпраўленыя
bg: Изпратени | Изпратена поща
el: Απεσταλμένα | Σταλμένα
tr: Gönderilmiş Öğeler | Gönderilenler | Gönderilmiş Postalar | Gönderilen | Gönderilen Öğeler
az: Göndərilənlər
lt: Išsiųsta | Išsiųsti laiškai
lv: Nosūtītie | Nosūtītās vienības
et: Saadetud | Saadetud kirjad
he: נשלח | פריטים שנשלחו
ar: البريد المرسل | المرسلة | العناصر المرسلة | المرسل | الرسائل المرسلة
fa: موارد ارسال‌شده | ارسال شده | ارسال‌شده
hi: भेजे गए | भेजी गई मेल
bn: প্রেরিত
th: ส่งแล้ว | จดหมายที่ส่ง | รายการที่ถูกส่ง
vi: Đã gửi | Thư đã gửi | Mục đã Gửi
id: Terkirim | Item Terkirim
ms: Item Dihantar
ja: 送信済み | 送信済みメール | 送信済みアイテム | 送信済みトレイ
zh: 已发送 | 已发送邮件 | 已发邮件 | 已发送的邮件 | 已傳送 | 寄件備份 | 寄件備份匣 | 已寄出
ko: 보낸 편지함 | 보낸편지함 | 보낸 메일 | 보낸메일함 | 보낸 메일함 | 보낸 항목
"""
_DRAFTS = """
en: Drafts | Draft | Draft Messages
de: Entwürfe | Entwurf
fr: Brouillons | Brouillon
es: Borradores | Borrador
ca: Esborranys
eu: Zirriborroak
pt: Rascunhos | Rascunho
it: Bozze
nl: Concepten | Concept | Klad
sv: Utkast
da: Kladder | Kladde
fi: Luonnokset
is: Drög
pl: Szkice | Kopie robocze | Wersje robocze | Robocze
cs: Koncepty | Rozepsané
sk: Rozpísané
hu: Piszkozatok | Piszkozat | Vázlatok
ro: Ciorne | Schițe
hr: Skice | Nacrti
sl: Osnutki
sr: Радне верзије | Nacrti
ru: Черновики
uk: Чернетки
be: Чарнавікі
bg: Чернови
el: Πρόχειρα
tr: Taslaklar | Taslak
az: Qaralamalar
lt: Juodraščiai
lv: Melnraksti
et: Mustandid
he: טיוטות
ar: المسودات | مسودات
fa: پیش‌نویس‌ها
hi: ड्राफ़्ट
bn: খসড়া
th: แบบร่าง | จดหมายร่าง
vi: Thư nháp | Bản nháp
id: Draf | Konsep
ja: 下書き
zh: 草稿 | 草稿箱 | 草稿匣
ko: 임시보관함 | 임시 보관함 | 임시 보관 메일
"""


def _names(table: str) -> tuple[str, ...]:
    lines = (line.partition(":")[2] for line in table.strip().splitlines())
    return tuple(name.strip() for line in lines for name in line.split("|"))


KNOWN: dict[Use, tuple[str, ...]] = {"sent": _names(_SENT), "drafts": _names(_DRAFTS)}
_SPECIAL = {"sent": "\\sent", "drafts": "\\drafts"}
_CONTAINERS = frozenset({"inbox", "[gmail]", "[google mail]", "mail", "~"})
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder as LIST gives it: its decoded name, its flags in lower case, the separator ("" for flat)."""

    name: str
    flags: frozenset[str]
    separator: str

    @property
    def open(self) -> bool:
        """Whether messages can lie in it."""
        return not self.flags & _CLOSED


def choose(
    use: Use, folders: Sequence[Listed], prefix: str, asked: str | None, count: Callable[[str], int]
) -> str | None:
    """Return the folder for `use`, None where none is found. `asked` is the name from the config.

    `prefix` is the personal namespace's ("INBOX."), `count` says how many messages lie in a folder: where several
    bear known names, the fullest is meant. Raises UserError where the folder asked for is not there.
    """
    usable = [folder for folder in folders if folder.open]
    if asked is not None:
        return _asked(use, usable, prefix, asked)
    special = [folder.name for folder in usable if _SPECIAL[use] in folder.flags]
    found = special or _by_name(use, usable, prefix)
    if len(found) < 2:  # noqa: PLR2004 - one or none: nothing to choose
        return found[0] if found else None
    return max(found, key=lambda name: (count(name), -found.index(name)))


def missing(use: Use, folders: Sequence[Listed]) -> UserError:
    """Return the error that names what folders there are, so that the owner can put one into the config."""
    names = ", ".join(folder.name for folder in folders[:40] if folder.open) or "none"
    return UserError(
        f"No folder of {'sent mail' if use == 'sent' else 'drafts'} was found in the mailbox. Name it in config.toml "
        f'as {use} = "…" under [mailbox]; its folders are: {names}'
    )


def _asked(use: Use, folders: Sequence[Listed], prefix: str, asked: str) -> str:
    for name in (asked, prefix + asked):
        for folder in folders:
            if folder.name == name or folder.name.casefold() == name.casefold() == "inbox":
                return folder.name
    names = ", ".join(folder.name for folder in folders[:40]) or "none"
    message = f'The mailbox has no folder "{asked}", which config.toml names as {use}; its folders are: {names}'
    raise UserError(message)


def _by_name(use: Use, folders: Sequence[Listed], prefix: str) -> list[str]:
    """Return the folders with a known name: those at the top first, then those one level down in a usual container."""
    known = {_fold(name): at for at, name in enumerate(KNOWN[use])}
    ranked = []
    for folder in folders:
        bare = folder.name.removeprefix(prefix) if prefix else folder.name
        path = bare.split(folder.separator) if folder.separator else [bare]
        place = known.get(_fold(path[-1]))
        inside = [_fold(step) for step in path[:-1]]
        if place is not None and len(inside) <= 1 and set(inside) <= _CONTAINERS:
            ranked.append((len(inside), place, folder.name))
    ranked.sort()
    return [name for level, _, name in ranked if level == ranked[0][0]]


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("_", " ").split())
