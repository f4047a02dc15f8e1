/** The motifs on a design: each with its shape, its colour and its place. */
import { Button, ChoiceField, SelectField } from "@petplus/ui";
import { useId } from "react";
import type { DesignLayerInput } from "../../gql";
import { useShopI18n } from "../../i18n";
import { newLayer, type Options } from "./config";
import { swatch, type FieldsProps } from "./ConfigForm";

type Layers = NonNullable<Options["layers"]>;
/** The numbers of a motif, with the names of their limits. */
const MEASURES = [
  ["x", "builder.x"],
  ["y", "builder.y"],
  ["size", "builder.motifSize"],
  ["rotation", "builder.rotation"],
] as const;

export function MotifFields({ config, errorOf, onChange, layers }: FieldsProps & { layers: Layers }) {
  const { t } = useShopI18n();
  const chosen = config.layers;
  const begun = newLayer(layers);
  const set = (next: DesignLayerInput[]): void => onChange({ ...config, layers: next });
  return (
    <section className="builder-part" aria-label={t("builder.motifs")}>
      <header className="row apart">
        <h2>{t("builder.motifs")}</h2>
        {begun && chosen.length < layers.most && (
          <Button isSmall onClick={() => set([...chosen, begun])}>
            {t("builder.addMotif")}
          </Button>
        )}
      </header>
      {chosen.map((layer, index) => (
        // Motifs have no names: the place in the list is what tells them apart.
        <MotifField
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          index={index}
          layer={layer}
          layers={layers}
          errorOf={(path) => errorOf(`layers.${index}.${path}`)}
          onLayer={(next) => set(chosen.with(index, next))}
          onRemove={() => set(chosen.toSpliced(index, 1))}
        />
      ))}
    </section>
  );
}

interface MotifProps {
  index: number;
  layer: DesignLayerInput;
  layers: Layers;
  errorOf: (path: string) => string | undefined;
  onLayer: (layer: DesignLayerInput) => void;
  onRemove: () => void;
}

function MotifField({ index, layer, layers, errorOf, onLayer, onRemove }: MotifProps) {
  const { t } = useShopI18n();
  return (
    <fieldset className="builder-motif">
      <legend className="hidden">{t("builder.motif", { number: index + 1 })}</legend>
      <div className="builder-pair">
        <SelectField
          label={t("builder.motifKind")}
          error={errorOf("motif")}
          value={layer.motif}
          options={layers.motifOptions.map(({ motif, label }) => [motif, label] as const)}
          onChange={({ target }) => onLayer({ ...layer, motif: target.value as typeof layer.motif })}
        />
        <Button look="quiet" isSmall onClick={onRemove}>
          {t("builder.removeMotif")}
        </Button>
      </div>
      <ChoiceField
        label={t("builder.colour")}
        error={errorOf("color")}
        value={layer.color}
        options={layers.colors.map(swatch)}
        onChange={(color) => onLayer({ ...layer, color })}
        isSwatches
      />
      {MEASURES.map(([name, label]) => {
        const limit = layers.limits.find(({ field }) => field === name);
        return (
          limit && (
            <Slider
              key={name}
              label={t(label)}
              least={limit.least}
              most={limit.most}
              value={layer[name] ?? 0}
              onValue={(value) => onLayer({ ...layer, [name]: value })}
            />
          )
        );
      })}
    </fieldset>
  );
}

interface SliderProps {
  label: string;
  least: number;
  most: number;
  value: number;
  onValue: (value: number) => void;
}

function Slider({ label, least, most, value, onValue }: SliderProps) {
  const id = useId();
  return (
    <div className="builder-slider">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="range" min={least} max={most} value={value} onChange={({ target }) => onValue(Number(target.value))} />
    </div>
  );
}
