import numpy as np
import pytest

from benchmarks.agreement.counted import counted
from benchmarks.drawing.compared import parity_drawings
from conversion.export.origins.origin import Compared
from training.data.named import NamedData

HOUSE, CAT = "validation/house with 3 windows", "sample/cat"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([HOUSE, CAT], "1 held-out drawing and 1 of Nurie's own"),
        ([CAT], "1 drawing of Nurie's own"),
        (["a.png", "b.png"], "2 drawings"),
        (
            [CAT, f"{CAT} with 4 hints"],
            "2 pictures: 1 drawing of Nurie's own, each with 0 and 4 dots",
        ),
        ([HOUSE, f"{HOUSE} on 96x64px"], "2 pictures: 1 held-out drawing, each at 2 sizes"),
        ([], "no drawings"),
    ],
)
def test_pictures_of_a_drawing_are_told_from_drawings(names, said):
    assert counted(names) == said


def test_what_parity_compares_is_counted_as_it_is_named():
    color = {f"validation/{n}": np.full((16, 16, 3), 200, np.uint8) for n in range(2)}
    lineart = {name: np.full((16, 16), 255, np.uint8) for name in color}
    data = NamedData(path="d", sha256="", source="", licence="", credit="")
    drawings = parity_drawings(Compared(data=data, lineart=lineart, color=color), hints=True)
    assert counted(drawings) == (
        "66 pictures: 2 held-out drawings and 20 of Nurie's own, each with 0, 4 and 16 dots"
    )
