"""Plots of what a store holds, in one call each: a dyad over time, who stands where on an issue, a network.

plots.dyad(store, "RUS", "UKR")
plots.issue(store, "taiwan", filters=Filters(since="2022"))
plots.network(store).save("network.svg")

Numbers, intervals and changes are those of `communique.alignment`; pictures are drawn by Altair (the extra `notebook`).
"""

from communique.plots.dyads import dyad
from communique.plots.issues import issue
from communique.plots.networks import network
from communique.plots.plot import Plot

__all__ = ["Plot", "dyad", "issue", "network"]
