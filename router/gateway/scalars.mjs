/**
 * The grammar of the graph's own scalars in arguments and variables, the same as that of the subgraphs
 * (`shared/graph/scalars.py`). The router checks it, so that a wrong value anywhere in a request stops all of it; the
 * value itself goes to the subgraphs as the client sent it.
 */
import { GraphQLError, Kind } from "graphql";
import { keepsDigits } from "./exact-numbers.mjs";

const DECIMAL = /^-?[0-9]+(?:\.[0-9]+)?$/;
const MAX_DIGITS = 28;
const MAX_DIGITS_OF_NUMBER = 15;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** RFC 3339 with upper-case letters; without an offset it is UTC. */
const DATE_TIME =
  /^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?<offset>Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?$/;
/** The calendar of Python ends there, in UTC too. */
const FIRST_MOMENT = Date.parse("0001-01-01T00:00:00Z");
const END_OF_TIME = Date.parse("+010000-01-01T00:00:00Z");

function countDigits(text) {
  return text.replace(/[^0-9]/g, "").length;
}

/** The digits of a number that is written without an exponent. */
function digitsOf(number) {
  const [mantissa, exponent] = String(number).split("e-");
  return countDigits(mantissa) + Number(exponent ?? 0);
}

function isDecimal(value) {
  if (typeof value === "string") return DECIMAL.test(value) && countDigits(value) <= MAX_DIGITS;
  return typeof value === "number" && Math.abs(value) < 1e15 && digitsOf(value) <= MAX_DIGITS_OF_NUMBER;
}

/** Whether a day is in the calendar; `Date` turns the 30th of February into a day of March. */
function isDate(value) {
  if (typeof value !== "string" || !DATE.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return time >= FIRST_MOMENT && new Date(time).toISOString().startsWith(value);
}

function isDateTime(value) {
  const { date, offset } = (typeof value === "string" && DATE_TIME.exec(value)?.groups) || {};
  if (!isDate(date)) return false;
  const time = Date.parse(offset ? value : `${value}Z`);
  return time >= FIRST_MOMENT && time < END_OF_TIME;
}

const SCALARS = new Map([
  [
    "Decimal",
    {
      accepts: isDecimal,
      grammar: `a string of at most ${MAX_DIGITS} digits such as "12.50", or a number of at most ${MAX_DIGITS_OF_NUMBER}`,
    },
  ],
  ["Date", { accepts: isDate, grammar: 'a date such as "2026-11-23"' }],
  ["DateTime", { accepts: isDateTime, grammar: 'an RFC 3339 date and time such as "2026-11-23T08:00:00Z"' }],
]);

function checked(name, value, node) {
  const { accepts, grammar } = SCALARS.get(name);
  if (!accepts(value)) throw new GraphQLError(`${name} must be ${grammar}.`, { nodes: node });
  return value;
}

function parseLiteral(name, node) {
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  if (!isNumber) return checked(name, node.kind === Kind.STRING ? node.value : undefined, node);
  const number = Number(node.value);
  // A number that loses digits has an error already.
  return keepsDigits(node.value) ? checked(name, number, node) : number;
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
