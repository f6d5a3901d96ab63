"""Names of types, as operations such as cast take them, and the NumPy type that each means."""

from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.types import DTYPES

CAST_DTYPES = {
    "bool": DTYPES["BOOL"],
    "fp16": DTYPES["FLOAT16"],
    "fp32": DTYPES["FLOAT32"],
    "int8": DTYPES["INT8"],
    "int16": DTYPES["INT16"],
    "int32": DTYPES["INT32"],
    "uint8": DTYPES["UINT8"],
    "uint16": DTYPES["UINT16"],
}


def named_type(name: str) -> np.dtype[Any]:
    """Return the type that `name` stands for. Raises InvalidProgram for an unknown one."""
    if name not in CAST_DTYPES:
        raise InvalidProgram(f"dtype: expected one of {list(CAST_DTYPES)}, received {name!r}")
    return CAST_DTYPES[name]
