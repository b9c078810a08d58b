"""The county's money: its bill, its year, whom it pays and when, and the books (ODD 7.3.1)."""
