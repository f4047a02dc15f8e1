/** The text on a design: what it says, how it is made, and where. */
import { Button, ChoiceField, SelectField, TextField } from "@petplus/ui";
import type { DesignTextInput } from "../../gql";
import { useShopI18n } from "../../i18n";
import { newText, materialOf } from "./config";
import { swatch, type FieldsProps } from "./ConfigForm";

export function TextFields({ config, options, errorOf, onChange }: FieldsProps) {
  const { t } = useShopI18n();
  const begun = newText(config, options);
  const { text } = config;
  if (begun === null) return null;
  return (
    <section className="builder-part" aria-label={t("builder.text")}>
      <header className="row apart">
        <h2>{t("builder.text")}</h2>
        <Button isSmall onClick={() => onChange({ ...config, text: text ? null : begun })}>
          {text ? t("builder.noText") : t("builder.withText")}
        </Button>
      </header>
      {text && (
        <ChosenText
          config={config}
          options={options}
          errorOf={errorOf}
          text={text}
          onText={(next) => onChange({ ...config, text: next })}
        />
      )}
    </section>
  );
}

interface ChosenProps extends Omit<FieldsProps, "onChange"> {
  text: DesignTextInput;
  onText: (text: DesignTextInput) => void;
}

function ChosenText({ config, options, errorOf, text, onText }: ChosenProps) {
  const { t } = useShopI18n();
  const { textLength = 0 } = options.sizes.find(({ size }) => size === config.size) ?? {};
  const technique = options.techniques.find((each) => each.technique === text.technique);
  const allowed = materialOf(config, options)?.techniques ?? [];
  const techniques = options.techniques.filter((each) => allowed.includes(each.technique));
  return (
    <>
      <TextField
        label={t("builder.content")}
        hint={t("builder.contentHint", { count: textLength })}
        error={errorOf("text.content") ?? errorOf("text")}
        value={text.content}
        onChange={({ target }) => onText({ ...text, content: target.value })}
        autoComplete="off"
      />
      <div className="builder-pair">
        <SelectField
          label={t("builder.technique")}
          error={errorOf("text.technique")}
          value={text.technique}
          options={techniques.map((each) => [each.technique, each.label] as const)}
          onChange={({ target }) => onText({ ...text, technique: target.value as typeof text.technique })}
        />
        <SelectField
          label={t("builder.font")}
          error={errorOf("text.font")}
          value={text.font}
          options={(technique?.fontOptions ?? []).map(({ font, label }) => [font, label] as const)}
          onChange={({ target }) => onText({ ...text, font: target.value as typeof text.font })}
        />
        <SelectField
          label={t("builder.position")}
          error={errorOf("text.position")}
          value={text.position}
          options={options.textPositionOptions.map(({ position, label }) => [position, label] as const)}
          onChange={({ target }) => onText({ ...text, position: target.value as typeof text.position })}
        />
      </div>
      {technique && technique.colors.length > 0 && (
        <ChoiceField
          label={t("builder.textColour")}
          error={errorOf("text.color")}
          value={text.color ?? null}
          options={technique.colors.map(swatch)}
          onChange={(color) => onText({ ...text, color })}
          isSwatches
        />
      )}
    </>
  );
}
