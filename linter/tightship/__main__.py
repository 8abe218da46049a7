"""``python -m tightship`` is the same as ``tightship``."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the current folder, whose files are not ours to import

from tightship.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
