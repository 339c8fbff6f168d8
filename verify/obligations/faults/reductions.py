"""What is wrong, or wider than printed, in Sections 4 and 6: simulations between samples and queries."""

from verify.obligations.faults.erratum import Erratum

REDUCTIONS = (
    Erratum(
        "E12",
        "Theorem 2a: at most log2 b random bits a round",
        "a lazy coin of one bit a round, which waits while it is undecided",
        (),
        ("theorem2a.budget", "theorem2a.simulates", "algorithm1.coin.idle"),
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
        "answers do not look ahead; or they do, and answers are held to a grid, with q linear in k",
        ("section4.readings.printed", "theorem2d.union.printed"),
        (
            "section4.readings.order",
            "section4.readings.steered",
            "theorem2d.steered",
            "theorem2d.union.repaired",
            "theorem2d.ahead",
            "lemma2.ahead",
        ),
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
        "E50",
        "Theorem 2a: running out of rounds loses 1, the null predictor is 0",
        "predict 1/2, which loses at most 1/8",
        (),
        ("theorem2a.budget", "lemma1.budget"),
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
        "E62",
        "Theorem 2a, Lemma 1: r' = r + k log2 b with a k that is bound nowhere (k' is meant). The step divides by "
        "p0 and p1, which may be 0. Indices k for l, v_l for v_0 in (i)",
    ),
    Erratum(
        "E63",
        "Lemmas 5a, 6: TIME' is a polynomial in 1/delta, but there is no delta",
        "a polynomial in n, m, TIME and the places of an answer",
        (),
        ("lemma5a.time", "lemma6.time"),
    ),
    Erratum(
        "E121",
        "Theorem 2a, Lemma 1: TIME' = poly(n, m, r, TIME, 1/delta), without b",
        "a polynomial in log b, and in the places of an answer, as well",
        ("theorem2a.clause.printed",),
        ("theorem2a.clause.short", "theorem2a.time", "lemma1.time"),
    ),
    Erratum(
        "E122",
        "Theorem 2d, Lemma 2: TIME' = poly(TIME, k, 1/tau), without delta",
        "a polynomial in log(1/delta), by the rounds for a query, as well",
        ("theorem2d.clause.printed",),
        ("theorem2d.clause.short", "theorem2d.time", "lemma2.time"),
    ),
    Erratum(
        "E123",
        "Lemmas 4 and 13: TIME = poly(T, p, b, r), or m for b; Theorem 3b: poly(T, m, p, r, n); without rho",
        "a polynomial in log(1/rho), and in the digits of the first weights, as well",
        ("lemma4.clause.printed", "lemma13.clause.printed", "theorem3b.clause.printed"),
        (
            "lemma4.clause.short",
            "lemma13.clause.short",
            "theorem3b.clause.short",
            "lemma4.time",
            "lemma13.time",
            "theorem3b.time",
        ),
    ),
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
    Erratum(
        "E85",
        "Lemmas 4 and 13: tolerance rho/4 for gradients that a program finds up to a slack",
        "rho/4 less the slack; samples (Theorems 1b and 3b) pay nothing",
        ("lemma4.slack.printed",),
        ("lemma4.slack.repaired", "lemma4.rounding.sharp", "theorem1b.simulates"),
    ),
    Erratum(
        "E86",
        "footnote 8: precision of sigma and sigma' at a given z, where a hidden layer's z is itself found up to h",
        "exact rationals, or a derivative that is continuous, or no kink within h",
        ("footnote8.slope.printed",),
        ("footnote8.slope.repaired", "footnote8.slope.always"),
    ),
    Erratum(
        "E87",
        "Theorem 1b: TIME' has log rho, which is negative; Lemma 4's proof calls rho tau; Theorem 3b has a further s, "
        "the proof of 3c bSQ for fbSQ",
        "log(1/rho)",
        (),
        ("theorem1b.time",),
    ),
    Erratum(
        "E17",
        "log(1/tau) in 5c, 5d, 7, 3c: the proofs need log(4/tau + 1)",
        "log(2/tau); or none at all (S1, S2)",
        ("lemma5d.logs.printed",),
        ("lemma5d.logs", "lemma5d.logs.repaired", "lemma5c.simulates", "lemma5d.simulates", "lemma7.simulates"),
    ),
    Erratum(
        "E90",
        "Lemmas 5c, 5d: the multiple of 2 alpha in [-1, 1] that is nearest to an answer is within alpha of it",
        "take the nearest multiple and hold it within [-1, 1]; the proofs stand with either",
        ("lemma5c.rounding.printed",),
        ("lemma5c.rounding.repaired", "lemma5d.cells"),
    ),
    Erratum(
        "E91",
        "Theorems 2c, 2d, Lemmas 5c, 5d: a statistical distance between outputs, under a sup over answers; "
        "a largest loss of 2",
        "off a bad event each run of the one is a run of the other; with predictions in [0, 1] the loss is at most 1/2",
        (),
        ("theorem2c.simulates", "theorem2c.clipped", "theorem2c.error"),
    ),
    Erratum(
        "E92",
        'Theorem 2c: a union bound over "the m rounds", for k; Lemma 5d: "Part 1", and tau\' "to be decided"; '
        "Lemma 7: fbSQ for fbSQ0/1",
    ),
    Erratum(
        "S1",
        "Lemma 5c asks for m tau^2 > C (kp log(1/tau) + log(1/delta))",
        "C log(kp/delta) is enough: the worst answers are fixed before the sample is drawn",
        (),
        ("lemma5c.simulates",),
    ),
    Erratum(
        "S2",
        "Lemmas 5d and 7 count (4/tau + 1)^k answers",
        "four cells for each query: (4^k - 1)/3 exp(-m tau^2/32) <= delta",
        (),
        ("lemma5d.cells", "lemma5d.tree", "lemma5d.simulates", "lemma7.simulates"),
    ),
)
