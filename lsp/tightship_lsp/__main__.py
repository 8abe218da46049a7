"""``python -m tightship_lsp`` is the same as ``tightship lsp``."""

import sys

from tightship_lsp.start import start

if __name__ == "__main__":
    sys.exit(start())
