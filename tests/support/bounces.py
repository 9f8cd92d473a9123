"""Reports about mails that did not arrive, as mail servers write them (RFC 3462, RFC 3464)."""

from __future__ import annotations

from email.message import EmailMessage

_REPORT = """\
Return-Path: <>
Received: by mx.example.net (Postfix) id 4F2A11C0B5; Mon,  2 Mar 2026 02:20:11 +0000 (UTC)
Date: Mon,  2 Mar 2026 02:20:11 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: trim@support.example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="{boundary}"
Content-Transfer-Encoding: 8bit
Message-Id: <20260302022011.4F2A11C0B5@mx.example.net>

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net. Your message could not be delivered.

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4F2A11C0B5
Arrival-Date: Mon,  2 Mar 2026 02:20:10 +0000 (UTC)

{about}
--{boundary}
Content-Description: Undelivered Message
Content-Type: {returned}

{mail}
--{boundary}--
"""


def about(action: str = "failed", status: str = "5.1.1", address: str = "carol@example.org") -> str:
    """What a report says of one address."""
    return (
        f"Final-Recipient: rfc822; {address}\nOriginal-Recipient: rfc822;{address}\n"
        f"Action: {action}\nStatus: {status}\n"
        f"Remote-MTA: dns; mail.example.org\nDiagnostic-Code: smtp; 550 {status} <{address}>: no such mailbox\n"
    )


def report(mail: EmailMessage | str, *said: str, whole: bool = True, boundary: str = "4F2A11C0B5.1772418011") -> bytes:
    """A report about a mail, as it was sent or by its Message-ID alone; `whole` returns all of it, else its headers."""
    if isinstance(mail, str):
        text = (
            f"From: Trim <trim@support.example.org>\nTo: carol@example.org\nMessage-ID: <{mail}@support.example.org>\n"
        )
        text += "Subject: Something waits for you\n\nPlease sign in.\n"
    else:
        text = mail.as_bytes().decode("utf-8")
    if not whole:
        text = text.replace("\r\n", "\n").partition("\n\n")[0] + "\n"
    returned = "message/rfc822" if whole else "text/rfc822-headers"
    made = _REPORT.format(boundary=boundary, about="\n".join(said or (about(),)), returned=returned, mail=text)
    return made.encode("utf-8")
