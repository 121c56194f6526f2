"""Objaverse 1.0: models of many people, each with its own licence, as a data set at Hugging Face.

`object-paths.json.gz` says where each model is, `lvis-annotations.json.gz` which are of which kind,
`metadata/<folder>.json.gz` whose they are. The server sends the size and SHA-256 of each model.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from synthgen.assets.download import Downloader, Expected
from synthgen.assets.fetched import Fetched, Wanted, check_kind, inside, reason_of, write_note
from synthgen.assets.words import class_of_words
from synthgen.errors import DataError

BASE_URL = "https://huggingface.co/datasets/allenai/objaverse/resolve/main"
LICENCES = {
    "by": "CC-BY-4.0", "by-sa": "CC-BY-SA-4.0", "by-nd": "CC-BY-ND-4.0", "by-nc": "CC-BY-NC-4.0",
    "by-nc-sa": "CC-BY-NC-SA-4.0", "by-nc-nd": "CC-BY-NC-ND-4.0", "cc0": "CC0-1.0",
}  # fmt: skip


def fetch(wanted: Wanted, folder: Path, downloader: Downloader, base_url: str = BASE_URL) -> Fetched:
    """Fetch models into `folder/<uid>/`, each with an `assets.yaml`. What is there already is kept.

    Without `only`, models of the classes that synthgen knows are fetched, in the order of their names.

    Raises
    ------
    UsageError
        When the service has no assets of the kind.
    EnvironmentProblem, DataError
        When its lists cannot be had; a model that fails is reported and the rest goes on.
    """
    check_kind("objaverse", wanted.kind, ("models",))
    paths = _list(downloader, f"{base_url}/object-paths.json.gz")
    annotations = _list(downloader, f"{base_url}/lvis-annotations.json.gz")
    metadata: dict[str, Mapping[str, Any]] = {}
    done = Fetched()
    for uid, category in _chosen(annotations, wanted):
        try:
            if uid not in paths:
                raise DataError("is not in the list of models")
            part = PurePosixPath(paths[uid]).parent.name
            if part not in metadata:
                metadata = {part: _list(downloader, f"{base_url}/metadata/{part}.json.gz")}
            target = inside(folder, uid)
            url = f"{base_url}/{paths[uid]}"
            fresh = downloader.file(url, target / f"{uid}.glb", _expected(downloader, url))
            write_note(target, _note(metadata[part].get(uid, {}), category))
        except (DataError, KeyError, TypeError, AttributeError) as error:
            done.failed[uid] = reason_of(error)
            continue
        (done.made if fresh else done.kept).append(uid)
    return done


def _chosen(annotations: Mapping[str, list[str]], wanted: Wanted) -> Iterator[tuple[str, str | None]]:
    """(uid, class) of models in order: category after category, so that a limit still mixes them evenly."""
    classes = {name: class_of_words(name) for name in sorted(annotations)}
    if wanted.only:
        of_uid = {uid: classes[name] for name, uids in annotations.items() for uid in uids}
        yield from ((uid, of_uid.get(uid)) for uid in wanted.only)
        return
    of_class: dict[str, list[str]] = {}
    for name, found in classes.items():
        if found is not None and wanted.category in (None, found):
            of_class.setdefault(found, []).extend(sorted(annotations[name]))
    in_turn = sorted(
        (place, found, uid) for found, uids in of_class.items() for place, uid in enumerate(uids)
    )
    for _, found, uid in in_turn[: wanted.limit]:
        yield uid, found


def _list(downloader: Downloader, url: str) -> Mapping[str, Any]:
    try:
        listed = json.loads(gzip.decompress(downloader.page(url)))
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{url}: expected a packed JSON file ({error})") from None
    if not isinstance(listed, Mapping):
        raise DataError(f"{url}: expected a map")
    return listed


def _expected(downloader: Downloader, url: str) -> Expected:
    """What the server says of a large file before it sends it on: its size and its SHA-256."""
    headers = downloader.headers(url)
    digest = headers.get("X-Linked-ETag", "").strip('"')
    size = headers.get("X-Linked-Size")
    return Expected(
        size=int(size) if size and size.isdigit() else None, sha256=digest if len(digest) == 64 else None
    )


def _note(about: Mapping[str, Any], category: str | None) -> dict[str, object]:
    user = about.get("user") or {}
    return {
        "licence": LICENCES.get(str(about.get("license", "")).lower(), about.get("license")),
        "creator": user.get("displayName") or user.get("username"),
        "link": about.get("viewerUrl") or about.get("uri"),
        "category": category,
    }
