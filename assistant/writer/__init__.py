"""The words: drafts and briefs, from a language model where the owner configured one, else by rules.

    dossiers -> (cache, budget) -> one call a person -> parse -> ground -> words; whatever fails -> offline writer

The only room that talks to a model. Nothing here acts: words come back as values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.writer.offline import OfflineWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from assistant.config import Config
    from assistant.writer.model import ModelWriter
    from assistant.writer.ports import Cache


def open_writer(
    config: Config, cache: Cache, now: datetime, key: Callable[[], str | None] = lambda: None
) -> OfflineWriter | ModelWriter:
    """Return the writer of this config: the offline one without `[llm]` or with `share = "nothing"`.

    `key` reads the owner's API key when a call is made (None: the server wants none); it is called at most once.
    """
    if config.llm is None or config.llm.share == "nothing":
        return OfflineWriter()
    from assistant.writer.model import ModelWriter

    return ModelWriter(config.llm, cache, now, key)
