/** The texts of the admin, in English. */
import { useI18n } from "@petplus/ui";
import type en from "./messages/en";

export type Key = keyof typeof en;

export const useAdminI18n = useI18n<Key>;
