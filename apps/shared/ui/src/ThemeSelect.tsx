/** The choice between light, dark, and what the system has. */
import { useI18n } from "./i18n";
import { THEMES, chooseTheme, useTheme } from "./theme";

export function ThemeSelect({ isLabelHidden = false }: { isLabelHidden?: boolean }) {
  const { t } = useI18n();
  const theme = useTheme();
  return (
    <label>
      <span className={isLabelHidden ? "hidden" : undefined}>{t("theme.label")} </span>
      <select value={theme} onChange={({ target }) => chooseTheme(THEMES.find((each) => each === target.value) ?? "system")}>
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {t(`theme.${each}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
