"""What the router keeps of documents: within bytes, whether they run or not, and used again."""

import json
import subprocess
from typing import Any

from petplus.local.node import ROUTER, find_node
from tests.router.servers import Testbed
from tests.support.waiting import TEST_TIMEOUT

# Plays the part of the gateway: parses and validates texts by the cache's hooks.
SCRIPT = """
import { buildSchema, parse, validate } from "graphql";
import { createDocumentCache } from "./gateway/document-cache.mjs";
const schemas = [buildSchema("type Query { a: Int }"), buildSchema("type Query { b: Int }")];
const { bytes, texts } = JSON.parse(process.argv[1]);
const cache = createDocumentCache(bytes);
function run(text, schema) {
  const done = { text: text.slice(0, 8) };
  let document;
  try {
    const parsed = cache.onParse({ params: { source: text }, setParsedDocument: (found) => (document = found) });
    if (document === undefined) {
      done.parsed = true;
      try { document = parse(text); } catch (error) { document = error; }
      parsed({ result: document });
    }
  } catch (error) { document = error; }
  if (document instanceof Error) return { ...done, error: true };
  let errors;
  const params = { schema, documentAST: document };
  const validated = cache.onValidate({ params, setResult: (found) => (errors = found) });
  if (errors === undefined) {
    done.validated = true;
    errors = validate(schema, document);
    validated({ result: errors });
  }
  return { ...done, errors: errors.length };
}
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const found = texts.map(({ text, schema, repeat }) => {
  if (!repeat) return run(text, schemas[schema ?? 0]);
  for (let n = 0; n < repeat; n += 1) run(text.replaceAll("NUMBER", n), schemas[0]);
  globalThis.gc();
  return process.memoryUsage().heapUsed - before;
});
console.log(JSON.stringify(found));
"""


def run(bytes_kept: int, *texts: dict[str, Any]) -> list[Any]:
    arguments = json.dumps({"bytes": bytes_kept, "texts": texts})
    command = [str(find_node().binary), "--expose-gc", "--input-type=module", "--eval", SCRIPT, arguments]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_document_is_parsed_and_validated_once_for_each_schema() -> None:
    first, again, other, back = run(
        10**6, {"text": "{ a }"}, {"text": "{ a }"}, {"text": "{ a }", "schema": 1}, {"text": "{"}
    )
    assert first == {"text": "{ a }", "parsed": True, "validated": True, "errors": 0}
    assert again == {"text": "{ a }", "errors": 0}
    assert other == {"text": "{ a }", "validated": True, "errors": 1}
    assert back == {"text": "{", "parsed": True, "error": True}


def test_documents_that_do_not_run_are_kept_too() -> None:
    found = run(10**6, *[{"text": text} for text in ("{", "{", "{ x }", "{ x }")])
    assert [("parsed" in each, "validated" in each) for each in found] == [
        (True, False),
        (False, False),
        (True, True),
        (False, False),
    ]
    assert [each.get("errors") for each in found] == [None, None, 1, 1]


def test_what_was_used_least_recently_goes_first() -> None:
    texts = ["{ a }", "{ b: a }", "{ a }", "{ c: a }", "{ a }", "{ b: a }"]
    # A document of these takes about a kilobyte: two of them are kept.
    found = run(2_400, *[{"text": text} for text in texts])
    assert ["parsed" in each for each in found] == [True, True, False, True, False, True]


def test_a_thousand_large_documents_that_do_not_run_stay_within_the_bytes() -> None:
    fields = " ".join(f"x{number}_NUMBER" for number in range(600))
    kept = 8 * 2**20
    [used] = run(kept, {"text": f"{{ {fields} }}", "repeat": 300})
    assert used < 1.5 * kept


def test_a_document_larger_than_the_cache_runs_and_is_not_kept() -> None:
    found = run(100, {"text": "{ a }"}, {"text": "{ a }"})
    assert [each["errors"] for each in found] == [0, 0]
    assert ["parsed" in each for each in found] == [True, True]


async def test_the_router_answers_repeated_documents_alike(testbed: Testbed) -> None:
    for query, codes in (
        ("{ me { id } }", None),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
    ):
        answers = [(await testbed.post(query)).json() for _ in range(3)]
        found = [[error["extensions"]["code"] for error in answer.get("errors", [])] for answer in answers]
        assert found == [[codes] if codes else []] * 3
