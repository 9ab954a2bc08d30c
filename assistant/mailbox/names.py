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

KNOWN: dict[Use, tuple[str, ...]] = {
    "sent": (
        "Sent",
        "Sent Items",
        "Sent Mail",
        "Sent Messages",
        "Sent-Mail",
        "sent_mail",
        "sentmail",
        "SentBox",
        "Sent Emails",  # en
        "Gesendet",
        "Gesendete Elemente",
        "Gesendete Objekte",
        "Gesendete Nachrichten",
        "Gesendete E-Mails",
        "Gesendete Mails",
        "Versendet",
        "Verschickt",  # de
        "Envoyés",
        "Messages envoyés",
        "Éléments envoyés",
        "Objets envoyés",
        "Courrier envoyé",
        "Mails envoyés",
        "E-mails envoyés",
        "Envoyé",  # fr
        "Enviados",
        "Elementos enviados",
        "Mensajes enviados",
        "Correo enviado",
        "Correos enviados",
        "Enviat",
        "Elements enviats",
        "Enviats",
        "Bidalitakoak",  # es, ca, eu
        "Enviadas",
        "Itens enviados",
        "Mensagens enviadas",
        "E-mails enviados",
        "Emails enviados",
        "Correio enviado",
        "Items enviados",  # pt
        "Inviati",
        "Posta inviata",
        "Elementi inviati",
        "Messaggi inviati",
        "Inviata",  # it
        "Verzonden",
        "Verzonden items",
        "Verzonden berichten",
        "Verzonden objecten",
        "Verstuurd",  # nl
        "Skickat",
        "Skickade",
        "Skickade objekt",
        "Skickade meddelanden",
        "Skickade mail",  # sv
        "Sendt",
        "Sendte",
        "Sendte elementer",
        "Sendt post",
        "Sendte mails",
        "Sendte e-mails",
        "Sendte meldinger",
        "Sendte objekter",
        "Sendte beskeder",  # da, nb
        "Lähetetyt",
        "Lähetetyt viestit",
        "Lähetetty posti",
        "Lähetetyt kohteet",  # fi
        "Sendir hlutir",
        "Sent póstur",  # is
        "Wysłane",
        "Elementy wysłane",
        "Wiadomości wysłane",
        "Wysłane wiadomości",
        "Poczta wysłana",  # pl
        "Odeslané",
        "Odeslaná pošta",
        "Odeslané zprávy",
        "Odoslané",
        "Odoslaná pošta",
        "Odoslané správy",  # cs, sk
        "Elküldött",
        "Elküldött elemek",
        "Elküldött üzenetek",
        "Elküldött levelek",  # hu
        "Trimise",
        "Elemente trimise",
        "Mesaje trimise",  # ro
        "Poslano",
        "Poslana pošta",
        "Poslani elementi",
        "Poslane poruke",
        "Poslata pošta",
        "Poslane stavke",
        "Poslate poruke",
        "Послато",  # hr, sl, sr
        "Отправленные",
        "Отправленная почта",
        "Отправленные сообщения",
        "Отправлено",  # ru
        "Надіслані",
        "Відправлені",
        "Надіслане",
        "Адпраўленыя",  # uk, be
        "Изпратени",
        "Изпратена поща",  # bg
        "Απεσταλμένα",
        "Σταλμένα",  # el
        "Gönderilmiş Öğeler",
        "Gönderilenler",
        "Gönderilmiş Postalar",
        "Gönderilen",
        "Gönderilen Öğeler",
        "Göndərilənlər",  # tr, az
        "Išsiųsta",
        "Išsiųsti laiškai",
        "Nosūtītie",
        "Nosūtītās vienības",
        "Saadetud",
        "Saadetud kirjad",  # lt, lv, et
        "נשלח",
        "פריטים שנשלחו",  # he
        "البريد المرسل",
        "المرسلة",
        "العناصر المرسلة",
        "المرسل",
        "الرسائل المرسلة",  # ar
        "موارد ارسال‌شده",
        "ارسال شده",
        "ارسال‌شده",  # fa
        "भेजे गए",
        "भेजी गई मेल",
        "প্রেরিত",
        "ส่งแล้ว",
        "จดหมายที่ส่ง",
        "รายการที่ถูกส่ง",  # hi, bn, th
        "Đã gửi",
        "Thư đã gửi",
        "Mục đã Gửi",
        "Terkirim",
        "Item Terkirim",
        "Item Dihantar",  # vi, id, ms
        "送信済み",
        "送信済みメール",
        "送信済みアイテム",
        "送信済みトレイ",  # ja
        "已发送",
        "已发送邮件",
        "已发邮件",
        "已傳送",
        "寄件備份",
        "已寄出",
        "已发送的邮件",
        "寄件備份匣",  # zh
        "보낸 편지함",
        "보낸편지함",
        "보낸 메일",
        "보낸메일함",
        "보낸 메일함",
        "보낸 항목",  # ko
    ),
    "drafts": (
        "Drafts",
        "Draft",
        "Draft Messages",  # en
        "Entwürfe",
        "Entwurf",  # de
        "Brouillons",
        "Brouillon",  # fr
        "Borradores",
        "Borrador",
        "Esborranys",
        "Zirriborroak",  # es, ca, eu
        "Rascunhos",
        "Rascunho",
        "Bozze",
        "Concepten",
        "Concept",
        "Klad",  # pt, it, nl
        "Utkast",
        "Kladder",
        "Kladde",
        "Luonnokset",
        "Drög",  # sv, nb, da, fi, is
        "Szkice",
        "Kopie robocze",
        "Wersje robocze",
        "Robocze",  # pl
        "Koncepty",
        "Rozepsané",
        "Rozpísané",
        "Piszkozatok",
        "Piszkozat",
        "Vázlatok",  # cs, sk, hu
        "Ciorne",
        "Schițe",
        "Skice",
        "Nacrti",
        "Osnutki",
        "Радне верзије",
        "Nedovršeno",  # ro, hr, sl, sr
        "Черновики",
        "Чернетки",
        "Чарнавікі",
        "Чернови",  # ru, uk, be, bg
        "Πρόχειρα",
        "Taslaklar",
        "Taslak",
        "Qaralamalar",  # el, tr, az
        "Juodraščiai",
        "Melnraksti",
        "Mustandid",  # lt, lv, et
        "טיוטות",
        "المسودات",
        "مسودات",
        "پیش‌نویس‌ها",  # he, ar, fa
        "ड्राफ़्ट",
        "খসড়া",
        "แบบร่าง",
        "จดหมายร่าง",
        "Thư nháp",
        "Bản nháp",
        "Draf",
        "Konsep",  # hi, bn, th, vi, id, ms
        "下書き",
        "草稿",
        "草稿箱",
        "草稿匣",
        "임시보관함",
        "임시 보관함",
        "임시 보관 메일",  # ja, zh, ko
    ),
}
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
