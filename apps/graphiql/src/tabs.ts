/** The tabs of the first visit: one for each file of `tabs/`, in the order of their names, with its variables. */
import variables from "../tabs/variables.json";

const texts = import.meta.glob<string>("../tabs/*.graphql", { query: "?raw", import: "default", eager: true });

export const TABS = Object.entries(texts)
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(([path, query]) => {
    const given = (variables as Record<string, unknown>)[path.slice("../tabs/".length)];
    return { query, variables: given === undefined ? null : JSON.stringify(given, null, 2) };
  });
