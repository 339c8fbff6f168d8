"""What several items share: the folders of their constructions, how top statements differ from the printed sentences,
and what they leave out."""

from verify.obligations.item import Part

FOUNDATIONS = "constructions/foundations/"
NETWORKS = "constructions/networks/"
LEARNING = "constructions/learning/"
REDUCTIONS = "constructions/reductions/"
MODELS = "constructions/models/"

RUNS = (
    "A is any function of its random bits and answers, D any space of samples and random bits with any loss; a state, "
    "a vector and a batch are known by numbers",
    "the error is the printed E[sup]: at every point of the space, the largest loss is at least that of every run with "
    "valid answers",
    "that the loop takes a round for each batch is seen on two rounds",
)
"""How statements about runs of any method differ from the printed sentences."""
DESCENT = (
    "a model is known by the derivative of its loss, any function of the place of a weight, of all weights, of a point "
    "and of a label; weights, answers, estimates and batches are known by numbers, and so is an initialization",
    "the error is the printed E[sup], and at every point of the space of samples and random bits the supremum is the "
    "least number that no run exceeds, attained or not",
    "an answer that would be rounded to something outside [-1, 1] goes to its other neighbour, if 1 has a valid "
    "rounding in [-1, 1] (E01); where some loss has no derivative this is presupposed of rho",
    "a slack eps of the gradients that a program finds is part of the statement, with rho/4 - eps for rho/4 (E85); the "
    "printed sentence is that without slack",
    "that the loops of oracle and descent take a round for each batch is tested",
)
"""How statements about gradient descent by queries differ from the printed sentences."""
DESCENT_PARTS = (
    Part("that no larger tolerance will do", "lemma4.rounding.sharp"),
    Part("that near a kink no precision tells the slope", "footnote8.slope.always"),
)
"""What statements about gradient descent by queries leave out."""


def descent_time(lemma: str) -> tuple[Part, ...]:
    """The parts of a statement about gradient descent by queries that say what its time is, by the beginning of ids.

    >>> descent_time("lemma4")[0].claim
    'lemma4.time'
    """
    return (
        Part("the time of A' in gates, for activations that are piecewise linear (E123)", f"{lemma}.time"),
        Part("that the circuits find the gradients and take the steps", "descent.follows"),
        Part("that they are as large as the formula says", "descent.gates"),
        Part("for other activations: that some digits are enough", "footnote8.smooth"),
        Part("a circuit for activations that are not piecewise linear, and for a start that is drawn"),
    )


ON_MODELS = (
    "A is any function of its random bits and of the vectors of its answers, D any space of batches and random bits "
    "with any loss; states, vectors and batches are known by numbers",
    "rho and the numbers of Lemma 8 are any that answer within tau and whose clock ticks; that rho = tau/4 has such "
    "numbers is a part",
    "answers are clipped to [-1, 1] where they are read, and random bits are read on a grid of their own (E19, E46)",
    "a block stands behind the product of all gates before it, not behind the one before it alone",
    "an entry of a vector is looked at at any place, and a vector none of whose entries moves is the same vector; that "
    "a mean is that of equation (8) is presupposed, as for Theorem 2b",
    "that the functions of all blocks in a row are one expression is how the model is built; its loop is tested",
)
"""How the top statements of Lemmas 3a and 12a differ from the printed sentences."""
READING = (
    "A minds no order: the sample is read as a set with multiplicities (E60)",
    "D is any space of samples and random bits with any loss; a prefix, a word and a point are known by numbers, and "
    "how many points of the sample begin with a prefix is a function of it",
    "the error is against any valid answers, at every point of the space",
    "that the mean of a query over the sample is the share of the points that it counts is presupposed (equation 8)",
)
"""How statements about a sample that is read differ from the printed sentences."""
AVERAGES = (
    "A is any function of its random bits and answers, D any space of batches and random bits; a state, a point of a "
    "space and a value on it are known by numbers",
    "the error is nested (E16): answers may depend on all batches of the same query, and on no later ones",
    "the answers are chosen by any function of what was seen, in the place of the largest that they can lead to",
    "predictions are in [-1, 1], so that no mean of losses is above 2; that a mean is one of q b independent values is "
    "said by a word of the principles",
)
"""How statements about averages over batches differ from the printed sentences."""
ALONE = (
    "A is any function of its random bits and answers, D any space of batches and random bits; a state, a vector and a "
    "batch are known by numbers, and so is a batch mean: by the round, the state that asks and the place of the query",
    "the error is the printed E[sup]: at every point of the space of batches at least the loss of every run with valid "
    "answers; and the largest loss of A' is above a number only if that of some run is",
    "kp exp(-b tau^2/8) <= delta is asked for, which is b tau^2 >= 8 log(kp/delta); the paper's proof has 4kp, by a "
    "largest loss of 2 and a statistical distance, which is undefined under a sup (E91)",
    "A' holds its predictions within [0, 1], so nothing is presupposed of those of A",
    "that along a run which reads no batch each batch mean is one of b independent values, with the mean over the "
    "source, is said by a word of the principles",
)
"""How statements about queries of the source in the place of queries about batches differ from the printed ones."""
CELLS = (
    "A is any function of its random bits and answers, D any space of samples and random bits; a state, a point of a "
    "space and a value on it are known by numbers",
    "the error is the printed E[sup]: at every point of the space of samples the largest loss is above a number only "
    "if that of some run with valid answers is",
    "(4^k - 1)/3 exp(-m tau^2/32) <= delta is asked for, for m tau^2 > C (k log(1/tau) + log(1/delta)), which is too "
    "little for tau near 1 (E17, S2)",
    "answers are held to the nearest multiple of tau/2 and within [-1, 1] (E90), predictions within [0, 1]",
    "at each level of the tree some state's event is as likely as any; that a mean over the sample is one of m "
    "independent values, with the mean over the source, is said by a word of the principles",
)
"""How statements about answers that are held to a grid differ from the printed ones."""
EXTRACTING = (
    "the rounds are those of the construction, fewer than the printed ones: the certain ones, one for each bit that is "
    "added, and K with E/(8 (K + 1)) <= delta, E the further rounds that are expected",
    "that the extracted samples are independent, each with the law of D as Algorithm 1 says, is presupposed where the "
    "loss of A is named; so is that a sample takes its certain rounds, the empty ones and those of undecided coins",
    "how many rounds undecided coins take on average is any number that is at most the budget's (E12)",
    "whoever runs out of rounds predicts 1/2 and loses 1/8 (E50)",
)
"""How statements about samples that are extracted differ from the printed sentences."""
NETWORK_DIFFERS = (
    "the network is given by the functions that place and wire its vertices, for any number of rounds, copies, digits, "
    "random bits and gates; that the builder's arrays hold the values of these functions is a part of its own, seen on "
    "four networks",
    "a method is any function of what was answered and of its state; that a circuit for it computes it in training is "
    "Lemma 10's top statement, and what a round's circuit computes for a machine at hand is seen on three machines",
    "said is what training does with any copy, clock, sum and edge, after any number of steps, and that the network "
    "ends as the predictor; that such a run has at most the error of the method is a part",
    "a query is one digit, 0 or 1, on the label that its round serves; more digits and signs are a part",
    "the setting is the strong one (S7), rho < 1/4, so tau = 4 rho < 1 in place of tau < 1/3; vc is as mended (E04)",
)
"""How statements about the emulation network differ from the printed sentences."""
ORDERS = (
    Part("for methods that mind the order: the mean prediction over all orders loses no more", "lemma5a.orders"),
    Part("that all orders of a sample are equally likely"),
)
NETWORK_FORM = Part("that a trained network has at most the error of its method", "lemma3b.simulates")
"""What the network halves of theorems add to a top statement about models."""
NETWORK_PARTS = (
    Part("that a training run whose answers are near is a run of the method", "lemma3b.runs"),
    NETWORK_FORM,
    Part("that the arrays hold what the functions of the layout say", "lemma3b.arrays.binary"),
    Part("that each copy of a built network is Q or Q' with its vc", "lemma3b.slice.binary"),
    Part("that each copy has its canceller, and each round its primary control", "lemma3b.cancellers.binary"),
    Part("answers from several digits, and signed ones", "lemma3b.decoder.error.signed"),
    Part("that random bits stay", "lemma3b.random"),
    Part("that a control whose edge has moved does no harm later", "lemma3b.clipping.harmless"),
    Part("how large the network is", "lemma3b.sizes"),
    Part("how large it is from the gates of the method, and that this is polynomial", "lemma3b.size.method"),
    Part("how large the gates of a method of Turing machines are, from their time", "turing.learner.bound"),
    Part("that the code of such a method writes so many gates, for all sizes", "turing.learner.loops"),
    Part("how many parameters the network of such a method has, from their time alone", "turing.learner.network"),
    Part("that a Turing machine is a circuit whose outputs say how it ended", "turing.ends"),
    Part("that this circuit has polynomial size", "turing.size.bound"),
    Part("that the loop writes the circuit of a machine at hand by these rules", "turing.cell"),
    Part("back: that the machine of any circuit evaluates it, in as many steps as are counted", "turing.back.any"),
    Part("that these are polynomially many", "turing.back.time"),
    Part("that its loop over the gates has the targets that this presupposes", "turing.back.targets"),
)
