/**
 * The grammar of the graph's own scalars in arguments and variables, the same as in `shared/graph/scalars.py` and
 * `shared/graph/datetimes.py`. The router checks it, so that a wrong value anywhere in a request stops all of it; the
 * value itself goes to the subgraphs as the client sent it.
 */
import { GraphQLError } from "graphql";
import { keepsDigits } from "./exact-numbers.mjs";

const DECIMAL = /^-?\d+(\.\d+)?$/;
const MOST_DIGITS = 28;
const MOST_DIGITS_OF_NUMBER = 15;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** RFC 3339 with upper-case letters. A value without an offset is taken as UTC. */
const DATE_TIME =
  /^(?<date>\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?<offset>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;
/** The calendar of Python ends there, in UTC too. */
const FIRST_MOMENT = Date.parse("0001-01-01T00:00:00Z");
const END_OF_TIME = Date.parse("+010000-01-01T00:00:00Z");

function isDecimal(value) {
  if (typeof value === "string") return DECIMAL.test(value) && value.replace(/\D/g, "").length <= MOST_DIGITS;
  return Number.isFinite(value) && digitsOf(value) <= MOST_DIGITS_OF_NUMBER;
}

/** The number of digits of a number that is written without an exponent. */
function digitsOf(number) {
  const [digits, exponent = "0"] = String(Math.abs(number)).split("e");
  return digits.replace(".", "").length + Math.abs(exponent);
}

/** Whether a day is in the calendar; `Date` turns the 30th of February into a day of March. */
function isDate(value) {
  if (typeof value !== "string" || !DATE.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return time >= FIRST_MOMENT && new Date(time).toISOString().startsWith(value);
}

function isDateTime(value) {
  const { date, offset } = (typeof value === "string" && DATE_TIME.exec(value)?.groups) || {};
  if (!date || !isDate(date)) return false;
  const time = Date.parse(offset ? value : `${value}Z`);
  return time >= FIRST_MOMENT && time < END_OF_TIME;
}

const SCALARS = new Map([
  ["Decimal", { accepts: isDecimal, grammar: 'a string of at most 28 digits, such as "12.50", or a number of 15' }],
  ["Date", { accepts: isDate, grammar: 'a date such as "2026-11-23"' }],
  [
    "DateTime",
    { accepts: isDateTime, grammar: 'an RFC 3339 date and time, such as "2026-11-23T08:00:00Z"' },
  ],
]);

function checked(name, value, node) {
  const { accepts, grammar } = SCALARS.get(name);
  if (!accepts(value)) throw new GraphQLError(`${name} must be ${grammar}.`, { nodes: node });
  return value;
}

function literalValue({ kind, value }) {
  if (kind === "StringValue") return value;
  return kind === "IntValue" || kind === "FloatValue" ? Number(value) : undefined;
}

/** Whether a rule of its own (`ExactNumbersRule`) refuses a literal. */
function isInexact({ kind, value }) {
  return (kind === "IntValue" || kind === "FloatValue") && !keepsDigits(value);
}

/** Gives the scalars of a schema their grammar. */
export function checkScalars(schema) {
  for (const name of SCALARS.keys()) {
    const scalar = schema.getType(name);
    if (scalar === undefined) continue;
    scalar.parseValue = (value) => checked(name, value);
    scalar.parseLiteral = (node) => (isInexact(node) ? null : checked(name, literalValue(node), node));
  }
  return schema;
}
