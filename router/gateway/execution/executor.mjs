/**
 * Executes clients' operations on the subgraphs: the gateway's `unifiedGraphHandler`.
 *
 * An operation is simplified (`operation.mjs`), planned (`plan.mjs`), run (`fetches.mjs`), and its response completed
 * (`completion.mjs`). What depends on the document alone is kept with it: one plan for each combination of conditions
 * and denied fields.
 */
import { filterInternalFieldsAndTypes } from "@graphql-tools/federation";
import { GraphQLError, GraphQLSchema, execute, getOperationAST, getVariableValues, isNonNullType } from "graphql";
import { createAccessPolicy } from "../access.mjs";
import { viewerOf } from "../identity.mjs";
import { checkScalars } from "../scalars.mjs";
import { complete } from "./completion.mjs";
import { Execution } from "./fetches.mjs";
import { Operation, conditionVariables } from "./operation.mjs";
import { createPlanner } from "./plan.mjs";

const MAX_PLANS_OF_DOCUMENT = 64;
const ACCESS_DIRECTIVES = ["authenticated", "requiresScopes"];
const ACCESS_SCALAR = "requiresScopes__Scope";

/** The schema that clients see: the supergraph without what is only the router's. */
export function clientSchema(supergraph) {
  const config = filterInternalFieldsAndTypes(supergraph).toConfig();
  const schema = new GraphQLSchema({
    ...config,
    types: config.types.filter(({ name }) => name !== ACCESS_SCALAR),
    directives: config.directives.filter(({ name }) => !ACCESS_DIRECTIVES.includes(name)),
  });
  return checkScalars(schema);
}

/** A plan of one operation, for certain conditions and denials. */
class Prepared {
  constructor(schema, plan, operation) {
    const text = operation.text();
    this.operation = operation;
    this.plan = text === undefined ? undefined : plan(text);
    this.introspection = operation.introspection();
    this.refusal = refusalOf(operation);
  }
}

/** The result of an operation that is refused whole: a field of its root is denied that must not be null. */
function refusalOf({ selection, rootType }) {
  const refused = selection.fieldsOf(rootType).find((each) => each.denial && isNonNullType(each.type));
  if (refused === undefined) return undefined;
  const { message, code } = refused.denial;
  return { data: null, errors: [new GraphQLError(message, { path: [refused.responseName], extensions: { code } })] };
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
  const plan = createPlanner(text, schema);
  const accessOf = createAccessPolicy(text, schema);
  const documents = new WeakMap();

  function prepare({ document, operationName }, node, conditions, viewer) {
    if (!documents.has(document)) {
      documents.set(document, { names: conditionVariables(document), access: accessOf(document), prepared: new Map() });
    }
    const { names, access, prepared } = documents.get(document);
    const values = Object.fromEntries(names.map((name) => [name, conditions[name]]));
    const { key: denials, denialOf } = access(viewer, node.operation);
    const key = JSON.stringify([operationName ?? null, values, denials]);
    if (!prepared.has(key)) {
      if (prepared.size >= MAX_PLANS_OF_DOCUMENT) prepared.delete(prepared.keys().next().value);
      prepared.set(key, new Prepared(schema, plan, new Operation(schema, document, node, values, denialOf)));
    }
    return prepared.get(key);
  }

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
    if (!(Symbol.asyncIterator in source)) return refused(prepared, fetch, source);
    return new Events(source, async (event) => {
      const execution = start();
      execution.addRoot(fetch, event);
      if (rest) await execution.run(rest);
      return completed(prepared, execution);
    });
  }

  /** The response to a subscription that its subgraph refused. */
  function refused(prepared, fetch, result) {
    const execution = new Execution(onSubgraphExecute, {}, undefined);
    execution.addRoot(fetch, result);
    return { errors: completed(prepared, execution).errors };
  }

  async function executor(request) {
    const { document, operationName, context, variables = {} } = request;
    const node = getOperationAST(document, operationName);
    const { errors, coerced } = getVariableValues(schema, node.variableDefinitions ?? [], variables);
    if (errors) return { errors };
    const prepared = prepare(request, node, coerced, viewerOf(context));
    if (prepared.refusal) return prepared.refusal;
    const start = () => new Execution(onSubgraphExecute, variables, context);
    if (node.operation === "subscription") return subscribe(prepared, start);
    const execution = start();
    if (prepared.plan) await execution.run(prepared.plan);
    return completed(prepared, execution, variables);
  }

  return { unifiedGraph: schema, executor, getSubgraphSchema: () => supergraph };
}
