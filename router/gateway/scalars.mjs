/**
 * The grammar of the graph's own scalars in arguments and variables. The router checks it, so that a wrong value
 * anywhere in a request stops all of it; the value itself goes to the subgraphs as the client sent it.
 */
import { GraphQLError, Kind } from "graphql";

const DECIMAL = /^-?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** RFC 3339 with upper-case letters and an offset. */
const DATE_TIME =
  /^(?<date>\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** The calendar of Python ends there, in UTC too. */
const FIRST_MOMENT = Date.parse("0001-01-01T00:00:00Z");
const END_OF_TIME = Date.parse("+010000-01-01T00:00:00Z");

function isDecimal(value) {
  return typeof value === "string" ? DECIMAL.test(value) : Number.isFinite(value);
}

/** Whether a day is in the calendar; `Date` turns the 30th of February into a day of March. */
function isDate(value) {
  if (typeof value !== "string" || !DATE.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return time >= FIRST_MOMENT && new Date(time).toISOString().startsWith(value);
}

function isDateTime(value) {
  const date = typeof value === "string" && DATE_TIME.exec(value)?.groups.date;
  if (!date || !isDate(date)) return false;
  const time = Date.parse(value);
  return time >= FIRST_MOMENT && time < END_OF_TIME;
}

const SCALARS = new Map([
  ["Decimal", { accepts: isDecimal, grammar: 'a number, or a string such as "12.50"' }],
  ["Date", { accepts: isDate, grammar: 'a date such as "2026-11-23"' }],
  [
    "DateTime",
    { accepts: isDateTime, grammar: 'an RFC 3339 date and time with an offset, such as "2026-11-23T08:00:00Z"' },
  ],
]);

function checked(name, value, node) {
  const { accepts, grammar } = SCALARS.get(name);
  if (!accepts(value)) throw new GraphQLError(`${name} must be ${grammar}.`, { nodes: node });
  return value;
}

function parseLiteral(name, node) {
  // Whether a number keeps its digits is a rule of its own (`exact-numbers.mjs`).
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  if (isNumber && name === "Decimal") return Number(node.value);
  return checked(name, node.kind === Kind.STRING ? node.value : undefined, node);
}

/** Gives the scalars of a schema their grammar. */
export function checkScalars(schema) {
  for (const name of SCALARS.keys()) {
    const scalar = schema.getType(name);
    if (scalar === undefined) continue;
    scalar.parseValue = (value) => checked(name, value);
    scalar.parseLiteral = (node) => parseLiteral(name, node);
  }
  return schema;
}
