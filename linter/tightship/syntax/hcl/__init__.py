"""HCL, the language of bake files: attributes, blocks and expressions, each with its span."""
