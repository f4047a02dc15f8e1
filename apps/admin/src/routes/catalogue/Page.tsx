/** What the shop sells: the products, and the designs of ours that it offers. */
import { useAct, useGraph } from "@petplus/client";
import { Badge, Button, Dialog, Failure, Loaded, SelectField, Skeleton, Table, TextField, useDebounced, useForm, useToast, type Column } from "@petplus/ui";
import { useState } from "react";
import {
  AdminPresetArchiveDocument,
  AdminPresetListDocument,
  AdminPresetUpdateDocument,
  AdminProductListDocument,
  type AdminProductListQuery,
  type PresetCategory,
  type PresetRowFragment,
  type PresetSort,
  type ProductKind,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, Filters, TextFilter } from "../../list/Filters";
import { PAGE, PagedList } from "../../list/PagedList";
import { useResult } from "../../useResult";
import { CURSOR, oneOf, useUrlFilter, type UrlFilter } from "../../useUrlFilter";
import "./Page.css";

type Product = AdminProductListQuery["products"][number];

const CATEGORIES: readonly PresetCategory[] = ["EVERYDAY", "OUTDOOR", "ELEGANT", "SEASONAL", "PLAYFUL", "LITTLE_ONES"];
const KINDS: readonly ProductKind[] = ["COLLAR", "HARNESS", "LEASH", "TAG", "BED", "BOWL", "BANDANA"];
const SORTS: readonly PresetSort[] = ["SHOP", "NAME", "NEWEST", "POPULAR"];

export function CataloguePage() {
  const { t } = useAdminI18n();
  return (
    <div className="stack">
      <title>{t("catalogue.title")}</title>
      <h1>{t("catalogue.title")}</h1>
      <Products />
      <Presets />
    </div>
  );
}

function Products() {
  const { t, formats } = useAdminI18n();
  const answer = useGraph(AdminProductListDocument, {});
  const columns: readonly Column<Product>[] = [
    { header: t("catalogue.product"), cell: ({ title, previewUrl }) => <Pictured text={title} url={previewUrl} /> },
    { header: t("catalogue.kind"), cell: ({ kind }) => t(`product.${kind}`) },
    { header: t("catalogue.handle"), cell: ({ handle }) => <code>{handle}</code> },
    { header: t("catalogue.from"), cell: ({ priceFrom }) => formats.money(priceFrom), isNumber: true },
    {
      header: t("catalogue.onSale"),
      cell: ({ active }) => <Badge tone={active ? "good" : "plain"}>{t(active ? "catalogue.yes" : "catalogue.no")}</Badge>,
    },
  ];
  return (
    <section className="card stack" aria-labelledby="products">
      <h2 id="products">{t("catalogue.products")}</h2>
      <Loaded answer={answer} skeleton={<Skeleton lines={7} height="2rem" />}>
        {({ products }) => <Table caption={t("catalogue.products")} columns={columns} rows={products} keyOf={({ id }) => id} />}
      </Loaded>
    </section>
  );
}

function Pictured({ text, url }: { text: string; url: string | null }) {
  return (
    <span className="pictured">
      {url && <img src={url} alt="" width="40" height="40" loading="lazy" />}
      {text}
    </span>
  );
}

function Presets() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const search = useDebounced(filter.get("search").trim());
  const answer = useGraph(AdminPresetListDocument, {
    category: oneOf(filter.get("category"), CATEGORIES) ?? null,
    product: oneOf(filter.get("product"), KINDS) ?? null,
    search: search || null,
    sort: oneOf(filter.get("sort"), SORTS) ?? "SHOP",
    first: PAGE,
    after: filter.get(CURSOR) || null,
  });
  return (
    <section className="card stack" aria-labelledby="presets">
      <h2 id="presets">{t("catalogue.presets")}</h2>
      <PresetFilters filter={filter} />
      <PagedList
        title={t("catalogue.presets")}
        answer={answer}
        pageOf={({ presets }) => presets}
        filter={filter}
        countText={(count) => t("catalogue.count", { count })}
        noneText={t("catalogue.none")}
      >
        {(presets) => <PresetTable presets={presets} onChange={answer.refetch} />}
      </PagedList>
    </section>
  );
}

function PresetFilters({ filter }: { filter: UrlFilter }) {
  const { t } = useAdminI18n();
  return (
    <Filters>
      <TextFilter filter={filter} name="search" label={t("catalogue.search")} />
      <ChoiceFilter
        filter={filter}
        name="category"
        label={t("catalogue.category")}
        any={t("list.any")}
        options={CATEGORIES.map((each) => [each, t(`category.${each}`)] as const)}
      />
      <ChoiceFilter
        filter={filter}
        name="product"
        label={t("catalogue.kind")}
        any={t("list.any")}
        options={KINDS.map((each) => [each, t(`product.${each}`)] as const)}
      />
      <ChoiceFilter
        filter={filter}
        name="sort"
        label={t("list.sort")}
        options={SORTS.map((each) => [each === "SHOP" ? "" : each, t(`presetSort.${each}`)] as const)}
      />
    </Filters>
  );
}

/** Only who may change presets sees this page, so each row has what can be done with it. */
function PresetTable({ presets, onChange }: { presets: readonly PresetRowFragment[]; onChange: () => void }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<PresetRowFragment>[] = [
    { header: t("catalogue.preset"), cell: ({ name, previewUrl }) => <Pictured text={name} url={previewUrl} /> },
    { header: t("catalogue.kind"), cell: ({ config }) => t(`product.${config.product}`) },
    { header: t("catalogue.category"), cell: ({ category }) => t(`category.${category}`) },
    { header: t("catalogue.price"), cell: ({ price }) => (price ? formats.money(price) : "–"), isNumber: true },
    { header: t("list.action"), cell: (preset) => <PresetActions preset={preset} onChange={onChange} /> },
  ];
  return <Table caption={t("catalogue.presets")} columns={columns} rows={presets} keyOf={({ id }) => id} />;
}

function PresetActions({ preset, onChange }: { preset: PresetRowFragment; onChange: () => void }) {
  const { t } = useAdminI18n();
  const archive = useAct(AdminPresetArchiveDocument);
  const { isBusy, send } = useResult();
  const [open, setOpen] = useState<"edit" | "archive" | null>(null);
  const { id, version, name } = preset;

  async function archiveIt(): Promise<void> {
    setOpen(null);
    const asked = async () => (await archive({ input: { id, version } })).presetArchive;
    await send(asked, t("catalogue.archived", { name }));
    onChange();
  }

  return (
    <span className="row">
      <Button isSmall onClick={() => setOpen("edit")} aria-label={t("catalogue.editName", { name })}>
        {t("catalogue.edit")}
      </Button>
      <Button isSmall look="danger" isBusy={isBusy} onClick={() => setOpen("archive")} aria-label={t("catalogue.archiveName", { name })}>
        {t("catalogue.archive")}
      </Button>
      {open === "edit" && <EditDialog preset={preset} onClose={() => setOpen(null)} onStale={onChange} />}
      {open === "archive" && (
        <Dialog title={t("catalogue.archiveName", { name })} onClose={() => setOpen(null)}>
          <p>{t("catalogue.archiveSure")}</p>
          <div className="row">
            <Button look="danger" onClick={() => void archiveIt()}>
              {t("catalogue.archive")}
            </Button>
            <Button onClick={() => setOpen(null)}>{t("ui.cancel")}</Button>
          </div>
        </Dialog>
      )}
    </span>
  );
}

interface EditDialogProps {
  preset: PresetRowFragment;
  onClose: () => void;
  /** Somebody else changed it meanwhile. */
  onStale: () => void;
}

function EditDialog({ preset: { id, version, name, category }, onClose, onStale }: EditDialogProps) {
  const { t } = useAdminI18n();
  const update = useAct(AdminPresetUpdateDocument);
  const tell = useToast();
  const form = useForm(
    async (given) => {
      const input = { id, version, name: given["name"] ?? "", category: given["category"] as PresetCategory };
      return (await update({ input })).presetUpdate;
    },
    () => {
      tell(t("catalogue.saved"));
      onClose();
    },
    ({ __typename }) => {
      if (__typename === "ConflictProblem") onStale();
      return undefined;
    },
  );
  return (
    <Dialog title={t("catalogue.editName", { name })} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t("catalogue.name")} name="name" defaultValue={name} error={form.errorOf("name")} required maxLength={80} />
        <SelectField
          label={t("catalogue.category")}
          name="category"
          defaultValue={category}
          options={CATEGORIES.map((each) => [each, t(`category.${each}`)] as const)}
        />
        <Failure text={form.failure} />
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("catalogue.save")}
        </Button>
      </form>
    </Dialog>
  );
}
