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
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

from training.errors import PictureError

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {f"{_SVG}{n}" for n in ("path", "circle", "ellipse", "rect", "polygon", "line")}
_REFERENCED = {f"{_SVG}{n}" for n in ("mask", "clipPath")}
_UNPAINTED = {f"{_SVG}{n}" for n in ("defs", "metadata", "title")} | _REFERENCED
_BLACK = ("#000", "#000000", "black")
_GROUP = ("transform", "clip-path", "mask")
_GEOMETRY = (
    *_GROUP,
    *("d", "points", "cx", "cy", "r", "rx", "ry", "x", "y", "width", "height"),
    *("x1", "y1", "x2", "y2"),
)
_KEPT = ("fill-rule", "stroke-linecap", "stroke-linejoin")  # in line art as in colours
_INHERITED = (*_KEPT, "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width")
# Below, a fill is shade or light upon another shape; above, glass or a veil of its own.
_OPAQUE = 0.55
# A stroke without a fill that is narrower than so many outlines is a line.
_THIN_STROKE = 0.8
_TRANSFORM = re.compile(r"(matrix|scale)\(([^)]*)\)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """One painted shape with what it inherits, or a group that hands it down."""

    geometry: dict[str, str] = field(default_factory=dict)
    style: dict[str, str] = field(default_factory=dict)  # the inherited attributes
    around: tuple[dict[str, str], ...] = ()  # transform, clip-path and mask of the groups
    opacity: float = 1.0  # product of the groups' and its own
    blended: bool = False
    scale: float = 1.0  # of its own units in those of the drawing
    feature: bool = False  # what a face is known by: its shade is ink
    tag: str = "g"

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

    def drawn(self, **style: str | float) -> str:
        """Write the shape out in another style."""
        kept = {name: value for name, value in self.style.items() if name in _KEPT}
        return self._written(kept | {k.replace("_", "-"): str(v) for k, v in style.items()})

    def colored(self) -> str:
        """Write the shape out in its own colours; a fill without its stroke."""
        stroke = {} if self.fill == "none" else {"stroke": "none"}
        return self._written(self.style | {"opacity": f"{self.opacity:g}"} | stroke)

    def _written(self, style: dict[str, str]) -> str:
        before = "".join(f"<g{_attributes(group)}>" for group in self.around)
        shape = f"<{self.tag}{_attributes(self.geometry | style)}/>"
        return before + shape + "</g>" * len(self.around)


class ShapeDrawing:
    """A parsed drawing; `width` is that of its sheet, in its own units."""

    def __init__(
        self,
        svg: str,
        *,
        inks: tuple[str, ...] = (),
        features: tuple[str, ...] = (),
        margin: float = 0.0,
    ) -> None:
        """Parse an SVG document.

        inks: colours that are ink besides black, in small letters. features: components of
        DiceBear whose translucent shapes are ink too, such as a nose. margin: paper added on each
        side, in units of the drawing, so that an outline at its edge is seen whole.
        """
        try:
            root = ET.fromstring(svg)
        except ET.ParseError as error:
            raise PictureError(f"not an SVG document: {error}") from error
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        self.width = width + 2 * margin
        self._view = f"{left - margin} {top - margin} {self.width} {height + 2 * margin}"
        self._inks, self._features = inks + _BLACK, features
        everything = list(root.iter())
        self._named = {e.attrib["id"]: e for e in everything if "id" in e.attrib}
        self._referenced = "".join(
            ET.tostring(e, encoding="unicode") for e in everything if e.tag in _REFERENCED
        )
        self._shapes = [shape for shape in self._below(root, _Shape()) if shape.is_drawn]

    def line_art(self, outline: float) -> str:
        """Return the line drawing, whose outlines are `outline` wide in units of the drawing.

        An outline of 0 draws what is ink, in front of white shapes, and nothing else.
        """
        drawn: list[str] = []
        for (fill, is_ink), run in itertools.groupby(
            self._shapes, key=lambda shape: (shape.fill, self._is_ink(shape, outline))
        ):
            if is_ink:
                drawn += [_inked(shape, outline) for shape in run]
            elif fill == "none":
                drawn += [_outlined_stroke(shape, outline) for shape in run]
            else:
                drawn += _outlined(list(run), outline)
        return self._document(drawn)

    def colors(self, outline: float) -> str:
        """Return the colours below the ink of a line drawing with such outlines."""
        return self._document([s.colored() for s in self._shapes if not self._is_ink(s, outline)])

    def _is_ink(self, shape: _Shape, outline: float) -> bool:
        """Tell whether a shape is black in the line art, and no colour."""
        if shape.fill != "none":
            return shape.fill in self._inks or shape.is_translucent
        is_thin = shape.stroke_width * shape.scale < _THIN_STROKE * outline
        return is_thin or shape.stroke in self._inks or shape.is_translucent

    def _document(self, shapes: list[str]) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{self._view}">'
            f"<defs>{self._referenced}</defs>{''.join(shapes)}</svg>"
        )

    def _below(self, element: ET.Element, above: _Shape) -> Iterator[_Shape]:
        """Yield every shape of an element, in the order of painting."""
        get = element.attrib.get
        style = above.style | {k: v for k, v in element.items() if k in _INHERITED}
        if "url(" in style.get("fill", "") + style.get("stroke", ""):
            raise PictureError("expected plain colours, received a gradient or a pattern")
        here = _Shape(
            geometry={k: v for k, v in element.items() if k in _GEOMETRY},
            style=style,
            around=above.around,
            opacity=above.opacity * float(get("opacity", 1)),
            blended=above.blended or "mix-blend-mode" in get("style", ""),
            scale=above.scale * _scale(get("transform", "")),
            feature=above.feature or get("id", "").split("-")[0] in self._features,
            tag=element.tag.removeprefix(_SVG),
        )
        if element.tag in _SHAPES:
            yield here
            return
        if group := {k: v for k, v in here.geometry.items() if k in _GROUP}:
            here = replace(here, around=(*above.around, group))
        children = list(element)
        if element.tag == f"{_SVG}use":
            children = [self._named[element.attrib["href"].removeprefix("#")]]
        for child in children:
            if child.tag not in _UNPAINTED:
                yield from self._below(child, here)


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


def _inked(shape: _Shape, outline: float) -> str:
    """Draw ink in black; a line at least as wide as an outline."""
    if shape.fill != "none":
        return shape.drawn(fill="#000")
    width = max(outline / shape.scale, shape.stroke_width)
    return shape.drawn(fill="none", stroke="#000", stroke_width=width)


def _outlined_stroke(shape: _Shape, outline: float) -> str:
    """Draw a stroke that is a shape: white, with black edges on both sides."""
    width = shape.stroke_width + 2 * outline / shape.scale
    edges = shape.drawn(fill="none", stroke="#000", stroke_width=width) if outline else ""
    return edges + shape.drawn(fill="none", stroke="#fff", stroke_width=shape.stroke_width)


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _scale(transform: str) -> float:
    """Return by how much a transform enlarges, as the root of its determinant."""
    scale = 1.0
    for kind, text in _TRANSFORM.findall(transform):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if kind == "matrix":
            a, b, c, d = numbers[:4]
        else:
            a, b, c, d = numbers[0], 0.0, 0.0, numbers[-1]
        scale *= math.sqrt(abs(a * d - b * c))
    return scale
