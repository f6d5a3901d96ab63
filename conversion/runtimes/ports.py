"""Hold the tensors of a loaded model to what its manifest says of them: names, shapes, types."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from conversion.errors import ArtifactError
from conversion.interface import Interface, Port
from conversion.manifest import Manifest

# Name -> (shape, where None is an open axis; type).
Found = Mapping[str, tuple[tuple[int | None, ...], str]]
ONNX_DTYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8"}


def open_axes(manifest: Manifest) -> str:
    """Return which axes of a model's tensors are open, by the letters of a layout."""
    return ("N" if manifest.any_batch else "") + ("HW" if len(manifest.sizes) > 1 else "")


def described(interface: Interface, *, is_open: str = "") -> tuple[Found, Found]:
    """Return what a manifest says of a model's inputs and outputs. is_open: as `open_axes`."""

    def found(ports: Iterable[Port]) -> Found:
        return {
            port.name: (
                tuple(
                    None if axis in is_open else length
                    for axis, length in zip(port.layout, port.shape, strict=True)
                ),
                port.dtype,
            )
            for port in ports
        }

    return found(interface.inputs), found([interface.output])


def require_ports(
    artifact: Path, described: tuple[Found, Found], inputs: Found, outputs: Found
) -> None:
    """Refuse a manifest that says otherwise than the model: inputs, outputs are what that says."""
    for said, found in zip(described, (inputs, outputs), strict=True):
        if said != found:
            raise ArtifactError(
                f"{artifact}: its manifest says {said}, the model has {found}. Export it again "
                "with --overwrite."
            )


def of_signature(details: dict[str, Any]) -> Found:
    """Return what LiteRT says of the inputs or outputs of a signature."""
    return {
        name: (
            # The shape is that of now: an open axis is 1 there.
            tuple(None if n < 0 else int(n) for n in each["shape_signature"]),
            np.dtype(each["dtype"]).name,
        )
        for name, each in details.items()
    }


def of_session(details: list[Any]) -> Found:
    """Return what ONNX Runtime says of the inputs or outputs of a session."""
    return {
        d.name: (
            tuple(n if isinstance(n, int) else None for n in d.shape),
            ONNX_DTYPES.get(d.type, d.type),
        )
        for d in details
    }
