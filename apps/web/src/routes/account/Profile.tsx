/** Picture, name and e-mail address. A new address counts once the link of the mail to it was followed. */
import { useAct, useGraph } from "@petplus/client";
import { Button, Failure, Loaded, TextField, useForm, useToast } from "@petplus/ui";
import { WebAccountProfileDocument, WebEmailChangeDocument, WebProfileUpdateDocument, type ProfilePartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { PictureForm } from "./PictureForm";

export function Profile() {
  const answer = useGraph(WebAccountProfileDocument, {});
  return (
    <Loaded answer={answer}>
      {({ me }) =>
        me && (
          <div className="stack account-form">
            <PictureForm profile={me} onStale={answer.refetch} />
            <NameForm profile={me} onStale={answer.refetch} />
            <EmailForm profile={me} />
          </div>
        )
      }
    </Loaded>
  );
}

function NameForm({ profile, onStale }: { profile: ProfilePartsFragment; onStale: () => void }) {
  const { t } = useShopI18n();
  const update = useAct(WebProfileUpdateDocument);
  const tell = useToast();
  const form = useForm(
    async ({ name = "" }) => (await update({ input: { version: profile.version ?? 0, name } })).profileUpdate,
    () => tell(t("account.saved")),
    ({ __typename }) => {
      if (__typename === "ConflictProblem") onStale();
      return undefined;
    },
  );
  return (
    <form className="card stack" onSubmit={form.onSubmit} noValidate>
      <TextField
        label={t("register.name")}
        name="name"
        autoComplete="name"
        defaultValue={profile.name ?? ""}
        error={form.errorOf("name")}
        required
      />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("account.save")}
        </Button>
      </div>
    </form>
  );
}

function EmailForm({ profile }: { profile: ProfilePartsFragment }) {
  const { t } = useShopI18n();
  const change = useAct(WebEmailChangeDocument);
  const tell = useToast();
  const form = useForm(
    async ({ email = "", password = "" }) => (await change({ input: { email, password } })).emailChange,
    () => tell(t("account.emailSent")),
    ({ code }) => (code === "WRONG_PASSWORD" ? t("account.wrongPassword") : undefined),
  );
  return (
    <form className="card stack" onSubmit={form.onSubmit} noValidate aria-labelledby="email">
      <h2 id="email">{t("account.email")}</h2>
      <p>{profile.email}</p>
      <TextField
        label={t("account.newEmail")}
        hint={t("account.newEmailHint")}
        name="email"
        type="email"
        autoComplete="email"
        error={form.errorOf("email")}
        required
      />
      <TextField
        label={t("proof.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        error={form.errorOf("password")}
        required
      />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          {t("account.changeEmail")}
        </Button>
      </div>
    </form>
  );
}
