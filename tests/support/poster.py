"""A worker as a process of its own that is killed between the mail server's 250 and its own mark.

Run as `python -m tests.support.poster DATABASE KEYS SMTP NOW`; it sends what is due and ends by SIGKILL after the first
mail that the server took.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trim.delivery.mail import Mail, SmtpPost
from trim.usecases.delivery.send_due import send_due
from trim.usecases.opening import open_backend


@dataclass(frozen=True)
class DeadlyPost:
    """Hands a mail over for real, and dies before anybody hears that it was taken."""

    post: SmtpPost

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Send and die."""
        self.post.send(mail, now=now)
        os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, keys: str, smtp: str, now: str) -> None:
    """Send what is due at an instant in ISO 8601."""
    backend = open_backend(database, Path(keys))
    post = DeadlyPost(SmtpPost(smtp, "trim@support.example.org", patience=5))
    send_due(backend, post, now=datetime.fromisoformat(now), base_url="https://support.example.org", worker="doomed")


if __name__ == "__main__":
    main(*sys.argv[1:])
