"""The numbered items of the paper, and where each is built."""

from typing import Protocol

from constructions.learning.tails import HOEFFDING
from verify.obligations.differences import AVERAGES, EXTRACTING, NETWORK_DIFFERS, READING, RUNS
from verify.obligations.item import OPEN, Item, Part
from verify.obligations.verdict import Verdict

FOUNDATIONS = "constructions/foundations/"
NETWORKS = "constructions/networks/"
LEARNING = "constructions/learning/"
REDUCTIONS = "constructions/reductions/"
ORDERS = (
    Part("for methods that mind the order: the mean prediction over all orders loses no more", "lemma5a.orders"),
    Part("that all orders of a sample are equally likely"),
)
NETWORK_PARTS = (
    Part("that each copy of a built network is Q or Q' with its vc", "lemma3b.slice.binary"),
    Part("that each copy has its canceller, and each round its primary control", "lemma3b.cancellers.binary"),
    Part("answers from several digits, and signed ones", "lemma3b.decoder.error.signed"),
    Part("what the final controls return after the last round", "lemma3b.final"),
    Part("that random bits stay", "lemma3b.random"),
    Part("that a control whose edge has moved does no harm later", "lemma3b.clipping.harmless"),
    Part("how large the network is", "lemma3b.sizes"),
    Part("that a Turing machine is a circuit of polynomial size"),
)
ITEMS = (
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
    Item("Theorem 1a", "bSGD does what PAC does, if b rho < 1/8", needs=("Lemma 1", "Lemma 3a", "Lemma 3b")),
    Item("Figure 1", "the activation: a ramp in two stages", FOUNDATIONS + "activation.py", top="sigma.figure"),
    Item("Theorem 1b", "PAC does what bSGD does", needs=("Lemma 4", "Theorem 2b")),
    Item("Theorem 1c", "SQ does what bSGD does, if b rho^2 is large", needs=("Lemma 4", "Theorem 2c")),
    Item("Theorem 1d", "bSGD does what SQ does, for every b", needs=("Lemma 2", "Lemma 3a", "Lemma 3b")),
    Item(
        "Corollary 1",
        "inclusions between the classes of learnable problems, b given",
        needs=("Theorem 1a", "Theorem 1b", "Theorem 1c", "Theorem 1d"),
    ),
    Item("Corollary 2", "the same with b and rho given", needs=("Corollary 1",)),
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
            Part("the time bound of the Turing machine"),
            Part("that rounds, queries and random bits are at most the printed ones", "theorem2a.budget"),
        ),
    ),
    Item(
        "Theorem 2b",
        "PAC does what bSQ does",
        REDUCTIONS + "bsq.py",
        top="theorem2b.simulates",
        differs=RUNS,
        parts=(Part("running times"),),
        needs=("Equation (8)",),
    ),
    Item("Theorem 2c", "SQ does what bSQ does, if b tau^2 is large", needs=("Equation (8)", "Equation (10)")),
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
            Part("running times"),
            Part("that q = ceil(8 log(4k/delta) / (b tau^2)) is such a number", "theorem2d.rounds.enough"),
            Part("that no loss of a prediction in [-1, 1] is above 2", "theorem2d.loss"),
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
            Part("the time bound of the Turing machine"),
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
        parts=(Part("running times"), Part("that q = ceil(32 log(8k/delta) / (b tau^2)) is such a number")),
        assumes=(HOEFFDING,),
    ),
    Item("Equation (9)", "a linear model whose gradient answers one query"),
    Item("Lemma 3a", "a differentiable model answers one-label queries", needs=("Equation (9)", "Lemma 8", "Lemma 9")),
    Item(
        "Lemma 3b",
        "a neural network does, all of its edges trained",
        NETWORKS + "emulation.py",
        claims=("sigma.output", "lemma3b"),
        needs=("Lemma 10", "Lemma 11"),
        top="lemma3b.rounds",
        differs=NETWORK_DIFFERS,
        parts=NETWORK_PARTS,
    ),
    Item("Lemma 4", "bSQ does what bSGD does", needs=("Equation (3)", "Equation (8)")),
    Item("Theorem 3a", "fbGD does what PAC does, if m rho < 1/8", needs=("Lemma 6", "Lemma 12a", "Lemma 12b")),
    Item("Theorem 3b", "PAC does what fbGD does", needs=("Lemma 13", "Lemma 5b")),
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
    Item("Lemma 8", "one step writes a query's answer into the parameters", needs=("Equation (3)",)),
    Item("Lemma 9", "a smooth function that snaps to a grid first", needs=("Fact 1",)),
    Item("Fact 1", "smooth functions between a compact set and an open one (cited)"),
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
    Item("Lemma 12a", "Lemma 3a for a fixed sample", needs=("Lemma 3a",)),
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
    Item("Lemma 13", "fbSQ does what fbGD does", needs=("Equation (3)",)),
)


class Named(Protocol):
    """What is read of a claim to find its item."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def paper(self) -> str:
        """The item of the paper to which it belongs."""


class Counted(Named, Protocol):
    """What is read of a claim to count it in the row of its item: an obligation says it, and so does a result."""

    @property
    def expect(self) -> Verdict:
        """The verdict that is right."""

    @property
    def erratum(self) -> str | None:
        """The line of the errata to which it belongs, if it is false as printed."""


def belongs(obligation: Named, item: Item) -> bool:
    """Whether an obligation is one of an item's: its top statement, or support.

    >>> from types import SimpleNamespace as Claim
    >>> claim = Claim(id="memory.meets.q", paper="Lemma 11")
    >>> [item.name for item in ITEMS if belongs(claim, item)]
    ['Definition 2', 'Lemma 11']
    """
    return (
        obligation.paper == item.name
        or obligation.id in named_by(item)
        or any(obligation.id == head or obligation.id.startswith(head + ".") for head in item.claims)
    )


def named_by(item: Item) -> tuple[str, ...]:
    """The ids of an item's top statement and of the claims for what that leaves out.

    >>> named_by(Item("an item", "says", top="a.top", parts=(Part("running times"), Part("the rest", "a.rest"))))
    ('a.top', 'a.rest')
    """
    return tuple(id for id in (item.top, *(part.claim for part in item.parts)) if id)


def tops_of(id: str) -> tuple[Item, ...]:
    """The items of which a claim is the top statement.

    >>> [item.name for item in tops_of("equation3.valid")], tops_of("memory.meets.q")
    (['Equation (3)'], ())
    """
    return tuple(item for item in ITEMS if item.top == id)


def item_named(text: str) -> Item | None:
    """The item of the paper that some words name, whatever their case and parentheses.

    >>> item_named("theorem 1A").name, item_named("Equation 8").name, item_named("Lemma 99")
    ('Theorem 1a', 'Equation (8)', None)
    """
    return {_plain(item.name): item for item in ITEMS}.get(_plain(text))


def unbuilt(item: Item) -> str:
    """How far an item without obligations is: where the map shows it.

    >>> unbuilt(Item("Theorem 1a", "..."))
    "not built yet: 'querygrad map' shows what is"
    """
    there = (
        "not built yet"
        if item.construction == OPEN
        else f"has no obligation yet, only its construction in {item.construction}"
    )
    return f"{there}: 'querygrad map' shows what is"


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("(", " ").replace(")", " ").split())
