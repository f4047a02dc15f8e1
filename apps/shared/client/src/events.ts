/** Reads server-sent events of GraphQL over SSE, in its distinct connections mode. */

export interface ServerEvent {
  kind: string;
  data: string;
}

/** Parses a stream of bytes. Comments, the server's signs of life, are events of the kind `comment`. */
export async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (held + value).split("\n\n");
      held = blocks.pop() ?? "";
      for (const block of blocks) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ServerEvent {
  const event = { kind: "comment", data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event.kind = line.slice(6).trim();
    else if (line.startsWith("data:")) event.data += line.slice(5).trim();
  }
  return event;
}
