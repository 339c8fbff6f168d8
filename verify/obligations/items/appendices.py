"""The items of the appendices on the proofs of Lemmas 3 and 12: models, circuits and query graphs."""

from verify.obligations.item import Item, Part
from verify.obligations.items.shared import (
    DESCENT,
    DESCENT_PARTS,
    MODELS,
    NETWORK_DIFFERS,
    NETWORK_PARTS,
    NETWORKS,
    ON_MODELS,
    REDUCTIONS,
    descent_time,
)

APPENDICES = (
    Item(
        "Lemma 8",
        "one step writes a query's answer into the parameters",
        MODELS + "one_step.py",
        needs=("Equation (3)",),
        top="lemma8.step",
        differs=(
            "theta is within epsilon + 3 rho/4, less than the printed epsilon + rho; the clock is at least "
            "min(1, epsilon slope) - 3 rho/4, as the printed epsilon - rho fails for epsilon above 1 (E100)",
            "the slope of the clock is any; printed is 1",
            "one of any number of queries is looked at, at any place; a query's values at the batch's samples are any",
            "the block may stand in a larger model, behind open gates",
        ),
        parts=(
            Part("the printed bounds, for epsilon up to 1", "lemma8.repaired"),
            Part("that parameters at 0 add nothing to the output, for any number of queries", "lemma8.output"),
        ),
    ),
    Item(
        "Lemma 9",
        "a smooth function that snaps to a grid first",
        MODELS + "snapping.py",
        needs=("Fact 1",),
        top="lemma9.snaps",
        differs=(
            "the sum goes over any finitely many points of the grid, the nearest among them",
            "Phi is asked at the nearest point clipped to [-1, 1]^q, as that point may lie outside (E46)",
            "that the code computes this summand is seen on two arguments",
        ),
        parts=(
            Part("that every point near the grid snaps into the domain", "lemma9.domain.clipped"),
            Part("that where the nearest point changes all bumps are 0", "lemma9.bumps"),
        ),
    ),
    Item(
        "Fact 1",
        "smooth functions between a compact set and an open one (cited)",
        MODELS + "bumps.py",
        top="fact1.cube",
        differs=(
            "the compact set is a closed cube and the open one a larger cube around it, the only ones that are used",
            "the function is explicit, a product of steps made of exp(-1/t); of that its sign is known, and what the "
            "parts say of its derivatives",
        ),
        parts=(
            Part("that derivatives of exp(-1/t) are sums of exp(-1/t)/t^k", "fact1.derivatives"),
            Part("that these tend to 0 at 0, with their difference quotients (exp(v) >= v is cited)", "fact1.vanishes"),
            Part("that the derivative of a step is 0 on both sides", "fact1.slope"),
        ),
    ),
    Item(
        "Appendix B.1",
        "the model of Lemma 3a as a neural network with frozen subnetworks",
        "constructions/theorems/frozen_network.py",
        needs=("Lemma 3a", "Lemma 10"),
        claims=("b1",),
        top="b1.network",
        differs=(
            "queries are 0 and 1, and weights and answers are from 0 to 1; a query of more digits is several of them",
            "the parts of a round are known by what each adds to the output; that the frozen gates give every part its "
            "bits is Lemma 10's top statement, and seen on a whole network",
            "edges into a head or into the output have to stay frozen: b1.unfrozen.head and b1.unfrozen.output, "
            "that they may train, are refuted",
            "as for Lemma 3a, which is used",
        ),
        parts=(
            Part("that a parameter is a multiplier and an input on one edge (E34)", "b1.route.repaired"),
            Part("that what is read are the digits of the parameter, for any number of digits", "b1.read.answer"),
            Part("that a whole network, gates and all, is the model", "b1.whole"),
            Part("a part of ReLUs: one each for its source and its head", "b1.relu.part"),
            Part("that a whole network of ReLUs takes the same steps", "b1.relu.followed"),
            Part("that the gates of the clock may train, if they are strong: gradients clipped", "b1.gate.clipped"),
            Part("the same for gradients that are not clipped", "b1.gate.unclipped"),
            Part("that the edges into a source may train", "b1.unfrozen.source"),
            Part("that the edges into a passage may train", "b1.unfrozen.passage"),
        ),
    ),
    Item(
        "Lemma 10",
        "a circuit as a network that no gradient touches",
        NETWORKS + "gates.py",
        needs=("Figure 1",),
        top="lemma10.component",
        differs=(
            "gates have any fan-in, and thresholds and constants are gates too",
            "all new vertices, samples and steps of training are one run, in which each thing looks back at what it is "
            "made of; a wiring is any choice of earlier vertices",
            "a wire's sample gradients may be those of any vertices, so its own are among them",
        ),
        parts=(
            Part(
                "that there are as many new vertices as gates and inputs, not as gates (E07)", "lemma10.count.repaired"
            ),
            Part("that the builder's loop takes the weights of the rule for a circuit at hand", "lemma10.emulates"),
        ),
    ),
    Item(
        "Definition 2",
        "the query graphs Q and Q'",
        NETWORKS + "queries.py",
        claims=("memory.meets",),
        top="definition2.graph",
        differs=(
            "the number of digits is any n; that n is the least with 2^n >= 1/tau is a part of its own",
            "an edge is looked for between any two vertices, and the writing of the edges to digits is followed to its "
            "end; that Python's loop takes these steps is seen on 0 to 4 digits",
        ),
        parts=(
            Part("that the least n with 2^n >= 1/tau is the number of digits", "definition2.bits"),
            Part("that the template's loop takes these steps", "definition2.loop"),
        ),
    ),
    Item(
        "Lemma 11",
        "one step writes a query graph, nothing else does, and it is read",
        NETWORKS + "queries.py",
        needs=("Definition 2", "Equation (3)", "Figure 1"),
        top="lemma11.memory",
        differs=(
            "its tau is the precision of the gradients, a premise that the paper does not state (E49)",
            "Q' has -1/4 (E03), labels are 0 and 1 (E06), the copy has no further edges inside (E36), and v4 is off "
            "its kinks on idle samples (E40)",
            "the digits are within 3/2 of what is printed if the record needs no more of them, else the error is from "
            "-3/2 to 7/2 (E05)",
            "b = 1 is included, tau is below 1/8 in place of 1/12 (S4), the weight 1/12 may be any in (0, 1/2]",
            "condition 4 is asked of the digits' edges only (E41), where it is shown",
            "training and reading are two runs that share the record; the walk that trains is over the copy without "
            "digits, as nothing passes back through them",
        ),
        parts=(Part("what happens where tau is not the precision", "lemma11.precision.printed"),),
    ),
    Item(
        "Lemma 12a",
        "Lemma 3a for a fixed sample",
        MODELS + "answering.py",
        needs=("Lemma 3a",),
        top="lemma12a.simulates",
        differs=ON_MODELS,
        parts=(Part("the four parts of the claim in the paper's proof of Lemma 3a", "lemma3a.steps"),),
    ),
    Item(
        "Lemma 12b",
        "Lemma 3b for a fixed sample",
        NETWORKS + "emulation.py",
        needs=("Lemma 3b",),
        claims=("lemma3b.steps", "lemma3b.schedule", "lemma3b.final", "lemma3b.random"),
        top="lemma12b.rounds",
        differs=(*NETWORK_DIFFERS, "the batches are any, so that they are one and the same is a case of it"),
        parts=NETWORK_PARTS,
    ),
    Item(
        "Lemma 13",
        "fbSQ does what fbGD does",
        REDUCTIONS + "descent_by_queries.py",
        needs=("Equation (3)",),
        top="lemma13.simulates",
        differs=DESCENT,
        parts=(*descent_time("lemma13"), *DESCENT_PARTS, Part("the exact errors on small problems", "lemma13.error")),
    ),
)
