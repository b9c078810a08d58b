"""A site's rooms, kitchen and money (ODD 7.3.6, 7.4.4, 7.4.5)."""
