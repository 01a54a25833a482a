"""Durations, small and large numbers, and long texts as a person reads them."""

import math


def duration(seconds: float) -> str:
    """ "8 s", "3 min 05 s", "1 h 02 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def pace(seconds: float) -> str:
    """ "0.017 s", "1.5 s", "12 s": a time that may be short."""
    return f"{seconds:.2g} s" if seconds < 9.5 else duration(seconds)


def short(text: str, at_most: int = 40) -> str:
    """A long description cut to fit one line: to what stands before its first colon and space, if there is one."""
    head = text if len(text) <= at_most else text.partition(": ")[0]
    return head if len(head) <= at_most else head[: at_most - 1] + "…"


def two_to(exponent: int) -> str:
    """ "2²⁶"."""
    return f"2{_raised(exponent)}"


def scientific(value: float) -> str:
    """ "9.85 × 10⁻⁴"; 0 as "0", what is not finite as "∞"."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "∞"
    digits, _, power = f"{value:.2e}".partition("e")
    return f"{digits} × 10{_raised(int(power))}"


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
