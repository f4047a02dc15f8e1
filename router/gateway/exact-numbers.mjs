/**
 * Numbers keep their digits or are refused. JavaScript reads a number as a double: `1e400` becomes Infinity, which JSON
 * writes as null, and further digits than about 16 are lost. A value that moves money may not change on its way, so
 * such a number is refused, and clients send it as a string.
 */
import { GraphQLError, getNamedType } from "graphql";

/** What a number that does not keep its digits has: 16 characters, or an exponent of three digits. */
const LONG_NUMBER = /(?:^|[:,[\s])-?(?:[\d.]{16}|[\d.]{1,15}[eE][+-]?\d{3})/;
const NUMBER = /^-?(?<whole>\d*)\.?(?<fraction>\d*)(?:[eE](?<exponent>[+-]?\d+))?$/;

/** The significant digits of a number, and the power of ten of the last one. */
function significantDigits(text) {
  const { whole, fraction, exponent = "0" } = NUMBER.exec(text).groups;
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "0" : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/**
 * Whether a double holds exactly the digits of a number.
 *
 * @param {string} source of the number, in JSON or in a GraphQL document
 */
export function keepsDigits(source) {
  const number = Number(source);
  return Number.isFinite(number) && significantDigits(source) === significantDigits(String(number));
}

/** The error of a number that a double does not hold. */
export function inexactNumber(nodes) {
  return new GraphQLError("A number has more digits than are kept, or is too large: send it as a string.", {
    nodes,
    extensions: { code: "BAD_USER_INPUT" },
  });
}

function refuseInexact(_key, value, { source }) {
  if (typeof value === "number" && !keepsDigits(source)) throw inexactNumber();
  return value;
}

/**
 * Parses JSON. Throws a GraphQLError for a number that a double does not hold.
 *
 * @param {string} text
 */
export function parseJson(text) {
  return LONG_NUMBER.test(text) ? JSON.parse(text, refuseInexact) : JSON.parse(text);
}

/** A validation rule: number literals keep their digits. Those of type ID are read as text and keep them anyway. */
export function ExactNumbersRule(context) {
  function checkNumber(node) {
    const type = context.getInputType();
    if (type && getNamedType(type).name === "ID") return;
    if (!keepsDigits(node.value)) context.reportError(inexactNumber(node));
  }
  return { IntValue: checkNumber, FloatValue: checkNumber };
}
