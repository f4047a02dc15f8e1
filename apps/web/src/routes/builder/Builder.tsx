/** The builder at work: picture, form, price, and what is done with the design. */
import { useSessionState } from "@petplus/client";
import { Button, Failure, TextField, buttonClass, useFieldText, useToast } from "@petplus/ui";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { useCart } from "../../cart/useCart";
import "../../cart/Costs.css";
import type { BuilderDesignFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { ConfigForm } from "./ConfigForm";
import type { Config, Options } from "./config";
import { dropDraft, keepDraft, readDraft } from "./draft";
import type { Start } from "./Page";
import { Price } from "./Price";
import { usePrice } from "./usePrice";
import { useSave } from "./useSave";

export function Builder({ options, start }: { options: Options; start: Start }) {
  const { t } = useShopI18n();
  const product = options.label;
  const [draft] = useState(() => readDraft(start.source));
  const [config, setConfig] = useState<Config>(draft?.config ?? start.config);
  const [name, setName] = useState(draft?.name ?? start.name ?? t("builder.defaultName", { product }));
  const [saved, setSaved] = useState<BuilderDesignFragment | null>(start.design);
  const priced = usePrice(config);
  const picture = useLast(priced.price?.previewUrl) ?? start.previewUrl;

  useEffect(() => {
    if (config !== start.config) keepDraft(start.source, { name, config });
  }, [start, name, config]);

  function onSaved(design: BuilderDesignFragment): void {
    dropDraft(start.source);
    setSaved(design);
  }

  return (
    <div className="builder">
      <title>{t("builder.title", { product })}</title>
      <div className="builder-view">
        <h1>{t("builder.title", { product })}</h1>
        {picture && (
          <figure className="card" aria-busy={priced.isOld}>
            <img src={picture} alt={t("builder.pictureOf", { name })} width="800" height="800" />
          </figure>
        )}
      </div>
      <div className="stack">
        <ConfigForm config={config} options={options} refusals={priced.refusals} onChange={setConfig} />
        <Price priced={priced} />
        <Actions
          name={name}
          onName={setName}
          config={config}
          saved={saved}
          isRefused={priced.refusals.size > 0}
          onSaved={onSaved}
        />
      </div>
    </div>
  );
}

/** The last value there was: the picture stays while a choice is refused. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

interface ActionsProps {
  name: string;
  onName: (name: string) => void;
  config: Config;
  saved: BuilderDesignFragment | null;
  isRefused: boolean;
  onSaved: (design: BuilderDesignFragment) => void;
}

function Actions({ name, onName, config, saved, isRefused, onSaved }: ActionsProps) {
  const { t } = useShopI18n();
  const { status } = useSessionState();
  const [path, navigate] = useLocation();
  const tell = useToast();
  const textOf = useFieldText();
  const { add } = useCart();
  const { save, isBusy, failure, fields } = useSave(saved);
  const nameField = fields.find((each) => each.path === "input.name");

  async function saveAnd(isForCart: boolean): Promise<void> {
    const made = await save(name, config);
    if (made === null) return;
    onSaved(made.design);
    if (!isForCart) tell(t("builder.saved"));
    else if (made.quote !== null && (await add(made.quote))) navigate("/cart");
    else tell(t("cart.noQuote"), "bad");
  }

  if (status !== "signedIn") {
    const next = encodeURIComponent(`${path}${location.search}`);
    return (
      <div className="stack">
        <Link href={`/log-in?next=${next}`} className={buttonClass({ look: "primary" })}>
          {t("builder.logIn")}
        </Link>
        <p className="muted small">{t("builder.logInHint")}</p>
      </div>
    );
  }
  return (
    <div className="stack">
      <TextField
        label={t("builder.name")}
        value={name}
        error={nameField && textOf(nameField)}
        onChange={({ target }) => onName(target.value)}
      />
      {saved?.status === "ORDERED" && <p className="muted small">{t("builder.ordered")}</p>}
      <Failure text={failure} />
      <div className="row">
        <Button look="primary" isBusy={isBusy} disabled={isRefused} onClick={() => void saveAnd(true)}>
          {t("builder.add")}
        </Button>
        <Button isBusy={isBusy} disabled={isRefused} onClick={() => void saveAnd(false)}>
          {t("builder.save")}
        </Button>
      </div>
    </div>
  );
}
