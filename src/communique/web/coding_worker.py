"""The process that codes texts for the page: settings first, then items come in, what they give goes out."""

from __future__ import annotations

import pickle

from communique.engines.children import own_pipes
from communique.engines.loading import load_coder
from communique.errors import CommuniqueError


def main() -> None:
    """Serve until standard input ends."""
    asked, answers = own_pipes()
    settings = pickle.load(asked)
    try:
        coder = load_coder(settings)
        while True:
            answers.write(pickle.dumps(next(coder.stream([pickle.load(asked)]))))
            answers.flush()
    except EOFError:
        return
    except CommuniqueError as error:
        answers.write(pickle.dumps(error))
        answers.flush()


if __name__ == "__main__":
    main()
