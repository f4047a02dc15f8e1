// @vitest-environment happy-dom
/** Components by what a reader meets: names, descriptions, states and keys. */
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Badge, Button, ChoiceField, Dialog, Empty, ErrorPanel, Funnel, Loaded, Skeleton, Table, TextField, ToastProvider, useToast } from ".";
import { createTranslate } from "./i18n";

afterEach(cleanup);

test("a busy button keeps its name, says that it works and ignores clicks", () => {
  const onClick = vi.fn();
  render(
    <Button isBusy onClick={onClick}>
      Save
    </Button>,
  );
  fireEvent.click(screen.getByRole("button", { name: /Save/ }));
  expect(onClick).not.toHaveBeenCalled();
  expect(screen.getByRole("status").getAttribute("aria-label")).toBe("Working");
});

test("a field is read out with its error and its hint", () => {
  render(<TextField label="E-mail" hint="For the receipt." error="Send a valid address." />);
  const input = screen.getByLabelText("E-mail");
  const described = (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
  expect([input.getAttribute("aria-invalid"), described]).toEqual(["true", ["Send a valid address.", "For the receipt."]]);
});

test("a choice shows which is chosen and tells of another", () => {
  const onChange = vi.fn();
  const options = [
    { value: "RED", text: "Red", swatch: "#f00" },
    { value: "BLUE", text: "Blue", swatch: "#00f" },
  ] as const;
  render(<ChoiceField label="Colour" value="RED" options={options} onChange={onChange} isSwatches />);
  const [red, blue] = within(screen.getByRole("radiogroup", { name: "Colour Red" })).getAllByRole("radio");
  expect((red as HTMLInputElement).checked).toBe(true);
  fireEvent.click(blue as HTMLElement);
  expect(onChange).toHaveBeenCalledExactlyOnceWith("BLUE");
});

test("a dialog is named by its title and closes by its button", () => {
  const onClose = vi.fn();
  render(
    <Dialog title="Refund" onClose={onClose}>
      <p>Really?</p>
    </Dialog>,
  );
  expect(screen.getByRole("dialog", { name: "Refund" }).hasAttribute("open")).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onClose).toHaveBeenCalledOnce();
});

test("a table has a caption, headers, and a label at each cell for narrow screens", () => {
  const columns = [
    { header: "Order", cell: (row: { id: string }) => row.id },
    { header: "Total", cell: () => "€5.00", isNumber: true },
  ];
  render(<Table caption="Orders" columns={columns} rows={[{ id: "AP-1" }]} keyOf={({ id }) => id} />);
  const table = screen.getByRole("table", { name: "Orders" });
  expect(within(table).getAllByRole("columnheader").map((each) => each.textContent)).toEqual(["Order", "Total"]);
  expect(within(table).getAllByRole("cell").map((each) => each.dataset["label"])).toEqual(["Order", "Total"]);
});

test("a toast is read out and leaves by its button", () => {
  function Saver() {
    const tell = useToast();
    return <Button onClick={() => tell("Saved.")}>Save</Button>;
  }
  render(
    <ToastProvider>
      <Saver />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByRole("status").textContent).toContain("Saved.");
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText("Saved.")).toBeNull();
});

test("a failure says what to do, and tries again", () => {
  const onRetry = vi.fn();
  render(<ErrorPanel error={new TypeError("Failed to fetch")} onRetry={onRetry} />);
  expect(screen.getByRole("alert").textContent).toContain("Check your connection");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("a query shows grey lines, then its data, and keeps them when they cannot be renewed", () => {
  const answer = { isLoading: true, isStale: false, refetch: () => undefined, error: undefined };
  const { rerender } = render(<Loaded answer={{ ...answer, data: undefined }}>{() => <p>Data</p>}</Loaded>);
  expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
  rerender(<Loaded answer={{ ...answer, data: {}, error: new TypeError() as never }}>{() => <p>Data</p>}</Loaded>);
  expect([screen.getByText("Data").textContent, screen.queryByRole("alert")]).toEqual(["Data", null]);
});

test("an empty list says what to do", () => {
  render(
    <Empty title="No orders yet">
      <a href="/">Look around</a>
    </Empty>,
  );
  expect(screen.getByRole("heading", { name: "No orders yet" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Look around" })).toBeTruthy();
});

test("a skeleton has as many lines as asked for, and a badge its tone", () => {
  render(<Skeleton lines={4} />);
  expect(screen.getByRole("status", { name: "Loading" }).children).toHaveLength(4);
  render(<Badge tone="good">Delivered</Badge>);
  expect(screen.getByText("Delivered").className).toContain("badge-good");
});

test("a message counts in the plural of its language and writes its numbers", () => {
  const message = { "cart.items": { one: "{count} item", other: "{count} items" } };
  const t = createTranslate(message, "en");
  expect([t("cart.items", { count: 1 }), t("cart.items", { count: 1200 }), t("unknown")]).toEqual(["1 item", "1,200 items", "unknown"]);
});

test("a funnel is a picture with a name, and a table with its numbers", () => {
  const stages = [
    { name: "Designed", count: 200, share: 1, shareOfPrevious: null },
    { name: "Ordered", count: 50, share: 0.25, shareOfPrevious: 0.25 },
  ];
  render(<Funnel title="From design to order" stages={stages} headers={["Stage", "People", "Share", "Of those before"]} />);
  expect(screen.getByRole("img", { name: "From design to order" })).toBeTruthy();
  const rows = within(screen.getByRole("table", { name: "From design to order" })).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual(["StagePeopleShareOf those before", "Designed200100%–", "Ordered5025%25%"]);
});
