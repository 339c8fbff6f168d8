"""What came of the search for a proof about one network."""

from dataclasses import dataclass, replace

from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.layers import Layers
from verify.certifier.roles.memories import Memories
from verify.certifier.roles.parts import Parts
from verify.certifier.roles.sides import SidedMemories
from verify.certifier.rounds.all_rounds import Finding
from verify.certifier.rounds.equal import SolverTally


@dataclass(frozen=True, kw_only=True, eq=False)
class Certification:
    """Either a refusal, or what was found.

    Parameters
    ----------
    refusal : the premise that fails; None if the search succeeded. parts : what each vertex is. memories : the copies
        by their rows of weights. layers : the round of each vertex. finding : what was proved of all rounds. tally :
        how many questions there were, and how they were settled.
    """

    refusal: NetworkRefused | None = None
    parts: Parts | None = None
    memories: Memories | SidedMemories | None = None
    layers: Layers | None = None
    finding: Finding | None = None
    tally: SolverTally

    @property
    def certified(self) -> bool:
        """Whether the search succeeded. Only the checker says that a network is certified."""
        return self.refusal is None and self.finding is not None

    def without_arrays(self) -> "Certification":
        """The same without all that is as large as the network: once the certificate has it, the checker needs the
        memory."""
        return replace(self, parts=None, memories=None, layers=None, finding=None)
