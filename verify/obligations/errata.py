"""The errata by their ids: what is wrong as printed, the repair, and the obligations that show either.

The notes (proofs_notes/errata.md) tell them at length, with a witness each; a test holds this table against that page
and against the obligations. ``printed`` are claims that are to be REFUTED, ``repaired`` those that hold; both may be
patterns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from verify.obligations.listed import Listed

Known = TypeVar("Known", bound=Listed)


@dataclass(frozen=True, slots=True)
class Erratum:
    """One line of the errata: its ``id``, what is ``wrong`` as printed, and the ``repair``, both in words."""

    id: str
    wrong: str
    repair: str = ""
    printed: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()

    def sides(self, obligations: Mapping[str, Known]) -> tuple[list[Known], list[Known]]:
        """The obligations that state it as printed and as repaired, each in the order of the table."""
        return _matching(self.printed, obligations), _matching(self.repaired, obligations)


def _matching(patterns: tuple[str, ...], obligations: Mapping[str, Known]) -> list[Known]:
    ids = dict.fromkeys(id for pattern in patterns for id in obligations if fnmatchcase(id, pattern))
    return [obligations[id] for id in ids]


TABLE = (
    Erratum(
        "E01",
        "Section 2: every v in [-1, 1] has a rounding in [-1, 1]",
        "1/rho is whole; or equation (3) alone",
        ("rounding.bounded.printed",),
        ("rounding.bounded.repaired", "rounding.bounded.sharp", "rounding.exists"),
    ),
    Erratum(
        "E03",
        "Definition 2: weight -1 on v3 -> v4 in Q'",
        "the weight is -1/4",
        (
            "lemma11.active.printed.q'",
            "lemma3b.held.printed.q'",
            "memory.meets.printed.q'",
            "skeleton.trained.only-vc",
            "following.bsgd.only-vc",
        ),
        (
            "lemma11.active.minimal.q'",
            "lemma3b.held.minimal.q'",
            "memory.meets.minimal.q'",
            "skeleton.trained.minimal",
            "following.bsgd.minimal",
        ),
    ),
    Erratum(
        "E04",
        "Lemma 3b: vc gets 1/2 from a bit and 1 from the constant",
        "vc gets 7/8 and 5/4",
        ("lemma3b.vc.printed", "skeleton.start.printed", "skeleton.trained.printed", "following.bsgd.printed"),
        (
            "lemma3b.vc.minimal",
            "lemma3b.vc.strong",
            "lemma3b.vc.region",
            "lemma3b.vc.sharp",
            "skeleton.start.minimal",
            "skeleton.trained.minimal",
        ),
    ),
    Erratum(
        "E05",
        "Lemma 11: the digits are within 3/2",
        "they read min(m, 2^k - 1), between -3/2 and 7/2; or take one digit more",
        ("lemma11.within.printed",),
        (
            "lemma11.within.one-digit-more",
            "lemma11.digits",
            "lemma11.overflow",
            "lemma11.record.*",
            "lemma11.bounds.*",
            "lemma11.fits.*",
        ),
    ),
    Erratum(
        "E06", "Lemma 11: labels +-1", "labels are 0 and 1", ("lemma11.labels.printed",), ("lemma11.labels.repaired",)
    ),
    Erratum(
        "E07",
        "Lemma 10: at most as many vertices as gates",
        "as many as gates and inputs that are adapted",
        ("lemma10.count.printed",),
        ("lemma10.count.repaired", "lemma10.emulates"),
    ),
    Erratum(
        "E08",
        "Section 2: gradients are at most 1",
        "they are at most 3, and clipping them does no harm",
        ("section2.gradients.printed",),
        ("section2.gradients.repaired", "lemma3b.clipping.harmless"),
    ),
    Erratum(
        "E22",
        "Lemma 3b: floor(log2(1/tau)) + 2 digits leave out at most rho/2",
        "they leave out less than 2 rho; or take ceil(log2(1/rho)) + 1 digits",
        ("lemma3b.digits.printed",),
        ("lemma3b.digits.repaired", "lemma3b.digits.true", "lemma3b.unsigned.*"),
    ),
    Erratum(
        "E23",
        "Lemma 3b: p log2(1/tau) + 3 copies a step",
        "p ceil(log2(1/rho)) + 1 copies",
        ("lemma3b.copies.printed",),
        ("lemma3b.copies.repaired",),
    ),
    Erratum(
        "E24",
        "Lemma 3b: signed queries are not treated",
        "the strong gadget: within 25/8 rho",
        (
            "lemma3b.signed.printed",
            "lemma3b.decoder.within.minimal.signed",
            "lemma3b.decoder.within.minimal.signed.digits",
        ),
        ("lemma3b.signed.strong", "lemma3b.decoder.within.strong.signed*", "lemma3b.decoder.within.dyadic.signed*"),
    ),
    Erratum(
        "E12",
        "Theorem 2a: at most log2 b random bits a round",
        "a lazy coin of one bit a round, which waits while it is undecided",
        (),
        ("theorem2a.budget", "theorem2a.simulates", "algorithm1.coin.idle"),
    ),
    Erratum(
        "S4",
        "Lemma 11: two roundings part by up to 3 rho/2, so rho < 1/12",
        "they part by at most rho, so rho < 1/8 will do",
        (),
        ("rounding.close", "lemma11.after.minimal.*"),
    ),
    Erratum(
        "S7", "a stronger gadget, rho < 1/4, learning rate 1", "", (), ("lemma11.*.strong.*", "lemma3b.signed.strong")
    ),
    Erratum(
        "E10",
        "Theorem 2a (ii): the last inequality of the step, used from b p_s = 1/5 on",
        "it is true from b p_s = 5 on; the bound itself holds by Theorem Z",
        ("theorem2a.rounds.printed",),
        ("theorem2a.rounds.repaired", "theorem2a.rounds.five", "theorem2a.z.step"),
    ),
    Erratum(
        "E13",
        "Lemma 1: the queries at the empty prefix are y-queries already",
        "ask for the label alone there, and always extend the prefix",
        ("lemma1.label.printed",),
        ("lemma1.label.repaired", "lemma1.law", "lemma1.law.look"),
    ),
    Erratum(
        "E14",
        "Lemma 2: the number of rounds",
        "ask each query on both labels",
        ("lemma2.rounds.printed",),
        ("lemma2.rounds.repaired", "lemma2.rounds.blind", "lemma2.rounds.sq"),
    ),
    Erratum(
        "E15",
        "log(k/delta) in Theorem 2d and Lemma 2",
        "at least one round",
        ("theorem2d.rounds.printed",),
        ("theorem2d.rounds.repaired",),
    ),
    Erratum(
        "E16",
        "Theorem 2d, Lemma 2: a union bound against answers that may look ahead",
        "answers do not look ahead",
        ("section4.readings.printed",),
        ("section4.readings.order", "section4.readings.steered"),
    ),
    Erratum(
        "E27",
        "Lemma 2: v0 + v1 as an answer",
        "clip the sum to [-1, 1]",
        ("lemma2.range.printed",),
        ("lemma2.range.repaired", "lemma2.split", "lemma2.split.error"),
    ),
    Erratum(
        "S9",
        "counts of 0/1 queries decode exactly if b tau < 1/2",
        "",
        (),
        ("algorithm1.decodes", "algorithm1.decodes.sharp"),
    ),
    Erratum(
        "E35",
        "Section 2: a valid rounding is the nearest multiple of some number within rho/4",
        "so it is off two points; or equation (3)",
        ("rounding.readings.printed.*",),
        ("rounding.readings.repaired.*",),
    ),
    Erratum(
        "E36",
        "Lemma 11: the net contains Q as a subgraph",
        "there are no further edges inside",
        ("lemma11.induced.printed",),
        ("lemma11.induced.repaired",),
    ),
    Erratum(
        "E37",
        "the bounds 1/8 (S4) and 1/4 (S7) are sharp only for larger resting weights a",
        "sharp where a g (1 + o rho) >= rho/4; at a = 1/12 nothing fails there",
        (),
        ("lemma11.after.sharp.*", "lemma11.after.twelfth.*", "lemma11.active.twelfth.*"),
    ),
    Erratum(
        "E38",
        "Lemma 11's proof: derivatives of v0 -> v1 are positive; the active fraction counts once",
        "they are not; it counts twice, as the statement has it",
        ("lemma11.sign.printed", "lemma11.fraction.printed"),
        ("lemma11.sign.repaired", "lemma11.fraction.repaired"),
    ),
    Erratum(
        "E47",
        "Lemma 11: b > 1; other edges move by at most 1 + 3 tau",
        "b = 1 works too",
        (),
        ("descent.batch", "lemma11.moves.*"),
    ),
    Erratum(
        "E39",
        "Section 2: one could as well say that the method fails on a gradient above 1",
        "none: a control that acts returns +-2",
        ("section2.fails.printed",),
    ),
    Erratum(
        "E40",
        "Lemma 11: idle samples leave the loss differentiable",
        "v4 is off its kinks on idle samples as well",
        ("lemma11.kink.printed",),
        ("lemma11.kink.repaired",),
    ),
    Erratum(
        "E41",
        "Lemma 11, condition 4: no edge that leaves the subgraph has a gradient. v0 is in the subgraph and shared; the "
        "other active copy's v0 -> v1 leaves it. Lemma 3b always has two active copies",
        "ask it of the digits only, where it follows from flatness",
        ("skeleton.leaving.printed",),
        ("skeleton.leaving.repaired",),
    ),
    Erratum(
        "E49",
        "Lemma 11 and Definition 2 do not say that their tau is the precision of the gradients",
        "tau is the precision",
        ("lemma11.precision.printed",),
        ("lemma11.readout", "lemma11.memory"),
    ),
    Erratum(
        "E50",
        "Theorem 2a: running out of rounds loses 1, the null predictor is 0",
        "predict 1/2, which loses at most 1/8",
        (),
        ("theorem2a.budget", "lemma1.budget"),
    ),
    Erratum(
        "S10",
        "with the strong gadget the printed number of digits answers signed queries within 4 rho",
        "",
        (),
        ("lemma3b.signed.disjoint",),
    ),
    Erratum(
        "E60",
        "Lemma 5a: the sample is recovered, so A is run on it",
        "run A on all orders and average the predictions",
        ("lemma5a.order.printed",),
        ("lemma5a.orders", "lemma5a.error"),
    ),
    Erratum(
        "E61",
        "Theorem 2a (ii): P[b_s = 1] = E[b_s] - E[max(0, b_s - 1)]",
        "1{w = 1} >= w - w(w - 1), which is enough",
        ("theorem2a.rare.equality.printed",),
        ("theorem2a.rare.equality.repaired", "theorem2a.rare.pointwise"),
    ),
    Erratum(
        "E25",
        'Lemma 3b: the final output is "0 or 1"; how random bits enter is not said',
        "one final control for each bit of the value; a random bit is an edge of sampled weight +-4",
        (),
        ("lemma3b.final", "lemma3b.random"),
    ),
    Erratum(
        "E70",
        "Section 3: ReLU in place of the ramp, some weights fixed",
        "an output vertex with the identity",
        ("relu.output.printed",),
        ("relu.output",),
    ),
    Erratum(
        "E71",
        "Section 3: any piecewise-linear activation is a ReLU gadget",
        "one ReLU for the head of a trained edge, on its piece",
        ("relu.split.printed",),
        ("relu.memory", "relu.random"),
    ),
    Erratum(
        "E48",
        "Lemma 3b runs into E01: an entry of its own network is clipped to 1 on a batch of wrong samples",
        "1/rho is whole; or equation (3) alone",
    ),
    Erratum(
        "E42",
        "footnote 3: the models are piecewise linear. In the weights they are piecewise polynomial",
        "piecewise polynomial with finitely many pieces",
    ),
    Erratum("E43", "Section 2: d bits for the multiples of rho = 2^-d in [-1, 1]", "d + 2 bits"),
    Erratum(
        "E44",
        "Lemma 10: a gate with two equal inputs needs two parallel edges; unused digits or gates are further sinks",
        "no repeated inputs; every vertex on a path to the output",
    ),
    Erratum(
        "E45",
        'Lemma 11: "-Q" for Q\'. Lemma 3b: vc is set "to 1" on idle inputs, for 2. The figure numbers the digits '
        "from 1, Definition 2 from 0",
    ),
    Erratum(
        "E46", "Lemma 9: the value rounded to the grid may leave the domain", "1/delta is whole, or clamp the grid"
    ),
    Erratum(
        "E62",
        "Theorem 2a, Lemma 1: r' = r + k log2 b with a k that is bound nowhere (k' is meant). The step divides by "
        "p0 and p1, which may be 0. Indices k for l, v_l for v_0 in (i)",
    ),
    Erratum("E63", "Lemmas 5a, 6: TIME' is a polynomial in 1/delta, but there is no delta"),
    Erratum(
        "E64",
        'Lemma 6: the change is "analogous" to Lemma 1\'s, which fixes one label; here both must be read',
        "",
        (),
        ("lemma6.tree",),
    ),
    Erratum(
        "E65", "Theorem 2a (ii): 5, 1/4 and 1/8", "25/12, 1/5 and 1/6 would do", (), ("theorem2a.rare.step.sharper",)
    ),
    Erratum("E17", "log(1/tau) in 5c, 5d, 7, 3c"),
    Erratum("E19", "Lemma 3a: rounding the random bits"),
    Erratum("E21", "indices in Lemmas 8 and 3a"),
    Erratum("E33", "Corollaries 1 and 2: rho < 1/8"),
    Erratum("E34", "B.1: a parameter that is a multiplier and an input"),
)
ERRATA = {erratum.id: erratum for erratum in TABLE}


def erratum_named(text: str) -> Erratum | None:
    """The erratum of an id, in capitals or not.

    >>> erratum_named("e03").wrong, erratum_named("E02")
    ("Definition 2: weight -1 on v3 -> v4 in Q'", None)
    """
    return ERRATA.get(text.strip().upper())
