"""The adversary: what anybody can work out about hidden cells from everything that was published.

Written apart from whatever hides the cells; the form of a release is the only thing that both know.
"""

from trim.statistics.attack.adversary import attack
from trim.statistics.attack.report import Line, NotAReport, Report, Verdict, from_json, in_words, to_json
from trim.statistics.attack.scopes import Malformed
from trim.statistics.attack.statements import Median, Order, Rate, Share, Statement
from trim.statistics.attack.system import Contradiction

__all__ = [
    "Contradiction",
    "Line",
    "Malformed",
    "Median",
    "NotAReport",
    "Order",
    "Rate",
    "Report",
    "Share",
    "Statement",
    "Verdict",
    "attack",
    "from_json",
    "in_words",
    "to_json",
]
