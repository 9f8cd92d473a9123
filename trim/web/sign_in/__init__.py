"""Signing in: Flask-Security does the protocol, our use cases keep the accounts, the locks and the trail."""
