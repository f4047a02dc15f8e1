/** A screen asks for exactly what it shows: no field of its documents is there that the sources do not read. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Kind, parse, type SelectionSetNode } from "graphql";
import ts from "typescript";
import { expect, test } from "vitest";

const SOURCES = import.meta.dirname;
/** The compiler reads React and urql for it. */
const COMPILING_MS = 60_000;
const TYPES = join(SOURCES, "gql.ts");

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => join(SOURCES, name));
const options = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  skipLibCheck: true,
  types: [],
};
const service = ts.createLanguageService({
  getScriptFileNames: () => [...files, join(SOURCES, "..", "react-native.d.ts")],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => (ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined),
  getCurrentDirectory: () => SOURCES,
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});
const program = service.getProgram();
if (!program) throw new Error("The sources cannot be read.");
const checker = program.getTypeChecker();

/** The members of a type by name: through lists, and of each member of a union. */
function propertiesOf(type: ts.Type, name: string): ts.Symbol[] {
  if (type.isUnion()) return type.types.flatMap((each) => propertiesOf(each, name));
  const item = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (item) return propertiesOf(item, name);
  return [type.getProperty(name)].filter((each) => each !== undefined);
}

function isRead(property: ts.Symbol): boolean {
  const [declaration] = property.declarations ?? [];
  if (!declaration) return false;
  const found = service.findReferences(TYPES, declaration.getStart());
  return (found ?? []).some(({ references }) => references.some(({ fileName }) => fileName !== TYPES));
}

/** The fields of a document's own, without those of the fragments that it spreads, that nothing reads. */
function unreadIn(types: readonly ts.Type[], { selections }: SelectionSetNode, path: string): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return unreadIn(types, selection.selectionSet, path);
    const name = (selection.alias ?? selection.name).value;
    const own = `${path}.${name}`;
    const properties = types.flatMap((type) => propertiesOf(type, name));
    // The cache keeps each object by its id.
    const unread = name === "id" || properties.some((property) => isRead(property)) ? [] : [own];
    if (!selection.selectionSet) return unread;
    const inner = properties.map((property) => checker.getTypeOfSymbol(property)).map((type) => checker.getNonNullableType(type));
    return [...unread, ...unreadIn(inner, selection.selectionSet, own)];
  });
}

function unreadFields(text: string): string[] {
  const source = program?.getSourceFile(TYPES);
  const exported = source ? checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol) : [];
  return parse(text).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) return [];
    // The cache takes what a stream brings; its fragments are those of a query.
    if ("operation" in definition && definition.operation === "subscription") return [];
    const kind = definition.kind === Kind.FRAGMENT_DEFINITION ? "fragment" : definition.operation;
    const name = `${definition.name?.value}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    const symbol = exported.find((each) => each.name === name);
    if (!symbol) throw new Error(`codegen made no type ${name}.`);
    return unreadIn([checker.getDeclaredTypeOfSymbol(symbol)], definition.selectionSet, name);
  });
}

const SCREENS = join(SOURCES, "screens");
const documents = readdirSync(SCREENS).filter((name) => name.endsWith(".graphql"));

test("every field that a screen asks for is read", () => {
  expect(documents).toHaveLength(3);
  const unread = documents.flatMap((name) => unreadFields(readFileSync(join(SCREENS, name), "utf8")));
  expect(unread).toEqual([]);
}, COMPILING_MS);

test("a field that is asked for and not read is found", () => {
  // `refunded` is in no type of the screens, so nothing can read it.
  expect(unreadFields("fragment MobileOrderRow on Order { number refunded { amount } }")).toEqual([
    "MobileOrderRowFragment.refunded",
    "MobileOrderRowFragment.refunded.amount",
  ]);
}, COMPILING_MS);
