/** Log-in by password, and by a code where the account has a second factor. */
import { troubleOf, useSession } from "@petplus/client";
import { useState } from "react";
import { Button, Field, Note, Screen } from "../look/parts";
import { texts } from "../texts";

interface Outcome {
  __typename: string;
  code?: string;
  message?: string;
  challenge?: string;
}

const SENTENCES: Readonly<Record<string, string>> = {
  WRONG_CREDENTIALS: texts.wrongCredentials,
  WRONG_CODE: texts.wrongCode,
};

/** `device` is the name of the session in the list of them. */
export function LogInScreen({ device }: { device: string }) {
  const session = useSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [challenge, setChallenge] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function submit(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      const result: Outcome = await (challenge === undefined
        ? session.logIn(email, password, device)
        : session.confirm(challenge, code));
      if (result.code !== undefined) setFailure(SENTENCES[result.code] ?? result.message);
      else setChallenge(result.challenge);
    } catch (error) {
      const kind = troubleOf(error);
      setFailure(kind === "offline" ? texts.notKept : texts.trouble(kind));
    } finally {
      setBusy(false);
    }
  }

  const onSubmit = (): void => {
    if (!isBusy) void submit();
  };
  return (
    <Screen title={texts.logIn}>
      {challenge === undefined ? (
        <>
          <Field label={texts.email} kind="email" value={email} onChange={setEmail} onSubmit={onSubmit} />
          <Field label={texts.password} kind="password" value={password} onChange={setPassword} onSubmit={onSubmit} />
        </>
      ) : (
        <Field label={texts.code} kind="code" value={code} onChange={setCode} onSubmit={onSubmit} />
      )}
      {failure && (
        <Note tone="bad" role="alert">
          {failure}
        </Note>
      )}
      <Button label={texts.logIn} onPress={onSubmit} isBusy={isBusy} />
    </Screen>
  );
}
