/** The builder: a product, a preset or a design of the viewer, changed until it is liked, and priced all the while. */
import { useGraph } from "@petplus/client";
import { Loaded, Skeleton } from "@petplus/ui";
import { useSearchParams } from "wouter";
import {
  WebBuilderDesignDocument,
  WebBuilderDocument,
  WebBuilderPresetDocument,
  type BuilderDesignFragment,
  type ProductKind,
} from "../../gql";
import { useGraphLanguage } from "../../layout/language";
import { MissingPage } from "../../layout/MissingPage";
import { Builder } from "./Builder";
import { configOf, plainConfig, type Config } from "./config";
import "./Page.css";

const KINDS: readonly ProductKind[] = ["COLLAR", "HARNESS", "LEASH", "TAG", "BED", "BOWL", "BANDANA"];

/** What the builder starts from. */
export interface Start {
  /** Names the draft: a product, a preset or a design. */
  source: string;
  name: string | null;
  config: Config;
  previewUrl: string | null;
  /** The viewer's own design, where one is changed. */
  design: BuilderDesignFragment | null;
}

export function BuilderPage({ product }: { product: string }) {
  const kind = KINDS.find((each) => each === product);
  return kind ? <ProductBuilder kind={kind} /> : <MissingPage />;
}

function ProductBuilder({ kind }: { kind: ProductKind }) {
  const [params] = useSearchParams();
  const [presetId, designId] = [params.get("preset"), params.get("design")];
  const language = useGraphLanguage();
  const answer = useGraph(WebBuilderDocument, { product: kind, language }, { policy: "cache-first" });
  const presets = useGraph(WebBuilderPresetDocument, { id: presetId ?? "" }, { pause: presetId === null });
  const designs = useGraph(WebBuilderDesignDocument, { id: designId ?? "" }, { pause: designId === null });
  const skeleton = <Skeleton lines={3} height="10rem" />;
  return (
    <Loaded answer={answer} skeleton={skeleton}>
      {({ productOptions, products }) => {
        const picture = products.find((each) => each.kind === kind)?.previewUrl ?? null;
        const plain = { source: kind, name: null, config: plainConfig(productOptions), previewUrl: picture, design: null };
        if (presetId === null && designId === null) return <Builder options={productOptions} start={plain} />;
        if (presetId !== null) {
          return (
            <Loaded answer={presets} skeleton={skeleton}>
              {({ preset }) => (
                <Builder options={productOptions} start={preset ? { ...startOf(preset), name: preset.name } : plain} />
              )}
            </Loaded>
          );
        }
        return (
          <Loaded answer={designs} skeleton={skeleton}>
            {({ design }) => <Builder options={productOptions} start={design ? { ...startOf(design), design } : plain} />}
          </Loaded>
        );
      }}
    </Loaded>
  );
}

function startOf(from: Pick<BuilderDesignFragment, "id" | "name" | "previewUrl" | "config">): Start {
  const { id, name, previewUrl, config } = from;
  return { source: id, name, config: configOf(config), previewUrl, design: null };
}
