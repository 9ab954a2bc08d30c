"""Finds the English sentences in the code that are translated: what `Translatable`, errors and an asker are given."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant import errors
from assistant.setup.discovery.providers import PROVIDERS

_PLACE, _LETTER = re.compile(r"(?<!\{)\{\w[^}]*\}"), re.compile(r"[^\W\d_]")
ROOT = Path(errors.__file__).parent
TRANSLATION = "assistant.core.language.translation"
OTHERS = {"all_of", "joined", "means", "translated", "spoken_language"}
Named = dict[str, list[ast.expr]]
# Methods that take a sentence, and as which argument: an asker's, and those that read a section of the config.
ASKED = {"say": 0, "again": 0, "working": 0, "ask": 1, "secret": 1, "agree": 1}
READ = {"wrong": 1, "warn": 1, "value": 2, "whole": 3, "number": 3, "each": 3}
METHODS = {"setup": ASKED, "cli": ASKED, "config": READ}


@cache
def templates() -> frozenset[str]:
    """Return every template in the code."""
    found = {leaf.value for _, leaf in _of_all() if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)}
    notes = {provider.note for provider in PROVIDERS if provider.note}
    return frozenset(template for template in found | notes | {"messages"} if _LETTER.search(_PLACE.sub("", template)))


def unreadable() -> list[str]:
    """Return the places where a sentence is put together before it can be looked up."""
    return [f"{path.relative_to(ROOT)}:{leaf.lineno}" for path, leaf in _of_all() if isinstance(leaf, ast.JoinedStr)]


@cache
def _of_all() -> tuple[tuple[Path, ast.expr], ...]:
    return tuple((path, leaf) for path in sorted(ROOT.rglob("*.py")) for leaf in _of_module(path))


def _of_module(path: Path) -> Iterator[ast.expr]:
    """Yield the texts and f-strings that become sentences."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: Named = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                named.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                named.setdefault(name, []).append(value)
    for argument in _arguments(tree, path):
        yield from _leaves(argument, named)


def _arguments(tree: ast.Module, path: Path) -> Iterator[ast.expr]:
    """Yield every argument that is a sentence."""
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"assistant.errors", TRANSLATION}
        for alias in node.names
    }
    methods = METHODS.get(path.relative_to(ROOT).parts[0], {})
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in names - OTHERS:
                yield first
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in methods:
                yield from args[methods[name] : methods[name] + 1]


def _leaves(node: ast.expr, named: Named) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
    elif isinstance(node, ast.Name):
        rest = {name: values for name, values in named.items() if name != node.id}
        for value in named.get(node.id, ()):
            yield from _leaves(value, rest)
    else:
        for part in _branches(node):
            yield from _leaves(part, named)


def _branches(node: ast.expr) -> list[ast.expr]:
    """Return what an expression may be one of."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts):
            return parts
        case ast.Subscript(value=table):
            return [table]
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=args):
            return [table, *args[1:]]
    return []
