"""A bundle of a double of a model, as benchmarks.ios_bundle writes one of a net.

The double paints each pixel by its own grey, or by its hint: every picture is known beforehand.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from benchmarks.ios.bundle_index import (
    BundledModel,
    BundleIndex,
    GoldenDrawing,
    GoldenPicture,
    write_index,
)
from conversion.interface import Ports, image_interface, tensor_interface
from conversion.manifest import Manifest, artifact_sha256, manifest_path, write_manifest
from training.pixels import under_ink

CHECKPOINT = "ab" * 32
SIZE = 16


def painted(lineart: np.ndarray, *, off_by: int = 0) -> np.ndarray:
    """What the double paints of line art; or a reference that is `off_by` levels from it."""
    color = np.stack([lineart, 255 - lineart, lineart // 3], axis=-1)
    return np.where(color < 128, color + off_by, color - off_by).astype(np.uint8)


def hints_on(lineart: np.ndarray) -> np.ndarray:
    """Four hints of other colours, none elsewhere."""
    hints = np.zeros((*lineart.shape, 4), np.uint8)
    for n in range(4):
        hints[2 + n, 3 * n : 3 * n + 2] = (250 - n, 20 * n, 128 + n, 255)
    return hints


def bundle(
    folder: Path, *, off_by: int = 0, hinted: bool = False, asset: bool = False, dims: bool = False
) -> Path:
    """Write a bundle as benchmarks.ios_bundle does, of a double that was made to reach 35.5 dB.

    hinted: the double takes hints and paints a layer; each drawing comes without and with four.
    asset: it is one of Core AI; dims: which paints half of the numbers, on all engines but alone.
    """
    package = folder / ("double.aimodel" if asset else "double.mlpackage")
    package.mkdir(parents=True)
    told = {"width": SIZE, "height": SIZE, "checkpoint": CHECKPOINT}
    if hinted:
        told |= {"hints": True, "output": "layer"}
    if dims:
        told |= {"fault": "dims"}
    ports = Ports(hints=hinted, layer=hinted)
    (package / "double.json").write_text(json.dumps(told))
    manifest = Manifest(
        artifact=package.name,
        format="coreai" if asset else "coreml",
        recipe="auto",
        target=None if asset else "iOS16",
        bytes=1,
        sha256=artifact_sha256(package),
        checkpoint="none",
        checkpoint_sha256=CHECKPOINT,
        interface=(tensor_interface if asset else image_interface)((SIZE, SIZE), ports),
        sizes=((SIZE, SIZE),),
        any_batch=False,
        line_width_px=None,
        trained_px=SIZE,
        stride_px=SIZE,
        gate_db=35.5,
        details={},
        conversion_s=0.0,
        conversion_peak_mb=0.0,
        source="",
        licence="",
        credit="",
        tools={},
    )
    write_manifest(manifest, manifest_path(package))
    rng = np.random.default_rng(0)
    golden = []
    for name in ("cat", "fish"):
        lineart = rng.integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
        color = painted(lineart, off_by=off_by)
        line = picture(lineart, folder, f"{name}-lineart")
        golden.append(
            GoldenDrawing(
                name=name,
                hint_count=0,
                lineart=line,
                hints=None,
                color=picture(
                    under_ink(color, lineart) if hinted else color, folder, f"{name}-color"
                ),
            )
        )
        if hinted:
            hints = hints_on(lineart)
            color = np.where(hints[..., 3:], hints[..., :3], color)
            name = f"{name}-4-hints"
            golden.append(
                GoldenDrawing(
                    name=name,
                    hint_count=4,
                    lineart=line,
                    hints=picture(hints, folder, f"{name}-hints"),
                    color=picture(under_ink(color, lineart), folder, f"{name}-color"),
                )
            )
    model = BundledModel(
        artifact=package.name, sha256=manifest.sha256, recipe="auto", gate_psnr_db=35.5
    )
    index = BundleIndex(checkpoint_sha256=CHECKPOINT, models=[model], golden=golden)
    write_index(index, folder)
    return folder


def picture(pixels: np.ndarray, folder: Path, name: str) -> GoldenPicture:
    """Write a picture as PGM, PPM or PA: what the double of ImageIO reads in place of PNG."""
    kind = b"P5" if pixels.ndim == 2 else {3: b"P6", 4: b"PA"}[pixels.shape[2]]
    content = b"%s\n%d %d\n255\n" % (kind, SIZE, SIZE) + pixels.tobytes()
    file = folder / "golden" / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return GoldenPicture(
        file=file.relative_to(folder).as_posix(),
        sha256=hashlib.sha256(content).hexdigest(),
        pixels_sha256=hashlib.sha256(pixels.tobytes()).hexdigest(),
        height=SIZE,
        width=SIZE,
    )
