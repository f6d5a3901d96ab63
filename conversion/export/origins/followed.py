"""Say in a sentence that a converter cannot follow a generator which is not ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from conversion.errors import ConversionError, first_sentence
from conversion.export.origins.trained import Trained
from conversion.recipes import FORMAT_NAMES
from training.errors import NurieError
from training.terminal.command import want_of_memory

if TYPE_CHECKING:
    from conversion.export.plan import Export

LONGEST = 300  # characters of what a converter says: some print a whole graph


@contextmanager
def followed(export: "Export") -> Iterator[None]:
    """Raise ConversionError in place of what a converter raises at somebody else's layers.

    A checkpoint's nets are ours: where one cannot be followed, that is a mistake of Nurie's.
    """
    try:
        yield
    except (NurieError, OSError, MemoryError):
        raise
    except Exception as error:  # of coremltools, TensorFlow, tf2onnx: their errors share no class
        if isinstance(export.origin, Trained) or want_of_memory(error):
            raise
        several = " Export one size at a time," if len(export.sizes) > 1 else " Choose"
        said = first_sentence(error)
        said = said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
        raise ConversionError(
            f"{export.origin.place} cannot be converted to {FORMAT_NAMES[export.format]} as "
            f"{export.recipe.name}: {type(error).__name__}: {said}{several} another recipe or "
            "format, or replace the layer that this is about."
        ) from error
