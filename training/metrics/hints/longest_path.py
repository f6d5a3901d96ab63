"""The longest path of an area's skeleton: the line along which somebody would scribble in it.

Skeleton: Zhang and Suen 1984, by scikit-image. Path: the longest of all shortest paths between two
of its pixels, steps of 1 and of sqrt(2); no diagonal step cuts a corner of the skeleton. Ties go to
what comes first in reading order, so the same area has the same path everywhere. This is the
deterministic method `geodesic` of hintauc 0.3.3 (MIT, K. Madono), written anew.
"""

import numpy as np

NEARLY = 1e-9  # sums of steps in another order differ by less


def longest_path(mask: np.ndarray) -> np.ndarray:
    """Return the pixels of the path from end to end.

    mask: (H, W) bool. Returns (n, 2) int64 of rows and columns; n is 0 where the area has no pixel.
    """
    from skimage.morphology import skeletonize

    return _longest_of_skeleton(skeletonize(mask))


def _longest_of_skeleton(skeleton: np.ndarray) -> np.ndarray:
    from scipy.sparse.csgraph import connected_components, dijkstra

    places = np.argwhere(skeleton)
    if not len(places):
        return places
    graph = _graph(skeleton, places)
    _, component = connected_components(graph, directed=False)
    degree = np.diff(graph.indptr)
    starts = np.concatenate(
        [_starts(np.flatnonzero(component == c), degree) for c in range(component.max() + 1)]
    )
    starts.sort()
    distance = dijkstra(graph, directed=False, indices=starts)
    distance[np.isinf(distance)] = -1  # another piece of the skeleton
    longest = distance.max()
    start, end = np.argwhere(distance >= longest - NEARLY)[0]
    return places[_walk_back(graph, distance[start], start=int(starts[start]), end=int(end))]


def _starts(nodes: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """Return where a longest path of a piece may begin: the ends of a tree, any pixel of a ring."""
    ends = nodes[degree[nodes] <= 1]
    is_tree = degree[nodes].sum() // 2 < len(nodes)
    return ends if is_tree and len(ends) else nodes


def _graph(skeleton: np.ndarray, places: np.ndarray):  # type: ignore[no-untyped-def]  # scipy's
    """Return the steps between pixels as a sparse matrix of their lengths, both ways."""
    from scipy.sparse import csr_array

    framed = np.pad(skeleton, 1)
    index = np.full(framed.shape, -1)
    index[1:-1, 1:-1][skeleton] = np.arange(len(places))
    rows, columns = (places + 1).T
    tails, heads, lengths = [], [], []
    for down, right in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
        there = framed[rows + down, columns + right]
        if down and right:  # around the corner instead, where the skeleton goes around it
            there &= ~framed[rows + down, columns] & ~framed[rows, columns + right]
        tails.append(np.flatnonzero(there))
        heads.append(index[rows + down, columns + right][there])
        lengths.append(np.full(int(there.sum()), np.hypot(down, right)))
    steps = np.concatenate(tails), np.concatenate(heads)
    return csr_array((np.concatenate(lengths), steps), shape=(len(places),) * 2)


def _walk_back(graph, distance: np.ndarray, *, start: int, end: int) -> np.ndarray:  # type: ignore[no-untyped-def]  # scipy's
    """Return the nodes of a shortest path: at each fork the first in reading order."""
    path = [end]
    while path[-1] != start:
        own = slice(graph.indptr[path[-1]], graph.indptr[path[-1] + 1])
        nodes, lengths = graph.indices[own], graph.data[own]
        shortest = np.abs(distance[nodes] + lengths - distance[path[-1]]) < NEARLY
        path.append(int(nodes[shortest].min()))
    return np.array(path)
