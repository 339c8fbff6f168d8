"""Executables that stand for another solver, by some code of Python.

Each question starts one anew. So they start without what Python looks for at its start (``-I``, ``-S``), and z3 is
asked through its library alone: importing its bindings would take most of the time of a question.
"""

import sys
from pathlib import Path

import z3

LIBRARY = str(min((Path(z3.__file__).parent / "lib").glob("libz3*")))
BY_Z3 = f"""import ctypes
z3, text, place = ctypes.CDLL({LIBRARY!r}), ctypes.c_char_p, ctypes.c_void_p
for function, gives, takes in (
    (z3.Z3_mk_config, place, []), (z3.Z3_mk_context, place, [place]), (z3.Z3_eval_smtlib2_string, text, [place, text])
):
    function.restype, function.argtypes = gives, takes
print(z3.Z3_eval_smtlib2_string(z3.Z3_mk_context(z3.Z3_mk_config()), open(sys.argv[1], "rb").read()).decode())"""
"""Prints what z3 says of the file that it is given."""


def executable(folder: Path, body: str) -> str:
    """The path of an executable in a folder that answers by some code, and says of its version that it is 7."""
    path = folder / "other"
    start = "if '--version' in sys.argv:\n    print('other 7')\n    sys.exit()"
    path.write_text(f"#!{sys.executable} -IS\nimport sys\n{start}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
