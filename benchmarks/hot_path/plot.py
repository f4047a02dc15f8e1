"""Draws the figures as an SVG of bars, one group a request, readable on light and dark pages."""

from collections.abc import Mapping, Sequence
from html import escape

BAR, GAP, GROUP_GAP, LEFT, WIDTH = 16, 4, 34, 190, 760
COLORS = ("#0f766e", "#5eead4", "#99f6e4", "#94a3b8", "#f59e0b", "#6366f1", "#a5b4fc")


def bars(figures: Mapping[str, Mapping[str, float]], groups: Sequence[tuple[str, str]]) -> str:
    """Return an SVG: `figures` are milliseconds by contender and group, `groups` names and titles in order."""
    longest = max(value for each in figures.values() for value in each.values())
    lines, y = [], 28
    for name, title in groups:
        lines.append(f'<text x="0" y="{y}" class="title">{escape(name)}: {escape(title)}</text>')
        y += 10
        for color, (contender, each) in zip(COLORS, figures.items(), strict=False):
            length = each[name] / longest * (WIDTH - LEFT - 60)
            lines += [
                f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(contender)}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{color}" rx="2"/>',
                f'<text x="{LEFT + length + 6:.1f}" y="{y + 12}">{each[name]:.2f}</text>',
            ]
            y += BAR + GAP
        y += GROUP_GAP
    style = "text{font:12px system-ui,sans-serif;fill:#64748b}.title{font-weight:600}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - GROUP_GAP + 24}" role="img">'
    caption = (
        f'<text x="0" y="{y - GROUP_GAP + 18}">Milliseconds of the server\'s CPU a request; less is better.</text>'
    )
    return "\n".join([head, f"<style>{style}</style>", *lines, caption, "</svg>"]) + "\n"
