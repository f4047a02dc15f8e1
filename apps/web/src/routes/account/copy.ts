/** The copy of a customer's data, which comes page by page, as one document. */
import type { WebAccountExportMutation, WebAccountExportMutationVariables } from "../../gql";

type Answer = WebAccountExportMutation["accountExport"];
type Part = Extract<Answer, { document: string }>;
type Problem = Exclude<Answer, Part>;

const LISTS = ["designs", "orders", "experiments"] as const;
type List = (typeof LISTS)[number];

interface Copy {
  __typename: "Copy";
  filename: string;
  text: string;
}

function isPart(answer: Answer): answer is Part {
  return "document" in answer;
}

/** Asks until every list has come to its end. Returns the problem if there is one. */
export async function collect(ask: (cursors: WebAccountExportMutationVariables) => Promise<Answer>): Promise<Copy | Problem> {
  const found: Record<List, unknown[]> = { designs: [], orders: [], experiments: [] };
  let cursors: WebAccountExportMutationVariables = { designs: null, orders: null, experiments: null };
  for (;;) {
    const part = await ask(cursors);
    if (!isPart(part)) return part;
    for (const list of LISTS) found[list].push(...(part.user[list]?.nodes ?? []));
    const isComplete = LISTS.every((list) => !part.user[list]?.pageInfo.hasNextPage);
    if (isComplete) {
      const text = JSON.stringify({ account: JSON.parse(part.document) as unknown, ...found }, null, 2);
      return { __typename: "Copy", filename: part.filename, text };
    }
    // After the end of a list comes nothing.
    cursors = Object.fromEntries(
      LISTS.map((list) => [list, part.user[list]?.pageInfo.endCursor ?? cursors[list]]),
    ) as WebAccountExportMutationVariables;
  }
}

/** Has the browser keep a text as a file. */
export function download(filename: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
