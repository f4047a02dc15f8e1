/** Has the editor of operations wrap long lines, which GraphiQL has no setting for. */
import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

export function WrappedLines() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => queryEditor?.updateOptions({ wordWrap: "on" }), [queryEditor]);
  return null;
}
