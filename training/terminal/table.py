"""Print a table of results on stdout, the same way for every command."""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import Literal

from training.files.printable import printable, printable_lines

# Where stdout is a file or a pipe there is no width to fit, unless COLUMNS says one: a wrapped row
# could not be searched.
UNLIMITED = 240
NAME_SHARE = 0.4  # of the width that names may take where a table has to be broken
TEXT = 24  # columns of a terminal: a cell that is longer may be broken between its words
NARROWEST_NAME = 20  # columns, where that saves a table
PADDING = 3  # columns of a terminal between two columns of a table; one more at its edge


def print_table(
    title: str, columns: Sequence[str], *, rows: Sequence[Sequence[str]], caption: str = ""
) -> None:
    """Print rows of text: the first column to the left, all others to the right.

    Where a terminal is too narrow, names are broken at their dashes and dots and then columns
    follow in further tables, each with the names again: no number and no word is cut.
    """
    from rich.console import Console

    console = Console(width=width_to_fit() or UNLIMITED)
    columns, rows = list(map(printable, columns)), [list(map(printable, row)) for row in rows]
    for number, widths in enumerate(fitting(columns, rows, width=console.width)):
        console.print(_table(title if number == 0 else "", columns, rows=rows, widths=widths))
    if caption:
        console.print(printable_lines(caption), style="dim", markup=False, highlight=False)


def width_to_fit() -> int | None:
    """Return the columns that stdout has: of a terminal, or as COLUMNS says; None: without end."""
    said = os.environ.get("COLUMNS", "")
    if not (sys.stdout.isatty() or said.isdecimal()):
        return None
    return shutil.get_terminal_size().columns


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int
) -> list[dict[int, int]]:
    """Return which columns stand in which table of at most `width`, and how wide each is there."""
    every = list(range(len(columns)))
    cells = [[row[index] for row in rows] for index in every]
    whole = [max(map(_width, (columns[index], *cells[index]))) + PADDING for index in every]
    width -= 1
    if sum(whole) <= width:
        return [dict(enumerate(whole))]
    least = whole[:1]
    for index in every[1:]:
        words = (*columns[index].split(), *(word for cell in cells[index] for word in _parts(cell)))
        least.append(max(map(_width, words)) + PADDING)
    name = width - sum(least[1:])
    if name >= min(whole[0], NAME_SHARE * width / 2):
        return [_widened({0: min(name, whole[0])}, every, least, whole, width=width)]
    # The widest names that leave room for as few tables as narrower ones would.
    widest = min(whole[0], int(NAME_SHARE * width))
    name = min(
        range(widest, min(widest, NARROWEST_NAME) - 1, -1),
        key=lambda each: len(_shared_out(least, width - each)),
    )
    tables = _shared_out(least, width - name)
    # As many tables, of about one width.
    room = max(*least[1:], -(-sum(least[1:]) // len(tables)))
    while len(_shared_out(least, room)) > len(tables):
        room += 1
    return [
        _widened({0: name}, [0, *chosen], least, whole, width=width)
        for chosen in _shared_out(least, room)
    ]


def broken(name: str, width: int) -> str:
    """Break a name into lines of at most `width`, at its spaces, dashes, dots and slashes."""
    lines = [""]
    for part in re.findall(r"[^\s/._-]*[\s/._-]*", name):
        if lines[-1] and _width(lines[-1] + part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _table(  # type: ignore[no-untyped-def]  # rich is imported here
    title: str, columns: Sequence[str], *, rows: Sequence[Sequence[str]], widths: dict[int, int]
):
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=printable(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for index, width in widths.items():
        side: Literal["left", "right"] = "left" if index == 0 else "right"
        table.add_column(columns[index], justify=side, overflow="fold", width=width - PADDING)
    for row in rows:
        shown = [broken(row[0], widths[0] - PADDING)]
        for index in list(widths)[1:]:
            fits = _width(row[index]) <= widths[index] - PADDING
            shown.append(row[index] if fits else _bracket_below(row[index]))
        # Text: square brackets are part of a name here, never markup.
        table.add_row(*(Text(x, style="bold red" if x.startswith("FAIL") else "") for x in shown))
    return table


def _widened(
    names: dict[int, int],
    chosen: Sequence[int],
    least: Sequence[int],
    whole: Sequence[int],
    *,
    width: int,
) -> dict[int, int]:
    """The widths of a table: what is left over goes to the columns that were broken."""
    widths = {index: least[index] for index in chosen} | names
    for index in chosen:
        widths[index] += max(min(whole[index] - widths[index], width - sum(widths.values())), 0)
    return widths


def _shared_out(widths: Sequence[int], room: int) -> list[list[int]]:
    """The columns after the first, in order, in groups that take at most `room` if they can."""
    groups: list[list[int]] = [[]]
    for index in range(1, len(widths)):
        if groups[-1] and sum(widths[n] for n in groups[-1]) + widths[index] > room:
            groups.append([])
        groups[-1].append(index)
    return groups


def _parts(cell: str) -> list[str]:
    """What of a cell is not broken: a number, its interval in brackets, or the words of a text."""
    if " (" in cell:
        return _bracket_below(cell).split("\n")
    return [cell] if _width(cell) <= TEXT else [*cell.split(), "-" * TEXT]


def _bracket_below(cell: str) -> str:
    return cell.replace(" (", "\n(", 1)


def _width(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split("\n")), default=0)
