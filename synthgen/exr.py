"""OpenEXR files to and from dictionaries of numpy arrays, without any conversion.

Channels are always read separately: joining them in the library had memory errors in 2026
(OpenEXR 3.5.2 and 3.4.14 release notes), and it guesses at names.
"""

from __future__ import annotations

import io
import os

import numpy as np
import OpenEXR

from synthgen.errors import DataError

_COMPRESSION = {
    "none": OpenEXR.NO_COMPRESSION,
    "zip": OpenEXR.ZIP_COMPRESSION,
    "zips": OpenEXR.ZIPS_COMPRESSION,
}


def read_exr(source: str | os.PathLike[str] | bytes, name: str | None = None) -> dict[str, np.ndarray]:
    """Read all channels of all parts of an EXR file.

    Parameters
    ----------
    source : path, or the bytes of a file
    name : what to call the file in an error, when `source` is bytes

    Returns
    -------
    dict of channel name to (h, w) float16, float32 or uint32. Where the parts of a file repeat a channel
    name, later ones are called `part.channel`.

    Raises
    ------
    DataError
        When the file is missing, truncated or not an EXR file.
    """
    label = name or ("EXR" if isinstance(source, bytes) else os.fspath(source))
    opened = io.BytesIO(source) if isinstance(source, bytes) else os.fspath(source)
    try:
        with OpenEXR.File(opened, separate_channels=True) as file:
            arrays: dict[str, np.ndarray] = {}
            for part in file.parts:
                for channel_name, channel in part.channels.items():
                    key = channel_name if channel_name not in arrays else f"{part.name()}.{channel_name}"
                    arrays[key] = channel.pixels
            if not arrays:  # pixels that cannot be decoded are a warning to the bindings, no exception
                raise ValueError("its pixels are cut short or damaged")
    except Exception as error:
        # The bindings raise bare RuntimeError, ValueError and OSError alike for damaged files.
        raise DataError(f"{label}: expected a whole OpenEXR file ({str(error).strip()})") from None
    return arrays


def encode_exr(channels: dict[str, np.ndarray], compression: str = "zip") -> bytes:
    """Encode channels as a single-part scan-line EXR. Equal arrays give equal bytes.

    Parameters
    ----------
    channels : dict of channel name to (h, w) float16, float32 or uint32
    compression : none, zip or zips
    """
    header = {"compression": _COMPRESSION[compression], "type": OpenEXR.scanlineimage}
    buffer = io.BytesIO()
    arrays = {name: np.ascontiguousarray(pixels) for name, pixels in channels.items()}
    with OpenEXR.File(header, arrays) as file:
        file.write(buffer)
    return buffer.getvalue()
