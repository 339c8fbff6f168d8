"""The tree of a theorem: every use with its terms, down to what a prover decided alone."""

from verify.discharge.one import discharge
from verify.discharge.resting import resting
from verify.obligations.catalogue import paper_obligations
from verify.reports.one_obligation import describe
from verify.reports.tree import trees

IDS = ("theorem2d.tolerance", "theorem2d.sampling", "theorem2d.answer")


def test_a_tree_goes_down_to_the_leaves_with_the_terms_on_its_edges() -> None:
    paper = paper_obligations()
    results = resting([discharge(paper[id]) for id in IDS])
    lines = trees(results)
    assert [line.split(":")[0] for line in lines] == [
        "theorem2d.answer",
        "|- uses theorem2d.tolerance (the means) for tau = (1/2)*tau, w = mean",
        "|  `- theorem2d.tolerance",
        "`- uses theorem2d.sampling for tau = tau, answer = theorem2d.tolerance",
        "   `- theorem2d.sampling",
    ]
    assert all("PROVED, by z3 " in line for line in lines if "uses" not in line)
    keys = [line[-13:-1] for line in lines if line.endswith("]")]
    assert len(set(keys)) == 3
    shown = describe(paper["theorem2d.answer"], results[2])
    assert "uses        theorem2d.sampling for tau = tau, answer = theorem2d.tolerance: v, mean = mean" in shown
    assert "uses        nothing" in describe(paper["theorem2d.sampling"], results[1])


def test_what_was_not_asked_for_and_what_is_in_prose_are_named() -> None:
    paper = paper_obligations()
    lines = trees(resting([discharge(paper["theorem2d.answer"]), discharge(paper["lemma10.drive"])]))
    assert "|  `- theorem2d.tolerance: was not asked for" in lines
    assert "theorem2d.answer: UNKNOWN" in lines[0]
    prose = trees(resting([discharge(paper["memory.reads"])]))
    assert prose[1:] == ["|- in prose: lemma11.digits", "`- in prose: lemma11.overflow"]
