/** Forms: what they send, one submission at a time, and the sentences for what was refused. */
import { byField, isProblem, troubleOf, type FieldProblem, type Problem } from "@petplus/client";
import { useState, type FormEvent } from "react";
import { useI18n, type UiKey } from "./i18n";

type Fields = ReadonlyMap<string, FieldProblem>;

export interface Form {
  isBusy: boolean;
  /** What is wrong with the form as a whole. */
  failure: string | undefined;
  /** What is wrong with one field. */
  errorOf: (path: string) => string | undefined;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

type Outcome = { __typename: string };

/** The texts of a form's inputs, by name. */
export function valuesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** The sentence for a refused field: the language's own where it has one, else the graph's. */
export function useFieldText(): (field: FieldProblem) => string {
  const { t } = useI18n();
  return ({ code, message }) => {
    const key = `invalid.${code}`;
    const text = t(key as UiKey);
    return text === key ? message : text;
  };
}

/**
 * A form that sends its values by `send`. `onProblem` may give a sentence of its own for a problem, and `onDone` gets
 * any other result.
 */
export function useForm<Result extends Outcome>(
  send: (values: Record<string, string>) => Promise<Result>,
  onDone: (result: Exclude<Result, Problem>) => void,
  onProblem: (problem: Problem) => string | undefined = () => undefined,
): Form {
  const { t } = useI18n();
  const textOf = useFieldText();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [fields, setFields] = useState<Fields>(new Map());

  function refuse(problem: Problem): void {
    setFields(byField(problem.fields));
    setFailure(onProblem(problem) ?? (problem.fields?.length ? undefined : problem.message));
  }

  async function submit(form: HTMLFormElement): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    setFields(new Map());
    try {
      const result = await send(valuesOf(form));
      if (isProblem(result)) refuse(result as unknown as Problem);
      else onDone(result as Exclude<Result, Problem>);
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
  }

  return {
    isBusy,
    failure,
    errorOf(path) {
      const field = fields.get(path);
      return field && textOf(field);
    },
    onSubmit(event) {
      event.preventDefault();
      if (!isBusy) void submit(event.currentTarget);
    },
  };
}
