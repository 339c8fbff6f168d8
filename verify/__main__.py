"""``python -m verify``: the same as the console script ``querygrad``."""

import sys

from verify.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
