"""The page and the API: what a store holds, to be read, asked, corrected and shown in a browser or by programs."""
