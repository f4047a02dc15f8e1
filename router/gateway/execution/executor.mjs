/**
 * Executes clients' operations on the subgraphs: the gateway's `unifiedGraphHandler`.
 *
 * An operation is simplified (`operation.mjs`) and planned (`plan.mjs`), which is kept (`prepared.mjs`). The plan is run
 * (`fetches.mjs`), and the response completed (`completion.mjs`).
 */
import { filterInternalFieldsAndTypes } from "@graphql-tools/federation";
import { GraphQLError, GraphQLSchema, execute, getOperationAST, getVariableValues } from "graphql";
import { createAccessPolicy } from "../access.mjs";
import { viewerOf } from "../identity.mjs";
import { ROUTER_GRAPH, createNodes } from "../nodes.mjs";
import { checkScalars } from "../scalars.mjs";
import { complete } from "./completion.mjs";
import { Execution } from "./fetches.mjs";
import { createPlanner } from "./plan.mjs";
import { createPreparation } from "./prepared.mjs";

const INTERNAL_DIRECTIVES = ["authenticated", "requiresScopes", "tag"];
const ACCESS_SCALAR = "requiresScopes__Scope";

/** The schema that clients see: the supergraph without what is only the router's. */
export function clientSchema(supergraph) {
  const config = filterInternalFieldsAndTypes(supergraph).toConfig();
  const schema = new GraphQLSchema({
    ...config,
    types: config.types.filter(({ name }) => name !== ACCESS_SCALAR),
    directives: config.directives.filter(({ name }) => !INTERNAL_DIRECTIVES.includes(name)),
  });
  return checkScalars(schema);
}

/** The events of a subscription, each with what other subgraphs add to it. */
class Events {
  #source;
  #complete;

  constructor(source, complete) {
    this.#source = source[Symbol.asyncIterator]();
    this.#complete = complete;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    const { done, value } = await this.#source.next();
    return done ? { done, value: undefined } : { done, value: await this.#complete(value) };
  }

  async return() {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }
}

/** Makes the handler of one supergraph. */
export function unifiedGraphHandler({ unifiedGraph: supergraph, getUnifiedGraphSDL, onSubgraphExecute }) {
  const schema = clientSchema(supergraph);
  const text = getUnifiedGraphSDL();
  const prepare = createPreparation(schema, createPlanner(text, schema), createAccessPolicy(text, schema));
  const answerNodes = createNodes(text);
  const call = (service, request) =>
    service === ROUTER_GRAPH ? answerNodes(request) : onSubgraphExecute(service, request);

  function completed({ operation, introspection }, execution, variableValues) {
    const introspected = introspection && execute({ schema, document: introspection, variableValues }).data;
    const result = complete(schema, operation, execution.data, introspected);
    if (execution.unplaced.length === 0) return result;
    const unplaced = execution.unplaced.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
    return { ...result, errors: [...(result.errors ?? []), ...unplaced] };
  }

  async function subscribe(prepared, start) {
    const { fetch, rest } = prepared.plan;
    const source = await start().subscribe(fetch);
    if (!(Symbol.asyncIterator in source)) {
      const refused = start();
      refused.addRoot(fetch, source);
      return { errors: completed(prepared, refused).errors };
    }
    return new Events(source, async (event) => {
      const execution = start();
      execution.addRoot(fetch, event);
      if (rest) await execution.run(rest);
      return completed(prepared, execution);
    });
  }

  async function executor({ document, operationName, context, variables = {} }) {
    const node = getOperationAST(document, operationName);
    const { errors, coerced } = getVariableValues(schema, node.variableDefinitions ?? [], variables);
    if (errors) return { errors };
    const prepared = prepare(document, node, coerced, viewerOf(context));
    if (prepared.refusal) return prepared.refusal;
    const start = () => new Execution(call, { ...prepared.values, ...variables }, context);
    if (node.operation === "subscription" && prepared.plan) return subscribe(prepared, start);
    const execution = start();
    if (prepared.plan) await execution.run(prepared.plan);
    return completed(prepared, execution, variables);
  }

  return { unifiedGraph: schema, executor, getSubgraphSchema: () => supergraph };
}
