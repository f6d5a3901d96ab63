"""Names of an ONNX graph, each given once."""

from collections.abc import Iterable


class Names:
    """The names that are taken."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        # The last number behind each stem: counted from the start each time, the names of the
        # thousands of pieces that one operation can have would take their square of steps.
        self._numbers: dict[str, int] = {}

    def reserve(self, names: Iterable[str]) -> None:
        """Keep names from being given to anything else."""
        self._taken.update(names)

    def fresh(self, stem: str) -> str:
        """Return a name that begins with `stem` and is not taken, and take it."""
        name, number = stem, self._numbers.get(stem, 1)
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._numbers[stem] = number
        self._taken.add(name)
        return name
