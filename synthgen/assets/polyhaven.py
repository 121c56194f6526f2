"""Poly Haven: light fields, textures and models, all CC0. Its API: https://api.polyhaven.com.

`/assets?t=hdris|textures|models` lists what there is, `/files/<id>` its files with size and MD5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from synthgen.assets.download import Downloader, Expected
from synthgen.assets.fetched import Fetched, Wanted, check_kind, inside, reason_of, write_note
from synthgen.assets.words import class_of_words
from synthgen.errors import DataError

BASE_URL = "https://api.polyhaven.com"
TYPES = {"environments": "hdris", "textures": "textures", "models": "models"}
MAPS = ("Diffuse", "nor_gl", "Rough", "Metal", "AO", "Displacement")


def fetch(wanted: Wanted, folder: Path, downloader: Downloader, base_url: str = BASE_URL) -> Fetched:
    """Fetch assets into `folder/<id>/`, each with an `assets.yaml`. What is there already is kept.

    Raises
    ------
    UsageError
        When the service has no assets of the kind.
    EnvironmentProblem, DataError
        When its list cannot be had; an asset that fails is reported and the rest goes on.
    """
    check_kind("polyhaven", wanted.kind, tuple(TYPES))
    listed = downloader.json(f"{base_url}/assets?t={TYPES[wanted.kind]}")
    if not isinstance(listed, Mapping):
        raise DataError(f"{base_url}/assets: expected a map of assets")
    done = Fetched()
    for name, about in _chosen(listed, wanted):
        try:
            files = downloader.json(f"{base_url}/files/{name}")
            target = inside(folder, name)
            fresh = [
                downloader.file(url, inside(target, path), expected)
                for path, url, expected in _files(files, name, wanted)
            ]
            write_note(target, _note(name, about, wanted))
        except (DataError, KeyError, TypeError, AttributeError) as error:
            done.failed[name] = reason_of(error)
            continue
        (done.made if any(fresh) else done.kept).append(name)
    return done


def _chosen(listed: Mapping[str, Any], wanted: Wanted) -> Iterator[tuple[str, Mapping[str, Any]]]:
    names = [name for name in sorted(listed) if not wanted.only or name in wanted.only]
    if wanted.category is not None:
        names = [name for name in names if _class_of(listed[name]) == wanted.category]
    for name in names[: wanted.limit]:
        yield name, listed[name]


def _class_of(about: Mapping[str, Any]) -> str | None:
    words = (about.get("name", ""), *about.get("categories", ()), *about.get("tags", ()))
    return next((found for text in words if (found := class_of_words(text))), None)


def _files(files: Mapping[str, Any], name: str, wanted: Wanted) -> Iterator[tuple[str, str, Expected]]:
    """(path, address, what it must be) of the files of an asset."""
    if wanted.kind == "environments":
        entry = _at(files["hdri"], wanted.resolution)["hdr"]
        yield f"{name}_{wanted.resolution}.hdr", entry["url"], _expected(entry)
    elif wanted.kind == "textures":
        for role in MAPS:
            if role in files:
                entry = _at(files[role], wanted.resolution)["jpg"]
                yield f"{name}_{role.lower()}_{wanted.resolution}.jpg", entry["url"], _expected(entry)
    else:
        entry = _at(files["gltf"], wanted.resolution)["gltf"]
        yield f"{name}.gltf", entry["url"], _expected(entry)
        for path, each in sorted(entry.get("include", {}).items()):
            yield path, each["url"], _expected(each)


def _at(by_resolution: Mapping[str, Any], resolution: str) -> Mapping[str, Any]:
    if resolution not in by_resolution:
        raise DataError(f"has no resolution {resolution}, only {', '.join(sorted(by_resolution))}")
    return by_resolution[resolution]


def _expected(entry: Mapping[str, Any]) -> Expected:
    return Expected(size=entry.get("size"), md5=entry.get("md5"))


def _note(name: str, about: Mapping[str, Any], wanted: Wanted) -> dict[str, object]:
    return {
        "licence": "CC0-1.0",
        "creator": ", ".join(sorted(about.get("authors", {}))),
        "link": f"https://polyhaven.com/a/{name}",
        "category": _class_of(about) if wanted.kind == "models" else None,
    }
