"""Sources: files, folders, archives and streams to raw items.

A source is a function `(place, settings) -> Iterator[RawItem | Failure]` (`place.Place`, `files.Source`). Ours are
named in `files.OWN`; another package adds one for a suffix of its own by an entry point in the group
`communique.sources`, named by that suffix; docs/howto/sources.md shows one:

    [project.entry-points."communique.sources"]
    docx = "my_package:read_docx"
"""
