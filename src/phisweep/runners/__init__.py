"""Where jobs run; runners know nothing of PHI."""
