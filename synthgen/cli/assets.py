"""Verbs about assets: list, check, fetch."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from synthgen.assets.builtin import BuiltinSource
from synthgen.assets.catalogue import Catalogue
from synthgen.assets.fetched import Wanted
from synthgen.assets.fetchers import KINDS, SERVICES, fetch_assets
from synthgen.assets.report import catalogue_json, catalogue_report
from synthgen.assets.sources import sources_at
from synthgen.cli.options import Json, Quiet
from synthgen.errors import ExitCode

app = typer.Typer(
    no_args_is_help=True, help="Models, light fields and textures of your own: list, check, fetch."
)

Places = Annotated[
    list[Path], typer.Argument(metavar="PLACE...", help="Folders of assets, or .sh3f files of furniture.")
]


@app.command("list")
def list_assets(
    places: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PLACE...]", help="Folders or .sh3f files; without any, what is built in."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the catalogue as JSON lines."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List assets by class, with size, licence and maker, as their files tell."""
    sources = sources_at(places or ()) or [BuiltinSource()]
    catalogue = Catalogue.joined(source.scan() for source in sources)
    if output is not None:
        catalogue.write(output)
    print(json.dumps(catalogue_json(catalogue), indent=1) if as_json else catalogue_report(catalogue))


@app.command()
def check(
    places: Places,
    importing: Annotated[
        bool, typer.Option("--import", help="Import every model (needs bpy): size, triangles, textures.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Say which assets can be used, by class, and why others cannot. Exit code 4 when none can."""
    sources = sources_at(places)
    catalogue, facts = Catalogue.joined(source.scan() for source in sources), {}
    if importing:
        from synthgen.blender.assets.trial import try_imports

        hidden = quiet or not sys.stderr.isatty()
        with tqdm(total=len(catalogue.records), desc="importing", unit="asset", disable=hidden) as bar:
            by_name = {source.name: source for source in sources}
            catalogue, facts = try_imports(catalogue, by_name, lambda _id: bar.update())
    if as_json:
        print(json.dumps(catalogue_json(catalogue, facts), indent=1))
    else:
        print(catalogue_report(catalogue, facts))
    raise typer.Exit(ExitCode.DONE if catalogue.records else ExitCode.VERIFICATION)


@app.command()
def fetch(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help=f"{', '.join(SERVICES)}.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the assets go.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help=f"{', '.join(KINDS)} [default: the service's own].")
    ] = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="This asset only; repeatable.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="CLASS", help="Models of this class only, such as chair.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Most assets.")] = None,
    resolution: Annotated[str, typer.Option(metavar="1k|2k|4k", help="Of images.")] = "2k",
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="A mirror of the service.")
    ] = None,
) -> None:
    """Fetch assets into a folder that recipes can name. Running it again fetches what is missing."""
    wanted = Wanted(kind, tuple(only or ()), category, limit, resolution)
    done = fetch_assets(service, wanted, out, base_url)
    print(f"{out}: {len(done.made)} fetched, {len(done.kept)} there before, {len(done.failed)} failed")
    for name, reason in done.failed.items():
        print(f"  {name}: {reason}")
    raise typer.Exit(ExitCode.DONE if done.made or done.kept else ExitCode.JOBS_FAILED)
