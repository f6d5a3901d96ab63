"""Print a table of results on stdout, the same way for every command."""

from collections.abc import Sequence

from training.files.printable import printable, printable_lines

# Where stdout is a file or a pipe there is no width to fit: a wrapped row could not be searched.
UNLIMITED = 240


def print_table(
    title: str, columns: Sequence[str], *, rows: Sequence[Sequence[str]], caption: str = ""
) -> None:
    """Print rows of text: the first column to the left, all others to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=UNLIMITED)
    table = Table(title=printable(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for position, name in enumerate(columns):
        table.add_column(name, justify="left" if position == 0 else "right")
    for row in rows:
        # Square brackets are part of a name here, never markup.
        table.add_row(*(_plain(cell) for cell in row))
    console.print(table)
    if caption:
        console.print(printable_lines(caption), style="dim", markup=False, highlight=False)


def _plain(cell: str):  # type: ignore[no-untyped-def]  # rich is imported by the caller
    from rich.text import Text

    return Text(printable(cell), style="bold red" if cell.startswith("FAIL") else "")
