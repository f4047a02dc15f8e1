/** What a mailed link leads to that lets a person choose a password: an account is opened, or a forgotten one replaced. */
import { Button, Failure, TextField, useForm, useToast } from "@petplus/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { useShopI18n } from "../i18n";
import { mailedToken } from "../mailed-token";
import { IncompleteLink } from "./IncompleteLink";

interface NewPasswordPageProps<Result> {
  title: string;
  submit: string;
  done: string;
  send: (token: string, password: string) => Promise<Result>;
}

export function NewPasswordPage<Result extends { __typename: string }>({ title, submit, done, send }: NewPasswordPageProps<Result>) {
  const { t } = useShopI18n();
  const [token] = useState(mailedToken);
  const tell = useToast();
  const [, navigate] = useLocation();
  const form = useForm(
    ({ password = "" }) => send(token ?? "", password),
    () => {
      tell(done);
      navigate("/log-in");
    },
    ({ fields }) => (fields?.some(({ path }) => path.endsWith("token")) ? t("open.badToken") : undefined),
  );
  if (token === null) return <IncompleteLink />;
  return (
    <form className="stack narrow" onSubmit={form.onSubmit} noValidate>
      <title>{title}</title>
      <h1>{title}</h1>
      <TextField
        label={t("open.password")}
        hint={t("open.passwordHint")}
        error={form.errorOf("password")}
        name="password"
        type="password"
        autoComplete="new-password"
        required
      />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {submit}
      </Button>
    </form>
  );
}
