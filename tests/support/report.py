"""What the end of a run says: nothing that needed a database server or a browser may be left out in silence."""

from __future__ import annotations

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

from tests.support.missing import PREFIX, is_ci

#: A test with one of these marks proves something that the other tests do not.
GUARDED = ("browser", "postgresql")


class LeftOut:
    """Counts skipped tests: by what the machine lacks, and by guarded mark."""

    def __init__(self) -> None:
        self.lacking: Counter[str] = Counter()
        self.guarded: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called for every phase of every test; with xdist, in the process that collects the reports."""
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if PREFIX in reason:
            self.lacking[reason.partition(PREFIX)[2]] += 1
        for mark in GUARDED:
            if mark in report.keywords:
                self.guarded[mark] += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail the run where CI=true and a guarded test was skipped, for whatever reason it gave."""
        if is_ci() and self.guarded and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """One red line for each thing the machine lacks."""
        for reason, count in sorted(self.lacking.items()):
            terminalreporter.write_line(f"NOT TESTED: {count} tests left out. {reason}", red=True, bold=True)
        if is_ci():
            for mark, count in sorted(self.guarded.items()):
                terminalreporter.write_line(
                    f"FAILED: {count} tests marked {mark} were skipped, and CI=true.", red=True, bold=True
                )
