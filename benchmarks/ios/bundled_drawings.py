"""The golden drawings of a bundle for iOS, and what Keras makes of each in float32."""

from pathlib import Path

import numpy as np

from benchmarks.agreement.sheets import Sheet, drawn_on_sheets, single_sheets
from benchmarks.drawing.compared import Given, hinted
from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.own import own_drawings
from benchmarks.drawing.samples import sample_drawings
from benchmarks.ios.bundle_index import GoldenDrawing, write_golden_picture
from conversion.export.origins.origin import Origin
from conversion.export.origins.trained import Trained
from conversion.export.sheets import on_sheets
from conversion.export.size import Size
from training.picture.finishing.net import lines_learned


def own_golden_drawings(folder: Path, origin: Origin, size: Size) -> dict[str, np.ndarray]:
    """Return drawings of one's own by name, of the models' size, before anything long begins."""
    learned = lines_learned(origin.line_width_px, trained_px=origin.trained_px)
    drawings = own_drawings(folder, size=size, learned=learned)
    return {drawing.name: drawing.lineart for drawing in drawings}


def golden_sheets(
    origin: Origin, size: Size, drawings: dict[str, np.ndarray] | None
) -> dict[str, Sheet]:
    """Return what Keras makes of each golden drawing, by name.

    drawings: of one's own, of that size; None: the samples, for larger models on sheets.

    Where the network takes hints, each comes thrice: without, with a few and with many.
    """
    generator = origin.load()
    # Of a generator of the user's nobody knows what it was trained on: it is given each size whole.
    trained = origin.fitting_size() if isinstance(origin, Trained) else size
    if drawings is None:
        drawings = {each.name: each.lineart for each in sample_drawings(trained)}
        if size != trained:
            sheets = on_sheets(np.stack(list(drawings.values())), size=size)
            drawings = {f"sheet-{n + 1}": sheet for n, sheet in enumerate(sheets)}
    if origin.ports.hints:
        colors = {name: made_up_colors(lineart) for name, lineart in drawings.items()}
        given = hinted(drawings, colors, naming=_named)
    elif origin.ports.taken.colors == "rgb":  # as the app gives a drawing to such a net
        given = {n: Given(lineart=np.dstack([each] * 3)) for n, each in drawings.items()}
    else:
        given = {name: Given(lineart=lineart) for name, lineart in drawings.items()}
    every = drawn_on_sheets(list(given.values()), size=size)
    painted = origin.paint(generator, every)
    return dict(
        zip(given, single_sheets(given, dict(zip(given, painted, strict=True))), strict=True)
    )


def _named(name: str, count: int) -> str:
    return f"{name}-{count}-hints" if count else name


def golden_drawing(name: str, sheet: Sheet, *, bundle: Path) -> GoldenDrawing:
    """Write the golden pictures of one drawing; those that share its line art share the file."""
    count = sheet.counts.get(name, 0)
    lineart = f"{name.removesuffix(_named('', count))}-lineart"
    grey = sheet.lineart if sheet.lineart.ndim == 2 else sheet.lineart[..., 0]
    return GoldenDrawing(
        name=name,
        hint_count=count,
        lineart=write_golden_picture(grey, bundle, lineart),
        hints=None
        if sheet.hints is None or not count
        else write_golden_picture(sheet.hints, bundle, f"{name}-hints"),
        color=write_golden_picture(sheet.reference, bundle, f"{name}-color"),
    )
