"""The program's errors, as one tree. Every UserError is shown as one sentence, without a traceback."""

from __future__ import annotations

from assistant.core.language.translation import Translatable, joined


class AssistantError(Exception):
    """Base of every error the program raises on purpose. Its English sentence is a template for `values`."""

    def __init__(self, template: str = "", /, **values: object) -> None:
        self.sentence = Translatable(template, **values)
        super().__init__(self.sentence)


class UserError(AssistantError):
    """The owner must act. The message is one plain sentence: what happened and what to do (exit code 1)."""


class ConfigError(UserError):
    """The configuration has problems. `problems` holds one sentence for each, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(joined(problems, "\n"))
        self.problems = problems


class UnreachableError(AssistantError):
    """The mail server or the model could not be reached this time (exit code 3).

    `retry_after` is how many seconds the server asked to be left alone, None if it didn't say. `after_data` is True if
    a DATA transaction had begun. Nothing was taken then either.
    """

    retry_after: float | None = None
    # An order to send to somebody else gets one DATA in its life (docs/reliability.md, 3), so it isn't tried again.
    after_data: bool = False


class MailboxError(UnreachableError):
    """The mailbox answered, but not with what it was asked for. The message is one plain sentence."""


class LoginRefusedError(UserError):
    """The server refused to sign the owner in. Over IMAP, only AUTHENTICATIONFAILED and its like count."""


class RefusedMessageError(AssistantError):
    """The server refused this message for good; sending it again won't help."""


class InDoubtError(AssistantError):
    """The line broke after the message may have been accepted. Look for it before sending it again."""
