"""Why the model was not used, in one sentence for the digest, in the owner's language."""

from __future__ import annotations

from typing import Final

_EN: Final = {
    "unreachable": "The language model could not be reached; the offline writer found the words.",
    "late": "The language model did not answer in time; the offline writer found the words.",
    "busy": "The language model was too busy to answer; the offline writer found the words.",
    "denied": "The language model refused the key; check api_key in [llm]. The offline writer found the words.",
    "missing": "The language model's server does not know that model or address; check model and base_url in [llm]. "
    "The offline writer found the words.",
    "redirect": "The language model's server pointed elsewhere, and nothing was sent there; check base_url in [llm]. "
    "The offline writer found the words.",
    "garbled": "The language model's answers could not be read; the offline writer found the words.",
    "unusable": "Some of the language model's answers could not be used; the offline writer found those words.",
    "abstain": "The language model found too little to go on for some; the offline writer found those words.",
    "budget": (
        "This week's tokens for the language model are used up (weekly_tokens); the offline writer found the rest."
    ),
    "insecure": "The language model's address does not begin with https, so nothing was sent; check base_url in [llm]. "
    "The offline writer found the words.",
    "prompts": "The prompts in prompts_dir cannot be filled; the offline writer found the words.",
}
_DE: Final = {
    "unreachable": "Das Sprachmodell war nicht zu erreichen; die Worte stammen vom eingebauten Schreiber.",
    "late": "Das Sprachmodell hat nicht rechtzeitig geantwortet; die Worte stammen vom eingebauten Schreiber.",
    "busy": "Das Sprachmodell war überlastet; die Worte stammen vom eingebauten Schreiber.",
    "denied": (
        "Das Sprachmodell hat den Schlüssel abgelehnt; prüfe api_key in [llm]. Die Worte stammen vom "
        "eingebauten Schreiber."
    ),
    "missing": "Der Server kennt dieses Sprachmodell oder diese Adresse nicht; prüfe model und base_url in [llm]. "
    "Die Worte stammen vom eingebauten Schreiber.",
    "redirect": "Der Server des Sprachmodells verwies woandershin, dorthin wurde nichts geschickt; prüfe "
    "base_url in [llm]. Die Worte stammen vom eingebauten Schreiber.",
    "garbled": "Die Antworten des Sprachmodells waren nicht lesbar; die Worte stammen vom eingebauten Schreiber.",
    "unusable": (
        "Einige Antworten des Sprachmodells waren nicht brauchbar; diese Worte stammen vom eingebauten Schreiber."
    ),
    "abstain": "Für einige fand das Sprachmodell zu wenig vor; diese Worte stammen vom eingebauten Schreiber.",
    "budget": "Die Token dieser Woche sind verbraucht (weekly_tokens); der Rest stammt vom eingebauten Schreiber.",
    "insecure": "Die Adresse des Sprachmodells beginnt nicht mit https, darum wurde nichts geschickt; prüfe "
    "base_url in [llm]. Die Worte stammen vom eingebauten Schreiber.",
    "prompts": "Die Vorlagen in prompts_dir lassen sich nicht füllen; die Worte stammen vom eingebauten Schreiber.",
}


def remark(why: str, language: str) -> str:
    """Return the sentence for that reason; `garbled` stands for any reason unknown."""
    table = _DE if language == "de" else _EN
    return table.get({"format": "garbled", "large": "garbled", "untrue": "unusable"}.get(why, why), table["garbled"])
