"""How results are shown: tables in a terminal, figures."""
