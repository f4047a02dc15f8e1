"""Decodes an uploaded picture and encodes it anew, in a process of its own: from standard input to standard output.

A decoder is what an attacker aims at. So it has little memory and time, none of the shop's secrets, and leaves nothing
of what it was given but pixels: no metadata, such as where a photo was taken. The exit status says why there is no
picture. Run as a file, it imports nothing of the product.
"""

import io
import resource
import sys

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 16_000_000
SIDE = 256
"""Pixels each way of the picture that is kept."""
QUALITY = 85
CPU_SECONDS = 5
MEMORY_BYTES = 768 * 2**20
NO_PICTURE = 3
TOO_MANY_PIXELS = 4


class TooManyPixelsError(Exception):
    """The picture would take too much memory to decode."""


def normalise(content: bytes) -> bytes:
    """Return the middle of a picture as a small square JPEG; raises anything for what is no picture."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise TooManyPixelsError
        # JPEG is decoded at a fraction of its size where that is enough.
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(picture)
        pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        square = ImageOps.fit(pixels, (SIDE, SIDE))
        # A new picture has no metadata.
        kept = Image.new("RGB", (SIDE, SIDE), "white")
        kept.paste(square, mask=square.getchannel("A") if square.mode == "RGBA" else None)
    encoded = io.BytesIO()
    kept.save(encoded, "JPEG", quality=QUALITY, optimize=True)
    return encoded.getvalue()


def main() -> int:
    """Answer one request and return the exit status."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        encoded = normalise(sys.stdin.buffer.read())
    except TooManyPixelsError:
        return TOO_MANY_PIXELS
    except Exception:
        # Whatever a decoder raises, the client has sent something that is no picture.
        return NO_PICTURE
    sys.stdout.buffer.write(encoded)
    return 0


if __name__ == "__main__":
    sys.exit(main())
