"""Pictures of users: decoded and encoded anew, without metadata, shown by their address, and gone with the account."""

import asyncio
import base64
import io
import os
from collections import Counter
from typing import Any

import orjson
import pytest
from PIL import Image

from subgraphs.user.service import avatar_decoder, avatars, picture_decoding
from subgraphs.user.service.avatar_decoder import AvatarDecoder
from tests.support.accounts import PASSWORD, Account, log_in, open_account
from tests.support.apps import Served

UPLOAD = """mutation ($image: String!, $version: Int!) { avatarUpload(input: { image: $image, version: $version }) {
  __typename ... on AvatarUploadSuccess { user { avatarUrl version } } ... on Problem { code }
  ... on InvalidInputProblem { fields { path code } } ... on ConflictProblem { currentVersion }
} }"""
SET_URL = """mutation ($url: String, $version: Int!) { profileUpdate(input: { avatarUrl: $url, version: $version }) {
  ... on ProfileUpdateSuccess { user { avatarUrl version } }
} }"""
ME = "{ me { avatarUrl version } }"
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } } }"
CLOSE = """mutation ($password: String!) { accountDelete(input: { password: $password }) { __typename } }"""
RED, BLUE, GREEN = (250, 10, 10), (10, 10, 250), (10, 250, 10)
PLACE = b"48.2082 N"


def written(picture: Image.Image, form: str = "PNG", **more: Any) -> bytes:
    """Return the bytes of a picture."""
    encoded = io.BytesIO()
    picture.save(encoded, form, **more)
    return encoded.getvalue()


def square(color: tuple[int, ...] = RED) -> bytes:
    return written(Image.new("RGB", (300, 300), color))


@pytest.fixture
async def account(user: Served) -> Account:
    return await open_account(user)


@pytest.fixture
async def token(user: Served, account: Account) -> str:
    return str((await log_in(user, account))["accessToken"])


async def upload(user: Served, token: str | None, content: bytes, version: int = 1) -> Any:
    image = base64.b64encode(content).decode()
    return (await user.execute(UPLOAD, token, image=image, version=version)).data["avatarUpload"]


async def uploaded(user: Served, token: str, content: bytes, version: int = 1) -> str:
    """Upload a picture and return the path of its address."""
    answer = await upload(user, token, content, version)
    assert answer["__typename"] == "AvatarUploadSuccess", answer
    base, _, path = str(answer["user"]["avatarUrl"]).partition("/avatars/")
    assert base == f"http://127.0.0.1:{user.runtime.settings.port_of('user')}"
    return f"/avatars/{path}"


async def shown(user: Served, path: str) -> Image.Image:
    response = await user.client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(response.content))


def is_near(pixel: Any, color: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(pixel, color, strict=True))


async def test_a_picture_becomes_a_small_square_at_an_address_that_caches_keep(user: Served, token: str) -> None:
    wide = Image.new("RGB", (900, 300), BLUE)
    wide.paste(RED, (300, 0, 600, 300))
    path = await uploaded(user, token, written(wide))
    picture = await shown(user, path)
    assert (picture.size, picture.format) == ((256, 256), "JPEG")
    assert all(is_near(picture.getpixel(place), RED) for place in ((5, 5), (250, 128), (128, 250)))
    response = await user.client.head(path)
    assert response.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert (await user.execute(ME, token)).data["me"]["version"] == 2


async def test_photos_are_turned_upright_and_lose_their_metadata(user: Served, token: str) -> None:
    photo = Image.new("RGB", (300, 300), BLUE)
    photo.paste(RED, (0, 0, 300, 150))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, PLACE.decode()
    content = written(photo, "JPEG", exif=exif, comment=PLACE, quality=95)
    assert PLACE in content
    path = await uploaded(user, token, content)
    assert PLACE not in (await user.client.get(path)).content
    picture = await shown(user, path)
    # The camera was held upright: what it stored as the top is on the right.
    assert is_near(picture.getpixel((240, 128)), RED)
    assert is_near(picture.getpixel((16, 128)), BLUE)
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    "content",
    [
        written(Image.new("RGBA", (40, 40), (0, 0, 0, 0))),
        written(Image.new("LA", (40, 40), (0, 0))),
        written(Image.new("RGB", (1, 1), (255, 255, 255)), "WEBP"),
        written(Image.new("CMYK", (40, 40)), "JPEG"),
        written(Image.new("I;16", (40, 40), 65535)),
    ],
    ids=["transparent", "grey and transparent", "one pixel", "print colours", "16 bits"],
)
async def test_every_kind_of_picture_is_taken_and_transparency_becomes_white(
    user: Served, token: str, content: bytes
) -> None:
    picture = await shown(user, await uploaded(user, token, content))
    assert (picture.size, is_near(picture.getpixel((128, 128)), (255, 255, 255))) == ((256, 256), True)


async def test_another_picture_has_another_address_and_takes_the_place_of_the_first(user: Served, token: str) -> None:
    first = await uploaded(user, token, square(RED))
    assert await uploaded(user, token, square(RED), 2) == first
    second = await uploaded(user, token, square(BLUE), 3)
    assert first != second
    assert (await user.client.get(first)).status_code == 404
    assert is_near((await shown(user, second)).getpixel((0, 0)), BLUE)
    other = str((await log_in(user, await open_account(user)))["accessToken"])
    assert await uploaded(user, other, square(BLUE)) != second


async def test_an_address_elsewhere_and_null_remove_the_uploaded_picture(user: Served, token: str) -> None:
    for url in ("https://pictures.example/a.png", None):
        version = (await user.execute(ME, token)).data["me"]["version"]
        path = await uploaded(user, token, square(), version)
        changed = (await user.execute(SET_URL, token, url=url, version=version + 1)).data["profileUpdate"]["user"]
        assert changed == {"avatarUrl": url, "version": version + 2}
        assert (await user.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a nothing", "NO_PICTURE"),
        (written(Image.new("RGB", (10, 10)), "GIF"), "NO_PICTURE"),
        (written(Image.new("RGB", (10, 10)), "BMP"), "NO_PICTURE"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "NO_PICTURE"),
        (square()[:200], "NO_PICTURE"),
        (written(Image.new("1", (4001, 4000))), "TOO_MANY_PIXELS"),
        (b"", "EMPTY"),
        (bytes(avatars.LARGEST + 1), "TOO_LARGE"),
        (bytes(avatars.LARGEST + avatars.LARGEST // 4), "TOO_LARGE"),
    ],
    ids=["junk", "GIF", "BMP", "SVG", "cut off", "bomb", "empty", "a byte too large", "much too large"],
)
async def test_what_is_no_picture_or_too_large_is_refused_and_changes_nothing(
    user: Served, token: str, content: bytes, code: str
) -> None:
    path = await uploaded(user, token, square())
    before = (await user.execute(ME, token)).data
    answer = await upload(user, token, content, 2)
    assert answer == {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": "input.image", "code": code}],
    }
    assert (await user.execute(ME, token)).data == before
    assert is_near((await shown(user, path)).getpixel((0, 0)), RED)


async def test_what_is_not_base64_and_a_stale_version_are_refused_and_change_nothing(user: Served, token: str) -> None:
    bad = (await user.execute(UPLOAD, token, image="data:image/png;base64,AAAA", version=1)).data["avatarUpload"]
    assert bad["fields"] == [{"path": "input.image", "code": "INVALID_BASE64"}]
    stale = await upload(user, token, square(), 7)
    assert (stale["code"], stale["currentVersion"]) == ("VERSION_CONFLICT", 1)
    assert (await user.execute(ME, token)).data["me"] == {"avatarUrl": None, "version": 1}
    assert (await user.execute(UPLOAD, None, image="AAAA", version=1)).codes == ["UNAUTHENTICATED"]


async def test_names_that_nobody_was_given_show_nothing(user: Served, token: str) -> None:
    path = await uploaded(user, token, square())
    for wrong in ("/avatars/x.jpg", f"/avatars/{'0' * 32}.jpg", path.replace(".jpg", ".png"), path.upper()):
        assert (await user.client.get(wrong)).status_code == 404, wrong


async def test_uploads_are_limited_for_each_user(user: Served, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def decode(_content: bytes) -> tuple[int, bytes]:
        return 0, square()

    monkeypatch.setattr(avatar_decoder, "_decode", decode)
    for version in range(1, avatars.MOST_UPLOADS + 1):
        assert (await upload(user, token, square(), version))["__typename"] == "AvatarUploadSuccess"
    refused = await upload(user, token, square(), avatars.MOST_UPLOADS + 1)
    assert refused == {"__typename": "RateLimitedProblem", "code": "RATE_LIMITED"}
    other = str((await log_in(user, await open_account(user)))["accessToken"])
    assert (await upload(user, other, square()))["__typename"] == "AvatarUploadSuccess"


async def test_beyond_a_bound_uploads_are_told_to_come_again(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    decoding, done = asyncio.Event(), asyncio.Event()

    async def decode(_content: bytes) -> tuple[int, bytes]:
        decoding.set()
        await done.wait()
        return 0, b"a picture"

    monkeypatch.setattr(avatar_decoder, "_decode", decode)
    decoder = AvatarDecoder()
    waiting = [asyncio.create_task(decoder.normalise(b"")) for _ in range(avatar_decoder.MOST_IN_HAND)]
    await decoding.wait()
    monkeypatch.setattr(user.runtime.resource(avatars.Avatars), "_decoder", decoder)
    token = str((await log_in(user, await open_account(user)))["accessToken"])
    refused = await upload(user, token, square())
    assert refused == {"__typename": "UnavailableProblem", "code": "UNAVAILABLE"}
    done.set()
    assert await asyncio.gather(*waiting) == [b"a picture"] * len(waiting)
    assert (await upload(user, token, square()))["__typename"] == "AvatarUploadSuccess"


async def test_a_decoder_that_takes_too_long_is_ended_and_the_next_upload_is_taken(
    user: Served, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatar_decoder, "DECODE_SECONDS", 0.0)
    assert (await upload(user, token, square()))["code"] == "UNAVAILABLE"
    monkeypatch.undo()
    assert (await upload(user, token, square()))["__typename"] == "AvatarUploadSuccess"


async def test_a_decoder_has_little_memory_and_no_secrets(
    user: Served, token: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    program = tmp_path / "decoder.py"
    program.write_text(
        "import os, resource, runpy, sys\n"
        f"module = runpy.run_path({picture_decoding.__file__!r})\n"
        "def normalise(content):\n"
        "    limits = [resource.getrlimit(each)[0] for each in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]\n"
        "    return repr((limits, sorted(name for name in os.environ if 'PETPLUS' in name))).encode()\n"
        "module['main'].__globals__['normalise'] = normalise\n"
        "sys.exit(module['main']())\n"
    )
    monkeypatch.setenv("PETPLUS_SECRET_KEY", os.environ.get("PETPLUS_SECRET_KEY", "a secret of this test"))
    monkeypatch.setattr(picture_decoding, "__file__", str(program))
    found = await AvatarDecoder().normalise(b"")
    limits = [picture_decoding.CPU_SECONDS, picture_decoding.MEMORY_BYTES]
    assert found.decode() == repr((limits, []))


async def test_requests_for_pictures_are_limited_for_each_network(
    user: Served, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await uploaded(user, token, square())
    requests = user.runtime.resource(avatars.Avatars)._requests
    monkeypatch.setattr(requests, "_most", 3)
    answers = [await user.client.get(path) for _ in range(5)]
    assert Counter(each.status_code for each in answers) == {200: 3, 429: 2}
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_the_picture_is_exported_and_goes_with_the_account(user: Served, token: str) -> None:
    path = await uploaded(user, token, square(GREEN))
    document = orjson.loads((await user.execute(EXPORT, token)).data["accountExport"]["document"])
    content = base64.b64decode(document["avatar"]["content"])
    assert is_near(Image.open(io.BytesIO(content)).getpixel((0, 0)), GREEN)
    assert (await user.execute(CLOSE, token, password=PASSWORD)).data["accountDelete"]["__typename"] == (
        "AccountDeleteSuccess"
    )
    assert (await user.client.get(path)).status_code == 404
