/** Saves a design: a new one, or a new version of one that was not ordered yet. */
import { troubleOf, useAct, type FieldProblem } from "@petplus/client";
import { useState } from "react";
import { useCurrency } from "../../cart/useCurrency";
import { WebBuilderCreateDocument, WebBuilderUpdateDocument, type BuilderDesignFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import type { Config } from "./config";

interface Saved {
  design: BuilderDesignFragment;
  /** The token by which it is put into a cart; null where it cannot be ordered. */
  quote: string | null;
}

interface Saving {
  save: (name: string, config: Config) => Promise<Saved | null>;
  isBusy: boolean;
  failure: string | undefined;
  fields: readonly FieldProblem[];
}

export function useSave(saved: BuilderDesignFragment | null): Saving {
  const { t } = useShopI18n();
  const { currency } = useCurrency();
  const create = useAct(WebBuilderCreateDocument);
  const update = useAct(WebBuilderUpdateDocument);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [fields, setFields] = useState<readonly FieldProblem[]>([]);

  async function send(name: string, config: Config) {
    if (saved !== null && saved.status === "DRAFT") {
      return (await update({ input: { id: saved.id, version: saved.version, name, config }, currency })).designUpdate;
    }
    return (await create({ input: { name, config, currency }, currency })).designCreate;
  }

  async function save(name: string, config: Config): Promise<Saved | null> {
    setBusy(true);
    setFailure(undefined);
    setFields([]);
    try {
      const result = await send(name, config);
      if ("design" in result) {
        const { quote } = result.design;
        return { design: result.design, quote: quote?.__typename === "Quote" ? quote.token : null };
      }
      setFields("fields" in result ? result.fields : []);
      setFailure(result.message);
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
    return null;
  }

  return { save, isBusy, failure, fields };
}
