"""The auditor's pages: who did what, without content; every look at one of them is itself in the trail."""

from flask import Blueprint

bp = Blueprint("auditor", __name__)
