/** A design of ours: as it is, or as a start for one's own. */
import { useAsk, useGraph } from "@petplus/client";
import { Button, ErrorPanel, Loaded, Skeleton, buttonClass, useToast } from "@petplus/ui";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useCart } from "../../cart/useCart";
import { useCurrency } from "../../cart/useCurrency";
import { ConfigDetails } from "../../config/ConfigDetails";
import { WebPresetPageDocument, WebPresetQuotedDocument, type WebPresetPageQuery } from "../../gql";
import { useShopI18n } from "../../i18n";
import { useGraphLanguage } from "../../layout/language";
import "./Page.css";

export function PresetPage({ id }: { id: string }) {
  const { currency } = useCurrency();
  const language = useGraphLanguage();
  const answer = useGraph(WebPresetPageDocument, { id, currency, language });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={2} height="16rem" />}>
      {({ preset }) => (preset ? <PresetDetails preset={preset} /> : <ErrorPanel error={answer.error} />)}
    </Loaded>
  );
}

function PresetDetails({ preset }: { preset: NonNullable<WebPresetPageQuery["preset"]> }) {
  const { t, formats } = useShopI18n();
  return (
    <article className="preset">
      <title>{preset.name}</title>
      {preset.previewUrl && (
        <img src={preset.previewUrl} alt={t("builder.pictureOf", { name: preset.name })} width="800" height="800" className="card" />
      )}
      <div className="stack">
        <p className="muted">
          {preset.product?.options.label ?? t(`product.${preset.config.product}`)} · {t(`category.${preset.category}`)}
        </p>
        <h1>{preset.name}</h1>
        {preset.price && <p className="preset-price">{formats.money(preset.price)}</p>}
        {preset.product && <p>{preset.product.description}</p>}
        <div className="row">
          <AddButton id={preset.id} />
          <Link href={`/build/${preset.config.product}?preset=${preset.id}`} className={buttonClass({})}>
            {t("preset.change")}
          </Link>
        </div>
        {preset.product && (
          <>
            <h2>{t("preset.details")}</h2>
            <ConfigDetails config={preset.config} options={preset.product.options} />
          </>
        )}
      </div>
    </article>
  );
}

/** Asks for a quote at the moment it is wanted, because quotes expire. */
function AddButton({ id }: { id: string }) {
  const { t } = useShopI18n();
  const ask = useAsk(WebPresetQuotedDocument);
  const { add } = useCart();
  const { currency } = useCurrency();
  const tell = useToast();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);

  async function addToCart(): Promise<void> {
    setBusy(true);
    try {
      const quote = (await ask({ id, currency })).preset?.quote;
      const isAdded = quote?.__typename === "Quote" && (await add(quote.token));
      if (isAdded) navigate("/cart");
      else tell(t("cart.noQuote"), "bad");
    } catch {
      tell(t("ui.trouble.failed"), "bad");
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button look="primary" isBusy={isBusy} onClick={() => void addToCart()}>
      {t("preset.add")}
    </Button>
  );
}
