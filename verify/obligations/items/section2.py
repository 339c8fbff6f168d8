"""The items of Section 2: models of learning, and the theorems about mini-batches."""

from constructions.learning.tails import HOEFFDING
from verify.obligations.item import Item, Part
from verify.obligations.items.shared import FOUNDATIONS, LEARNING, MODELS, NETWORK_FORM, REDUCTIONS

SECTION_2 = (
    Item(
        "Equation (1)",
        "one step of gradient descent",
        FOUNDATIONS + "descent.py",
        top="equation1.step",
        differs=(
            "as for Equation (2)",
            "each entry of the estimate is any that Equation (3) allows, so the adversary need not be a function of "
            "anything; that the method for rational numbers offers it these and no others is tested",
            "the initial weights are any, so that they are drawn from a distribution does not appear",
        ),
        parts=(Part("that batches are fresh in each step"),),
    ),
    Item(
        "Equation (2)",
        "the clipped gradient of a batch",
        FOUNDATIONS + "descent.py",
        top="equation2.batch",
        differs=(
            "the model is the derivative of its loss: any function of the place of a weight, of all weights, of the "
            "point and of the label; a point is known by a number, and so is a vector",
            "where the loss is not differentiable nothing is said (footnote 6)",
        ),
        parts=(Part("that the chain rule over a graph gives the derivative of its loss"),),
    ),
    Item(
        "Equation (3)",
        "which roundings of a gradient are valid",
        FOUNDATIONS + "rounding.py",
        needs=("Equation (2)",),
        claims=("rounding",),
        top="equation3.valid",
        differs=("v is any vector; that it is the gradient of Equation (2) is added by Equation (1)",),
        parts=(Part("that the estimate lies in [-1, 1]^p, which the sentence before (3) asks and (3) does not (E01)"),),
    ),
    Item(
        "Definition 1",
        "one class of methods simulates another up to delta",
        LEARNING + "models.py",
        top="definition1.simulates",
        differs=(
            "that there is a method A' for every method A is said by a function from A to A'; this loses nothing",
            "the error err(A, D) is any function here: the items that speak of a class say what it is for that class",
            "the sentence after it, that simulations compose, is part of the statement",
        ),
    ),
    Item(
        "Theorem 1a",
        "bSGD does what PAC does, if b rho < 1/8",
        MODELS + "simulations.py",
        needs=("Lemma 1", "Lemma 3a", "Lemma 3b"),
        claims=("theorem1a.precision",),
        top="theorem1a.model",
        differs=(
            "b rho < 2/3 in place of b rho < 1/8 (S8)",
            "the budget is that of the construction, below the printed O(): a step for each round of Lemma 1",
            "what Lemmas 1 and 3a presuppose of the losses of their methods is presupposed; that of the method by "
            "queries, which is between them, is one number",
        ),
        parts=(
            Part("the same with a neural network, for a PAC method of bounded running time", "theorem1a.network"),
            NETWORK_FORM,
            Part("that the circuit of Lemma 1 is its method", "lemma1.machine.follows.prefix.n2b2"),
            Part("how many parameters that network has, from the time of the method", "theorem1a.size"),
            Part("the range b rho < 1/3 with slope 1 (S3)", "theorem1a.precision.plain"),
        ),
    ),
    Item("Figure 1", "the activation: a ramp in two stages", FOUNDATIONS + "activation.py", top="sigma.figure"),
    Item(
        "Theorem 1b",
        "PAC does what bSGD does",
        REDUCTIONS + "descent_by_samples.py",
        needs=("Lemma 4", "Theorem 2b"),
        top="theorem1b.simulates",
        differs=(
            "what Lemma 4 and Theorem 2b presuppose of the losses of their methods is presupposed; that of the method "
            "by queries, which is between them, is one number",
            "a slack of the gradients that a program finds, up to rho/4, is part of the statement (E85)",
        ),
        parts=(
            Part("errors on tiny problems", "theorem1b.error"),
            Part("the time of A' in gates, polynomial in T, b, p and digits (E87)", "theorem1b.time"),
        ),
    ),
    Item(
        "Theorem 1c",
        "SQ does what bSGD does, if b rho^2 is large",
        REDUCTIONS + "descent_by_source.py",
        needs=("Lemma 4", "Theorem 2c"),
        top="theorem1c.simulates",
        differs=(
            "what Lemma 4 and Theorem 2c presuppose of the losses of their methods is presupposed, and that the error "
            "of the method by queries over strings and batches is the mean over strings of that over batches",
            "the premise is Tp exp(-b tau^2/8) <= delta; without a slack b rho^2 >= 128 log(Tp/delta) is enough",
            "a slack of the gradients that a program finds, below rho/4, is part of the statement (E85)",
        ),
        parts=(
            Part("errors on tiny problems", "theorem1c.error"),
            Part("the time of A' in gates, polynomial in T, p and the digits of numbers", "theorem1c.time"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Theorem 1d",
        "bSGD does what SQ does, for every b",
        MODELS + "simulations.py",
        needs=("Lemma 2", "Lemma 3a", "Lemma 3b"),
        top="theorem1d.model",
        differs=(
            "every rho < tau/3 in place of rho = tau/16 (S8)",
            "the rounds are 2k q, and q is any number with 8k exp(-tau^2 b q / 32) <= delta (E14)",
            "the error is nested (E16): the mean over the strings of the expected loss, for any choice of roundings",
            "what Lemmas 2 and 3a presuppose of the losses of their methods is presupposed; that of the method by "
            "queries, which is between them, is one number",
        ),
        parts=(
            Part("the same with a neural network, for an SQ method of bounded running time", "theorem1d.network"),
            Part("the same by queries on both labels, in one step each, on a model (S6)", "theorem1d.both.model"),
            Part("and on a network, for queries of 0 and 1 (S6)", "theorem1d.both.network"),
            NETWORK_FORM,
            Part("that the circuit of Lemma 2 is its method", "lemma2.machine"),
            Part("how many parameters that network has, from the time of the method", "theorem1d.size"),
        ),
        assumes=(HOEFFDING,),
    ),
    Item(
        "Corollary 1",
        "inclusions between the classes of learnable problems, b given",
        MODELS + "given_batch.py",
        needs=("Theorem 1a", "Theorem 1b", "Theorem 1c", "Theorem 1d"),
        top="corollary1.classes",
        differs=(
            "b rho < 2/3 in place of b rho < 1/8 (S8); it is asked for at the precision that is used, so where it "
            "holds for all precisions the inclusion is tight",
            "Tp exp(-b rho^2/128) <= delta in place of b >= omega(log n)/rho^2",
            "a polynomial bound is c n^d with n >= 1, c >= 1 and c n^d >= 1; every number of a budget, b, 1/rho and "
            "1/delta are held below one such bound, and that larger ones of this kind do not harm is in words",
            "of the logarithm it is used that log x is at most x; Lemma 2's premise on q is presupposed",
            "an SQ method asks at least one query; without queries there is nothing to simulate",
            "what is shown is for one source at a time: that A' is made of A alone, so one A' serves all sources of a "
            "problem, and the order of 'for every' and 'there is' in the definition, are in words",
            "what Theorems 1a to 1d presuppose of their methods is presupposed",
        ),
        parts=(
            Part("SQ within bSGD, its budget and its error by themselves", "corollary1.sq_in_bsgd"),
            Part("bSGD with networks, and PAC and SQ of bounded running time", "corollary1.network"),
            Part("how many parameters these networks have, over budgets", "corollary1.network.size"),
            Part(
                "running times in steps of Turing machines are running times in gates, up to a power",
                "turing.classes.gates",
            ),
            Part("and the other way round", "turing.classes.steps"),
        ),
    ),
    Item(
        "Corollary 2",
        "the same with b and rho given",
        MODELS + "given_precision.py",
        needs=("Theorem 1a", "Theorem 1b", "Theorem 1c"),
        claims=("lowerbound", "parities"),
        top="corollary2.classes",
        differs=(
            "b rho < 2/3 in place of b rho < 1/8 (S8)",
            "Tp exp(-b rho^2/128) <= delta in place of b rho^2 >= omega(log n)",
            "a polynomial bound is c n^d with n >= 1, c >= 1 and c n^d >= 1; every number of a budget, b, 1/rho and "
            "1/delta are held below one such bound, and that larger ones of this kind do not harm is in words",
            "what is shown is for one source at a time: that A' is made of A alone, so one A' serves all sources of a "
            "problem, and the order of 'for every' and 'there is' in the definition, are in words",
            "the inclusion in SQ is strict, as for each bound there is an n for which parities are no problem of SQ; "
            "the powers in which that is said are any numbers that grow as powers do",
            "what Theorems 1a, 1b and 1c and the lower bound presuppose of their methods is presupposed",
        ),
        parts=(
            Part("PAC within bSGD, its budget and its error by themselves", "corollary2.steps"),
            Part("bSGD within PAC over budgets", "corollary2.bsgd_in_pac"),
            Part("bSGD within SQ over budgets, if b rho^2 is large", "corollary2.coarse"),
            Part("that SQ is strictly less than PAC", "corollary2.separation"),
            Part("the same over budgets: parities, and k and 1/tau within a bound", "corollary2.sq_is_less"),
            Part("that there are enough parities for every polynomial bound", "corollary2.exponential"),
            Part("bSGD with networks, and PAC and SQ of bounded running time", "corollary2.network"),
            Part("how many parameters these networks have, over budgets", "corollary2.network.size"),
            Part("how long PAC takes for what bSGD learns on networks, over budgets", "corollary2.network.time"),
            Part("how long SQ takes for it", "corollary2.network.source"),
            Part("that parities are learned from samples in polynomial time", "corollary2.network.parity"),
            Part(
                "running times in steps of Turing machines are running times in gates, up to a power",
                "turing.classes.gates",
            ),
            Part("and the other way round", "turing.classes.steps"),
        ),
        assumes=(HOEFFDING,),
    ),
)
