"""Prints all that an installation has: its modules, its facts, the page of each rule and image.

It is run by the Python of the installation, with the names of the files of facts.
"""

from __future__ import annotations

import json
import pkgutil
import sys
from importlib import import_module

import tightship
import tightship_annexes
import tightship_lsp
from tightship.cli.main import main
from tightship.lazy.modules import facts
from tightship.rules import every_rule

for package in (tightship, tightship_annexes, tightship_lsp):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        # In a wheel, facts are modules.
        if ".facts" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
            print(module.name)
for name in sys.argv[1:]:
    print(name, json.dumps(facts(name), sort_keys=True, default=str))
    if name.startswith("images/"):
        main(["image", name.removeprefix("images/")])
for rule in every_rule():
    main(["rule", rule.name])
