"""Which exports of the networks of other people's kinds miss their gates, as far as is known."""

# (side of the pictures, steps of training) -> (net, format, recipe). Nothing is known of others.
MISSED: dict[tuple[int, int], set[tuple[str, str, str]]] = {
    # Every recipe of every format, on smooth pictures: tests/conversion/test_own_generators.py.
    (32, 0): {
        ("cyclegan", "coreml", "palette4"),
        ("cyclegan", "coreml", "prune50-palette6"),
        ("cyclegan", "coreai", "palette4"),
        ("espcn", "coreml", "prune50-palette6"),
        ("zero_dce", "coreml", "prune50-palette6"),
        ("selu", "coreml", "prune50-palette6"),
    },
    # fp16, int8, palette6 and w8a8 of Core ML: benchmarks.own_generators.
    (256, 0): {("cyclegan", "coreml", "w8a8")},
    (64, 0): {("cyclegan", "coreml", "w8a8")},
    (64, 400): set(),
}
