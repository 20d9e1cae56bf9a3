"""Full dates in numbers, and with the month names of other languages.

`03.04.2022` is day first, as everywhere where dots are written. `3/4/2022` is day first in Britain and month first in
America, and a sentence does not say which: if both readings are dates, what tense and publication rule out is dropped;
if both are left, the interval runs from the earlier to the later.
"""

from __future__ import annotations

import re

from communique.grounding import calendar as cal
from communique.grounding.setting import Reading, Setting

_MONTHS = {
    name: number
    for language in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    )
    for number, name in enumerate(language.split(), 1)
}
FOREIGN_MONTHS = tuple(_MONTHS)


def foreign(m: re.Match[str], s: Setting) -> Reading:
    """ "14 janvier 2022", "4 de marzo de 2021"."""
    d = cal.safe_date(int(m["y"]), _MONTHS[m["fmon"]], int(m["d"]))
    return (cal.day(d), False) if d else None


def numeric(m: re.Match[str], s: Setting) -> Reading:
    """A date in numbers with separators; the year comes first or last and may have two digits after slashes."""
    if m["y0"]:
        d = cal.safe_date(int(m["y0"]), int(m["a"]), int(m["b"]))
        return (cal.day(d), False) if d else None
    year = int(m["y1"]) if len(m["y1"]) == 4 else 2000 + int(m["y1"])
    day_first, month_first = (cal.safe_date(year, int(m[y]), int(m[x])) for x, y in (("a0", "b0"), ("b0", "a0")))
    found = sorted({d for d in (day_first, month_first if m["sep1"] == "/" else None) if d})
    if s.published and len(found) == 2:
        within = [
            d
            for d in found
            if not (s.tense == "past" and d > s.published) and not (s.tense == "future" and d < s.published)
        ]
        found = within or found
    return (cal.span(found[0], found[-1]), False) if found else None
