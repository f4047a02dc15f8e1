"""The broker: partitioned Redis Streams, one consumer group per subgraph, and the epochs that show when it forgot.

An aggregate's events share a partition, in the order of their publication. The broker holds nothing that the
outboxes could not give again. Each step that must not be torn is a Lua script, which Redis runs whole or not at all.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError
from redis.typing import KeyT, StreamIdT

PARTITIONS = 8
"""How many streams there are. It is fixed for the life of an installation: more would move aggregates."""

KEPT_SECONDS = 600
"""How long an entry stays in a stream after every group has done with it."""

_EPOCHS = "petplus:epochs"
_STREAMS = [f"petplus:events:{partition}" for partition in range(PARTITIONS)]
_NUMBERS = {stream.encode(): partition for partition, stream in enumerate(_STREAMS)}

_RUN = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')\n"

# An epoch is this run of the server and a nonce: a wipe or a restart (which may have lost the newest) ends it.
_EPOCH = (
    _RUN
    + """
local epoch = redis.call('HGET', KEYS[1], ARGV[1])
if epoch and string.sub(epoch, 1, #run) == run then return epoch end
return false
"""
)

_BEGIN_EPOCH = (
    _RUN
    + """
local epoch = run .. ':' .. ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], epoch)
return epoch
"""
)

_PUBLISH = (
    _RUN
    + """
local epoch = redis.call('HGET', KEYS[1], ARGV[1])
if epoch ~= ARGV[2] or string.sub(epoch, 1, #run) ~= run then return 0 end
for i = 3, #ARGV, 3 do
  redis.call('XADD', KEYS[ARGV[i] + 2], '*', 'type', ARGV[i + 1], 'event', ARGV[i + 2])
end
return 1
"""
)

# A group that comes late, after entries were trimmed, asks for all that is retained: it starts at the end of the
# stream, and the end of all epochs makes every relay publish again, oldest first.
_JOIN = """
for i = 2, #KEYS do
  local known, start = false, '0'
  if redis.call('EXISTS', KEYS[i]) == 1 then
    for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[i])) do
      if group[2] == ARGV[1] then known = true end
    end
    local info, stream = redis.call('XINFO', 'STREAM', KEYS[i]), {}
    for j = 1, #info, 2 do stream[info[j]] = info[j + 1] end
    if stream['entries-added'] ~= stream['length'] then start = '$' end
  end
  if not known then
    redis.call('XGROUP', 'CREATE', KEYS[i], ARGV[1], start, 'MKSTREAM')
    if start == '$' then redis.call('DEL', KEYS[1]) end
  end
end
"""

# New entries go to the pending list of the group's only consumer, and that list is read from its start. So the
# holder of the partition sees all that is unacknowledged in order, even what was read by a holder that died or lost it.
_READ = """
local function read(from)
  local command = {'GROUP', ARGV[1], ARGV[1], 'COUNT', ARGV[2], 'STREAMS'}
  for _, key in ipairs(KEYS) do command[#command + 1] = key end
  for _ in ipairs(KEYS) do command[#command + 1] = from end
  return redis.call('XREADGROUP', unpack(command))
end
read('>')
return read('0')
"""

_TRIM = """
local function parts(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(seq)
end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local least = ARGV[1]
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local about = {}
  for j = 1, #group, 2 do about[group[j]] = group[j + 1] end
  local first = about['last-delivered-id']
  if about['pending'] > 0 then first = redis.call('XPENDING', KEYS[1], about['name'])[2] end
  local ms, seq = parts(first)
  local least_ms, least_seq = parts(least)
  if ms < least_ms or (ms == least_ms and seq < least_seq) then least = first end
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', least)
"""


def partition_of(subject: str) -> int:
    """Return the partition of an aggregate: CRC-32 of its id, the same in every process and release."""
    return zlib.crc32(subject.encode()) % PARTITIONS


@dataclass(frozen=True)
class Entry:
    """One entry of a stream. `body` is the envelope as JSON, or None where the entry was deleted under us."""

    partition: int
    id: bytes
    type: str
    body: bytes | None


@dataclass(frozen=True)
class Message:
    """An event ready for the broker: the aggregate's id, the type, and the envelope as JSON."""

    subject: str
    type: str
    body: bytes


class GroupMissing(Exception):
    """The broker has forgotten the consumer group: join again."""


class Broker:
    """The streams, as relays and consumers use them. Every method raises RedisError while the broker is away."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        scripts = (_EPOCH, _BEGIN_EPOCH, _PUBLISH, _JOIN, _READ, _TRIM)
        registered = [redis.register_script(script) for script in scripts]
        self._epoch, self._begin_epoch, self._publish, self._join, self._read, self._trim = registered

    async def epoch(self, source: str) -> str | None:
        """Return the source's epoch; None says that what it published may be gone."""
        epoch: bytes | None = await self._epoch(keys=[_EPOCHS], args=[source])
        return None if epoch is None else epoch.decode()

    async def begin_epoch(self, source: str, nonce: str) -> str:
        """Begin an epoch of a source whose retained events all wait to be published again; returns its name."""
        epoch: bytes = await self._begin_epoch(keys=[_EPOCHS], args=[source, nonce])
        return epoch.decode()

    async def publish(self, source: str, epoch: str, messages: Iterable[Message]) -> bool:
        """Append messages, all or none; False says that the epoch has ended and nothing was appended."""
        args: list[str | int | bytes] = [source, epoch]
        for message in messages:
            args += (partition_of(message.subject), message.type, message.body)
        return bool(await self._publish(keys=[_EPOCHS, *_STREAMS], args=args))

    async def clear(self) -> None:
        """Forget all events, groups and epochs: relays publish what is retained again."""
        await self._redis.delete(_EPOCHS, *_STREAMS)

    async def join(self, group: str) -> None:
        """Make the group wherever it is missing."""
        await self._join(keys=[_EPOCHS, *_STREAMS], args=[group])

    async def read(self, group: str, partitions: Sequence[int], count: int) -> list[Entry]:
        """Return the oldest unacknowledged entries of some partitions, at most `count` of each, each in order."""
        try:
            replies = await self._read(keys=[_STREAMS[partition] for partition in partitions], args=[group, count])
        except ResponseError as error:
            raise _missing_group(error) from error
        return [_entry(_NUMBERS[stream], entry) for stream, entries in replies or () for entry in entries]

    async def wait(self, group: str, partitions: Sequence[int], count: int, seconds: float) -> list[Entry]:
        """Return new entries of some partitions as soon as there are any, or none after some seconds.

        Until they are acknowledged `read` returns them too, behind those that another holder has left.
        """
        streams: dict[KeyT, StreamIdT] = {_STREAMS[partition]: ">" for partition in partitions}
        longest = max(1, int(seconds * 1000))
        try:
            replies = await self._redis.xreadgroup(group, group, streams, count=count, block=longest)
        except ResponseError as error:
            raise _missing_group(error) from error
        return _raw_entries(cast("_Replies", replies or ()))

    async def acknowledge(self, group: str, entries: Iterable[Entry]) -> None:
        """Take entries off the pending list: their effects are committed."""
        ids: dict[int, list[bytes]] = {}
        for entry in entries:
            ids.setdefault(entry.partition, []).append(entry.id)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for partition, done in ids.items():
                pipeline.xack(_STREAMS[partition], group, *done)
            await pipeline.execute()

    async def trim(self, partition: int, kept_seconds: int = KEPT_SECONDS) -> None:
        """Drop entries that every group has done with and that are old enough."""
        seconds, _ = await self._redis.time()
        await self._trim(keys=[_STREAMS[partition]], args=[f"{(seconds - kept_seconds) * 1000}-0"])

    async def drop_handled(self) -> None:
        """Drop all entries that every group has done with, whatever their age."""
        for partition in range(PARTITIONS):
            await self.trim(partition, kept_seconds=0)

    async def lag(self, group: str, partition: int) -> int:
        """Return how many entries of a partition the group has yet to acknowledge."""
        try:
            groups = await self._redis.xinfo_groups(_STREAMS[partition])
        except ResponseError:
            return 0  # nothing was ever published there
        for about in groups:
            if about["name"] == group.encode():
                return int(about["lag"] or 0) + int(about["pending"])
        return 0

    async def newest(self, count: int) -> list[Entry]:
        """Return the newest entries of all partitions together, oldest first."""
        found = []
        for partition, stream in enumerate(_STREAMS):
            newest = cast("Sequence[_RawEntry]", await self._redis.xrevrange(stream, count=count) or ())
            found += [_raw_entry(partition, entry) for entry in newest]
        return sorted(found, key=_place)[-count:] if count else []

    async def after(self, last: Mapping[int, bytes], seconds: float) -> list[Entry]:
        """Wait up to some seconds for entries after the last ones seen by partition; of the others, for any at all."""
        streams: dict[KeyT, StreamIdT] = {
            stream: last.get(partition, b"0-0") for partition, stream in enumerate(_STREAMS)
        }
        replies = await self._redis.xread(streams, block=max(1, int(seconds * 1000)))
        return sorted(_raw_entries(cast("_Replies", replies)), key=_place)


_RawEntry: TypeAlias = tuple[bytes, dict[bytes, bytes]]
_Replies: TypeAlias = Sequence[tuple[bytes, Sequence[_RawEntry]]]
"""What Redis answers when streams are read: entries by stream."""


def _entry(partition: int, entry: tuple[bytes, list[bytes] | None]) -> Entry:
    number, fields = entry
    if fields is None:
        return Entry(partition, number, "", None)
    return Entry(partition, number, fields[1].decode(), fields[3])


def _raw_entries(replies: _Replies) -> list[Entry]:
    return [_raw_entry(_NUMBERS[stream], entry) for stream, entries in replies for entry in entries]


def _raw_entry(partition: int, entry: _RawEntry) -> Entry:
    number, fields = entry
    return Entry(partition, number, fields[b"type"].decode(), fields[b"event"])


def _place(entry: Entry) -> tuple[int, int]:
    milliseconds, _, sequence = entry.id.partition(b"-")
    return int(milliseconds), int(sequence)


def _missing_group(error: ResponseError) -> Exception:
    return GroupMissing() if "NOGROUP" in str(error) else error
