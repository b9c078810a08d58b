"""`python -m coprod_sim`, the same as `coprod-sim`."""

import sys

from coprod_sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
