/**
 * Enforces `@authenticated` and `@requiresScopes` of the supergraph before anything is fetched, with the messages of
 * the subgraphs (`shared/graph/access.py`), which enforce them again.
 *
 * A denied field is replaced by `__typename` under its response name. The response keeps its shape, each denied field
 * becomes null with a coded error, and no subgraph is called for it. The directives must therefore stand on nullable
 * fields of objects or on root fields; a denied root field that is non-null rejects the whole operation. Tests hold
 * the schema to that.
 *
 * Of a mutation, only the root fields are checked here. The subgraphs check the fields below, because a mutation such
 * as logging in may have just authenticated the client.
 */
import { GraphQLError, TypeInfo, getOperationAST, isNonNullType, parse, visit, visitWithTypeInfo } from "graphql";
import { viewerOf } from "./identity.mjs";

/**
 * Reads which fields are protected.
 *
 * @returns {Map<string, string[][]>} by `Type.field`: the sets of scopes, one of which is required; empty when being
 *   logged in is enough
 */
export function readAccessPolicy(supergraph) {
  const found = new Map();
  for (const { kind, name, fields } of parse(supergraph, { noLocation: true }).definitions) {
    if (kind !== "ObjectTypeDefinition") continue;
    for (const field of fields ?? []) {
      const scoped = field.directives.find((each) => each.name.value === "requiresScopes");
      const sets = scoped?.arguments[0].value.values.map((set) => set.values.map((scope) => scope.value));
      if (sets !== undefined) found.set(`${name.value}.${field.name.value}`, sets);
      else if (field.directives.some((each) => each.name.value === "authenticated")) {
        found.set(`${name.value}.${field.name.value}`, []);
      }
    }
  }
  return found;
}

function denial(viewer, sets) {
  if (viewer.id === undefined) return { message: "Log in first.", code: "UNAUTHENTICATED" };
  if (sets.length === 0 || sets.some((set) => set.every((scope) => viewer.scopes.has(scope)))) return undefined;
  return { message: `This needs the scope \`${sets[0].join("` and `")}\`.`, code: "FORBIDDEN" };
}

function denialError({ message, code }, path) {
  return new GraphQLError(message, { path, extensions: { code } });
}

/**
 * Replaces the denied fields of a document.
 *
 * @returns {{document: object, denied: Map<string, object>, refusal?: object}} the document; the denials by
 *   `ParentType.responseName`; and the denial of a non-null root field
 */
function prune(schema, document, operation, viewer, policy) {
  const denied = new Map();
  const typeInfo = new TypeInfo(schema);
  const root = schema.getRootType(operation.operation);
  let refusal;
  const pruned = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        if (operation.operation === "mutation" && parent !== root) return undefined;
        const sets = parent && policy.get(`${parent.name}.${node.name.value}`);
        const fieldDenial = sets && denial(viewer, sets);
        if (!fieldDenial) return undefined;
        const name = (node.alias ?? node.name).value;
        if (parent === root && isNonNullType(typeInfo.getType())) refusal ??= { fieldDenial, name };
        denied.set(`${parent.name}.${name}`, fieldDenial);
        return {
          kind: "Field",
          alias: { kind: "Name", value: name },
          name: { kind: "Name", value: "__typename" },
          directives: node.directives,
        };
      },
    }),
  );
  return { document: pruned, denied, refusal };
}

/** The scopes that the protected fields of a document require. */
function requirementsOf(schema, document, policy) {
  const requirements = new Set();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const sets = policy.get(`${typeInfo.getParentType()?.name}.${node.name.value}`);
        if (sets) requirements.add(sets);
      },
    }),
  );
  return requirements;
}

/** Replaces each stand-in `__typename` by null, and adds an error for it. */
function replaceDenied(value, path, denied, names, errors) {
  if (Array.isArray(value)) {
    value.forEach((each, index) => replaceDenied(each, [...path, index], denied, names, errors));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      const fieldDenial = names.has(name) && typeof each === "string" && denied.get(`${each}.${name}`);
      if (fieldDenial) {
        value[name] = null;
        errors.push(denialError(fieldDenial, [...path, name]));
      } else {
        replaceDenied(each, [...path, name], denied, names, errors);
      }
    }
  }
}

function withDenials(result, denied) {
  if (!result?.data) return result;
  const names = new Set([...denied.keys()].map((key) => key.slice(key.indexOf(".") + 1)));
  const errors = [];
  const data = structuredClone(result.data);
  replaceDenied(data, [], denied, names, errors);
  return errors.length === 0 ? result : { ...result, data, errors: [...(result.errors ?? []), ...errors] };
}

/**
 * Enforces the access directives.
 *
 * @param {() => string | undefined} supergraph returns the supergraph in use
 */
export function useAccess(supergraph) {
  let text;
  let policy;
  let requirements;

  function refresh() {
    if (supergraph() === text) return;
    text = supergraph();
    policy = readAccessPolicy(text);
    requirements = new WeakMap();
  }

  /** Whether nothing must be pruned. The requirements are cached by document, so this is cheap for a repeated one. */
  function allowsEveryField(viewer, { schema, document }) {
    if (!requirements.has(document)) requirements.set(document, requirementsOf(schema, document, policy));
    for (const sets of requirements.get(document)) if (denial(viewer, sets)) return false;
    return true;
  }

  function restrict(args, setResultAndStop) {
    const viewer = viewerOf(args.contextValue);
    const operation = getOperationAST(args.document, args.operationName);
    refresh();
    if (!operation || allowsEveryField(viewer, args)) return undefined;
    const { document, denied, refusal } = prune(args.schema, args.document, operation, viewer, policy);
    if (denied.size === 0) return undefined;
    if (refusal) {
      setResultAndStop({ data: null, errors: [denialError(refusal.fieldDenial, [refusal.name])] });
      return undefined;
    }
    args.document = document;
    return denied;
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const denied = restrict(args, setResultAndStopExecution);
      return denied && { onExecuteDone: ({ result, setResult }) => setResult(withDenials(result, denied)) };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const denied = restrict(args, setResultAndStopExecution);
      return (
        denied && {
          onSubscribeResult: () => ({ onNext: ({ result, setResult }) => setResult(withDenials(result, denied)) }),
        }
      );
    },
  };
}
