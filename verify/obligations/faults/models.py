"""What is wrong, or wider than printed, in Lemmas 3a, 8 and 9, the corollaries and B.1: differentiable models."""

from verify.obligations.faults.erratum import Erratum

MODELS = (
    Erratum(
        "E46",
        "Lemma 9: the value rounded to the grid may leave the domain",
        "1/delta is whole, or clip the point of the grid",
        ("lemma9.domain.printed",),
        ("lemma9.domain.whole", "lemma9.domain.clipped"),
    ),
    Erratum(
        "E19",
        "Lemma 3a: random bits are read on the grid of tau/4",
        "a grid of their own, or 4/tau is whole",
        ("lemma3a.bits.printed",),
        ("lemma3a.bits.repaired", "lemma3a.bits.whole"),
    ),
    Erratum(
        "E100",
        "Lemma 8: kappa >= epsilon - rho for every epsilon > 0",
        "epsilon is at most 1",
        ("lemma8.printed",),
        ("lemma8.repaired", "lemma8.step"),
    ),
    Erratum(
        "S3",
        "Lemma 3a: rho = tau/4",
        "every rho < 2 tau/3 will do",
        (),
        ("lemma3a.numbers.plain", "lemma3a.slope-1.end", "theorem1a.precision.plain"),
    ),
    Erratum(
        "S8",
        "Lemma 3a: rho = tau/4",
        "every rho < 4 tau/3 will do if the clock has the slope rho/epsilon",
        ("lemma3a.steep.end.any",),
        ("lemma3a.numbers.steep", "lemma3a.steep.end", "theorem1a.precision.steep"),
    ),
    Erratum(
        "S6",
        "a scalar query on both labels in one step, which is its own clock",
        "",
        (),
        (
            "lemma3a.both.sample",
            "lemma3a.both.step",
            "lemma3a.both.runs",
            "lemma3b.both.record",
            "lemma3b.both.answer",
            "lemma3b.both.held",
            "lemma3b.both.trained",
            "lemma3b.both.simulates",
            "theorem1d.both.model",
            "theorem1d.both.network",
            "theorem3d.both.model",
            "theorem3d.both.network",
        ),
    ),
    Erratum("E21", "indices in Lemmas 8 and 3a"),
    Erratum(
        "E33",
        "Corollaries 1 and 2: rho < 1/8",
        "the strong setting, which is made for every rho < 1/4",
        ("corollary2.range.printed",),
        ("corollary2.range.repaired",),
    ),
    Erratum(
        "E34",
        "B.1: a parameter that is a multiplier and an input",
        "the tail of its edge returns the query in its round, and a constant afterwards",
        ("b1.route.printed",),
        ("b1.route.repaired", "b1.idle.answer0", "b1.idle.answer1"),
    ),
)
