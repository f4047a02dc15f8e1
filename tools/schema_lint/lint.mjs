/**
 * Checks the schema that clients see by GraphQL ESLint's presets `schema-recommended` and `schema-relay`:
 * `node lint.mjs SCHEMA`. Each finding is a line on standard output; the exit status is then 1.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildSchema, getNamedType, isInterfaceType, isObjectType } from "graphql";
import { LISTED_WITHOUT_NODE, UNPAGED, WITHOUT_ID } from "./exceptions.mjs";

const { "flat/schema-recommended": recommended, "flat/schema-relay": relay } = graphqlPlugin.configs;
const EDGES = "@graphql-eslint/relay-edge-types";
const IDS = "@graphql-eslint/strict-id-in-types";
const NODE = "Node";

const typesWithoutId = WITHOUT_ID.flatMap(({ types = [] }) => types);
const suffixesWithoutId = WITHOUT_ID.flatMap(({ suffixes = [] }) => suffixes);
const listedTypes = LISTED_WITHOUT_NODE.flatMap(({ types }) => types);
const unpagedFields = UNPAGED.flatMap(({ fields }) => fields);
const usedExceptions = new Set();

function findMessages(path) {
  const eslint = new ESLint({
    cwd: dirname(path),
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: [basename(path)],
        languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema: path } } },
        linterOptions: { noInlineConfig: true },
        plugins: { "@graphql-eslint": graphqlPlugin },
        rules: {
          ...recommended.rules,
          ...relay.rules,
          [IDS]: ["error", { exceptions: { types: typesWithoutId, suffixes: suffixesWithoutId } }],
        },
      },
    ],
  });
  return eslint.lintFiles([path]).then(([{ messages }]) => messages);
}

function isNode(type) {
  return type.name === NODE || type.getInterfaces?.().some(({ name }) => name === NODE);
}

/** Reads the places of a schema to which messages refer: what stands in a line. */
function placesByLine(schema) {
  const places = new Map();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!type.astNode?.loc || !(isObjectType(type) || isInterfaceType(type))) continue;
    places.set(type.astNode.name.loc.startToken.line, { type });
    for (const field of Object.values(type.getFields())) {
      const { startToken, endToken } = field.astNode.type.loc;
      for (let line = startToken.line; line <= endToken.line; line += 1) places.set(line, { type, field });
    }
  }
  return places;
}

function isException({ ruleId, line }, places) {
  if (ruleId !== EDGES) return false;
  const { type, field } = places.get(line) ?? {};
  if (field === undefined) {
    const listed = type && getNamedType(type.getFields().node?.type);
    if (!listedTypes.includes(listed?.name)) return false;
    usedExceptions.add(listed.name);
    return true;
  }
  // The rule allows no list but that of edges. Relay's specification does not ask for this: values may stand in lists.
  if (!isNode(getNamedType(field.type))) return true;
  if (type.name.endsWith("Connection") && field.name === "nodes") return true;
  const name = `${type.name}.${field.name}`;
  usedExceptions.add(name);
  return unpagedFields.includes(name);
}

function findUnused(schema) {
  const withoutId = typesWithoutId.filter((name) => {
    const type = schema.getType(name);
    return type === undefined || "id" in type.getFields();
  });
  const others = [...listedTypes, ...unpagedFields].filter((name) => !usedExceptions.has(name));
  return [...withoutId, ...others].map((name) => `exceptions.mjs: ${name} needs no exception`);
}

const path = resolve(process.argv[2]);
const schema = buildSchema(readFileSync(path, "utf8"));
const places = placesByLine(schema);
const found = (await findMessages(path))
  .filter((each) => !isException(each, places))
  .map(({ line, message, ruleId }) => `${basename(path)}:${line}: ${message.replace(/\s+/g, " ")} (${ruleId})`);
found.push(...findUnused(schema));
process.stdout.write(found.map((each) => `${each}\n`).join(""));
process.exitCode = found.length > 0 ? 1 : 0;
