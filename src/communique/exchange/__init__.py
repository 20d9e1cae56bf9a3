"""The formats of the field: what a store holds written as GDELT, ICEWS, POLECAT, PLOVER and others, and read from them.

    registry.format_of("icews")     a format by name: ours, and those of installed packages
    export.export(...)              what filters let through, in a format
    intake.take_in(...)             files of a format into a store

A format is a `Format` (formats.py); its columns stand in `data/fields/`. What it cannot carry is said by each export.
"""
