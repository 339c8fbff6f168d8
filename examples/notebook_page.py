"""A notebook as a page: ``python examples/notebook_page.py examples/tutorial.ipynb -o tutorial.html`` executes it and
writes one file of HTML that needs nothing else. It needs nbclient, nbformat and ipykernel."""

import argparse
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from verify.pages.assets_of import asset
from verify.pages.markup import Markup, element, joined
from verify.pages.prose import prose

STYLE = """main{max-width:56rem}h1{font-size:1.7rem;margin:1rem 0}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;
padding:.6rem .8rem;overflow-x:auto;font-size:.85rem}figure{margin:.5rem 0 1.25rem;overflow-x:auto}
figure svg{width:auto;max-width:100%;background:#fff}table{border-collapse:collapse}
th,td{border-bottom:1px solid var(--line);padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}"""


def page_of(notebook: Any, *, title: str) -> str:
    """The page of a notebook that was executed: its text, its code, and what each cell showed."""
    head = joined(
        [
            element("meta", charset="utf-8"),
            element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            Markup(f"<style>{asset('page.css')}{STYLE}</style>"),
        ]
    )
    body = element("main", *map(cell_of, notebook.cells))
    return f"<!DOCTYPE html>\n{element('html', element('head', head), element('body', body), lang='en')}\n"


def cell_of(cell: Any) -> Markup:
    """One cell with what it showed."""
    if cell.cell_type == "markdown":
        return prose(cell.source, below=0)
    lines = joined(cell.source.split("\n"), between="\n")
    code = element("pre", element("code", lines), tabindex="0", role="region", aria_label="code")
    values = [each["data"] for each in cell.outputs if each["output_type"] == "execute_result"]
    return joined([code, *(element("figure", shown(forms)) for forms in values)])


def shown(forms: dict[str, str]) -> Markup:
    """The best form of a value: a picture, a table, or its text; the HTML of a notebook of ours is taken as it is."""
    picture = forms.get("image/svg+xml", "")
    if picture:
        return Markup(picture[picture.index("<svg") :])
    return Markup(forms["text/html"]) if forms.get("text/html") else element("pre", forms.get("text/plain", ""))


def main() -> None:
    """Execute the notebook and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    said = parser.parse_args()
    notebook = nbformat.read(said.notebook, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    said.output.write_text(page_of(notebook, title=said.notebook.stem), encoding="utf-8")


if __name__ == "__main__":
    main()
