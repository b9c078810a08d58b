"""How far apart two colours are to readers of common and of colour-blind vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

# What is seen of light by readers who lack one kind of cone (Machado, Oliveira and Fernandes, 2009; severity 1).
VISION = {
    "common": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
TO_XYZ = np.array(  # of light of sRGB
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ @ np.ones(3)


def lab(color: str, vision: str) -> NDArray[np.float64]:
    """A colour of sRGB in CIELAB (1976), as it is seen."""
    coded = np.array(to_rgb(color))
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(VISION[vision] @ light, 0, 1) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colors: list[str]) -> tuple[float, str, tuple[str, str]]:
    """The two colours that are least far apart, in ΔE of 1976, to whom, and which."""
    return min(
        (float(np.linalg.norm(lab(one, vision) - lab(other, vision))), vision, (one, other))
        for vision in VISION
        for one, other in combinations(colors, 2)
    )
