"""Write the generated files of the repository: ``make generate``.

python -m tests.generate                    # write what is stale
python -m tests.generate --check            # name what is stale, and exit with 1
python -m tests.generate rule-index schema  # some products only
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.generate.pages import ROOT
from tests.generate.products import PRODUCTS, Product, stale


def main(words: list[str]) -> int:
    """Write or check the products that are named, or all of them."""
    names = [word for word in words if word != "--check"]
    unknown = sorted({*names} - {product.name for product in PRODUCTS})
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(p.name for p in PRODUCTS)}")
        return 2
    products = [one for one in PRODUCTS if not names or one.name in names]
    return _check(products) if "--check" in words else _write(products)


def _check(products: list[Product]) -> int:
    with ThreadPoolExecutor(2) as pool:
        found = [path for paths in pool.map(stale, products) for path in paths]
    for path in found:
        print(f"{path.relative_to(ROOT)} is stale")
    print("run `make generate`" if found else "every generated file is up to date")
    return 1 if found else 0


def _write(products: list[Product]) -> int:
    start = time.monotonic()
    for product in products:
        changed = stale(product)
        for path, text in changed.items():
            print(f"{'removed' if text is None else 'written'}: {path.relative_to(ROOT)}")
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if changed and product.is_code:
            # This process has imported the old code, so a new one makes the rest.
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, "-m", "tests.generate", *sys.argv[1:]])
    print(f"every generated file is up to date, after {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
