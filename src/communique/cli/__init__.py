"""The command line: it parses what is asked, calls the library and renders the answer.

Nothing heavy is imported before a command runs, so that `communique --help` answers at once.
"""
