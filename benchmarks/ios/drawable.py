"""Know, and refuse, nets that the demo app cannot give a drawing to."""

from conversion.export.origins.origin import Origin
from training.errors import ConfigError


def is_drawable(origin: Origin) -> bool:
    """Say whether a net takes grey or RGB, and returns RGB of the same size."""
    ports = origin.ports
    return ports.taken.colors != "rgba" and ports.painted.colors == "rgb" and ports.enlarged == 1


def require_drawable(origin: Origin) -> None:
    """Raise ConfigError unless the app can give a net a drawing."""
    ports = origin.ports
    if not is_drawable(origin):
        raise ConfigError(
            f"{origin.location}: expected a net that the app can give a drawing to: grey or RGB "
            f"in, RGB of the same size out. Received {ports.taken.colors} in, "
            f"{ports.painted.colors} out, {ports.enlarged} times as large. Take its .mlpackage "
            "into an app of your own."
        )
