/** The form of a configuration, drawn from what the catalogue offers for its product. */
import type { FieldProblem } from "@petplus/client";
import { ChoiceField, useFieldText } from "@petplus/ui";
import type { ColorPartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { fitting, materialOf, secondColours, type Config, type Options } from "./config";
import { MotifFields } from "./MotifFields";
import { PetSize } from "./PetSize";
import { TextFields } from "./TextFields";

export interface FieldsProps {
  config: Config;
  options: Options;
  /** The sentence for a refused field, by its path. */
  errorOf: (path: string) => string | undefined;
  onChange: (config: Config) => void;
}

interface FormProps {
  config: Config;
  options: Options;
  refusals: ReadonlyMap<string, FieldProblem>;
  onChange: (config: Config) => void;
}

export function ConfigForm({ config, options, refusals, onChange }: FormProps) {
  const textOf = useFieldText();
  const errorOf = (path: string): string | undefined => {
    const field = refusals.get(path);
    return field && textOf(field);
  };
  const change = (next: Config): void => onChange(fitting(next, options));
  const given = { config, options, errorOf, onChange: change };
  return (
    <div className="stack builder-form">
      <BodyFields {...given} />
      <ColourFields {...given} />
      <TextFields {...given} />
      {options.layers && <MotifFields {...given} layers={options.layers} />}
    </div>
  );
}

function BodyFields({ config, options, errorOf, onChange }: FieldsProps) {
  const { t } = useShopI18n();
  const { measure } = options.sizes.find(({ size }) => size === config.size) ?? {};
  return (
    <>
      <PetSize options={options} onSize={(size) => onChange({ ...config, size })} />
      <div className="stack" style={{ gap: "0.35rem" }}>
        <ChoiceField
          label={t("builder.size")}
          error={errorOf("size")}
          value={config.size}
          options={options.sizes.map(({ size, label }) => ({ value: size, text: label }))}
          onChange={(size) => onChange({ ...config, size })}
        />
        {measure && <p className="muted small">{measure}</p>}
      </div>
      <ChoiceField
        label={t("builder.material")}
        error={errorOf("material")}
        value={config.material}
        options={options.materials.map(({ material, label }) => ({ value: material, text: label }))}
        onChange={(material) => onChange({ ...config, material })}
      />
      {options.hardwareOptions.length > 0 && (
        <ChoiceField
          label={t("builder.hardware")}
          error={errorOf("hardware")}
          value={config.hardware}
          options={options.hardwareOptions.map(({ finish, label }) => ({ value: finish, text: label }))}
          onChange={(hardware) => onChange({ ...config, hardware })}
        />
      )}
    </>
  );
}

/** A colour as `ChoiceField` offers it. */
export function swatch({ color, label, hex }: ColorPartsFragment) {
  return { value: color, text: label, swatch: hex };
}

function ColourFields({ config, options, errorOf, onChange }: FieldsProps) {
  const { t } = useShopI18n();
  const material = materialOf(config, options);
  return (
    <>
      <ChoiceField
        label={t("builder.colour")}
        error={errorOf("primaryColor")}
        value={config.primaryColor}
        options={(material?.colors ?? []).map(swatch)}
        onChange={(primaryColor) => onChange({ ...config, primaryColor })}
        isSwatches
      />
      <ChoiceField
        label={t("builder.pattern")}
        error={errorOf("pattern")}
        value={config.pattern}
        options={(material?.patternOptions ?? []).map(({ pattern, label }) => ({ value: pattern, text: label }))}
        onChange={(pattern) => onChange({ ...config, pattern })}
      />
      {config.pattern !== "SOLID" && (
        <ChoiceField
          label={t("builder.secondColour")}
          error={errorOf("secondaryColor")}
          value={config.secondaryColor}
          options={secondColours(config, options).map(swatch)}
          onChange={(secondaryColor) => onChange({ ...config, secondaryColor })}
          isSwatches
        />
      )}
    </>
  );
}
