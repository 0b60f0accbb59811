"""Mail that comes back: read from a mailbox, told apart, and put against the subscriber whose signed address it bears.

`sources` gives the mails of a Maildir or an IMAP box, `classify` says what one of them reports, `whose` whom it is
about, and `read` does what follows from that, once for each mail.
"""

from reportgen.delivery.bounces.read import Handled, Handler, Outcome, read_bounces
from reportgen.delivery.bounces.sources import ImapSource, MaildirSource, Source

__all__ = ["Handled", "Handler", "ImapSource", "MaildirSource", "Outcome", "Source", "read_bounces"]
