"""Errors, as one tree. Everything under UserError is shown as one sentence, without a traceback."""

from __future__ import annotations


class AssistantError(Exception):
    """The root of every error the program raises on purpose."""


class UserError(AssistantError):
    """The owner must act; the message is one plain sentence that says what happened and what to do (exit 1)."""


class ConfigError(UserError):
    """The configuration has problems; `problems` holds one sentence each, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnreachableError(AssistantError):
    """The mail server or the model could not be reached just now (exit 3).

    `retry_after` is how many seconds the server asked to be left alone, None where it did not say. `after_data` says
    that a DATA transaction had begun: nothing was taken, but an order to a third person has had its one.
    """

    retry_after: float | None = None
    after_data: bool = False


class MailboxError(UnreachableError):
    """The mailbox answered, but not as asked; the message is a plain sentence."""


class LoginRefusedError(UserError):
    """The server refused the owner's credentials (only AUTHENTICATIONFAILED and its like count)."""


class RefusedMessageError(AssistantError):
    """The server refused this very message for good; sending it again would not help."""


class InDoubtError(AssistantError):
    """The line broke after the message may have been accepted: look before sending again."""
