/** The filters above a list. They work as they are changed, so there is nothing to send. */
import { SelectField, TextField } from "@petplus/ui";
import type { ReactNode } from "react";
import type { UrlFilter } from "../useUrlFilter";

export function Filters({ children }: { children: ReactNode }) {
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}

interface FilterProps {
  filter: UrlFilter;
  name: string;
  label: string;
}

/** `example` is shown as long as nothing is typed. */
export function TextFilter({ filter, name, label, example }: FilterProps & { example?: string | undefined }) {
  return (
    <TextField
      label={label}
      type="search"
      placeholder={example}
      value={filter.get(name)}
      onChange={({ target }) => filter.set(name, target.value)}
    />
  );
}

export function DayFilter({ filter, name, label }: FilterProps) {
  return <TextField label={label} type="date" value={filter.get(name)} onChange={({ target }) => filter.set(name, target.value)} />;
}

interface ChoiceFilterProps extends FilterProps {
  options: readonly (readonly [value: string, text: string])[];
  /** What stands for no choice; without it one of the options is always chosen. */
  any?: string;
}

export function ChoiceFilter({ filter, name, label, options, any }: ChoiceFilterProps) {
  return (
    <SelectField
      label={label}
      value={filter.get(name)}
      options={any === undefined ? options : [["", any], ...options]}
      onChange={({ target }) => filter.set(name, target.value)}
    />
  );
}
