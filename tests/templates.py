"""Finds the English sentences in the code that are translated: what `Translatable`, errors and an asker are given."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from assistant import errors
from assistant.setup.discovery.providers import PROVIDERS

_PLACE, _LETTER = re.compile(r"(?<!\{)\{\w[^}]*\}"), re.compile(r"[^\W\d_]")
ROOT = Path(errors.__file__).parent
TRANSLATION = "assistant.core.language.translation"
OTHERS = {"all_of", "joined", "means", "translated", "spoken_language"}
# Methods that take a sentence, and as which argument: an asker's, and those that read a section of the config.
ASKED = {"say": 0, "again": 0, "working": 0, "ask": 1, "secret": 1, "agree": 1}
READ = {"wrong": 1, "warn": 1, "value": 2, "whole": 3, "number": 3, "each": 3}


def templates() -> set[str]:
    """Return every template in the code."""
    found = {template for path in sorted(ROOT.rglob("*.py")) for template in _of_module(path)}
    notes = {provider.note for provider in PROVIDERS if provider.note}
    return {template for template in found | notes | {"messages"} if _LETTER.search(_PLACE.sub("", template))}


def unreadable() -> list[str]:
    """Return the places where a sentence is put together before it can be looked up."""
    return [
        f"{path.relative_to(ROOT)}:{part.lineno}"
        for path in sorted(ROOT.rglob("*.py"))
        for argument in _arguments(ast.parse(path.read_text(encoding="utf-8")), path)
        for part in ast.walk(argument)
        if isinstance(part, ast.JoinedStr)
    ]


def _of_module(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                named.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                named.setdefault(name, []).append(value)
    for argument in _arguments(tree, path):
        yield from _texts(argument, named)


def _arguments(tree: ast.Module, path: Path) -> Iterator[ast.expr]:
    """Yield every argument that is a sentence."""
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"assistant.errors", TRANSLATION}
        for alias in node.names
    }
    methods = ASKED if "setup" in path.parts or "cli" in path.parts else {}
    methods = {**methods, **(READ if "config" in path.parts else {})}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in names - OTHERS:
                yield first
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in methods:
                yield from args[methods[name] : methods[name] + 1]


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    """Yield the texts an expression may be; a name stands for all that the module gives it."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, named)
            yield from _texts(orelse, named)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _texts(part, named)
        case ast.Dict(values=values):
            for value in values:
                yield from _texts(value, named)
        case ast.Name(id=name) if name in named:
            for value in named[name]:
                yield from _texts(value, {key: kept for key, kept in named.items() if key != name})
        case ast.Subscript(value=table):
            yield from _texts(table, named)
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=args):
            for part in (table, *args[1:]):
                yield from _texts(part, named)
