/** The second factor: an app that shows codes, and the recovery codes for the day on which it is lost. */
import { useAct, useSession } from "@petplus/client";
import { Badge, Button, Failure, TextField, useForm, useProof, useToast } from "@petplus/ui";
import { useState } from "react";
import { WebRecoveryCodesReplaceDocument, WebTotpEnrolDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { QrCode } from "./QrCode";

interface Secret {
  uri: string;
  secret: string;
}

interface SecondFactorProps {
  /** Since when there is one; null if there is none. */
  since: string | null;
  codesLeft: number;
  onChange: () => void;
}

export function SecondFactor({ since, codesLeft, onChange }: SecondFactorProps) {
  const { t, formats } = useShopI18n();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <section className="card stack" aria-labelledby="second-factor">
      <header className="row apart">
        <h2 id="second-factor">{t("factor.title")}</h2>
        {since !== null && <Badge tone="good">{t("factor.since", { date: formats.date(since) })}</Badge>}
      </header>
      <p className="muted">{t("factor.lead")}</p>
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {since === null ? (
        <Enrolment
          onDone={(recoveryCodes) => {
            setCodes(recoveryCodes);
            onChange();
          }}
        />
      ) : (
        <>
          <NewCodes codesLeft={codesLeft} onCodes={setCodes} onChange={onChange} />
          <Removal onChange={onChange} />
        </>
      )}
    </section>
  );
}

function Enrolment({ onDone }: { onDone: (recoveryCodes: readonly string[]) => void }) {
  const { t } = useShopI18n();
  const enrol = useAct(WebTotpEnrolDocument);
  const proved = useProof();
  const [secret, setSecret] = useState<Secret | null>(null);
  const form = useForm(() => proved(async () => (await enrol({})).totpEnrol), setSecret);
  if (secret !== null) return <Confirmation secret={secret} onDone={onDone} />;
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          {t("factor.add")}
        </Button>
      </div>
    </form>
  );
}

function Confirmation({ secret, onDone }: { secret: Secret; onDone: (recoveryCodes: readonly string[]) => void }) {
  const { t } = useShopI18n();
  const session = useSession();
  const proved = useProof();
  const form = useForm(
    ({ code = "" }) => proved(() => session.confirmSecondFactor(code.trim())),
    ({ recoveryCodes }) => onDone(recoveryCodes),
    ({ code }) => (code === "WRONG_CODE" ? t("logIn.wrongCode") : undefined),
  );
  return (
    <form className="stack" onSubmit={form.onSubmit} noValidate>
      <p>{t("factor.scan")}</p>
      <QrCode text={secret.uri} title={t("factor.qr")} />
      <p>
        {t("factor.secret")} <code className="factor-secret">{secret.secret}</code>
      </p>
      <TextField label={t("logIn.code")} name="code" inputMode="numeric" autoComplete="one-time-code" error={form.errorOf("code")} required />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("factor.confirm")}
        </Button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useShopI18n();
  return (
    <div className="state factor-codes" role="status">
      <p>
        <strong>{t("factor.codes")}</strong>
      </p>
      <p>{t("factor.codesHint")}</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button isSmall onClick={onClose}>
        {t("factor.kept")}
      </Button>
    </div>
  );
}

interface NewCodesProps {
  codesLeft: number;
  onCodes: (codes: readonly string[]) => void;
  onChange: () => void;
}

function NewCodes({ codesLeft, onCodes, onChange }: NewCodesProps) {
  const { t } = useShopI18n();
  const replace = useAct(WebRecoveryCodesReplaceDocument);
  const proved = useProof();
  const form = useForm(
    () => proved(async () => (await replace({})).recoveryCodesReplace),
    ({ recoveryCodes }) => {
      onCodes(recoveryCodes);
      onChange();
    },
  );
  return (
    <>
      <form className="row apart" onSubmit={form.onSubmit}>
        <span>{t("factor.codesLeft", { count: codesLeft })}</span>
        <Button type="submit" isSmall isBusy={form.isBusy}>
          {t("factor.newCodes")}
        </Button>
      </form>
      <Failure text={form.failure} />
    </>
  );
}

function Removal({ onChange }: { onChange: () => void }) {
  const { t } = useShopI18n();
  const session = useSession();
  const proved = useProof();
  const tell = useToast();
  const form = useForm(
    ({ code = "" }) => proved(() => session.removeSecondFactor(code.trim())),
    () => {
      tell(t("factor.removed"));
      onChange();
    },
    ({ code }) => (code === "WRONG_CODE" ? t("logIn.wrongCode") : undefined),
  );
  return (
    <form className="stack" onSubmit={form.onSubmit} noValidate>
      <TextField label={t("logIn.code")} hint={t("logIn.codeHint")} name="code" autoComplete="one-time-code" required />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" look="danger" isSmall isBusy={form.isBusy}>
          {t("factor.remove")}
        </Button>
      </div>
    </form>
  );
}
