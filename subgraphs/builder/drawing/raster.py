"""Turns SVG into PNG in a process of its own, which reads requests from its standard input until that ends.

A request is a size in pixels and the SVG's length, each four bytes, and the SVG; an answer is the PNG's length and the
PNG. Run as a file, it imports nothing of the product and starts in a twentieth of a second.
"""

import struct
import sys

REQUEST = struct.Struct("!II")
ANSWER = struct.Struct("!I")


def main() -> None:
    """Answer requests until there are no more."""
    import resvg_py

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(REQUEST.size):
        size, length = REQUEST.unpack(header)
        svg = source.read(length).decode()
        # Letters are drawn as outlines, so no font is needed, and none of the machine's gets into a picture.
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True))
        sink.write(ANSWER.pack(len(png)) + png)
        sink.flush()


if __name__ == "__main__":
    main()
