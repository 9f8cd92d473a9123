"""Headers that keep other sites, caches and scripts away from what people have said."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_ALWAYS = {
    "Content-Security-Policy": POLICY,
    # Addresses hold case references: no other site may learn one from a link.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOR_GOOD = "public, max-age=31536000, immutable"


def init_security_headers(app: Flask) -> None:
    """Add the headers to every answer, errors included."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Set all headers; a page may only have made them stricter before, so its own policy is kept."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and response.status_code < 400:
        _cache_static(response)
    elif request.endpoint != "feed.read" or response.status_code >= 400:
        # A calendar client keeps what it was given and asks whether anything is new; the view says so. All else is
        # kept nowhere. A shared computer in a station: the back button must not show a case after signing out.
        response.headers["Cache-Control"] = "no-store"
    return response


def _cache_static(response: Response) -> None:
    """A file asked for with its version never changes; scripts that modules import come without one and are checked."""
    response.headers["Cache-Control"] = _FOR_GOOD if request.args.get("v") else "no-cache"
