"""Downloads that are whole or not there: resumed after an interruption, checked, then given their name."""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from synthgen import __version__
from synthgen.errors import DataError, EnvironmentProblem

PARTIAL = ".partial"
ATTEMPTS = 4
PIECE = 1 << 20
MAX_PAGE_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file must be, as far as the service says."""

    size: int | None = None
    md5: str | None = None
    sha256: str | None = None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Nowhere: the answer itself is wanted."""


_STAYING = urllib.request.build_opener(_Stay)


@dataclass(frozen=True, slots=True)
class Downloader:
    """Fetches over HTTP.

    Attributes
    ----------
    timeout_s : silence after which a connection counts as broken
    pause_s : before the second attempt; twice as long before each further one
    """

    timeout_s: float = 60.0
    pause_s: float = 1.0

    def page(self, url: str) -> bytes:
        """The body of a small answer.

        Raises
        ------
        EnvironmentProblem
            When the server cannot be reached.
        DataError
            When it says no.
        """
        return self._again(url, lambda: self._read_page(url))

    def json(self, url: str) -> Any:
        """A JSON answer. Raises `DataError` when it is none, and what `page` raises."""
        try:
            return json.loads(self.page(url))
        except ValueError as error:
            raise DataError(f"{url}: expected JSON ({error})") from None

    def headers(self, url: str) -> Mapping[str, str]:
        """What the server says of a file, without following a redirection. Raises what `page` raises."""
        return self._again(url, lambda: self._read_headers(url))

    def file(self, url: str, target: Path, expected: Expected = Expected()) -> bool:
        """Fetch a file unless it is there; returns whether it had to be fetched.

        An interrupted download goes on where it stopped. The file gets its name when its size and hash are
        right.

        Raises
        ------
        EnvironmentProblem
            When the server cannot be reached, or the disk is full.
        DataError
            When the server says no, or what was sent is not what was promised.
        """
        if target.is_file() and not _wrong(target, expected, quick=True):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + PARTIAL)
        self._again(url, lambda: self._fetch(url, partial, expected))
        problem = _wrong(partial, expected)
        if problem:
            partial.unlink()
            raise DataError(f"{url}: {problem}; run the same command again")
        os.replace(partial, target)
        return True

    def _fetch(self, url: str, partial: Path, expected: Expected) -> None:
        there = partial.stat().st_size if partial.exists() else 0
        if expected.size is not None and there >= expected.size:
            if there == expected.size:
                return
            there = 0
        with self._rest(url, partial, there) as answer:
            if answer.status != 206:
                there = 0  # the server sends all of it
            total = (
                there + int(answer.headers["Content-Length"]) if answer.headers["Content-Length"] else None
            )
            with open(partial, "ab" if there else "wb") as stream:
                while piece := answer.read(PIECE):
                    stream.write(piece)
                    there += len(piece)
                stream.flush()
                os.fsync(stream.fileno())
        if total is not None and there < total:
            raise ConnectionError(f"the connection ended after {there} of {total} bytes")

    def _read_headers(self, url: str) -> Mapping[str, str]:
        try:
            with self._open(url, {}, _STAYING, "HEAD") as answer:
                return dict(answer.headers)
        except urllib.error.HTTPError as error:
            if 300 <= error.code < 400:
                return dict(error.headers)
            raise

    def _read_page(self, url: str) -> bytes:
        with self._open(url, {}) as answer:
            return answer.read(MAX_PAGE_BYTES)

    def _rest(self, url: str, partial: Path, there: int) -> HTTPResponse:
        try:
            return self._open(url, {"Range": f"bytes={there}-"} if there else {})
        except urllib.error.HTTPError as error:
            if error.code != 416:
                raise
            partial.unlink()  # it is not the beginning of what they have
            raise ConnectionError("the file has changed") from None

    def _open(
        self,
        url: str,
        headers: Mapping[str, str],
        opener: urllib.request.OpenerDirector | None = None,
        method: str = "GET",
    ) -> HTTPResponse:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise DataError(f"{url}: expected an address that begins with https://")
        agent = {"User-Agent": f"synthgen/{__version__}"}
        request = urllib.request.Request(url, headers=agent | headers, method=method)
        return (opener or urllib.request.build_opener()).open(request, timeout=self.timeout_s)

    def _again(self, url: str, attempt: Callable[[], Any]) -> Any:
        """Run an attempt, and again after failures that may pass."""
        for number in range(ATTEMPTS):
            try:
                return attempt()
            except urllib.error.HTTPError as error:
                reason = f"the server answered {error.code} {error.reason}"
                if error.code < 500 and error.code != 429:
                    raise DataError(f"{url}: {reason}") from None
            except urllib.error.URLError as error:
                reason = f"cannot be reached ({error.reason})"
            except (HTTPException, ConnectionError, TimeoutError) as error:
                reason = f"{error or type(error).__name__}"
            except OSError as error:
                raise EnvironmentProblem(f"{url}: cannot be written ({error.strerror or error})") from None
            if number + 1 < ATTEMPTS:
                time.sleep(self.pause_s * 2**number)
        raise EnvironmentProblem(f"{url}: {reason}")


def _wrong(path: Path, expected: Expected, quick: bool = False) -> str | None:
    """What is wrong with a file; `quick` looks at the hash only where no size is known."""
    size = path.stat().st_size
    if expected.size is not None and size != expected.size:
        return f"expected {expected.size} bytes (got {size})"
    if quick and expected.size is not None:
        return None
    for name, digest in (("md5", expected.md5), ("sha256", expected.sha256)):
        if digest is not None:
            with open(path, "rb") as stream:
                found = hashlib.file_digest(stream, name).hexdigest()
            if found != digest.lower():
                return f"expected {name} {digest} (got {found})"
    return None
