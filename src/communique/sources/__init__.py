"""Sources: files, folders and streams to raw items.

A source is a function `(path, settings) -> Iterator[RawItem | Failure]`. Ours are named in `files.OWN`; another
package adds one for a suffix of its own by an entry point in the group `communique.sources`, named by that suffix:

    [project.entry-points."communique.sources"]
    docx = "my_package:read_docx"
"""
