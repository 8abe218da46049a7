"""From files to containers: one package for each language that declares them."""
