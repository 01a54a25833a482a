"""Interatomic potentials for copper behind one form: the embedded-atom method, E = sum_i F(rho_i) + sum_ij phi / 2.

Source: PHYSICS section 2.
"""
