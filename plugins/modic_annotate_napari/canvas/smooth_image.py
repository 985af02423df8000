"""An image visual with a cubic display filter that keeps grey values.

The filters that come with vispy take their weights from an 8-bit table whose sums are about
1.2 % too large (0.17), which shows as a change of brightness under a narrow window. Here the
weights are computed: Catmull-Rom, the cubic convolution of Keys (1981) with a = -1/2. Its weights
sum to one and it keeps the value at each pixel centre, so an endplate is smooth yet not blurred.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vispy.scene.visuals import create_visual_node
from vispy.visuals import ImageVisual
from vispy.visuals.shaders import Function

SMOOTH = "catrom"
"""The name of vispy's own Catmull-Rom filter, which this one replaces."""

PIXELS = "nearest"

_ROW = " + ".join(f"texture2D($texture, at + vec2({k}.0, 0.0) * step) * wx[{k}]" for k in range(4))
_ROWS = "".join(
    f"""
        at = first + vec2(0.0, {k}.0) * step;
        sum += ({_ROW}) * wy[{k}];"""
    for k in range(4)
)

_CATMULL_ROM = f"""
    vec4 catmull_rom_lookup(vec2 texcoord) {{
        if (texcoord.x < 0.0 || texcoord.x > 1.0 || texcoord.y < 0.0 || texcoord.y > 1.0) {{
            discard;
        }}
        vec2 step = 1.0 / $shape;
        vec2 texel = texcoord * $shape - 0.5;
        vec2 t = fract(texel);
        vec2 a = t * (-0.5 + t * (1.0 - 0.5 * t));
        vec2 b = 1.0 + t * t * (-2.5 + 1.5 * t);
        vec2 c = t * (0.5 + t * (2.0 - 1.5 * t));
        vec2 d = t * t * (-0.5 + 0.5 * t);
        vec4 wx = vec4(a.x, b.x, c.x, d.x);
        vec4 wy = vec4(a.y, b.y, c.y, d.y);
        vec2 first = (floor(texel) - 0.5) * step;
        vec2 at;
        vec4 sum = vec4(0.0);{_ROWS}
        return sum;
    }}
"""
"""Sixteen texels by weights computed from the place between them (GLSL 1.20)."""


class SmoothImageVisual(ImageVisual):  # type: ignore[misc]  # vispy is untyped
    """vispy's image with an exact Catmull-Rom filter in place of the tabulated one."""

    def _init_interpolation(
        self, interpolation_names: Sequence[str]
    ) -> tuple[tuple[str, ...], dict[str, Any]]:  # vispy's shader functions are untyped
        names, functions = super()._init_interpolation(interpolation_names)
        functions[SMOOTH] = Function(_CATMULL_ROM)
        return names, functions


SmoothImage = create_visual_node(SmoothImageVisual)
