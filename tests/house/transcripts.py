"""The commands on the pages, run as a reader would: each prints what stands below it.

    python tests/house/transcripts.py PAGE ...

runs the sessions and the Python snippets of pages with the querygrad that is installed beside this Python, in an empty
folder that has the examples, and with nothing of the checkout on the path. Its exit code is 1 if one prints something
else.
"""

import doctest
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```", flags=re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```", flags=re.M | re.S)
CHECKOUT = f'"{sys.executable}" -m verify'
INSTALLED = f'"{Path(sys.executable).with_name("querygrad")}"'
"""The command as it is run from the checkout, and as an installation has it."""


def sessions(page: str) -> list[tuple[str, str]]:
    """The commands in the console blocks of a page, each with what stands below it."""
    lines = "".join(CONSOLE.findall(page)).splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    ends = [*starts[1:], len(lines)] if starts else []
    return [
        (lines[start][2:].rstrip("\n"), "".join(lines[start + 1 : end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def as_shown(command: str, shown: str, folder: Path, given: Mapping[str, str], querygrad: str = CHECKOUT) -> str:
    """Run a command in a folder with some variables; an empty text if it prints what is shown, else what it printed.
    ``...`` stands for anything, and blanks count as one."""
    commands = f'querygrad() {{ {querygrad} "$@"; }}\npython() {{ "{sys.executable}" "$@"; }}\n'
    shell = ["bash", "-c", "exec 2>&1\n" + commands + command]
    run = subprocess.run(shell, cwd=folder, env=dict(given), stdout=subprocess.PIPE, check=False)
    printed = run.stdout.decode("utf-8")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return "" if doctest.OutputChecker().check_output(shown, printed, flags) else f"{command}\n{printed}"


def snippet_fails(snippet: str, page: str, line: int) -> str:
    """Run a snippet with prompts; an empty text if it prints what is shown, else what went wrong."""
    test = doctest.DocTestParser().get_doctest(snippet, {"__name__": "__main__"}, page, page, line)
    said: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    return "" if tried and not failed else "".join(said) or f"{page}: no example in the snippet at line {line}"


def _wrong_on(page: Path, folder: Path) -> list[str]:
    """What a page shows and the installed querygrad does not print."""
    text = page.read_text(encoding="utf-8")
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    wrong = [as_shown(command, shown, folder, given, INSTALLED) for command, shown in sessions(text)]
    wrong += [snippet_fails(each[1], page.name, text[: each.start()].count("\n") + 1) for each in PYTHON.finditer(text)]
    return [each for each in wrong if each]


def main(pages: list[str]) -> int:
    """Say of each page what is not as it shows; 1 if anything is not, or no page is named."""
    found = 0 if pages else 1
    for page in map(Path, pages):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "examples").symlink_to(ROOT / "examples")
            wrong = _wrong_on(page.resolve(), Path(folder))
        print(f"{'not as shown' if wrong else 'as shown'}: {page}", *wrong, sep="\n", flush=True)
        found += len(wrong)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
