/** A table for wide screens, whose rows are cards on narrow ones. */
import type { ReactNode } from "react";
import "./Table.css";

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
}

interface TableProps<Row> {
  /** What the table holds, for readers of the page's structure; it is not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Rows that have just changed are marked for a moment. */
  isFresh?: (row: Row) => boolean;
}

export function Table<Row>({ caption, columns, rows, keyOf, isFresh }: TableProps<Row>) {
  return (
    <TableFrame caption={caption} columns={columns}>
      <tbody>
        {rows.map((row) => (
          <TableRow key={keyOf(row)} columns={columns} row={row} isFresh={isFresh?.(row) ?? false} />
        ))}
      </tbody>
    </TableFrame>
  );
}

interface TableFrameProps<Row> extends Pick<TableProps<Row>, "caption" | "columns"> {
  /** How many rows there are in all, where not all of them are in the page. */
  count?: number;
  children: ReactNode;
}

/** A table whose bodies are given, such as those of a long list that comes in parts. */
export function TableFrame<Row>({ caption, columns, count, children }: TableFrameProps<Row>) {
  return (
    <table className="table" aria-rowcount={count === undefined ? undefined : count + 1}>
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ header, isNumber }) => (
            <th key={header} scope="col" className={isNumber ? "table-number" : undefined}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

interface TableRowProps<Row> extends Pick<TableProps<Row>, "columns"> {
  row: Row;
  isFresh: boolean;
  /** The place of the row among all that there are, from 0, where not all of them are in the page. */
  place?: number;
}

export function TableRow<Row>({ columns, row, isFresh, place }: TableRowProps<Row>) {
  return (
    <tr className={isFresh ? "table-fresh" : undefined} aria-rowindex={place === undefined ? undefined : place + 2}>
      {columns.map(({ header, cell, isNumber }) => (
        <td key={header} data-label={header} className={isNumber ? "table-number" : undefined}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}
