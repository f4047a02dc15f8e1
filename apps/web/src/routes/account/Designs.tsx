/** The customer's designs, each a way back into the builder. */
import { useGraph } from "@petplus/client";
import { Button, Empty, Loaded, buttonClass } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { WebAccountDesignsDocument, type DesignCardFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import "../catalogue/Page.css";

const PAGE = 12;

export function Designs() {
  const { t } = useShopI18n();
  const [first, setFirst] = useState(PAGE);
  const answer = useGraph(WebAccountDesignsDocument, { first, after: null });
  return (
    <Loaded answer={answer}>
      {({ me }) =>
        me?.designs?.nodes.length ? (
          <div className="stack">
            <ul className="catalogue-presets">
              {me.designs.nodes.map((design) => (
                <DesignCard key={design.id} design={design} />
              ))}
            </ul>
            {me.designs.pageInfo.hasNextPage && first < 96 && (
              <Button isBusy={answer.isStale} onClick={() => setFirst(first + PAGE)}>
                {t("account.more")}
              </Button>
            )}
          </div>
        ) : (
          <Empty title={t("account.noDesigns")}>
            <Link href="/" className={buttonClass({ look: "primary" })}>
              {t("account.start")}
            </Link>
          </Empty>
        )
      }
    </Loaded>
  );
}

function DesignCard({ design }: { design: DesignCardFragment }) {
  const { t, formats } = useShopI18n();
  const { id, name, config, previewUrl, price } = design;
  return (
    <li>
      <Link href={`/build/${config.product}?design=${id}`} className="catalogue-preset">
        {previewUrl && <img src={previewUrl} alt="" width="320" height="320" loading="lazy" />}
        <strong>{name}</strong>
        <span className="muted small">
          {t(`product.${config.product}`)} · {formats.money(price)}
        </span>
      </Link>
    </li>
  );
}
