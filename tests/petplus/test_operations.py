"""docs/operations.md: the commands that stand in it work, in the order in which it gives them."""

import re
from pathlib import Path

from tests.petplus.test_events import broken, cells, parked, petplus, quiet
from tests.support.apps import Served

__all__ = ["broken", "quiet"]
TRIED_ELSEWHERE = "petplus keys certificates "
GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith(("petplus events ", TRIED_ELSEWHERE)) for line in lines)
    return [line.split()[2:] for line in lines if not line.startswith(TRIED_ELSEWHERE)]


async def test_the_commands_of_the_guide_find_and_mend_a_dead_event(broken: list[str], audit: Served) -> None:
    said = {}
    for words in commands():
        given = [broken[0] if word == "EVENT_ID" else word for word in words]
        status, lines = await petplus(*given)
        said[" ".join(words)] = lines
        # By then it is no longer dead, having been replayed by name.
        assert status == (1 if words == ["replay", "--all"] else 0), (words, lines)
    assert any("dead after 1 attempts" in line for line in said["show EVENT_ID"])
    assert cells(said["lag"], "│ audit ")[4:7] == ["1", "0", "1"]
    assert cells(said["dead"], broken[0])[2] == "dead"
    assert said["replay EVENT_ID"] == ["1 to be tried again in audit"]
    assert said["discard EVENT_ID --in audit"] == ["1 discarded in audit"]
    assert cells(said["lag --in audit"], "│ audit ")[4:7] == ["0", "0", "1"]
    assert await parked(audit) == 1


def test_the_words_of_the_guide_are_those_of_the_program() -> None:
    guide = GUIDE.read_text()
    folders = [GUIDE.parents[1] / name for name in ("shared", "subgraphs")]
    sources = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    sources += Path(GUIDE.parents[1], "petplus", "cli", "events.py").read_text()
    named = set(re.findall(r"petplus_[a-z_]+", guide)) | {"relay interrupted", "consumer interrupted", "on its way"}
    assert [word for word in sorted(named) if word not in sources] == []
