"""``python -m tightship`` is the same as ``tightship``."""

import sys

from tightship.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
