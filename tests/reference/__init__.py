"""A plain reading of the ODD, object by object, that the fast model is compared with."""
