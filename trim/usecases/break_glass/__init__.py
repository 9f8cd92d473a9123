"""Break-glass: one case outside the own units, opened for hours and told to those whom it concerns (CARE 10, 15)."""
