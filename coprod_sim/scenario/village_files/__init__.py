"""Reading and writing files of villages: nothing in them is dropped, shifted or guessed without a word."""
