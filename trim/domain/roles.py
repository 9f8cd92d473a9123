"""The roles a programme gives; a module of its own, because the table of confidentiality and the grants both ask it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The roles a programme gives, per programme and unit."""

    PRACTITIONER = "practitioner"
    COORDINATOR = "coordinator"
    PROGRAMME_LEAD = "programme_lead"
    REPORTER = "reporter"
    HR = "hr"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
