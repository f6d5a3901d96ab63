"""The ways of storing a layer's weight, and how many channels share a palette."""

# How one layer is stored, largest first; the recipe of the same name does it to all of them.
STORAGES = ("fp16", "palette8", "int8", "palette6", "palette4", "palette3", "palette2", "palette1")
PALETTE_BITS = {
    "palette8": 8,
    "palette6": 6,
    "palette4": 4,
    "palette3": 3,
    "palette2": 2,
    "palette1": 1,
}
# Channels that share a palette, from iOS18: measured in docs/decisions/0008-recipes.md.
GROUP = 16
