"""Replace the numbers of a large picture by what a table says, a band of rows at a time.

NumPy turns the numbers that it indexes with into 64 bits: of a whole drawing, 45 MB.
"""

import numpy as np

_BAND = 1 << 18  # pixels


def looked_up(
    table: np.ndarray, numbers: np.ndarray, *, out: np.ndarray | None = None
) -> np.ndarray:
    """Return table[numbers]. table: (K,). numbers: (H, W) int32, 0 and more. out may be numbers."""
    result = np.empty(numbers.shape, table.dtype) if out is None else out
    table = table.astype(result.dtype, copy=False)
    rows = max(1, _BAND // max(1, numbers.shape[1]))
    for top in range(0, len(numbers), rows):
        # clip: nothing is out of range, and NumPy is twice as fast where it need not see to that.
        np.take(table, numbers[top : top + rows], out=result[top : top + rows], mode="clip")
    return result
