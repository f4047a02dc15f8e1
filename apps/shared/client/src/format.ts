/** Money and times as the reader's language writes them. */

export interface Money {
  amount: string;
  currencyCode: string;
}

export interface Formats {
  money(money: Money): string;
  /** A day, such as 3 Dec 2026. */
  date(iso: string): string;
  /** A day of the calendar in UTC, in which reports are made. */
  day(iso: string): string;
  /** A day and the time of it. */
  dateTime(iso: string): string;
  /** A day and the time of it, to the millisecond. */
  exact(iso: string): string;
  /** A length of time, such as 850 ms or 1.4 secs. */
  duration(milliseconds: number): string;
  /** How long ago, in the largest unit that fits. */
  ago(iso: string, now?: number): string;
  number(value: number): string;
  /** A small number, such as a probability, to four places. */
  decimal(value: number): string;
  percent(share: number): string;
  /** A size, such as 3.4 MB. */
  bytes(value: number): string;
  country(code: string): string;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

type Unit = readonly [name: string, size: number];

const LENGTHS = [
  ["millisecond", 1],
  ["second", 1e3],
  ["minute", 6e4],
  ["hour", 36e5],
  ["day", 864e5],
] as const;

const SIZES = [
  ["byte", 1],
  ["kilobyte", 1e3],
  ["megabyte", 1e6],
  ["gigabyte", 1e9],
] as const;

/** Makes the formats of a language, such as `de`. */
export function createFormats(locale: string): Formats {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const exact = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const number = new Intl.NumberFormat(locale);
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const countries = new Intl.DisplayNames(locale, { type: "region" });

  /** A value in the largest of its units that fits. */
  function measured(value: number, units: readonly [Unit, ...Unit[]]): string {
    const [unit, size] = units.findLast(([, each]) => value >= each) ?? units[0];
    return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value / size);
  }

  return {
    // The text of an amount goes in whole: a float would round it.
    money: ({ amount, currencyCode }) =>
      new Intl.NumberFormat(locale, { style: "currency", currency: currencyCode }).format(
        amount as Intl.StringNumericLiteral,
      ),
    date: (iso) => date.format(new Date(iso)),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    exact: (iso) => exact.format(new Date(iso)),
    duration: (milliseconds) => measured(milliseconds, LENGTHS),
    ago(iso, now = Date.now()) {
      const seconds = (new Date(iso).getTime() - now) / 1_000;
      const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
      return relative.format(Math.trunc(seconds / length), unit);
    },
    number: (value) => number.format(value),
    decimal: (value) => decimal.format(value),
    bytes: (value) => measured(value, SIZES),
    percent: (share) => percent.format(share),
    country: (code) => countries.of(code) ?? code,
  };
}
