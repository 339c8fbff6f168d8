"""The items of Section 4: simulations between samples and queries."""

from constructions.learning.tails import HOEFFDING
from verify.obligations.item import Item, Part
from verify.obligations.items.shared import ALONE, AVERAGES, EXTRACTING, LEARNING, REDUCTIONS, RUNS

SECTION_4 = (
    Item(
        "Equation (8)",
        "which answers to a batch of queries are valid",
        LEARNING + "oracles.py",
        top="equation8.valid",
        differs=(
            "the queries are any function of the place of a query, the point and the label; a point is known by a "
            "number, and so is a vector",
            "that answers lie in [-1, 1], which the text around it asks, is in the statement",
            "that the loop over the entries refuses where one of them is refused is tested",
        ),
        parts=(Part("that batches are drawn independently, a fresh one for each round"),),
    ),
    Item(
        "Algorithm 1",
        "draw one sample of the source bit by bit, by batch queries",
        REDUCTIONS + "sample_extract.py",
        needs=("Equation (8)",),
        top="algorithm1.samples",
        differs=(
            "a word is known by the masses of its prefixes; what is said of a word of positive mass is said of all",
            "that the points of a batch are independent is said by how the chances grow with one more point",
            "a coin with chance theta is tossed by fresh bits; that it is decided at last is not stated (E12)",
            "the chance that a word is returned is the one that solves the equation of each round; it has one solution",
        ),
        parts=(Part("that rounds in a row are kept in one state, as the query method does", "theorem2a.state"),),
    ),
    Item(
        "Theorem 2a",
        "bSQ does what PAC does, if b tau < 1/2",
        REDUCTIONS + "sample_extract.py",
        needs=("Algorithm 1",),
        top="theorem2a.learns",
        differs=EXTRACTING,
        parts=(
            Part("the time of A', polynomial in n, m, TIME, 1/delta and, not printed, log b (E121)", "theorem2a.time"),
            Part("the time of a round in gates", "theorem2a.time.round"),
            Part("that the machine is as large as the formula says", "theorem2a.gates"),
            Part("that the machine does what the method does", "theorem2a.machine.follows"),
            Part("that rounds, queries and random bits are at most the printed ones", "theorem2a.budget"),
        ),
    ),
    Item(
        "Theorem 2b",
        "PAC does what bSQ does",
        REDUCTIONS + "bsq.py",
        top="theorem2b.simulates",
        differs=RUNS,
        parts=(
            Part("the time of A' in gates, polynomial in that of A and in b", "theorem2b.time"),
            Part("that the machine is as large as the formula says, for all sizes", "averaging.loops"),
        ),
        needs=("Equation (8)",),
    ),
    Item(
        "Theorem 2c",
        "SQ does what bSQ does, if b tau^2 is large",
        REDUCTIONS + "queries_alone.py",
        needs=("Equation (8)", "Equation (10)"),
        top="theorem2c.simulates",
        differs=ALONE,
        parts=(
            Part("the time of A' in gates, polynomial in that of A", "theorem2c.time"),
            Part("that the machine is as large as the formula says, for all sizes", "theorem2c.loops"),
            Part("the exact chance that answers are not legal, on tiny problems", "theorem2c.error"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Theorem 2d",
        "bSQ does what SQ does, by averaging batches",
        REDUCTIONS + "bsq.py",
        needs=("Equation (8)",),
        top="theorem2d.simulates",
        differs=(
            *AVERAGES,
            "q is any number with 4k exp(-tau^2 b q / 8) <= delta, for the ceiling with a logarithm (E15)",
        ),
        parts=(
            Part("the time of A' in gates, polynomial in that of A and in the rounds for a query", "theorem2d.time"),
            Part("that no function of TIME, k and 1/tau bounds it, as printed (E122)", "theorem2d.clause.short"),
            Part("that q = ceil(8 log(4k/delta) / (b tau^2)) is such a number", "theorem2d.rounds.enough"),
            Part("that no loss of a prediction in [-1, 1] is above 2", "theorem2d.loss"),
            Part("the printed E[sup], with answers held to a grid and q linear in k", "theorem2d.ahead"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Lemma 1",
        "Theorem 2a with queries on one label at a time",
        REDUCTIONS + "sample_extract.py",
        needs=("Theorem 2a",),
        top="lemma1.learns",
        differs=(*EXTRACTING, "at the empty prefix only the label is asked, and it is always drawn (E13)"),
        parts=(
            Part("the time of A', polynomial in n, m, TIME, 1/delta and, not printed, log b (E121)", "lemma1.time"),
            Part("the time of a round in gates, polynomial in n and the bits of b and m", "lemma1.time.round"),
            Part("that the machine is as large as the formula says", "lemma1.gates"),
            Part("that rounds, queries and random bits are at most the printed ones", "lemma1.budget"),
        ),
    ),
    Item(
        "Lemma 2",
        "Theorem 2d with queries on one label at a time",
        REDUCTIONS + "bsq.py",
        needs=("Theorem 2d",),
        top="lemma2.simulates",
        differs=(
            *AVERAGES,
            "the rounds are 2k q, and q is any number with 8k exp(-tau^2 b q / 32) <= delta: the printed number of "
            "rounds is too small (E14)",
            "the sum of the two answers is clipped to [-1, 1] (E27)",
        ),
        parts=(
            Part("the time of A' in gates, polynomial in that of A and in the rounds for a query", "lemma2.time"),
            Part("that q = ceil(32 log(8k/delta) / (b tau^2)) is such a number"),
            Part("the printed E[sup], with answers held to a grid and q linear in k", "lemma2.ahead"),
        ),
        assumes=(HOEFFDING,),
    ),
)
