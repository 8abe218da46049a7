"""The expressions of HCL: their values, as far as a file alone decides them."""
