/** Designs of ours that fit a filter, page after page. */
import { useGraph } from "@petplus/client";
import { Button, Empty, Loaded, Skeleton, buttonClass } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCurrency } from "../../cart/useCurrency";
import { WebPresetsDocument, type PresetCardFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { conditionsOf, type Search } from "./filter";

const PAGE = 12;

export function Presets({ search }: { search: Search }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  return (
    <div className="stack">
      {cursors.map((after, index) => (
        <PresetsFrom
          key={after}
          search={search}
          after={after}
          onMore={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : null}
        />
      ))}
    </div>
  );
}

interface FromProps {
  search: Search;
  after: string | null;
  /** Null where another page follows already. */
  onMore: ((cursor: string) => void) | null;
}

function PresetsFrom({ search, after, onMore }: FromProps) {
  const { t } = useShopI18n();
  const { currency } = useCurrency();
  const answer = useGraph(WebPresetsDocument, { ...conditionsOf(search), currency, first: PAGE, after });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={2} height="14rem" />}>
      {({ presets }) => {
        const end = presets?.pageInfo.hasNextPage ? presets.pageInfo.endCursor : null;
        return (
          <>
            {presets?.nodes.length === 0 && after === null ? (
              <NothingFits />
            ) : (
              <ul className="catalogue-presets">
                {presets?.nodes.map((preset) => (
                  <PresetCard key={preset.id} preset={preset} />
                ))}
              </ul>
            )}
            {onMore && end && (
              <div className="row" style={{ justifyContent: "center" }}>
                <Button onClick={() => onMore(end)}>{t("catalogue.more")}</Button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function NothingFits() {
  const { t } = useShopI18n();
  return (
    <Empty title={t("catalogue.none")}>
      <Link href="/" className={buttonClass({})}>
        {t("catalogue.reset")}
      </Link>
    </Empty>
  );
}

function PresetCard({ preset }: { preset: PresetCardFragment }) {
  const { t, formats } = useShopI18n();
  return (
    <li>
      <Link href={`/presets/${preset.id}`} className="catalogue-preset">
        {preset.previewUrl && <img src={preset.previewUrl} alt="" width="320" height="320" loading="lazy" />}
        <strong>{preset.name}</strong>
        <span className="muted small">
          {t(`product.${preset.config.product}`)}
          {preset.price && ` · ${formats.money(preset.price)}`}
        </span>
      </Link>
    </li>
  );
}
