"""Turns SVG into PNG in a process of its own, which reads requests from its standard input until that ends.

A request is a size in pixels and the SVG's length, each four bytes, and the SVG; an answer is the PNG's length and the
PNG. Run as a file, it imports nothing of the product and starts in a twentieth of a second.
"""

import struct
import sys

REQUEST = struct.Struct("!II")
ANSWER = struct.Struct("!I")


def rasterise(svg: str, size: int) -> bytes:
    """Return a square drawing as PNG of so many pixels each way."""
    import resvg

    # Letters are drawn as outlines, so no font is needed, and none of the machine's gets into a picture.
    tree = resvg.usvg.Tree.from_str(svg, resvg.usvg.Options.default())
    scale = size / tree.int_size()[0]
    return resvg.render(tree, (scale, 0, 0, 0, scale, 0), bg_size=(size, size))


def main() -> None:
    """Answer requests until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(REQUEST.size):
        size, length = REQUEST.unpack(header)
        svg = source.read(length).decode()
        png = rasterise(svg, size)
        sink.write(ANSWER.pack(len(png)) + png)
        sink.flush()


if __name__ == "__main__":
    main()
