"""INTERNALDATE as servers write it (RFC 3501, date-time), and dates that no calendar has."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.mailbox.imap.fetch import internaldate


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (b"17-Jul-1996 02:44:25 -0700", "1996-07-17T02:44:25-07:00"),
        (b" 7-Jul-1996 00:00:00 +0530", "1996-07-07T00:00:00+05:30"),
        (b"29-feb-2024 23:59:59 +0000", "2024-02-29T23:59:59+00:00"),
        (b"01-Jan-1970 00:00:00 +0000", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_dates_as_they_are_written(written: bytes, moment: str) -> None:
    found = internaldate(written)
    assert found is not None
    assert found.moment == datetime.fromisoformat(moment)
    assert found.moment.utcoffset() == datetime.fromisoformat(moment).utcoffset()


@pytest.mark.parametrize(
    "written",
    [
        *(b"", b"17-Jul-1996", b"30-Feb-2024 00:00:00 +0000", b"17-Foo-1996 02:44:25 -0700"),
        *(b"17-Jul-1996 24:00:00 +0000", b"17-Jul-1996 02:60:25 +0000", b"17-Jul-1996 02:44:25 +9999"),
        *(b"01-Jan-0001 00:00:00 +0100", b"31-Dec-9999 23:00:00 -1200"),
    ],
)
def test_what_is_no_date_is_none(written: bytes) -> None:
    assert internaldate(written) is None
