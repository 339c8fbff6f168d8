"""What a command line can name, for help and for usage errors, which load none of the tables that say what it means.

A test holds each of these against its table, from which everything else takes it.
"""

import os

LEARNERS = (
    "literal",
    "correlations",
    "query-conjunction",
    "parity",
    "conjunction",
    "decision-list",
    "memoriser",
    "best-of-literals",
)
"""The built-in learners (:mod:`constructions.computation.built_in_learners`)."""
SWEPT = ("parity", "consistent", "hidden", "regression", "literal")
"""What is looked at in the plane of b and rho (:mod:`constructions.theorems.phase`)."""
SWEPT_AT_FIRST = ("parity", "hidden", "regression", "literal")
"""What is looked at if nothing else is said: what needs no optional library."""
DESCENTS = ("regression",)
"""The built-in learners by gradient descent (:mod:`constructions.learning.gradient_learners`)."""
HIDDEN = ("noisy", "rare")
"""What an adversary hides (:mod:`constructions.strip.two_worlds`)."""
ROUNDED = ("nearest", "up", "down", "random", "worst")
"""Who rounds a gradient that is read (:mod:`constructions.strip.given_away`)."""
PROBLEMS = ("parity", "conjunction", "decision-list", "literal", "majority")
"""The built-in problems (:mod:`constructions.theorems.choices`)."""
ORACLES = ("exact", "highest", "lowest", "grid", "random")
"""How answers are chosen within tau of the true means (:mod:`constructions.theorems.choices`)."""
KINDS = ("bsq", "fbsq")
"""Kinds of oracles that can be asked for gradients (:mod:`verify.arguments.oracle`)."""
EXTRACTS = ("prefix", "look", "full")
WAYS = (*EXTRACTS, "step", "noisy")
"""How samples are drawn from answers (:mod:`constructions.theorems.pipeline`)."""
FORMS = ("model", "network")
"""In what gradient descent is run (:mod:`constructions.theorems.options`)."""
ADVERSARIES = (
    "nearest",
    "down",
    "up",
    "toward-zero",
    "away-from-zero",
    "random",
    "alternating",
    "apart",
    "apart-alternating",
    "hashed",
)
"""Who chooses among valid roundings (:mod:`constructions.training.adversaries`)."""
ENGINES = ("plain", "incremental", "both")
"""What takes the steps of training (:mod:`constructions.training.by_fractions`)."""
CIRCUITS = (".aag", ".aig", ".bench")
"""The endings of circuit files (:mod:`constructions.computation.formats.files`)."""
MACHINES = (".tm", ".jff")
"""The endings of files of Turing machines (:mod:`constructions.computation.formats.machine_files`)."""
NETWORK = ".qgn"
"""The ending of network files (:mod:`constructions.networks.network_file`)."""
BETWEEN_CHECKPOINTS = 10.0
"""Seconds between two checkpoints of a run (:mod:`constructions.training.run`)."""


def is_file_name(item: str) -> bool:
    """Whether an argument names a file rather than an id: it ends in .py or has a path separator.

    >>> [is_file_name(item) for item in ("mine.py", f"folder{os.sep}mine", "lemma11.idle", "Lemma 11")]
    [True, True, False, False]
    """
    return item.endswith(".py") or os.sep in item
