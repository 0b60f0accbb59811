"""Returned mail in the shapes that mail hosts give it, written by hand. `{to}` is our signed address."""

from __future__ import annotations

ORIGINAL = """\
From: The Friday Brief <brief@example.com>
To: ann@example.net
Subject: IWM or QQQ?
Message-ID: <abc@example.com>
List-Unsubscribe: <https://mail.example.com/leave/{token}>, <mailto:leave@example.com?subject={token}>
"""


def report(
    fields: str, *, to: str = "{to}", head: str = "", words: str = "It did not work.", kind: str = "delivery-status"
) -> str:
    return f"""\
Return-Path: <>
Delivered-To: {to}
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
{head}Content-Type: multipart/report; report-type={kind}; boundary="=_b"

--=_b
Content-Type: text/plain; charset=us-ascii

It did not work.

--=_b
Content-Type: message/{kind}

{fields}
--=_b
Content-Type: text/rfc822-headers

{ORIGINAL}
--=_b--
"""


POSTFIX = report(
    """\
Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4RqX2k1Yz9
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; ann@example.net
Original-Recipient: rfc822;ann@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx1.example.net
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.net>: Recipient address
    rejected: User unknown in virtual mailbox table
"""
)
POSTFIX_EXPIRED = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.net
Action: failed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mx1.example.net[192.0.2.1]:25: Connection timed out
"""
)
POSTFIX_DELAYED = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.net
Action: delayed
Status: 4.4.1
Will-Retry-Until: Tue, 1 Dec 2026 10:00:00 +0000
Diagnostic-Code: X-Postfix; connect to mx1.example.net[192.0.2.1]:25: Connection timed out
"""
)
EXIM = report(
    """\
Reporting-MTA: dns; exim.example.net

Action: failed
Final-Recipient: rfc822;ann@example.net
Status: 5.0.0
Remote-MTA: dns; mx1.example.net
Diagnostic-Code: smtp; 550 No such user here
""",
    head="X-Failed-Recipients: ann@example.net\n",
)
EXIM_OLD = """\
Return-Path: <>
Envelope-to: {to}
X-Failed-Recipients: ann@example.net
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.example.net>
To: {to}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@example.net
    Unrouteable address
"""
GMAIL = report(
    """\
Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; brief@example.com
Arrival-Date: Thu, 26 Nov 2026 02:00:00 -0800 (PST)
X-Original-Message-ID: <abc@example.com>

Final-Recipient: rfc822; ann@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550 5.1.1 Please try double-checking the recipient's email address.
Last-Attempt-Date: Thu, 26 Nov 2026 02:00:01 -0800 (PST)
"""
)
GMAIL_FULL = report(
    """\
Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ann@example.net
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space.
"""
)
MICROSOFT = report(
    """\
Reporting-MTA: dns;XY1PR01MB1234.example.prod.example.net
Received-From-MTA: dns;mail.example.com
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000

Original-Recipient: rfc822;ann@example.net
Final-Recipient: rfc822;ann@example.net
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.net not found by SMTP
X-Display-Name: Ann
"""
)
MICROSOFT_BLOCKED = report(
    """\
Reporting-MTA: dns;XY1PR01MB1234.example.prod.example.net

Final-Recipient: rfc822;ann@example.net
Action: failed
Status: 5.7.515
Diagnostic-Code: smtp;550 5.7.515 Access denied, EXAMPLE.COM doesn't meet the required authentication level.
"""
)
NULL_MX = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.net
Action: failed
Status: 5.4.4
Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error for example.net type=MX: Host not found
"""
)
DELIVERED = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.net
Action: delivered
Status: 2.0.0
"""
)
TWO = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; list@example.net
Action: expanded
Status: 2.0.0

Final-Recipient: rfc822; ann@example.net
Action: failed
Status: 5.1.1
"""
)
QMAIL = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@qmail.example.net
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
"""
COMPLAINT = report(
    """\
Feedback-Type: abuse
User-Agent: SomeFeedbackLoop/1.0
Version: 1
Original-Mail-From: <{to}>
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000
Reported-Domain: example.com
""",
    to="abuse@example.com",
    kind="feedback-report",
)
COMPLAINT_REDACTED = COMPLAINT.replace("Original-Mail-From: <{to}>\n", "")
NOT_SPAM = COMPLAINT.replace("Feedback-Type: abuse", "Feedback-Type: not-spam")
VACATION = """\
Return-Path: <ann@example.net>
Delivered-To: {to}
From: Ann <ann@example.net>
To: {to}
Subject: Out of office: IWM or QQQ?
Auto-Submitted: auto-replied

I am away until Monday. The user unknown to you is Bob.
"""
LEAVE = """\
From: Ann <ann@example.net>
To: leave@example.com
Subject: {token}

"""
