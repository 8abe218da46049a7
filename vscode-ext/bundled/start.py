"""Starts the Tightship that lies beside this file, and no other."""

import os
import sys

# First, so that nothing that is installed stands in for what was bundled.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))

from tightship.cli.main import main

sys.exit(main())
