"""The copies of a machine for whole batches by their edges (premise c): exactly those of the signed memory.

A copy is v1, p2, p2', p3, pc, n2, n2', n3, nc and its digits. What leads to each of them is listed and compared, and
the number of edges away from each is the number of those that were compared; so nothing else touches a copy.

The functions share their arguments: ``net`` is the network, ``copies`` are rows of vertices.

>>> from io import BytesIO
>>> from constructions.networks.network_file import network_bytes
>>> from verify.attacks.whole_batches import plan_of
>>> from verify.recheck.network import read_network
>>> plan = plan_of(1, 1, 1)
>>> at, net = plan.layout, read_network(BytesIO(network_bytes(plan.trainable)))
>>> rows = ("p2", "p2'", "p3", "pc", "n2", "n2'", "n3", "nc")
>>> row = [at.v1(0), *(at.row(name, 0) for name in rows), *(at.digit(0, i) for i in range(at.bits))]
>>> copies = np.array([[plan.starts[0] + v for v in row]])
>>> (signed_rows(net, copies)[0, :9] // net.scale).tolist()  # 1/2, the two edges from v1, is rounded down
[1, 0, 0, 1, 1, 2, 10, -10, -1]
>>> weights_into(net, copies[:, 0], np.array([[0]]), "a v1") // net.scale
array([[1]])
>>> len(digit_weights(net, copies[:, 0], copies[:, 9:])) == 2 * at.bits + at.bits * (at.bits - 1) // 2
True
"""

import numpy as np

from verify.recheck.network import Integers, Network
from verify.recheck.reading import need


def weights_into(net: Network, heads: Integers, tails: Integers, what: str) -> Integers:
    """(M, E) the weights of the edges from ``tails`` (M, E) to ``heads`` (M,) of a network, which must have exactly
    these edges; RefusedError (c), saying ``what`` they are, if they have others."""
    many = tails.shape[1]
    need(bool((net.fan_in[heads] == many).all()), f"(c) {what} with exactly {many} edges into it")
    order = np.argsort(tails, axis=1)
    at = net.offsets[heads][:, None] + np.arange(many)
    need(
        np.array_equal(net.sources[at], np.take_along_axis(tails, order, 1)),
        f"(c) {what} with the edges of Definition 2",
    )
    found = np.empty(tails.shape, np.int64)
    np.put_along_axis(found, order, net.weights[at], 1)
    return found


def digit_weights(net: Network, v1: Integers, digits: Integers) -> list[Integers]:
    """Columns of weights into the ``digits`` (C, k) of copies with these v1: of each digit those from v0, from v1, and
    from the higher digits."""
    found, zero = list[Integers](), np.zeros(len(v1), np.int64)
    for i in range(digits.shape[1]):
        tails = np.concatenate((zero[:, None], v1[:, None], digits[:, i + 1 :]), 1)
        found += list(weights_into(net, digits[:, i], tails, f"digit {i}").T)
    return found


def signed_rows(net: Network, copies: Integers) -> Integers:
    """(C, E) the weights of each copy (C, 9 + k): v0 -> v1; for the plus and the minus side those from v1, into the
    third vertex, to the output, from the driver; for each digit those from v0, v1 and the higher digits.

    Raises
    ------
    RefusedError
        (c) for a copy with other edges.
    """
    v1, digits, zero = copies[:, 0], copies[:, 9:], np.zeros(len(copies), np.int64)
    need(bool((net.fan_out[v1] == digits.shape[1] + 4).all()), f"(c) a v1 that leads to {digits.shape[1] + 4} vertices")
    low, high = int(net.offsets[net.output]), int(net.offsets[net.output + 1])
    rows = [weights_into(net, v1, zero[:, None], "a v1")[:, 0]]
    for two, two_, three, driver in (copies[:, 1:5].T, copies[:, 5:9].T):
        for vertices, many, what in (
            (two, 1, "second"),
            (two_, 1, "second"),
            (three, 1, "third"),
            (driver, 3, "driving"),
        ):
            need(bool((net.fan_out[vertices] == many).all()), f"(c) a {what} vertex that leads to {many} vertices")
        second, second_ = (weights_into(net, v, np.stack((v1, driver), 1), "a second vertex") for v in (two, two_))
        third = weights_into(net, three, np.stack((two, two_, driver), 1), "a third vertex")
        to_output = net.weights[low + np.searchsorted(net.sources[low:high], three)]
        rows += [second[:, 0], second_[:, 0], third[:, 0], third[:, 1], to_output]
        rows += [second[:, 1], second_[:, 1], third[:, 2]]
    return np.stack([*rows, *digit_weights(net, v1, digits)], 1)
