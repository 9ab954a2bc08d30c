"""A message of the owner's in INBOX counts only if it was saved there, not delivered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.core.contact.own_copy import is_own_copy
from assistant.core.mail.envelope import parse_envelope

OWNER = frozenset({"jo@harbour.example", "joharbour@gmail.com"})
COPY = "From: Jo <jo@harbour.example>\r\nTo: jane@roe.example\r\nSubject: Re: Lunch\r\n"


def is_one(header: str) -> bool:
    raw = header.encode("utf-8", "surrogateescape") + b"\r\n"
    envelope = parse_envelope(raw, flags=(), internaldate=None, size=1, now=datetime(2026, 3, 2, tzinfo=UTC))
    return is_own_copy(raw, envelope, OWNER)


@pytest.mark.parametrize(
    "header",
    [
        COPY,
        COPY.replace("jane@roe.example", "jo@harbour.example, jane@roe.example"),
        f"{COPY}X-Career-Assistant: draft\r\n",
        f"{COPY}Subject: Received: with thanks\r\n",
        f"{COPY}X-Received: by a program\r\n",
    ],
)
def test_a_saved_copy_counts(header: str) -> None:
    assert is_one(header)


@pytest.mark.parametrize(
    "header",
    [
        f"{COPY}Received: by mx.harbour.example; Mon, 2 Mar 2026 08:00:00 +0000\r\n",
        f"RECEIVED : by mx.harbour.example\r\n{COPY}",
        f"{COPY}received:\r\n",
        f"{COPY}Return-Path: <jo@harbour.example>\r\n",
        f"{COPY}no field\r\n",
        f"{COPY}Comments: \0\r\n",
        f"{COPY}Comments: a\rReceived: b\r\n",
        COPY + "References: " + "<x@y.example> " * 5_000 + "\r\n",
        COPY.replace("jo@harbour.example", "jane@harbour.example"),
        COPY.replace("jane@roe.example", "Jo <jo+self@harbour.example>, joharbour@gmail.com"),
        COPY.replace("To: jane@roe.example\r\n", ""),
        f"{COPY}X-Career-Assistant: digest\r\n",
        f"{COPY}X-Career-Assistant: transcript\r\n",
    ],
)
def test_what_may_have_arrived_does_not_count(header: str) -> None:
    assert not is_one(header)
