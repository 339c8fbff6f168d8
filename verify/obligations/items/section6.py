"""The items of Section 6 and of Appendix D: a sample that is fixed."""

from constructions.learning.tails import HOEFFDING
from verify.obligations.item import Item, Part
from verify.obligations.items.shared import (
    ALONE,
    CELLS,
    LEARNING,
    MODELS,
    NETWORK_FORM,
    ORDERS,
    READING,
    REDUCTIONS,
    RUNS,
)

SECTION_6 = (
    Item(
        "Theorem 3a",
        "fbGD does what PAC does, if m rho < 1/8",
        MODELS + "simulations.py",
        needs=("Lemma 6", "Lemma 12a", "Lemma 12b"),
        top="theorem3a.model",
        differs=(
            "m rho < 2/3 in place of m rho < 1/8 (S8)",
            "the PAC method minds no order: the sample is read as a set with multiplicities (E60)",
            "what Lemmas 6 and 12a presuppose of the losses of their methods is presupposed; that of the method by "
            "queries, which is between them, is one number",
        ),
        parts=(
            Part("the same with a neural network, for a PAC method of bounded running time", "theorem3a.network"),
            NETWORK_FORM,
            Part("that the circuit of Lemma 6 is its method", "lemma6.slots"),
            Part("how many parameters that network has, from the time of the method", "theorem3a.size"),
            *ORDERS,
            Part("the construction's own, smaller number of steps", "lemma6.rounds"),
        ),
    ),
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
        parts=(
            Part("errors on tiny problems", "theorem3b.error"),
            Part("the time of A' in gates, polynomial in T, m, p and the digits of numbers (E123)", "theorem3b.time"),
        ),
    ),
    Item(
        "Theorem 3c",
        "SQ does what fbGD does, if m rho^2 is large",
        REDUCTIONS + "descent_by_source.py",
        needs=("Lemma 13", "Lemma 5c"),
        top="theorem3c.simulates",
        differs=(
            "what Lemmas 13 and 5c presuppose of the losses of their methods is presupposed, and that the error of the "
            "method by queries over strings and samples is the mean over strings of that over samples",
            "the premise is Tp exp(-m tau^2/8) <= delta: without a slack m rho^2 >= 128 log(Tp/delta) is enough, less "
            "than printed (S1, E17)",
            "a slack of the gradients that a program finds, below rho/4, is part of the statement (E85)",
        ),
        parts=(
            Part("errors on tiny problems", "theorem3c.error"),
            Part("the time of A' in gates, polynomial in T, p and the digits of numbers", "theorem3c.time"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Theorem 3d",
        "fbGD does what SQ does, if m is large enough",
        MODELS + "simulations.py",
        needs=("Lemma 7", "Lemma 12a", "Lemma 12b"),
        top="theorem3d.model",
        differs=(
            "every rho < tau/3 in place of rho = tau/16 (S8)",
            "(4^k - 1)/3 exp(-m tau^2/32) <= delta is asked for, for m rho^2 > C (k log(1/rho) + log(1/delta)) (S2)",
            "what Lemmas 7 and 12a presuppose of the losses of their methods is presupposed, and that the mean of the "
            "losses over samples and strings is the mean over strings of that over samples; the loss of the method by "
            "queries, which is between them, is one number",
        ),
        parts=(
            Part("the same with a neural network, for an SQ method of bounded running time", "theorem3d.network"),
            Part("the same by queries on both labels, in one step each, on a model (S6)", "theorem3d.both.model"),
            Part("and on a network, for queries of 0 and 1 (S6)", "theorem3d.both.network"),
            NETWORK_FORM,
            Part("that the circuit of Lemma 7 is its method", "lemma7.machine"),
            Part("how many parameters that network has, from the time of the method", "theorem3d.size"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Corollary 3",
        "fbGD learns what PAC learns",
        MODELS + "classes.py",
        needs=("Theorem 3a", "Theorem 3b"),
        top="corollary3.classes",
        differs=(
            "a polynomial bound is c n^d with n >= 1, c >= 1 and c n^d >= 1; every number of a budget, and 1/rho, is "
            "held below it",
            "what is shown is for one source at a time: that A' is made of A alone, so one A' serves all sources of a "
            "problem, and that this for every bound on the error makes the classes equal, is in words",
            "the PAC methods take at least one sample and mind no order (E60); delta is 0 both ways, so the error that "
            "is ensured is the same number, and nothing is asked of it (realizable or not)",
            "what Theorems 3a and 3b presuppose of the losses of their methods is presupposed",
        ),
        parts=(
            Part("each inclusion by itself", "corollary3.fbgd"),
            Part("fbGD with networks, and PAC of bounded running time", "corollary3.network"),
            Part("how many parameters these networks have, over budgets", "corollary3.network.size"),
            Part("how long PAC takes for what fbGD learns on networks, over budgets", "corollary3.network.time"),
            Part(
                "running times in steps of Turing machines are running times in gates, up to a power",
                "turing.classes.gates",
            ),
            Part("and the other way round", "turing.classes.steps"),
        ),
    ),
    Item(
        "Lemma 5a",
        "fbSQ reads off the whole sample, if m tau < 1/2",
        REDUCTIONS + "fbsq.py",
        top="lemma5a.simulates",
        differs=READING,
        parts=(
            Part("the time of A', polynomial in n, m, TIME and the places of an answer (E63)", "lemma5a.time"),
            Part("the time of a round in gates", "lemma5a.time.round"),
            Part("that the machine is as large as the formula says, for all sizes", "lemma5a.loops"),
            Part("that the machine does what the method does", "lemma5a.machine.follows"),
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
        parts=(Part("the time of A' in gates, polynomial in that of A and in m", "lemma5b.time"),),
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
        parts=(
            Part("that the mean of a batch mean is the mean over the source", "equation10.unbiased"),
            Part("the same for every eta and every b up to 24, without Hoeffding's inequality", "equation10.exact"),
            Part("that exact tails are between the two rationals shown for large batches", "equation10.binomial"),
            Part("for every b, 1/(b eta^2) and (3b + 1)/(b^3 eta^4), given Markov's inequality", "equation10.markov"),
        ),
    ),
    Item(
        "Lemma 5c",
        "SQ does what fbSQ does, if m tau^2 is large",
        REDUCTIONS + "queries_alone.py",
        needs=("Equation (10)",),
        top="lemma5c.simulates",
        differs=(*ALONE, "m tau^2 >= 8 log(kp/delta) is enough, for kp log(1/tau) + log(1/delta) (S1)"),
        parts=(
            Part("the time of A' in gates, polynomial in that of A", "lemma5c.time"),
            Part("the exact chance that answers are not legal, on tiny problems", "theorem2c.error"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Lemma 5d",
        "fbSQ does what SQ does, if m is large enough",
        REDUCTIONS + "cells.py",
        needs=("Equation (10)",),
        top="lemma5d.simulates",
        differs=CELLS,
        parts=(
            Part("the time of A' in gates, polynomial in that of A", "lemma5d.time"),
            Part("errors on tiny problems", "lemma5d.error"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Lemma 6",
        "Lemma 5a with queries on one label at a time",
        REDUCTIONS + "fbsq.py",
        claims=("lemma5a.orders",),
        top="lemma6.simulates",
        differs=READING,
        parts=(
            Part("the time of A', polynomial in n, m, TIME and the places of an answer (E63)", "lemma6.time"),
            Part("the time of a round in gates", "lemma6.time.round"),
            Part("that the machine does what the method does", "lemma6.machine.follows"),
            *ORDERS,
            Part("the construction's own, smaller number of rounds", "lemma6.rounds"),
        ),
        needs=("Lemma 5a",),
    ),
    Item(
        "Lemma 7",
        "Lemma 5d with queries on one label at a time",
        REDUCTIONS + "cells.py",
        needs=("Lemma 5d",),
        top="lemma7.simulates",
        differs=(
            *CELLS,
            "the alternating form fbSQ0/1 is meant, where the display has fbSQ",
            "only the query itself must not stray, not its halves: both are asked about one batch",
        ),
        parts=(
            Part("the time of A' in gates, polynomial in that of A", "lemma7.time"),
            Part("errors on tiny problems", "lemma7.error"),
        ),
        assumes=(HOEFFDING,),
    ),
)
