"""Downloads over real HTTP from a server of the same shape as the services', on this machine."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from model_files import glb, png

from synthgen.assets import ambientcg, objaverse, polyhaven
from synthgen.assets.download import Downloader, Expected
from synthgen.assets.fetched import Wanted
from synthgen.assets.folder import FolderSource
from synthgen.errors import DataError, EnvironmentProblem, UsageError

DOWNLOADER = Downloader(timeout_s=5.0, pause_s=0.01)


@dataclass
class Server:
    """What a server has, by path, and what happened."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    cut_after: dict[str, int] = field(default_factory=dict)
    failures: dict[str, list[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    lists: dict[str, dict] = field(default_factory=dict)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port. It knows ranges, redirections, broken connections and error codes."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            state.asked.append(f"{self.command} {self.path} {self.headers.get('Range', '')}".strip())
            if state.failures.get(path):
                self.send_error(state.failures[path].pop(0))
                return
            if path not in state.files:
                self.send_error(404)
                return
            data, start = state.files[path], 0
            if self.headers.get("Range"):
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                if start >= len(data):
                    self.send_error(416)
                    return
            own = state.headers.get(path, {})
            redirected = "Location" in own and self.command == "HEAD"
            self.send_response(302 if redirected else 206 if start else 200)
            self.send_header("Content-Length", "0" if redirected else str(len(data) - start))
            for name, value in own.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                end = state.cut_after.pop(path, None)
                self.wfile.write(data[start:end])
                if end is not None:
                    self.close_connection = True

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{http.server_port}"
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


def promise(data: bytes) -> dict[str, object]:
    return {"size": len(data), "md5": hashlib.md5(data).hexdigest()}


def test_a_file_is_whole_and_fetched_once(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = data = bytes(range(256)) * 100
    expected = Expected(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    assert DOWNLOADER.file(f"{server.url}/a", tmp_path / "deep/a", expected) is True
    assert DOWNLOADER.file(f"{server.url}/a", tmp_path / "deep/a", expected) is False
    assert (tmp_path / "deep/a").read_bytes() == data
    assert len(server.asked) == 1


def test_a_broken_connection_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = data = bytes(range(256)) * 1000
    server.cut_after["/a"] = 100_000
    DOWNLOADER.file(f"{server.url}/a", tmp_path / "a", Expected(size=len(data)))
    assert (tmp_path / "a").read_bytes() == data
    assert server.asked == ["GET /a", "GET /a bytes=100000-"]
    assert not list(tmp_path.glob("*.partial"))


def test_a_download_that_was_interrupted_is_resumed_by_the_next_run(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = data = bytes(range(256)) * 10
    (tmp_path / "a.partial").write_bytes(data[:1000])
    DOWNLOADER.file(f"{server.url}/a", tmp_path / "a", Expected(md5=hashlib.md5(data).hexdigest()))
    assert server.asked == ["GET /a bytes=1000-"]
    assert (tmp_path / "a").read_bytes() == data


def test_a_beginning_that_does_not_fit_any_more_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"short"
    (tmp_path / "a.partial").write_bytes(bytes(1000))
    DOWNLOADER.file(f"{server.url}/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"short"


def test_what_is_not_what_was_promised_never_gets_its_name(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"something else"
    with pytest.raises(DataError, match=r"/a: expected md5 0+ \(got \w{32}\); run the same command again"):
        DOWNLOADER.file(f"{server.url}/a", tmp_path / "a", Expected(size=14, md5="0" * 32))
    with pytest.raises(DataError, match=r"expected 10 bytes \(got 14\)"):
        DOWNLOADER.file(f"{server.url}/a", tmp_path / "a", Expected(size=10))
    assert list(tmp_path.iterdir()) == []


def test_errors_that_may_pass_are_tried_again_and_others_are_not(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = b"x"
    server.failures["/a"] = [503, 429]
    assert DOWNLOADER.page(f"{server.url}/a") == b"x"
    assert len(server.asked) == 3
    with pytest.raises(DataError, match="/none: the server answered 404"):
        DOWNLOADER.page(f"{server.url}/none")
    assert len(server.asked) == 4
    server.failures["/a"] = [500] * 10
    with pytest.raises(EnvironmentProblem, match="/a: the server answered 500"):
        DOWNLOADER.page(f"{server.url}/a")


def test_a_server_that_is_not_there_is_an_environment_problem(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"http://127.0.0.1:9/a: cannot be reached"):
        DOWNLOADER.page("http://127.0.0.1:9/a")
    with pytest.raises(DataError, match="expected an address that begins with https"):
        DOWNLOADER.page("file:///etc/passwd")


@pytest.fixture
def haven(server: Server) -> Server:
    """A server that answers as api.polyhaven.com does."""
    sky = b"#?RADIANCE\n\n-Y 512 +X 1024\n" + bytes(100)
    lists = {
        "hdris": {"noon": {"name": "Noon", "authors": {"Ann": "All", "Bo": "Sky"}}, "dusk": {"name": "Dusk"}},
        "models": {
            "ArmChair_01": {"name": "Arm Chair 01", "authors": {"Kim": "All"}, "categories": ["furniture"]},
            "rock": {"name": "Rock", "categories": ["nature"]},
        },
        "textures": {"oak": {"name": "Oak", "authors": {}}},
    }
    model = json.dumps({"asset": {"version": "2.0"}, "buffers": [{"uri": "a.bin", "byteLength": 4}]}).encode()
    server.files |= {
        "/dl/noon.hdr": sky, "/dl/chair.gltf": model, "/dl/a.bin": b"1234", "/dl/oak_d.jpg": png(4, 4),
        "/dl/oak_n.jpg": png(4, 5),
    }  # fmt: skip

    def entry(path: str) -> dict[str, object]:
        return {"url": f"{server.url}/dl/{path}", **promise(server.files[f"/dl/{path}"])}

    details = {
        "noon": {"hdri": {"2k": {"hdr": entry("noon.hdr")}}},
        "dusk": {"hdri": {"1k": {"hdr": entry("noon.hdr")}}},
        "ArmChair_01": {
            "gltf": {"2k": {"gltf": {**entry("chair.gltf"), "include": {"a.bin": entry("a.bin")}}}}
        },
        "oak": {
            "Diffuse": {"2k": {"jpg": entry("oak_d.jpg")}},
            "nor_gl": {"2k": {"jpg": entry("oak_n.jpg")}},
        },
        "rock": {"gltf": {"2k": {"gltf": {**entry("a.bin"), "include": {"../../evil": entry("a.bin")}}}}},
    }
    for name, content in details.items():
        server.files[f"/files/{name}"] = json.dumps(content).encode()
    server.lists = lists
    return server


def fetch_haven(haven: Server, wanted: Wanted, folder: Path):
    kind = polyhaven.TYPES[wanted.kind]  # the server does not look at queries
    haven.files["/assets"] = json.dumps(haven.lists[kind]).encode()
    return polyhaven.fetch(wanted, folder, DOWNLOADER, haven.url)


def test_light_fields_of_poly_haven_become_a_folder_of_assets(haven: Server, tmp_path: Path) -> None:
    done = fetch_haven(haven, Wanted("environments"), tmp_path)
    assert (done.made, done.failed) == (["noon"], {"dusk": "has no resolution 2k, only 1k"})
    assert "GET /assets?t=hdris" in haven.asked
    (record,) = FolderSource(tmp_path, "ph").scan().records
    assert (record.kind, record.licence, record.creator) == ("environment", "CC0-1.0", "Ann, Bo")
    assert record.link == "https://polyhaven.com/a/noon"
    again = fetch_haven(haven, Wanted("environments", only=("noon",)), tmp_path)
    assert (again.made, again.kept) == ([], ["noon"])


def test_models_of_poly_haven_have_their_class_and_all_their_files(haven: Server, tmp_path: Path) -> None:
    done = fetch_haven(haven, Wanted("models", category="chair"), tmp_path)
    assert (done.made, done.failed) == (["ArmChair_01"], {})
    (record,) = FolderSource(tmp_path, "ph").scan().records
    assert (record.category, record.needs) == ("chair", ("ArmChair_01/a.bin",))


def test_a_service_cannot_write_outside_of_the_folder(haven: Server, tmp_path: Path) -> None:
    done = fetch_haven(haven, Wanted("models", only=("rock",)), tmp_path / "lib")
    assert done.failed["rock"].startswith("the service names a file '../../evil'")
    assert not (tmp_path / "evil").exists()


def test_textures_of_poly_haven_are_a_set(haven: Server, tmp_path: Path) -> None:
    assert fetch_haven(haven, Wanted("textures"), tmp_path).made == ["oak"]
    (record,) = FolderSource(tmp_path, "ph").scan().records
    assert (record.kind, len(record.files)) == ("texture_set", 2)


def test_a_flipped_byte_of_poly_haven_is_reported(haven: Server, tmp_path: Path) -> None:
    haven.files["/dl/noon.hdr"] = haven.files["/dl/noon.hdr"][:-1] + b"\x01"
    done = fetch_haven(haven, Wanted("environments", only=("noon",)), tmp_path)
    assert "expected md5" in done.failed["noon"]


def test_textures_of_ambientcg_are_unpacked_from_their_archive(server: Server, tmp_path: Path) -> None:
    def archive(**more: bytes) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as out:
            for name, data in {"W_1K-JPG_Color.jpg": png(4, 4), "W_1K-JPG_NormalGL.jpg": png(4, 5),
                               "W.png": png(2, 2), "W.usdc": b"x", **more}.items():  # fmt: skip
                out.writestr(name, data)
        return packed.getvalue()

    server.files |= {"/w.zip": archive(), "/evil.zip": archive(**{"../../evil.png": png(4, 4)})}

    def asset(name: str, file: str, size: int) -> dict[str, object]:
        download = {"attribute": "1K-JPG", "size": size, "downloadLink": f"{server.url}/{file}"}
        folders = {"default": {"downloadFiletypeCategories": {"zip": {"downloads": [download]}}}}
        return {"assetId": name, "downloadFolders": folders}

    size = len(server.files["/w.zip"])
    listed = [asset("Evil", "evil.zip", len(server.files["/evil.zip"])), asset("Odd", "w.zip", size + 1),
              asset("W", "w.zip", size)]  # fmt: skip
    server.files["/api/v2/full_json"] = json.dumps(
        {"foundAssets": listed, "numberOfResults": len(listed)}
    ).encode()
    done = ambientcg.fetch(Wanted("textures", resolution="1k"), tmp_path, DOWNLOADER, server.url)
    assert done.made == ["W"]
    assert "points outside of the archive" in done.failed["Evil"]
    assert f"expected {size + 1} bytes (got {size})" in done.failed["Odd"]
    assert not list(tmp_path.rglob("evil.png"))
    query = parse_qs(urlsplit(server.asked[0].split()[1]).query)
    assert (query["type"], query["include"]) == (["Material"], ["downloadData"])
    (record,) = FolderSource(tmp_path, "cg").scan().records
    assert (record.kind, record.licence, record.creator) == ("texture_set", "CC0-1.0", "ambientCG")
    assert record.files == ("W/W_1K-JPG_Color.jpg", "W/W_1K-JPG_NormalGL.jpg")
    again = ambientcg.fetch(
        Wanted("textures", only=("W",), resolution="1k"), tmp_path, DOWNLOADER, server.url
    )
    assert "W" in again.kept


def test_models_of_objaverse_have_the_licence_of_their_maker(server: Server, tmp_path: Path) -> None:
    def packed(value: object) -> bytes:
        return gzip.compress(json.dumps(value).encode())

    models = {"u1": glb(), "u2": glb({"asset": {"version": "2.0", "generator": "2"}}), "u3": glb()}
    server.files |= {f"/glbs/000-001/{uid}.glb": data for uid, data in models.items()}
    server.files["/object-paths.json.gz"] = packed({uid: f"glbs/000-001/{uid}.glb" for uid in models})
    server.files["/lvis-annotations.json.gz"] = packed(
        {"armchair": ["u2", "u1"], "airplane": ["u9"], "table_lamp": ["u3", "gone"]}
    )
    server.files["/metadata/000-001.json.gz"] = packed({
        "u1": {"license": "by-nc", "user": {"displayName": "Jo"}, "viewerUrl": "https://s.org/u1"},
        "u2": {"license": "cc0", "user": {"username": "kim"}},
        "u3": {},
    })  # fmt: skip
    for uid, data in models.items():
        digest = hashlib.sha256(data).hexdigest() if uid != "u3" else "0" * 64
        server.headers[f"/glbs/000-001/{uid}.glb"] = {
            "Location": f"{server.url}/cdn", "X-Linked-Size": str(len(data)), "X-Linked-ETag": f'"{digest}"',
        }  # fmt: skip
    done = objaverse.fetch(Wanted("models"), tmp_path, DOWNLOADER, server.url)
    assert done.made == ["u1", "u2"]
    assert set(done.failed) == {"u3", "gone"}
    assert "expected sha256 0000" in done.failed["u3"]
    assert done.failed["gone"] == "is not in the list of models"
    records = {each.path.split("/")[0]: each for each in FolderSource(tmp_path, "ov").scan().records}
    assert (records["u1"].licence, records["u1"].creator, records["u1"].link) == (
        "CC-BY-NC-4.0", "Jo", "https://s.org/u1",
    )  # fmt: skip
    assert (records["u2"].licence, records["u2"].category) == ("CC0-1.0", "chair")
    one = objaverse.fetch(Wanted("models", category="chair", limit=1), tmp_path, DOWNLOADER, server.url)
    assert (one.made, one.kept) == ([], ["u1"])


def test_kinds_that_a_service_lacks_and_answers_of_another_shape(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="objaverse has no textures, expected models"):
        objaverse.fetch(Wanted("textures"), tmp_path, DOWNLOADER, server.url)
    server.files["/assets"] = b"<html>"
    with pytest.raises(DataError, match="expected JSON"):
        polyhaven.fetch(Wanted("models"), tmp_path, DOWNLOADER, server.url)
    server.files["/object-paths.json.gz"] = b"plain"
    with pytest.raises(DataError, match="expected a packed JSON file"):
        objaverse.fetch(Wanted("models"), tmp_path, DOWNLOADER, server.url)
    server.files["/assets"] = b'{"a": {"name": "Chair"}}'
    server.files["/files/a"] = b'{"other": 1}'
    done = polyhaven.fetch(Wanted("models"), tmp_path, DOWNLOADER, server.url)
    assert done.failed == {"a": "unexpected answer (KeyError('gltf'))"}
