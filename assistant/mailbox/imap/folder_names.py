"""Finds Sent, Drafts and INBOX: by what the server says, else by the names mail programs give them.

The names are those that common mail programs and providers create, by language. They are compared without case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.core.language.fold import fold_text
from assistant.core.language.translation import Translatable
from assistant.core.mail.message import Folders
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.config import MailboxConfig

Use = Literal["sent", "drafts", "archive"]

# One language per line, the names between bars.
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
# Gmail's names for Spam and Trash. Mail with these labels is not read from an export.
_SPAM_AND_TRASH = """
en: Spam | Junk | Trash | Bin
de: Papierkorb
fr: Courrier indésirable | Corbeille
es: Correo no deseado | Papelera
ca: Correu brossa | Paperera
eu: Zaborrontzia
pt: Lixeira | Lixo | Reciclagem
it: Posta indesiderata | Cestino
nl: Ongewenst | Prullenbak
sv: Skräppost | Papperskorgen
da: Papirkurv
nb: Søppelpost | Papirkurven | Søppel
fi: Roskaposti | Roskakori
is: Ruslpóstur | Rusl
pl: Kosz
cs: Koš
sk: Kôš
hu: Levélszemét | Kuka
ro: Coș de gunoi
hr: Neželjena pošta | Otpad | Smeće
sl: Neželena pošta | Smetnjak | Smeti
sr: Непожељно | Отпад
ru: Спам | Корзина
uk: Спам | Кошик
be: Спам | Сметніца
bg: Спам | Кошче
el: Ανεπιθύμητα | Κάδος απορριμμάτων | Κάδος
tr: İstenmeyen | Çöp Kutusu | Çöp kutusu
lt: Šlamštas | Šiukšliadėžė | Šiukšlinė
lv: Mēstules | Miskaste | Atkritne
et: Rämpspost | Prügikast
he: דואר זבל | ספאם | אשפה
ar: غير مرغوب فيها | المهملات
fa: هرزنامه | زباله‌دان | حذف‌شده‌ها
hi: स्पैम | ट्रैश
bn: স্প্যাম | ট্র্যাশ
th: จดหมายขยะ | สแปม | ถังขยะ
vi: Thư rác | Thùng rác
id: Sampah
ms: Tong Sampah
ja: 迷惑メール | ゴミ箱
zh: 垃圾邮件 | 已删除邮件 | 回收站 | 垃圾郵件 | 垃圾桶 | 垃圾箱
ko: 스팸함 | 스팸 | 휴지통
"""
_ARCHIVE = """
en: Archive | Archives | Archived | Archived Mail | Mail Archive | Old Mail
de: Archiv | Archive | Archivierte Nachrichten | Alte Mails
fr: Archives | Archive | Messages archivés
es: Archivo | Archivos | Archivados | Correo archivado
ca: Arxiu | Arxius
pt: Arquivo | Arquivos | Arquivados | Arquivo Morto
it: Archivio | Archivi | Archiviati | Posta archiviata
nl: Archief | Archieven
sv: Arkiv | Arkivet | Arkiverat
da: Arkiv | Arkiver
fi: Arkisto | Arkistot
pl: Archiwum | Archiwa
cs: Archiv | Archivy
sk: Archív | Archívy
hu: Archívum | Archiválás
ro: Arhivă | Arhive
hr: Arhiva | Arhiv
sr: Архива
ru: Архив | Архивы
uk: Архів | Архіви
el: Αρχείο | Αρχειοθήκη
tr: Arşiv | Arşivler
lt: Archyvas | Archyvai
lv: Arhīvs
et: Arhiiv
he: ארכיון
ar: أرشيف | الأرشيف
fa: بایگانی
vi: Lưu trữ
id: Arsip
ms: Arkib
ja: アーカイブ
zh: 存档 | 归档 | 封存
ko: 보관함
"""


def _names(table: str) -> tuple[str, ...]:
    lines = (line.partition(":")[2] for line in table.strip().splitlines())
    return tuple(name.strip() for line in lines for name in line.split("|"))


KNOWN: dict[Use, tuple[str, ...]] = {"sent": _names(_SENT), "drafts": _names(_DRAFTS), "archive": _names(_ARCHIVE)}
_SPECIAL = {"sent": "\\sent", "drafts": "\\drafts", "archive": "\\archive"}
CONTAINERS = frozenset({"inbox", "[gmail]", "[google mail]", "mail", "~"})
OTHER_USES = frozenset({"\\drafts", "\\junk", "\\trash", "\\archive", "\\all", "\\flagged"})
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder as LIST gives it: decoded name, flags in lower case, separator ("" if there are no levels)."""

    name: str
    flags: frozenset[str]
    separator: str

    @property
    def open(self) -> bool:
        """Whether messages can be in it."""
        return not self.flags & _CLOSED


def choose_folders(
    listed: Sequence[Listed],
    prefix: str,
    config: MailboxConfig,
    newest: Callable[[str], int],
    count: Callable[[str], int],
) -> Folders:
    """Return Sent, Drafts and INBOX: by the config, by SPECIAL-USE (RFC 6154), or by known names.

    Of several folders of sent mail, all are returned. The first is the one with the newest mail among those that the
    server calls Sent, or among all if it calls none so. Of several Drafts, the fullest is taken. `prefix` is the one of
    the personal namespace ("INBOX."). `newest` returns when a folder's last message arrived (epoch seconds), `count`
    how many messages it has. Raises UserError if there is no Sent, or no folder that the config names.
    """
    # A phone may file what it sends in another folder than the computer, so all of them count.
    sent = _sent(listed, prefix, config, newest)
    drafts = _drafts(listed, prefix, config.drafts, count) or prefix + "Drafts"
    inbox = config.inbox or "INBOX"
    received = _received(_usable(listed), prefix, inbox) if config.received else ()
    return Folders(inbox, sent[0], drafts, sent[1:], received)


def _received(folders: Sequence[Listed], prefix: str, inbox: str) -> tuple[str, ...]:
    r"""Return the folders of received mail: INBOX and \Archive with what is below it, or \All alone (RFC 6154).

    If the server marks no archive, one with a known name is taken.
    """
    # All mail is in \All, INBOX too, and what the owner archived. Only Gmail and its like have it, without Spam.
    if whole := [folder.name for folder in folders if "\\all" in folder.flags]:
        return (whole[0],)
    named = _special("archive", folders) or [name for _, _, name in _ranked("archive", folders, prefix)]
    archives = [folder for folder in folders if folder.name in named]
    below = tuple(folder.name + folder.separator for folder in archives if folder.separator)
    kept = [folder.name for folder in folders if folder in archives or folder.name.startswith(below)]
    # INBOX is written in any case (RFC 3501, 5.1).
    first = next((folder.name for folder in folders if folder.name.casefold() == inbox.casefold()), inbox)
    return tuple(dict.fromkeys((first, *kept)))


def sent_folders(listed: Sequence[Listed], prefix: str) -> tuple[str, ...]:
    """Return the folders of sent mail, those that the server itself calls so first. Empty if there are none."""
    usable = _usable(listed)
    others = [folder for folder in usable if not folder.flags & OTHER_USES]
    named = (name for _, _, name in _ranked("sent", others, prefix))
    return tuple(dict.fromkeys((*_special("sent", usable), *named)))


def _sent(
    listed: Sequence[Listed], prefix: str, config: MailboxConfig, newest: Callable[[str], int]
) -> tuple[str, ...]:
    usable = _usable(listed)
    if config.sent_names:
        return tuple(dict.fromkeys(_asked("sent", usable, prefix, name) for name in config.sent_names))
    found = sent_folders(listed, prefix)
    if not found:
        raise _missing(listed)
    first = _special("sent", usable) or found
    if len(first) > 1:
        first = [max(first, key=newest)]  # the first of equals
    return tuple(dict.fromkeys((first[0], *found)))


def _drafts(listed: Sequence[Listed], prefix: str, asked: str | None, count: Callable[[str], int]) -> str | None:
    usable = _usable(listed)
    if asked is not None:
        return _asked("drafts", usable, prefix, asked)
    ranked = _ranked("drafts", usable, prefix)
    found = _special("drafts", usable) or [name for level, _, name in ranked if level == ranked[0][0]]
    return max(found, key=count) if len(found) > 1 else next(iter(found), None)


def _usable(listed: Sequence[Listed]) -> list[Listed]:
    return [folder for folder in listed if folder.open]


def _special(use: Use, folders: Sequence[Listed]) -> list[str]:
    return [folder.name for folder in folders if _SPECIAL[use] in folder.flags]


def _missing(folders: Sequence[Listed]) -> UserError:
    """Return the error with the names of all folders, so that the owner can put one into the config."""
    names = ", ".join(folder.name for folder in folders[:40] if folder.open) or Translatable("none")
    return UserError(
        'No folder of sent mail was found in the mailbox. Name it in config.toml as sent = "…" under '
        "[mailbox]; its folders are: {names}",
        names=names,
    )


def _asked(use: Use, folders: Sequence[Listed], prefix: str, asked: str) -> str:
    for name in (asked, prefix + asked):
        for folder in folders:
            if folder.name == name or folder.name.casefold() == name.casefold() == "inbox":
                return folder.name
    names = ", ".join(folder.name for folder in folders[:40]) or Translatable("none")
    raise UserError(
        'The mailbox has no folder "{asked}", which config.toml names as {use}; its folders are: {names}',
        asked=asked,
        use=use,
        names=names,
    )


def _ranked(use: Use, folders: Sequence[Listed], prefix: str) -> list[tuple[int, int, str]]:
    """Return (level, place in the table, name) of the folders with a known name, the best first."""
    # At the top, or one level down in a usual container such as `[Gmail]` or INBOX.
    known = {fold(name): at for at, name in enumerate(KNOWN[use])}
    ranked = []
    for folder in folders:
        bare = folder.name.removeprefix(prefix) if prefix else folder.name
        path = bare.split(folder.separator) if folder.separator else [bare]
        place = known.get(fold(path[-1]))
        inside = [fold(step) for step in path[:-1]]
        if place is not None and len(inside) <= 1 and set(inside) <= CONTAINERS:
            ranked.append((len(inside), place, folder.name))
    return sorted(ranked)


def fold(name: str) -> str:
    """Return a folder's name for comparison: without case, with single blanks."""
    return fold_text(name.replace("_", " "))


# The names of Spam and Trash, folded.
DISCARDED = frozenset(map(fold, _names(_SPAM_AND_TRASH)))
