/** A configuration in words. */
import type { ConfigPartsFragment, OptionLabelsFragment } from "../gql";
import { useShopI18n } from "../i18n";
import { wordsOf } from "./labels";
import "./ConfigDetails.css";

export function ConfigDetails({ config, options }: { config: ConfigPartsFragment; options: OptionLabelsFragment }) {
  const { t } = useShopI18n();
  const words = wordsOf(config, options);
  const rows: (readonly [string, string])[] = [
    [t("builder.size"), words.size],
    [t("builder.material"), words.material],
    [t("builder.colour"), words.colours],
    [t("builder.pattern"), words.pattern],
    [t("builder.hardware"), words.hardware],
    [t("builder.text"), config.text ? `“${config.text.content}”, ${words.technique}` : ""],
    [t("builder.motifs"), words.motifs],
  ];
  return (
    <dl className="config-details">
      {rows
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
