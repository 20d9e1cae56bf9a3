"""A client of the API that `communique serve` gives."""
