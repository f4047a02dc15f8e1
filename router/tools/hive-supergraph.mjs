/**
 * Composes the supergraph for Hive Router: `node tools/hive-supergraph.mjs --output FILE [--config supergraph.yaml]`.
 *
 * It is the gateway's, but for two things. The graph of `node` is left out, because it is the gateway itself that answers
 * it. And each field says what it costs, by the rules of `gateway/cost.mjs`, in the directives of the GraphQL Cost
 * Directive Specification (https://ibm.github.io/graphql-specs/cost-spec.html), which the engine adds up.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Kind, parse, visit } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { PAGED_FIELDS, PAGES } from "../gateway/cost.mjs";
import { runCommand } from "./command.mjs";
import { compose, readSubgraphSchemas } from "./compose.mjs";
import { writeOrCheck } from "./generated-file.mjs";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));
const LEAVES = [Kind.SCALAR_TYPE_DEFINITION, Kind.ENUM_TYPE_DEFINITION];
const CHANGING = ["Mutation", "Subscription"];
const IMPORTS = ["@cost", "@listSize"].map((value) => ({ kind: Kind.STRING, value }));
const { cost } = sharedLimits;

function directive(text) {
  return parse(`type T { f: Int ${text} }`).definitions[0].fields[0].directives[0];
}

const CHANGE = directive(`@cost(weight: ${cost.change})`);

function listSize(assumed, slicing, sized = []) {
  const named = Object.entries({ slicingArguments: slicing, sizedFields: sized }).filter(([, names]) => names.length > 0);
  const more = named.map(([argument, names]) => `, ${argument}: ${JSON.stringify(names)}`);
  return directive(`@listSize(assumedSize: ${assumed}${more.join("")}, requireOneSlicingArgument: false)`);
}

function namedType(type) {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function isList(type) {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}

/** What the size of a field's answer depends on; undefined for what is no list. */
function listSizeOf({ type, arguments: args = [] }, types) {
  const named = (names) => names.filter((each) => args.some(({ name }) => name.value === each));
  const kind = types.get(namedType(type));
  if (kind?.fields && PAGES.test(kind.name.value)) {
    const members = kind.fields.map(({ name }) => name.value).filter((each) => PAGED_FIELDS.includes(each));
    return listSize(cost.defaultPage, named(["first", "last"]), members);
  }
  if (!isList(type) || !kind || LEAVES.includes(kind.kind)) return undefined;
  if (named(["first"]).length > 0) return listSize(cost.defaultPage, ["first"]);
  return listSize(cost.unpagedList, named(["ids"]));
}

/** A schema whose fields say what they cost. */
function withCosts(typeDefs) {
  const types = new Map(typeDefs.definitions.filter(({ name }) => name).map((each) => [each.name.value, each]));
  function withDirectives({ name, fields = [] }, definition) {
    const changed = fields.map((field) => {
      const isPaged = PAGES.test(name.value) && PAGED_FIELDS.includes(field.name.value);
      const size = isPaged ? undefined : listSizeOf(field, types);
      const added = [...(CHANGING.includes(name.value) ? [CHANGE] : []), ...(size ? [size] : [])];
      return { ...field, directives: [...field.directives, ...added] };
    });
    return { ...definition, fields: changed };
  }
  return visit(typeDefs, {
    ObjectTypeDefinition: (node) => withDirectives(node, node),
    ObjectTypeExtension: (node) => withDirectives(node, node),
    Directive(node) {
      if (node.name.value !== "link" || !node.arguments[0].value.value.includes("federation/")) return undefined;
      const imports = (argument) => ({ ...argument, value: { ...argument.value, values: [...argument.value.values, ...IMPORTS] } });
      return { ...node, arguments: node.arguments.map((each) => (each.name.value === "import" ? imports(each) : each)) };
    },
  });
}

function main() {
  const { values } = parseArgs({
    options: {
      config: { type: "string", default: resolve(ROUTER, "supergraph.yaml") },
      output: { type: "string" },
    },
  });
  const services = readSubgraphSchemas(values.config);
  const supergraph = compose(services.map((each) => ({ ...each, typeDefs: withCosts(each.typeDefs) })));
  writeOrCheck(values.output, supergraph, { check: false });
}

await runCommand(main);
