"""Statements beyond the paper, beside its items: what one step of gradient descent reads, and where that ends; and the
theorems on which the tools rest, the certifier's and the engine's."""

from verify.obligations.item import Item, Part

STRIP = "constructions/strip/"

BEYOND = (
    Item(
        "Result B0",
        "bSGD does what PAC does in m/b steps, for b rho < 4/3, and loses nothing (not in the paper)",
        STRIP + "simulations.py",
        top="strip.b0.simulates",
        differs=(
            "nothing is printed: beside Theorem 1a, with b rho < 4/3 in place of 1/8, m/b steps in place of "
            "O(mn/delta), and delta = 0",
            "m = bT, and methods that mind no order",
            "labels that are no function of x need clipping as in equation (2)",
            "that a set of points and its sums are related as the odd entries of a balance is in words",
        ),
        parts=(
            Part("methods that mind the order, by the mean over orders", "lemma5a.orders"),
            Part("whole runs in exact numbers", "strip.run.any"),
            Part("that b rho = 4/3 is the end of the argument", "strip.counts.end"),
            Part("polynomial time beyond b rho = 4/3"),
        ),
    ),
    Item(
        "Result T3",
        "what Theorem 1a concludes is false for b rho >= 4 (not in the paper)",
        STRIP + "left_line.py",
        top="strip.left.refutes_1a",
        differs=(
            "nothing is printed: it is about Theorem 1a's conclusion, for every model, size and number of steps",
            "a model is known by the mean of its gradient, any function of weights, batch and place",
            "that quantiles of one number have the laws of both worlds is seen on tables",
        ),
        parts=(
            Part("the laws of both worlds", "strip.coupling.tables"),
            Part("a rare point, for every b rho", "strip.left.rare"),
            Part("noisy labels for b rho between 4/3 and 4"),
        ),
    ),
    Item(
        "the certifier",
        "a network that the certifier accepts does in training what its machine does (Lemma 3b for one network)",
        "verify/certifier/certify.py",
        needs=("Lemma 10", "Lemma 11", "Lemma 3b"),
        top="certifier.simulates",
        differs=(
            "nothing is printed: beside Lemma 3b, for any network whose arrays meet the checker's conditions, in "
            "place of the network of a construction",
            "the checker's claims about a round are premised as its own code lists them, for its clock, any other "
            "copy and any control; what all of them add to the output is one number",
            "gates are those for which the least and the largest swing decide; copies are without their digits",
            "that the output is held while a copy acts is supposed where all copies are trained together, and shown of "
            "any one step and sum, where all others are silent; both in one run are a part",
            "the machine is a function from what is recorded and its state to its next state",
        ),
        parts=(
            Part("that the output is held in each step, in the run of all copies and rounds"),
            Part(
                "that all copies and rounds of a network go along together over the steps", "certifier.together.rate1"
            ),
            Part("that the checker's loops over arrays, renamings and proofs show what is premised"),
            Part("that networks which the checker certifies are trained as it says", "certifier.trained"),
            Part("that the checker's inequalities for a copy are those of `is_memory`", "certifier.accepted.rate1"),
            Part("what the checker's claims about a round mean", "certifier.shown"),
            Part("that the weights of digits may be off by so much", "memory.deviation"),
            Part("what is decided of a gate whose swings differ", "certifier.gate.recognized"),
            Part("that vc and controls carry what their table says", "certifier.gate.table"),
            Part("that the circuits for digits and answers compute these", "certifier.answer.circuit"),
            Part("that final controls are the machine's prediction", "certifier.final.prediction"),
            Part("that float64 is exact where the certificate says so", "certifier.bits.said"),
        ),
    ),
    Item(
        "the engine",
        "every training engine takes the steps of gradient descent, in exact numbers (equations 1 to 3)",
        "constructions/training/engine.py",
        needs=("Equation (1)", "Equation (2)", "Equation (3)"),
        top="engine.trains",
        differs=(
            "nothing is printed: the paper trains in real numbers",
            "the gradient of a sample is any function of the weights and the sample in Equation (1); that the passes "
            "over the arrays find the chain rule's is a part",
            "what the bounds say of a settled vertex, that it has one output, is premised of each; that the pass over "
            "the bounds finds so is a part",
            "a number system is any function that returns integers of so many bits, over one unit, as they are",
            "a step at a kink, which the caller may choose, is left out",
        ),
        parts=(
            Part("whole steps of the plain engine, by a second evaluator", "engine.step.strong"),
            Part("whole steps of the trainer in rationals", "trainer.step.dyadic"),
            Part("that the pass over bounds is right about each vertex, and float64 exact", "exactness.progressions"),
            Part("that lanes and words give the outputs", "lanes.outputs"),
            Part("that the incremental engine takes the plain engine's steps, bounds included", "engine.incremental"),
            Part("that another order of the vertices changes nothing", "lemma3b.order"),
            Part("that float64 and 64-bit integers are such number systems, and the compiler keeps to them"),
        ),
    ),
)
