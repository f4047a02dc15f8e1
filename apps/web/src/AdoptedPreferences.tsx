/** In a browser in which nothing else was chosen, prices and look follow the customer's preferences. */
import { useGraph, useSessionState } from "@petplus/client";
import { chooseTheme, hasChosenTheme } from "@petplus/ui";
import { useEffect } from "react";
import { chooseCurrency, hasChosenCurrency } from "./currency";
import { WebPreferencesDocument } from "./gql";
import { THEME_NAMES } from "./theme-names";

export function AdoptedPreferences() {
  const { status } = useSessionState();
  const isChosen = hasChosenCurrency() && hasChosenTheme();
  const { data } = useGraph(WebPreferencesDocument, {}, { pause: status !== "signedIn" || isChosen });
  const preferences = data?.me?.preferences;
  useEffect(() => {
    if (!preferences) return;
    if (!hasChosenCurrency()) chooseCurrency(preferences.currency);
    if (!hasChosenTheme()) chooseTheme(THEME_NAMES[preferences.theme]);
  }, [preferences]);
  return null;
}
