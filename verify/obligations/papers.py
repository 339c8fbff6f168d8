"""All obligations of the paper, which are imported with this module.

Whoever may need one and mostly does not makes a promise of this module (:mod:`constructions.foundations.loading`).
"""

from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import papers_registry

with papers_registry():
    PAPERS = paper_obligations()
