"""What the user of a theorem's pipeline may choose, as plain values; reading it loads nothing of the theorems."""

from dataclasses import dataclass

MODEL, NETWORK = FORMS = ("model", "network")
"""In what gradient descent is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoremOptions:
    """What the user asks for; None is what the theorem is to choose.

    Parameters
    ----------
    bits, batch, samples : n, b and m.
    delta, tau, rho, noise : rationals as text in lowest terms, such as ``"1/20"``.
    form : in what gradient descent is run, ``model`` or ``network``.
    extract : how samples are extracted. alternating : whether each round asks about one label only.
    learner : a name in :mod:`constructions.computation.built_in_learners`, or a user's own. problem, oracle : names in
        :mod:`constructions.theorems.choices`.
    data : the path of a data file. label, delimiter : its column of labels, and what stands between its cells.
    training_set : the size of a training set from which all batches are drawn, if they are not drawn from the source.
    adversary : who rounds the gradients of a network, by name.
    runs, seed : how many runs are measured, and where their randomness starts.
    """

    bits: int | None = None
    batch: int | None = None
    samples: int | None = None
    delta: str | None = None
    tau: str | None = None
    rho: str | None = None
    form: str | None = None
    extract: str | None = None
    alternating: bool | None = None
    problem: str | None = None
    noise: str | None = None
    data: str | None = None
    label: str | None = None
    delimiter: str | None = None
    training_set: int | None = None
    learner: str | None = None
    oracle: str | None = None
    adversary: str | None = None
    runs: int | None = None
    seed: int | None = None
