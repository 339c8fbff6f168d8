"""The items of Section 6 and of Appendix D: a sample that is fixed."""

from verify.obligations.item import Item, Part
from verify.obligations.items.shared import LEARNING, ORDERS, READING, REDUCTIONS, RUNS

SECTION_6 = (
    Item("Theorem 3a", "fbGD does what PAC does, if m rho < 1/8", needs=("Lemma 6", "Lemma 12a", "Lemma 12b")),
    Item(
        "Theorem 3b",
        "PAC does what fbGD does",
        REDUCTIONS + "descent_by_samples.py",
        needs=("Lemma 13", "Lemma 5b"),
        top="theorem3b.simulates",
        differs=(
            "what Lemmas 13 and 5b presuppose of the losses of their methods is presupposed; that of the method by "
            "queries, which is between them, is one number",
            "a slack of the gradients that a program finds, up to rho/4, is part of the statement (E85)",
        ),
        parts=(Part("running times"),),
    ),
    Item("Theorem 3c", "SQ does what fbGD does, if m rho^2 is large", needs=("Lemma 13", "Lemma 5c")),
    Item("Theorem 3d", "fbGD does what SQ does, if m is large enough", needs=("Lemma 7", "Lemma 12a", "Lemma 12b")),
    Item("Corollary 3", "fbGD learns what PAC learns", needs=("Theorem 3a", "Theorem 3b")),
    Item(
        "Lemma 5a",
        "fbSQ reads off the whole sample, if m tau < 1/2",
        REDUCTIONS + "fbsq.py",
        top="lemma5a.simulates",
        differs=READING,
        parts=(
            Part("running times"),
            *ORDERS,
            Part("the construction's own, smaller number of rounds", "lemma5a.rounds"),
        ),
    ),
    Item(
        "Lemma 5b",
        "PAC does what fbSQ does",
        REDUCTIONS + "fbsq.py",
        top="lemma5b.simulates",
        differs=RUNS,
        parts=(Part("running times"),),
    ),
    Item(
        "Equation (10)",
        "how far a batch mean strays from the mean",
        LEARNING + "tails.py",
        top="equation10.tail",
        differs=(
            "that each of the p batch means is the mean of b independent values in [-1, 1] is a premise, by a word of "
            "the principles",
            "the largest difference exceeds eta exactly if that of some query does: the event is built of these",
        ),
        parts=(Part("that the mean of a batch mean is the mean over the source", "equation10.unbiased"),),
    ),
    Item("Lemma 5c", "SQ does what fbSQ does, if m tau^2 is large", needs=("Equation (10)",)),
    Item("Lemma 5d", "fbSQ does what SQ does, if m is large enough"),
    Item(
        "Lemma 6",
        "Lemma 5a with queries on one label at a time",
        REDUCTIONS + "fbsq.py",
        claims=("lemma5a.orders",),
        top="lemma6.simulates",
        differs=READING,
        parts=(
            Part("running times"),
            *ORDERS,
            Part("the construction's own, smaller number of rounds", "lemma6.rounds"),
        ),
        needs=("Lemma 5a",),
    ),
    Item("Lemma 7", "Lemma 5d with queries on one label at a time", needs=("Lemma 5d",)),
)
