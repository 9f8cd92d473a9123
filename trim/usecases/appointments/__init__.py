"""Appointments that were agreed: noted with each contact, shown in calendars, sent as an invitation if wanted."""
