"""Signed checkpoints leave the house by mail: to whom, and what such a mail says."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from trim.audit.anchors import name_of
from trim.audit.checkpoint import Sealed, newest, sealed
from trim.delivery.mail import Attachment, Mail
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotFound, Reason
from trim.domain.organisation import Organisation
from trim.store.tables import TrailCheckpoint
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.unit_of_work import UnitOfWork

_TEXT = """\
{name}: checkpoint {number} of the trail, fingerprint {fingerprint}.

Keep this mail. The two files are the signed text and its signature. Whoever holds them can tell later whether the
trail was changed, cut, or replaced by an older one. Put both into one folder, and have the trail checked with it:

  trim audit verify trail.txt --public-key trail.pub --anchors FOLDER

{name} : point de contrôle {number} du journal, empreinte {fingerprint}.

Conservez ce message. Les deux fichiers sont le texte signé et sa signature. Ils permettent de savoir plus tard si le
journal a été modifié, coupé ou remplacé par un plus ancien. Rangez-les dans un même dossier et faites vérifier le
journal par la commande ci-dessus.
"""


def set_auditors(uow: UnitOfWork, actor: Actor, *, now: datetime, addresses: Sequence[str]) -> tuple[str, ...]:
    """Set where checkpoints are mailed to; none stops the mails. Gives the addresses as they were understood.

    Raises InvalidInput (field `addresses`), Forbidden.
    """
    try:
        found = tuple(validate_email(one, check_deliverability=False).normalized for one in addresses)
    except EmailNotValidError as problem:
        reason = Reason("bad_address", "This is not a mail address.", "Ce n’est pas une adresse électronique.")
        raise InvalidInput({"addresses": reason}) from problem
    change_settings(uow, actor, now=now, values={"auditors_addresses": list(found)})
    return found


def checkpoint_of(uow: UnitOfWork, number: int | None = None) -> Sealed:
    """A checkpoint as it is sent out, the newest unless one is named. Raises NotFound."""
    row = newest(uow.session) if number is None else uow.session.get(TrailCheckpoint, number)
    if row is None:
        raise NotFound
    return sealed(row)


def checkpoint_mail(organisation: Organisation, made: Sealed) -> Mail | None:
    """The mail that takes a checkpoint to the auditors; None while no address is set."""
    if not organisation.auditors_addresses:
        return None
    name = name_of(made.number)
    # A demonstration says so wherever it shows itself (CARE 34).
    mark = "[Demonstration] " if organisation.demonstration else ""
    return Mail(
        to=organisation.auditors_addresses,
        subject=f"{mark}{organisation.name}: checkpoint {made.number}, {made.fingerprint}",
        text=_TEXT.format(name=organisation.name, number=made.number, fingerprint=made.fingerprint),
        attachments=(
            Attachment(f"{name}.txt", made.text.encode()),
            Attachment(f"{name}.sig", base64.b64decode(made.signature)),
        ),
    )
