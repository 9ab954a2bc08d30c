"""Answers of the language model by key, tokens by week, and how each server wants to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.store.database import Store


class Call(Protocol):
    """One call to the model, as the writer passes it in (`Completion` in `writer/model/writer.py` has this shape)."""

    @property
    def key(self) -> str:
        """The hash of everything that shapes the answer."""

    @property
    def at(self) -> datetime:
        """When it was made, aware."""

    @property
    def week(self) -> str:
        """The ISO week it counts for."""

    @property
    def base_url(self) -> str:
        """The server."""

    @property
    def model(self) -> str:
        """The model."""

    @property
    def words(self) -> str | None:
        """The answer as JSON, None if only its tokens count."""

    @property
    def prompt_tokens(self) -> int:
        """Tokens in."""

    @property
    def completion_tokens(self) -> int:
        """Tokens out."""


class Completions:
    """The model's answers, in the owner's data file. They hold private words, so nothing of them is logged."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> str | None:
        """Return the answer under that key (JSON text), None if there is none."""
        row = self._store.row("completion", "key = ?", key)
        return row["words"] if row else None

    def put(self, completion: Call) -> None:
        """Store an answer or a call's usage. For a known key tokens add up, and a new answer replaces the old one."""
        row = (completion.key, int(completion.at.timestamp()), completion.week, completion.base_url, completion.model)
        tokens = (completion.words, completion.prompt_tokens, completion.completion_tokens)
        with self._store.write() as db:
            # A call without a usable answer has spent its tokens too, and the weekly ceiling counts them.
            db.execute(
                "INSERT INTO completion (key, at, week, base_url, model, words, prompt_tokens, completion_tokens) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at, "
                "words = coalesce(excluded.words, words), prompt_tokens = prompt_tokens + excluded.prompt_tokens, "
                "completion_tokens = completion_tokens + excluded.completion_tokens",
                (*row, *tokens),
            )

    def used(self, week: str) -> int:
        """Return the tokens, in and out, of all calls in that ISO week."""
        query = "SELECT coalesce(sum(prompt_tokens + completion_tokens), 0) FROM completion WHERE week = ?"
        return int(self._store.connection.execute(query, (week,)).fetchone()[0])

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the last request that worked was made (`Manner.text`), None if none is known."""
        row = self._store.row("model_mode", "base_url = ? AND model = ?", base_url, model)
        return row["mode"] if row else None

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how a request that worked was made."""
        with self._store.write() as db:
            row = {"base_url": base_url, "model": model, "mode": mode}
            db.table("model_mode").upsert(row, pk=("base_url", "model"))
