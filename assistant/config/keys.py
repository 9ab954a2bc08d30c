"""Which section a key belongs to, for those that stand in the wrong one."""

from __future__ import annotations

HOMES = {
    "name": "me",
    "addresses": "me",
    "timezone": "me",
    "company_domains": "me",
    "control_address": "me",
    "goals": "me",
    "kind": "mailbox",
    "archives": "mailbox",
    "since": "mailbox",
    "day": "digest",
    "time": "digest",
    "people": "digest",
    "delivery": "digest",
    "hold_minutes": "smtp",
    "also_from": "replies",
    "authserv_id": "replies",
    "base_url": "llm",
    "model": "llm",
    "share": "llm",
    "api_key": "llm",
    "weekly_tokens": "llm",
    "temperature": "llm",
    "prompts_dir": "llm",
    "cadence": "roles.NAME",
}


def home_of(key: str) -> str | None:
    """Return the section a key belongs to, None where it has none or several."""
    return HOMES.get(key)
