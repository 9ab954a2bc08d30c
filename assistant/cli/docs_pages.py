"""The documentation at the shell, since an owner who installed the program may have no checkout to read it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.config.bundled import bundled

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("page", required=False)
def docs(page: str | None) -> None:
    """Print a PAGE of the documentation, such as gmail; without PAGE, list them."""
    # A folder's README has the name of the folder.
    paths = bundled("docs").rglob("*.md")
    found = dict(sorted((path.parent.name if path.stem == "README" else path.stem, path) for path in paths))
    if page is None:
        width = max(map(len, found))
        click.echo("\n".join(f"{name:<{width}}  {_title(path)}" for name, path in found.items()))
    elif page in found:
        click.echo(found[page].read_text(encoding="utf-8"), nl=False)
    else:
        raise click.UsageError(f"There is no page called {page}; there are {', '.join(found)}.")


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("#").strip()


COMMANDS = (docs,)
