"""ambientCG: textures and light fields, all CC0. Its API: https://ambientcg.com/api/v2/full_json.

It lists assets in pages, each with zip files by resolution and their sizes. It has no hashes: an archive is
checked by its size, and by the CRC of all that is in it.
"""

from __future__ import annotations

import shutil
import urllib.parse
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from synthgen.assets.archive import unpack
from synthgen.assets.download import Downloader, Expected
from synthgen.assets.fetched import Fetched, Wanted, check_kind, inside, reason_of, write_note
from synthgen.assets.folder import LIGHT_FIELDS
from synthgen.assets.image_header import IMAGE_ENDINGS
from synthgen.errors import DataError

BASE_URL = "https://ambientcg.com"
TYPES = {"textures": "Material", "environments": "HDRI"}
PAGE = 100


def fetch(wanted: Wanted, folder: Path, downloader: Downloader, base_url: str = BASE_URL) -> Fetched:
    """Fetch assets into `folder/<id>/`, unpacked, each with an `assets.yaml`. What is there already is kept.

    Raises
    ------
    UsageError
        When the service has no assets of the kind.
    EnvironmentProblem, DataError
        When its list cannot be had; an asset that fails is reported and the rest goes on.
    """
    check_kind("ambientcg", wanted.kind, tuple(TYPES))
    done = Fetched()
    for number, entry in enumerate(_listed(wanted, downloader, base_url)):
        if wanted.limit is not None and number >= wanted.limit:
            break
        name = str(entry.get("assetId", ""))
        try:
            target = inside(folder, name)
            fresh = _fetch_one(entry, wanted, target, downloader)
        except (DataError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            done.failed[name] = reason_of(error)
            continue
        (done.made if fresh else done.kept).append(name)
    return done


def _listed(wanted: Wanted, downloader: Downloader, base_url: str) -> Iterator[Mapping[str, Any]]:
    """Assets in order, page by page."""
    offset = 0
    while True:
        query = {
            "type": TYPES[wanted.kind], "include": "downloadData", "sort": "alphabet",
            "limit": PAGE, "offset": offset,
        }  # fmt: skip
        if wanted.only:
            query["id"] = ",".join(wanted.only)
        answer = downloader.json(f"{base_url}/api/v2/full_json?{urllib.parse.urlencode(query)}")
        if not isinstance(answer, Mapping) or not isinstance(answer.get("foundAssets"), list):
            raise DataError(f"{base_url}/api/v2/full_json: expected a list 'foundAssets'")
        yield from answer["foundAssets"]
        offset += len(answer["foundAssets"])
        if not answer["foundAssets"] or offset >= int(answer.get("numberOfResults", offset)):
            return


def _fetch_one(entry: Mapping[str, Any], wanted: Wanted, target: Path, downloader: Downloader) -> bool:
    choice = _download(entry, wanted)
    archive = target.with_name(f"{target.name}.zip")
    if target.is_dir() and any(target.iterdir()):
        return False
    downloader.file(choice["downloadLink"], archive, Expected(size=choice.get("size")))
    unpacked = target.with_name(f"{target.name}.unpacking")
    shutil.rmtree(unpacked, ignore_errors=True)  # of a run that was interrupted
    endings = IMAGE_ENDINGS if wanted.kind == "textures" else LIGHT_FIELDS
    with zipfile.ZipFile(archive) as packed:
        names = [
            name
            for name in packed.namelist()
            if Path(name).suffix.lower() in endings and Path(name).stem.lower() != target.name.lower()
        ]  # a picture that is called like the asset is a preview
        unpack(packed, names, unpacked)
    if not unpacked.is_dir():
        raise DataError("its archive holds no images")
    write_note(
        unpacked,
        {
            "licence": "CC0-1.0",
            "creator": "ambientCG",
            "link": f"https://ambientcg.com/a/{target.name}",
        },
    )
    unpacked.rename(target)
    archive.unlink()
    return True


def _download(entry: Mapping[str, Any], wanted: Wanted) -> Mapping[str, Any]:
    """The archive of the wanted resolution: JPG for textures, whatever there is for light fields."""
    downloads = [
        download
        for folder in entry["downloadFolders"].values()
        for category in folder["downloadFiletypeCategories"].values()
        for download in category["downloads"]
    ]
    attribute = f"{wanted.resolution.upper()}-JPG" if wanted.kind == "textures" else wanted.resolution.upper()
    for download in downloads:
        if str(download.get("attribute", "")).upper() == attribute:
            return download
    known = ", ".join(str(download.get("attribute")) for download in downloads)
    raise DataError(f"has no download {attribute}, only {known}")
