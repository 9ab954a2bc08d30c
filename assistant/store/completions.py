"""Answers of the language model: kept by key, their tokens by week, and the mode a server took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.store.database import Store


class Call(Protocol):
    """One call as the writer hands it over (`assistant.writer.ports.Completion` has this shape)."""

    @property
    def key(self) -> str:
        """The hash of all that shapes the answer."""

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
        """The answer as JSON, None where only its tokens count."""

    @property
    def prompt_tokens(self) -> int:
        """Tokens in."""

    @property
    def completion_tokens(self) -> int:
        """Tokens out."""


class Completions:
    """The writer's cache, kept in the owner's data file. Answers hold private words: nothing of them is logged."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> str | None:
        """Return the answer kept under that key (JSON text), None for none."""
        row = self._store.row("completion", "key = ?", key)
        return row["words"] if row else None

    def put(self, completion: Call) -> None:
        """Keep one answer or one call's usage; a key put twice adds its tokens and keeps the newer answer, if any."""
        row = (completion.key, int(completion.at.timestamp()), completion.week, completion.base_url, completion.model)
        tokens = (completion.words, completion.prompt_tokens, completion.completion_tokens)
        with self._store.write() as db:
            db.execute(
                "INSERT INTO completion (key, at, week, base_url, model, words, prompt_tokens, completion_tokens) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at, "
                "words = coalesce(excluded.words, words), prompt_tokens = prompt_tokens + excluded.prompt_tokens, "
                "completion_tokens = completion_tokens + excluded.completion_tokens",
                (*row, *tokens),
            )

    def used(self, week: str) -> int:
        """Return the tokens of all calls of that ISO week, in and out; 0 for none."""
        query = "SELECT coalesce(sum(prompt_tokens + completion_tokens), 0) FROM completion WHERE week = ?"
        return int(self._store.connection.execute(query, (week,)).fetchone()[0])

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the server took the last request that worked (`Manner.text`), None where nothing is known."""
        row = self._store.row("model_mode", "base_url = ? AND model = ?", base_url, model)
        return row["mode"] if row else None

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how the server took a request."""
        with self._store.write() as db:
            row = {"base_url": base_url, "model": model, "mode": mode}
            db.table("model_mode").upsert(row, pk=("base_url", "model"))
