"""Refuse nets that the demo app cannot give a drawing to."""

from conversion.export.origins.origin import Origin
from training.errors import ConfigError


def require_drawable(origin: Origin) -> None:
    """Raise ConfigError unless a net takes grey or RGB, and returns RGB of the same size."""
    ports = origin.ports
    if ports.taken.colors == "rgba" or ports.painted.colors != "rgb" or ports.enlarged > 1:
        raise ConfigError(
            f"{origin.location}: expected a net that the app can give a drawing to: grey or RGB "
            f"in, RGB of the same size out. Received {ports.taken.colors} in, "
            f"{ports.painted.colors} out, {ports.enlarged} times as large. Take its .mlpackage "
            "into an app of your own."
        )
