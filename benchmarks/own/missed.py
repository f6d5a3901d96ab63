"""Which exports of the networks of other people's kinds miss their gates, as far as is known.

Their weights are random. After a short training selu keeps palette6's gate and cyclegan that of
w8a8; cyclegan misses palette6 still, for a reason that is not known.
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
