"""Choose for each layer how few bits still keep the pictures: what --recipe auto does.

Measure how much each layer alone adds to the error of the pictures at each width (errors of layers
add up, nearly); find the price of a byte at which the cheapest choice for every layer together just
passes; then try to take single layers one step further. Every step is held to Keras float32.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from conversion.compression.layers import Layer
from conversion.compression.palettes import palette
from conversion.compression.storages import GROUP, PALETTE_BITS
from conversion.errors import ConversionError
from conversion.export.drawings import Drawings
from training.files.strict_json import to_json
from training.metrics.full_reference import psnr_db
from training.terminal.progress import Progress

FORMAT = "nurie-search/1"
# Drawings that the search looks at: those on which uniform 4-bit palettes show most.
HARDEST = 32
# Held-out drawings come out worse than the worst one of the search: by how much more it must pass.
MARGIN_DB = 1.0
BISECTIONS = 12  # of the price of a byte, over 20 orders of magnitude in powers
PRICES = (-14.0, 6.0)  # powers of ten: squared grey levels for a byte


class Tried(Protocol):
    """A network of which only weights change."""

    def colors(self, drawings: Drawings, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what it paints, (N, C, H, W) in [0, 255], not yet rounded; C is 3, or 1 of grey.

        A layer lies under the ink. weights: layer name -> weight; other layers keep their own.
        """


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to store one layer."""

    storage: str
    bytes: int
    mse: float  # squared grey levels that it adds to a picture, mean over the drawings


@dataclass(frozen=True, kw_only=True)
class LayerOptions:
    """What was measured of one layer."""

    layer: str
    weights: int
    options: list[Option]  # from the largest to the smallest


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One choice for all layers, measured."""

    why: str
    bytes: int  # of all weights that can be chosen
    worst_psnr_db: float  # of the drawings that the search looks at
    storages: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Search:
    """What was found, and everything that was tried for it."""

    chosen: dict[str, str]
    min_psnr_db: float
    margin_db: float
    table: list[LayerOptions]
    attempts: list[Attempt] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; infinity, of the very same pictures, as the text inf."""
        return {"search": FORMAT, **to_json(self)}


def search(
    trial: Tried,
    layers: Sequence[Layer],
    drawings: Drawings,
    reference: np.ndarray,
    *,
    min_psnr_db: float,
    grouped: bool,
    margin_db: float = MARGIN_DB,
) -> Search:
    """Return the smallest choice that was found to pass on every drawing.

    layers: those that are not small. reference: what Keras paints of the drawings, (N, H, W, 3)
    uint8. Raises ConversionError where float16 itself does not pass.
    """
    work = _Work(trial, layers, drawings, reference, grouped, min_psnr_db + margin_db)
    work.look_at_the_hardest()
    table = work.table()
    best = work.best_price(table)
    best = work.smaller_by_single_steps(best, table)
    return Search(
        chosen=best.storages,
        min_psnr_db=min_psnr_db,
        margin_db=margin_db,
        table=table,
        attempts=work.attempts,
    )


def psnrs_db(colors: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the PSNR of each picture, on 8 bits.

    colors: (N, 3, H, W) in [0, 255], or (N, 1, H, W) of grey. reference: (N, H, W, 3) uint8.
    """
    painted = np.clip(np.round(colors), 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)
    painted = np.broadcast_to(painted, reference.shape)
    return np.array([psnr_db(r, picture) for r, picture in zip(reference, painted, strict=True)])


def stored_bytes(layer: Layer, storage: str, *, grouped: bool) -> int:
    """Return the bytes of a layer's weight, its palettes included."""
    if storage == "fp16":
        return 2 * layer.weight.size
    bits = PALETTE_BITS[storage]
    channels = layer.weight.shape[layer.channel_axis]
    palettes = channels // layer.group(GROUP) if grouped else 1
    return -(-layer.weight.size * bits // 8) + palettes * 2 * 2**bits


def approximated(layer: Layer, storage: str, *, grouped: bool) -> np.ndarray:
    """Return a layer's weight as it comes back from its palettes."""
    if storage == "fp16":
        return layer.weight
    bits = PALETTE_BITS[storage]
    first = np.moveaxis(layer.weight, layer.channel_axis, 0)
    size = layer.group(GROUP) if grouped else len(first)
    groups = []
    for start in range(0, len(first), size):
        group = first[start : start + size]
        lut, indices = palette(group, bits=bits)
        groups.append(lut[indices].reshape(group.shape))
    return np.moveaxis(np.concatenate(groups), 0, layer.channel_axis)


class _Work:
    """One search: what does not change, and what has been tried."""

    def __init__(
        self,
        trial: Tried,
        layers: Sequence[Layer],
        drawings: Drawings,
        reference: np.ndarray,
        grouped: bool,
        wanted_db: float,
    ) -> None:
        self.trial, self.layers = trial, layers
        self.drawings, self.reference = drawings, reference
        self.grouped, self.wanted_db = grouped, wanted_db
        # Programs before iOS18 have no palettes of 3 bits (constexpr_lut_to_dense of iOS16).
        self.storages = [name for name in ("fp16", *PALETTE_BITS) if grouped or name != "palette3"]
        self.attempts: list[Attempt] = []
        self._made: dict[tuple[str, str], np.ndarray] = {}

    def look_at_the_hardest(self) -> None:
        """Keep the drawings that suffer most; the others would only cost time."""
        four = dict.fromkeys((layer.name for layer in self.layers), "palette4")
        order = np.argsort(self._psnrs(four), kind="stable")[:HARDEST]
        self.drawings, self.reference = self.drawings.chosen(order), self.reference[order]
        for storage in self.storages:
            self.attempt(dict.fromkeys(four, storage), f"every layer {storage}")
        if self.attempts[0].worst_psnr_db < self.wanted_db:
            raise ConversionError(
                f"--min-psnr: float16 weights reach {self.attempts[0].worst_psnr_db:.1f} dB on the "
                f"worst drawing, expected {self.wanted_db:.1f} dB with the margin. Ask for less, "
                "or export fp32."
            )

    def table(self) -> list[LayerOptions]:
        """Measure every layer alone at every width."""
        plain = self.trial.colors(self.drawings, {})
        total = len(self.layers) * len(self.storages)
        rows = []
        with Progress("sensitivity", total=total, unit="trials") as progress:
            for layer in self.layers:
                options = []
                for storage in self.storages:
                    weight = self._weight(layer, storage)
                    painted = self.trial.colors(self.drawings, {layer.name: weight})
                    options.append(
                        Option(
                            storage=storage,
                            bytes=stored_bytes(layer, storage, grouped=self.grouped),
                            mse=float(np.mean((painted - plain) ** 2)),
                        )
                    )
                    progress.advance(note=layer.name)
                rows.append(
                    LayerOptions(layer=layer.name, weights=layer.weight.size, options=options)
                )
        return rows

    def best_price(self, table: Sequence[LayerOptions]) -> Attempt:
        """Try prices of a byte; return the smallest choice that has passed so far."""
        low, high = PRICES  # low passes: every byte is kept
        for _ in range(BISECTIONS):
            power = (low + high) / 2
            attempt = self.attempt(_cheapest(table, 10.0**power), f"a byte at 1e{power:.2f}")
            if self._passes(attempt):
                low = power
            else:
                high = power
        return min(filter(self._passes, self.attempts), key=lambda tried: tried.bytes)

    def smaller_by_single_steps(self, best: Attempt, table: Sequence[LayerOptions]) -> Attempt:
        """Take layers one width further, those that save most for their error first."""
        refused: set[tuple[str, str]] = set()
        while True:
            steps = [
                step for step in _steps(best.storages, table) if (step[1], step[2]) not in refused
            ]
            if not steps:
                return best
            _cost, layer, storage = min(steps)
            attempt = self.attempt(best.storages | {layer: storage}, f"{layer} to {storage}")
            if self._passes(attempt):
                best = attempt
            else:
                refused.add((layer, storage))

    def attempt(self, storages: Mapping[str, str], why: str) -> Attempt:
        """Measure one choice for all layers; one that was measured before is not run again."""
        for tried in self.attempts:
            if tried.storages == storages:
                return tried
        attempt = Attempt(
            why=why,
            bytes=sum(
                stored_bytes(layer, storages[layer.name], grouped=self.grouped)
                for layer in self.layers
            ),
            worst_psnr_db=float(min(self._psnrs(storages))),
            storages=dict(storages),
        )
        self.attempts.append(attempt)
        return attempt

    def _passes(self, attempt: Attempt) -> bool:
        return attempt.worst_psnr_db >= self.wanted_db

    def _psnrs(self, storages: Mapping[str, str]) -> np.ndarray:
        weights = {layer.name: self._weight(layer, storages[layer.name]) for layer in self.layers}
        return psnrs_db(self.trial.colors(self.drawings, weights), self.reference)

    def _weight(self, layer: Layer, storage: str) -> np.ndarray:
        key = (layer.name, storage)
        if key not in self._made:
            self._made[key] = approximated(layer, storage, grouped=self.grouped)
        return self._made[key]


def _cheapest(table: Sequence[LayerOptions], price: float) -> dict[str, str]:
    """Return for each layer the storage whose error and bytes together cost least."""
    cost: Callable[[Option], float] = lambda option: option.mse + price * option.bytes  # noqa: E731
    return {row.layer: min(row.options, key=cost).storage for row in table}


def _steps(
    storages: Mapping[str, str], table: Sequence[LayerOptions]
) -> list[tuple[float, str, str]]:
    """Return (error added for a byte saved, layer, smaller storage) of each possible step."""
    steps = []
    for row in table:
        names = [option.storage for option in row.options]
        position = names.index(storages[row.layer])
        now = row.options[position]
        for after in row.options[position + 1 : position + 2]:
            saved = now.bytes - after.bytes
            steps.append(((after.mse - now.mse) / max(saved, 1), row.layer, after.storage))
    return steps
