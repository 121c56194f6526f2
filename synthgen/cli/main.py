"""The command line: `synthgen VERB`. Verbs call the rooms and print; they hold no logic."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Annotated

import typer

from synthgen import __version__
from synthgen.cli import about, assets, inspecting, making
from synthgen.errors import ExitCode, SynthgenError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Synthetic training data for depth models: recipes in, exact depth, normals and segmentation out.",
    epilog="Exit codes: 0 done, 1 some jobs failed, 2 usage or recipe, 3 environment, "
    "4 verification failed, 130 interrupted (run the same command again to resume).",
)
for verb in (*making.VERBS, *inspecting.VERBS, *about.VERBS):
    app.command()(verb)
app.add_typer(assets.app, name="assets")


def _version(asked: bool) -> None:
    if asked:
        print(f"synthgen {__version__}")
        for package in ("bpy", "OpenEXR", "ray", "pyarrow"):
            try:
                print(f"{package} {metadata.version(package)}")
            except metadata.PackageNotFoundError:
                print(f"{package} not installed")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show versions and exit.")
    ] = False,
) -> None:
    """Options before the verb."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `synthgen` program: expected errors become one line and an exit code."""
    try:
        app(arguments)
    except SynthgenError as error:
        for line in str(error).splitlines():
            print(f"synthgen: {line}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("synthgen: interrupted", file=sys.stderr)
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has closed it: `synthgen plan ... | head`
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    run()
