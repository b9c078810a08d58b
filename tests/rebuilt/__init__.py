"""Three submodels rebuilt from the ODD once more, each in another way than rules and textbook, and compared with both.

What differed at first stands in docs/verification.md.
"""
