"""Take an SVG drawing apart: its shapes as line art, and its colours without a line.

A flat drawing has no lines. Line art of it shows each opaque shape in white within a black
outline, so that shapes hide each other as their colours do; neighbours of one colour share one
outline, as nobody could tell them apart. What is painted in opaque black is ink: it is black in
the line art and leaves the colours. Shade and light, which are translucent, are in neither: no
line bounds them. A stroke without a fill is a shape of its own, or, if it is thin or ink, a line.

Knows the elements that DiceBear and Twemoji use, and refuses a paint server.
"""

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from training.errors import PictureError

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {f"{_SVG}{n}" for n in ("path", "circle", "ellipse", "rect", "polygon", "line")}
_REFERENCED = {f"{_SVG}{n}" for n in ("mask", "clipPath")}
_UNPAINTED = {f"{_SVG}{n}" for n in ("defs", "metadata", "title")} | _REFERENCED
_BLACK = ("#000", "#000000", "black")
_GEOMETRY = "d cx cy r rx ry x y width height points x1 y1 x2 y2 transform clip-path mask".split()
_INHERITED = (
    "fill stroke stroke-width fill-opacity stroke-opacity fill-rule stroke-linecap stroke-linejoin"
).split()
# Below, a fill is shade or light upon another shape; above, glass or a veil of its own.
_OPAQUE = 0.55
# A stroke without a fill that is narrower than so many outlines is a line.
_THIN_STROKE = 0.8
_TRANSFORM = re.compile(r"(matrix|scale)\(([^)]*)\)")


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """One painted shape, with all that it inherits."""

    tag: str
    geometry: dict[str, str]
    style: dict[str, str]  # the inherited attributes
    within: tuple[dict[str, str], ...]  # transform, clip-path and mask of the groups around it
    opacity: float  # product of the groups' and its own
    blended: bool
    scale: float  # of its own units in those of the drawing
    feature: bool  # what a face is known by: its shade is ink
    inks: tuple[str, ...]

    @property
    def fill(self) -> str:
        return self.style.get("fill", "#000000").lower()

    @property
    def stroke(self) -> str:
        return self.style.get("stroke", "none").lower()

    @property
    def stroke_width(self) -> float:
        return float(self.style.get("stroke-width", 1))

    @property
    def is_translucent(self) -> bool:
        """Whether it is shade or light upon another shape."""
        paint = "stroke-opacity" if self.fill == "none" else "fill-opacity"
        return self.blended or self.opacity * float(self.style.get(paint, 1)) < _OPAQUE

    @property
    def is_drawn(self) -> bool:
        """Whether it is anything but shade."""
        painted = self.fill != "none" or self.stroke != "none"
        return painted and (self.feature or not self.is_translucent)

    def is_ink(self, outline: float) -> bool:
        """Tell whether it is black in the line art, and no colour."""
        if self.fill != "none":
            return self.fill in self.inks or self.is_translucent
        thin = self.stroke_width * self.scale < _THIN_STROKE * outline
        return thin or self.stroke in self.inks or self.is_translucent

    def drawn(self, **style: str | float) -> str:
        """Write the shape out in another style."""
        return self._written({k.replace("_", "-"): str(v) for k, v in style.items()})

    def colored(self) -> str:
        """Write the shape out in its own colours; a fill without its stroke."""
        stroke = {} if self.fill == "none" else {"stroke": "none"}
        return self._written({"opacity": f"{self.opacity:g}"} | stroke)

    def _written(self, style: dict[str, str]) -> str:
        kept = (
            self.style
            if "opacity" in style
            else {k: v for k, v in self.style.items() if k.startswith(("fill-rule", "stroke-line"))}
        )
        before = "".join(f"<g{_attributes(group)}>" for group in self.within)
        shape = f"<{self.tag}{_attributes(self.geometry | kept | style)}/>"
        return before + shape + "</g>" * len(self.within)


class ShapeDrawing:
    """A parsed drawing."""

    def __init__(
        self,
        svg: str,
        *,
        inks: tuple[str, ...] = (),
        features: tuple[str, ...] = (),
        margin: float = 0.0,
    ) -> None:
        """Parse an SVG document.

        inks: colours that are ink, in small letters, besides black. features: components of
        DiceBear whose translucent shapes are ink too, such as a nose. margin: paper added on each side, in units of the drawing, so that an outline
        at its edge is seen whole.
        """
        try:
            root = ET.fromstring(svg)
        except ET.ParseError as error:
            raise PictureError(f"not an SVG document: {error}") from error
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        self._view = f"{left - margin} {top - margin} {width + 2 * margin} {height + 2 * margin}"
        self.width = width + 2 * margin
        self._features, self._inks = features, inks + _BLACK
        self._shown = {
            element.attrib["id"]: element for element in root.iter() if "id" in element.attrib
        }
        self._referenced = "".join(
            ET.tostring(element, encoding="unicode")
            for element in root.iter()
            if element.tag in _REFERENCED
        )
        self._shapes = list(self._below(root, {}, (), 1.0, False, 1.0, False))

    def line_art(self, outline: float) -> str:
        """Return the line drawing, whose outlines are `outline` wide in units of the drawing.

        An outline of 0 draws what is ink, in front of white shapes, and nothing else.
        """
        drawn: list[str] = []
        shapes = [shape for shape in self._shapes if shape.is_drawn]
        for (fill, is_ink), run in itertools.groupby(
            shapes, key=lambda shape: (shape.fill, shape.is_ink(outline))
        ):
            if fill == "none":
                drawn += [_stroke_drawn(shape, outline) for shape in run]
            elif is_ink:
                drawn += [shape.drawn(fill="#000000") for shape in run]
            else:
                drawn += _outlined(list(run), outline)
        return self._document(drawn)

    def colors(self, outline: float) -> str:
        """Return the colours below the ink of a line drawing with such outlines."""
        return self._document(
            [s.colored() for s in self._shapes if s.is_drawn and not s.is_ink(outline)]
        )

    def _document(self, shapes: list[str]) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{self._view}">'
            f"<defs>{self._referenced}</defs>{''.join(shapes)}</svg>"
        )

    def _below(
        self,
        element: ET.Element,
        style: dict[str, str],
        within: tuple[dict[str, str], ...],
        opacity: float,
        blended: bool,
        scale: float,
        feature: bool,
    ) -> Iterator[_Shape]:
        """Yield every shape of an element, in the order of painting."""
        get = element.attrib.get
        style = style | {k: v for k, v in element.items() if k in _INHERITED}
        if "url(" in style.get("fill", "") + style.get("stroke", ""):
            raise PictureError("expected plain colours, received a gradient or a pattern")
        opacity *= float(get("opacity", 1))
        blended = blended or "mix-blend-mode" in get("style", "")
        scale *= _scale(get("transform", ""))
        feature = feature or get("id", "").split("-")[0] in self._features
        geometry = {k: v for k, v in element.items() if k in _GEOMETRY}
        if element.tag in _SHAPES:
            yield _Shape(
                tag=element.tag.removeprefix(_SVG),
                geometry=geometry,
                style=style,
                within=within,
                opacity=opacity,
                blended=blended,
                scale=scale,
                feature=feature,
                inks=self._inks,
            )
            return
        group = {k: v for k, v in geometry.items() if k in ("transform", "clip-path", "mask")}
        if group:
            within = (*within, group)
        children = list(element)
        if element.tag == f"{_SVG}use":
            children = [self._shown[element.attrib["href"].removeprefix("#")]]
        for child in children:
            if child.tag not in _UNPAINTED:
                yield from self._below(child, style, within, opacity, blended, scale, feature)


def _outlined(alike: list[_Shape], outline: float) -> list[str]:
    """Draw neighbours of one colour in white within one outline."""
    if len(alike) == 1 and outline:
        (shape,) = alike
        width = outline / shape.scale
        return [
            shape.drawn(fill="#fff", stroke="#000", stroke_width=width, stroke_linejoin="round")
        ]
    # All outlines lie below all fills, which hide the inner half of each: thus twice the width.
    outlines = [
        shape.drawn(
            fill="none",
            stroke="#000",
            stroke_width=2 * outline / shape.scale,
            stroke_linejoin="round",
        )
        for shape in alike
        if outline
    ]
    return outlines + [shape.drawn(fill="#fff") for shape in alike]


def _stroke_drawn(shape: _Shape, outline: float) -> str:
    width = outline / shape.scale
    if shape.is_ink(outline):
        return shape.drawn(fill="none", stroke="#000", stroke_width=max(width, shape.stroke_width))
    edge = shape.drawn(fill="none", stroke="#000", stroke_width=shape.stroke_width + 2 * width)
    return edge + shape.drawn(fill="none", stroke="#fff", stroke_width=shape.stroke_width)


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _scale(transform: str) -> float:
    """Return by how much a transform enlarges, as the root of its determinant."""
    scale = 1.0
    for kind, text in _TRANSFORM.findall(transform):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", text)]
        if kind == "matrix":
            a, b, c, d = numbers[:4]
        else:
            a, b, c, d = numbers[0], 0.0, 0.0, numbers[-1]
        scale *= math.sqrt(abs(a * d - b * c))
    return scale
