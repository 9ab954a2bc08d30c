"""Header bytes become an Envelope: who sent what to whom, and when (RFC 5322, RFC 2047, RFC 6532)."""

from __future__ import annotations

WANTED_FIELDS: tuple[str, ...] = (
    "Message-ID",
    "Date",
    "From",
    "Sender",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "In-Reply-To",
    "References",
    "Resent-From",
    "Resent-Sender",
    "Resent-To",
    "Resent-Cc",
    "Resent-Bcc",
    "Resent-Date",
    "Resent-Message-ID",
    "List-Id",
    "List-Post",
    "List-Unsubscribe",
    "Auto-Submitted",
    "Precedence",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "Content-Class",
    "X-Forwarded-Message-Id",
    "X-Career-Assistant",
)
"""The header fields a mailbox must fetch of each message, in the order they are asked for."""
