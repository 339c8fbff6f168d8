"""What is wrong, or wider than printed, in Sections 2 and 3, Lemmas 3b, 10 and 11, and Definition 2."""

from verify.obligations.faults.erratum import Erratum

NETWORKS = (
    Erratum(
        "E01",
        "Section 2: every v in [-1, 1] has a rounding in [-1, 1]",
        "1/rho is whole; or equation (3) alone",
        ("rounding.bounded.printed", "lemma4.range.printed"),
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
        "S10",
        "with the strong gadget the printed number of digits answers signed queries within 4 rho",
        "",
        (),
        ("lemma3b.signed.disjoint",),
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
)
