"""`python -m phisweep`."""

from phisweep.cli import main

if __name__ == "__main__":
    main()
