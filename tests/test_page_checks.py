"""The page client's own rules: each catches the page that breaks it, and lets a good one pass."""

from __future__ import annotations

import pytest

from tests.page_checks import BrokenPage, check

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Report – Trim</title></head><body><main><h1>Report</h1>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="1">
<label for="a">Place</label><input id="a" name="a"><button>Send</button></form>{extra}</main></body></html>"""


def test_a_good_page_passes() -> None:
    check(GOOD.format(extra="<h2>More</h2><p>Nonetheless it works</p>"), "here")


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("<h1>Again</h1>", "2 h1"),
        ("<h3>Deep</h3>", "h3 right after h1"),
        ("<p id='a'>x</p>", "stands twice"),
        ("<p><div>x</div></p>", "invalid HTML"),
        ("<input name='b'>", "has no label"),
        ("<button></button>", "without words"),
        ("<a href='#gone'>x</a>", "leads to"),
        ("<p aria-describedby='gone'>x</p>", "leads nowhere"),
        ("<label for='r'>R</label><input type='radio' id='r' name='r'>", "no fieldset"),
        ("<form method='post' action='/y'></form>", "no csrf_token"),
        ("<form><button>x</button></form>", "without method"),
        ("<p style='color:red'>x</p>", "attribute style"),
        ("<p onclick='x()'>x</p>", "attribute onclick"),
        ("<script>x()</script>", "inline script"),
        ("<a href='javascript:x()'>x</a>", "policy forbids"),
        ("<img alt='' src='https://example.org/x.png'>", "foreign host"),
        ("<p>None</p>", "not filled in"),
        ("<p>{{ name }}</p>", "not filled in"),
        ("<p>%(name)s</p>", "not filled in"),
        ("<p>&lt;b&gt;bold&lt;/b&gt;</p>", "not filled in"),
    ],
)
def test_each_rule_catches_its_fault(extra: str, said: str) -> None:
    with pytest.raises(BrokenPage, match=said):
        check(GOOD.replace("{extra}", extra), "here")


@pytest.mark.parametrize("title", ["Trim", "Report", "Other – Trim"])
def test_the_title_is_the_heading_and_the_name(title: str) -> None:
    with pytest.raises(BrokenPage, match="title"):
        check(GOOD.format(extra="").replace("Report – Trim", title), "here")
