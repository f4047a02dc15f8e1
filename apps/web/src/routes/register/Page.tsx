/** Registration: a name and an address, to which a link is mailed. */
import { useAct } from "@petplus/client";
import { Button, Empty, Failure, TextField, useForm } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { WebRegisterDocument } from "../../gql";
import { shopLocale, useShopI18n } from "../../i18n";

export function RegisterPage() {
  const { t, locale } = useShopI18n();
  const register = useAct(WebRegisterDocument);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm(
    async ({ name = "", email = "" }) => {
      const { accountRegister } = await register({ input: { name, email, locale: shopLocale(locale) } });
      return { ...accountRegister, email };
    },
    ({ email }) => setSentTo(email),
  );
  if (sentTo !== null) {
    return (
      <Empty title={t("register.sentTitle")} isPage>
        <p>{t("register.sent", { email: sentTo })}</p>
      </Empty>
    );
  }
  return (
    <form className="stack narrow" onSubmit={form.onSubmit} noValidate>
      <title>{t("register.title")}</title>
      <h1>{t("register.title")}</h1>
      <TextField label={t("register.name")} name="name" autoComplete="name" error={form.errorOf("name")} required />
      <TextField label={t("register.email")} name="email" type="email" autoComplete="email" error={form.errorOf("email")} required />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("register.submit")}
      </Button>
      <p>
        {t("register.known")} <Link href="/log-in">{t("logIn.title")}</Link>
      </p>
    </form>
  );
}
