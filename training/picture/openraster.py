"""Write a drawing in layers as OpenRaster, which Krita, GIMP, MyPaint and others open.

The baseline of the specification (https://www.openraster.org/baseline/): a ZIP whose first entry,
stored, is `mimetype`; `stack.xml`; and PNGs of the layers, of the picture as it looks, and of a
thumbnail. Writes the same bytes for the same layers.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from training.files.atomic import written_whole

MIME_TYPE = "image/openraster"
_VERSION = "0.0.3"  # of the layer stack
THUMBNAIL = 256  # pixels of its longer side: the most that is allowed
COMPRESSION = 3  # of PNG: flats and lines shrink hardly further, and it takes a third of the time
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the time that a ZIP can tell: no clock in the bytes
_UNIX, _FILE = 3, 0o100644  # made the same on every system


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer, as large as the drawing."""

    name: str
    pixels: np.ndarray  # (H, W, 3) uint8 RGB, or (H, W, 4) RGBA, its colours not multiplied
    visible: bool = True


def ink_layer(lineart: np.ndarray, *, name: str = "ink") -> Layer:
    """Return black as opaque as the drawing is dark: over colours it looks as `under_ink` does.

    lineart: (H, W) uint8, paper 255.
    """
    rgba = np.zeros((*lineart.shape, 4), np.uint8)
    np.subtract(255, lineart, out=rgba[..., 3])
    return Layer(name=name, pixels=rgba)


def write_openraster(
    layers: Sequence[Layer], output: Path, *, merged: np.ndarray, overwrite: bool = False
) -> None:
    """Write layers, the topmost first. merged: (H, W, 3) uint8 RGB, what they look like together.

    Raises ValueError for a layer of another size, and OutputExists.
    """
    height, width = merged.shape[:2]
    for layer in layers:
        if layer.pixels.shape[:2] != (height, width):
            raise ValueError(
                f"layer {layer.name!r}: expected {width} x {height} pixels as the merged picture "
                f"has, received {layer.pixels.shape[1]} x {layer.pixels.shape[0]}."
            )
    files = [f"data/layer{number}.png" for number in range(len(layers))]
    with (
        written_whole(output, overwrite=overwrite) as partial,
        zipfile.ZipFile(partial, "w") as archive,
    ):
        _add(archive, "mimetype", MIME_TYPE.encode())
        _add(archive, "stack.xml", _stack(layers, files, width=width, height=height))
        for file, layer in zip(files, layers, strict=True):
            _add(archive, file, _png(layer.pixels))
        _add(archive, "Thumbnails/thumbnail.png", _png(_thumbnail(merged)))
        _add(archive, "mergedimage.png", _png(merged))


def _stack(layers: Sequence[Layer], files: Sequence[str], *, width: int, height: int) -> bytes:
    image = ElementTree.Element("image", version=_VERSION, w=str(width), h=str(height))
    stack = ElementTree.SubElement(image, "stack")
    for file, layer in zip(files, layers, strict=True):
        attributes = {
            "name": layer.name,
            "src": file,
            "x": "0",
            "y": "0",
            "opacity": "1.0",
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": "svg:src-over",
        }
        ElementTree.SubElement(stack, "layer", attributes)
    return ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True)


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG", compress_level=COMPRESSION)
    return file.getvalue()


def _thumbnail(merged: np.ndarray) -> np.ndarray:
    import cv2

    longest = max(merged.shape[:2])
    if longest <= THUMBNAIL:
        return merged
    height, width = (max(1, side * THUMBNAIL // longest) for side in merged.shape[:2])
    return cv2.resize(merged, (width, height), interpolation=cv2.INTER_AREA)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    # Stored: `mimetype` has to be, and PNG is compressed already.
    entry = zipfile.ZipInfo(name, date_time=_BEGINNING)
    entry.create_system, entry.external_attr = _UNIX, _FILE << 16
    archive.writestr(entry, content)
