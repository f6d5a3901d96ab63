"""Every refusal that Nurie can give, as exceptions.

NurieError               a command prints it and exits with status 2, unless it says another
├── ConfigError          a configuration holds an impossible or unknown value
├── DataError            a data set or a source of pictures cannot be used
│   └── PictureError     one picture cannot be used: it is listed, and stops nothing
├── CheckpointError      a path is not a checkpoint, or a damaged or foreign one
├── Diverged             a loss is not a finite number any more: status 3
├── MissingExtra         an optional package is needed for what was asked
├── WorkerLost           another process of a training on several machines is gone
├── OutputExists         refusing to replace something without --overwrite or --resume
└── ConversionError      see conversion/errors.py
"""


class NurieError(Exception):
    """Root of every error that is somebody's input, not our mistake."""


class ConfigError(NurieError):
    """A configuration holds an impossible or unknown value."""


class DataError(NurieError):
    """A data set or a source of pictures cannot be used."""


class PictureError(DataError):
    """One picture cannot be used; callers list it and go on."""


class CheckpointError(NurieError):
    """A path is not a checkpoint, or a damaged or foreign one."""


class Diverged(NurieError):
    """A loss is not a finite number any more; what was saved before is kept."""


class MissingExtra(NurieError):
    """An optional package is needed for what was asked; names the extra that installs it."""


class WorkerLost(NurieError):
    """Another process of a training on several machines is gone; what was saved is kept."""


class OutputExists(NurieError):
    """Refusing to replace something that is already there."""
