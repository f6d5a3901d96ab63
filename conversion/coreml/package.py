"""Save a coremltools model so that equal models have equal bytes, and equal SHA-256.

coremltools draws random identifiers for the files of a package, notes the day of the conversion,
and lets protobuf order its maps as it likes.
"""

import json
import uuid
from pathlib import Path
from typing import Any

CONVERSION_DATE = "com.github.apple.coremltools.conversion_date"


def save(model: Any, path: Path) -> None:
    """Write an ML Program to `path`, a .mlpackage; equal programs give equal bytes."""
    model.save(str(path))
    manifest_path = path / "Manifest.json"
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    entries = manifest["itemInfoEntries"]
    _order_maps(path / "Data" / entries[manifest["rootModelIdentifier"]]["path"])
    names = {old: str(uuid.uuid5(uuid.NAMESPACE_URL, entries[old]["path"])) for old in entries}
    manifest["itemInfoEntries"] = {
        new: entries[old] for old, new in sorted(names.items(), key=lambda pair: pair[1])
    }
    manifest["rootModelIdentifier"] = names[manifest["rootModelIdentifier"]]
    manifest_path.write_text(json.dumps(manifest, indent=4) + "\n", encoding="utf-8")


def _order_maps(specification: Path) -> None:
    """Write a specification again, without its date and with its maps in sorted order."""
    from coremltools.proto import Model_pb2

    model = Model_pb2.Model.FromString(specification.read_bytes())
    model.description.metadata.userDefined.pop(CONVERSION_DATE, None)
    specification.write_bytes(model.SerializeToString(deterministic=True))
