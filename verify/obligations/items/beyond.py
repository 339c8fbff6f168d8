"""Statements beyond the paper, beside its items: what one step of gradient descent reads, and where that ends; and the
theorem on which training rests, the engine's."""

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
        "Result B0 for networks",
        "a network of which every edge trains does so too, for b rho < 4/3 (not in the paper)",
        "constructions/networks/batch_network.py",
        top="signed.network.rounds",
        differs=(
            "nothing is printed: beside Lemma 3b, with a step for each batch in place of one for each query of one "
            "label, b rho < 4/3, and no random bit",
            "labels that are a function of x, and learners that mind no order",
            "that a set of points and its sums are related as the odd entries of a balance is in words",
            "its parts are the templates', wired as they are; that gates stay is Lemma 10",
        ),
        parts=(
            Part("that the arrays hold these parts, wired like this", "signed.network.slice"),
            Part("that the circuit reads digits as sums", "signed.network.sums"),
            Part("that it finds the batch of the sums", "strip.gates.batches"),
            Part("whole runs in exact numbers", "signed.network.trained"),
            Part("how large it is", "signed.network.sizes"),
            Part("that b rho = 4/3 is the end, whatever the weights are", "signed.gain.end"),
            Part("any labels: that the output is held", "signed.labels.held"),
            Part("any labels: that both sums are read", "signed.labels.memory"),
            Part("any labels: that the arrays hold copies of both kinds", "signed.labels.slice"),
            Part("any labels: whole runs in exact numbers", "signed.labels.trained"),
            Part("any labels: the induction over the steps", "signed.labels.together"),
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
