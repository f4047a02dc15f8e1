/** The first page: products to start from, and designs of ours, by occasion and product. */
import { useGraph } from "@petplus/client";
import { Loaded, Skeleton, useDebounced } from "@petplus/ui";
import { Link, useSearchParams } from "wouter";
import { useCurrency } from "../../cart/useCurrency";
import { WebProductsDocument, type WebProductsQuery } from "../../gql";
import { useShopI18n } from "../../i18n";
import { useGraphLanguage } from "../../layout/language";
import { FilterForm } from "./FilterForm";
import { searchOf, type Search } from "./filter";
import { Presets } from "./Presets";
import "./Page.css";

export function CataloguePage() {
  const { t } = useShopI18n();
  const { currency } = useCurrency();
  const language = useGraphLanguage();
  const answer = useGraph(WebProductsDocument, { currency, language });
  const [params, setParams] = useSearchParams();
  const search = searchOf(params);
  const steady = { ...search, search: useDebounced(search.search) };

  function set(name: keyof Search, value: string): void {
    const next = new URLSearchParams(params);
    if (value === "") next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  }

  return (
    <div className="stack catalogue">
      <title>All Pet Plus</title>
      <header className="catalogue-intro">
        <h1>{t("catalogue.title")}</h1>
        <p>{t("catalogue.lead")}</p>
      </header>
      <section aria-labelledby="products">
        <h2 id="products">{t("catalogue.products")}</h2>
        <Loaded answer={answer} skeleton={<Skeleton lines={1} height="9rem" />}>
          {({ products }) => (
            <ul className="catalogue-products">
              {products.map((product) => (
                <ProductCard key={product.id} product={product} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <section aria-labelledby="presets" className="stack">
        <h2 id="presets">{t("catalogue.presets")}</h2>
        <FilterForm search={search} steady={steady} onChange={set} />
        <Presets key={JSON.stringify(steady)} search={steady} />
      </section>
    </div>
  );
}

function ProductCard({ product }: { product: WebProductsQuery["products"][number] }) {
  const { t, formats } = useShopI18n();
  return (
    <li>
      <Link href={`/build/${product.kind}`} className="catalogue-product">
        {product.previewUrl && <img src={product.previewUrl} alt="" width="128" height="128" />}
        <strong>{product.options.label}</strong>
        <span className="muted small">{t("catalogue.from", { price: formats.money(product.priceFrom) })}</span>
      </Link>
    </li>
  );
}
