// Passkeys: fills the hidden field of a form and sends it. Pages that offer passkeys offer codes too.
