"""Does what is published follow from the published source, this code, these parameters, this environment?

Nothing in this package imports the numerical stack, except to say in a verdict which versions ran.
"""
