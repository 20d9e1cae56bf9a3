"""Following feeds, sitemaps and lists of articles: what is new in them is read, round after round.

lists.py       what is followed: addresses, from the command line or a list file
schedule.py    intervals, and when to try again what failed
looking.py     one look at a followed address: what it names is noted in the store
watcher.py     the rounds
"""
