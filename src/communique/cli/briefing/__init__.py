"""A brief as a page: its words (`page`), and the same on a terminal, in HTML and on paper."""
