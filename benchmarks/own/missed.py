"""Which exports of the networks of other people's kinds miss their gates, as far as is known.

Their weights are random: few values, or half of them zero, serve these worst, since nothing has
trained them, and instance normalization makes loud again what was lost.
"""

# (net, format, recipe), every recipe of every format at 32 pixels.
MISSED = {
    ("cyclegan", "coreml", "palette6"),
    ("cyclegan", "coreml", "palette4"),
    ("cyclegan", "coreml", "prune50-palette6"),
    ("cyclegan", "coreai", "palette4"),
    ("espcn", "coreml", "prune50-palette6"),
    ("zero_dce", "coreml", "prune50-palette6"),
    ("selu", "coreml", "palette4"),
    ("selu", "coreml", "prune50-palette6"),
}
# Beside these, fp16, int8, palette6 and w8a8 in Core ML at 256 pixels, on smoother pictures.
MISSED_AT_256 = {("cyclegan", "coreml", "w8a8"), ("selu", "coreml", "palette6")}
