"""A site that only a passphrase opens; docs/encryption.md describes its files."""
