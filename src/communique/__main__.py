"""`python -m communique` is `communique`."""

from communique.cli.main import main

if __name__ == "__main__":
    main()
