/** Log-in by password, and by a code where the account has a second factor. */
import { hasPasskeys, useSession } from "@petplus/client";
import { useState, type ReactNode } from "react";
import { Button } from "./Button";
import { Failure } from "./Failure";
import { TextField } from "./Field";
import { useForm } from "./forms";
import { useI18n } from "./i18n";
import { usePasskeyButton } from "./usePasskeyButton";

/** `children` stands below the form, such as the way to an account. What follows a log-in is the page's to decide. */
export function LogIn({ children }: { children?: ReactNode }) {
  const [challenge, setChallenge] = useState<string | null>(null);
  if (challenge !== null) return <CodeForm challenge={challenge} />;
  return <PasswordForm onChallenge={setChallenge}>{children}</PasswordForm>;
}

/** How the viewer recognises this browser in the list of devices. */
function deviceName(): string {
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(navigator.userAgent)?.[1] ?? "";
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(navigator.userAgent)?.[1] ?? "";
  return [browser.replace("Edg", "Edge"), system].filter(Boolean).join(", ");
}

function PasswordForm({ onChallenge, children }: { onChallenge: (challenge: string) => void; children: ReactNode }) {
  const { t } = useI18n();
  const session = useSession();
  const form = useForm(
    ({ email = "", password = "" }) => session.logIn(email, password, deviceName()),
    (result) => {
      if (result.__typename === "SecondFactorChallenge") onChallenge(result.challenge);
    },
    ({ code }) => (code === "WRONG_CREDENTIALS" ? t("logIn.wrong") : undefined),
  );
  // The page that shows the form goes on as soon as there is a session.
  const passkey = usePasskeyButton(() => session.logInByPasskey(deviceName()), () => undefined);
  return (
    <form className="stack narrow" onSubmit={form.onSubmit}>
      <title>{t("logIn.title")}</title>
      <h1>{t("logIn.title")}</h1>
      <TextField label={t("logIn.email")} name="email" type="email" autoComplete="username" required />
      <TextField label={t("logIn.password")} name="password" type="password" autoComplete="current-password" required />
      <Failure text={form.failure ?? passkey.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("logIn.submit")}
      </Button>
      {hasPasskeys() && (
        <Button isBusy={passkey.isBusy} onClick={passkey.onClick}>
          {t("logIn.passkey")}
        </Button>
      )}
      {children}
    </form>
  );
}

function CodeForm({ challenge }: { challenge: string }) {
  const { t } = useI18n();
  const session = useSession();
  const form = useForm(
    ({ code = "" }) => session.confirm(challenge, code),
    () => undefined,
    ({ code }) => (code === "WRONG_CODE" ? t("logIn.wrongCode") : undefined),
  );
  return (
    <form className="stack narrow" onSubmit={form.onSubmit}>
      <title>{t("logIn.codeTitle")}</title>
      <h1>{t("logIn.codeTitle")}</h1>
      <TextField label={t("logIn.code")} hint={t("logIn.codeHint")} name="code" autoComplete="one-time-code" required />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("logIn.submit")}
      </Button>
    </form>
  );
}
