"""What several items share: the folders of their constructions, how top statements differ from the printed sentences,
and what they leave out."""

from verify.obligations.item import Part

FOUNDATIONS = "constructions/foundations/"
NETWORKS = "constructions/networks/"
LEARNING = "constructions/learning/"
REDUCTIONS = "constructions/reductions/"

RUNS = (
    "A is any function of its random bits and answers, D any space of samples and random bits with any loss; a state, "
    "a vector and a batch are known by numbers",
    "the error is the printed E[sup]: at every point of the space, the largest loss is at least that of every run with "
    "valid answers",
    "that the loop takes a round for each batch is seen on two rounds",
)
"""How statements about runs of any method differ from the printed sentences."""
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
    "random bits and gates; that the builder's arrays hold the values of these functions is seen on four networks",
    "a method is any function of what was answered and of its state; that a circuit for it computes it in training is "
    "Lemma 10's top statement, and what a round's circuit computes for a machine at hand is seen on three machines",
    "that all copies of a network are as Lemma 11 says when a step begins, and the clocks have ticked as they should, "
    "is supposed where what the output gets is summed up, and shown of any one copy and clock after the step; that it "
    "is an induction over the steps for all of them at once is in words",
    "a query is one digit, 0 or 1, on the label that its round serves; more digits and signs are a part",
    "the setting is the strong one (S7), rho < 1/4, so tau = 4 rho < 1 in place of tau < 1/3; vc is as mended (E04)",
)
"""How statements about the emulation network differ from the printed sentences."""
ORDERS = (
    Part("for methods that mind the order: the mean prediction over all orders loses no more", "lemma5a.orders"),
    Part("that all orders of a sample are equally likely"),
)
NETWORK_PARTS = (
    Part("that the arrays hold what the functions of the layout say", "lemma3b.arrays.binary"),
    Part("that each copy of a built network is Q or Q' with its vc", "lemma3b.slice.binary"),
    Part("that each copy has its canceller, and each round its primary control", "lemma3b.cancellers.binary"),
    Part("answers from several digits, and signed ones", "lemma3b.decoder.error.signed"),
    Part("what the final controls return after the last round", "lemma3b.final"),
    Part("that random bits stay", "lemma3b.random"),
    Part("that a control whose edge has moved does no harm later", "lemma3b.clipping.harmless"),
    Part("how large the network is", "lemma3b.sizes"),
    Part("that a Turing machine is a circuit of polynomial size"),
)
