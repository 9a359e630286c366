// Reloads the page when the session has ended, so that content does not stay on an unattended screen.
