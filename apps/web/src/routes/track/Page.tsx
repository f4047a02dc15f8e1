/** A guest's order, found by its number and e-mail address. */
import { troubleOf, useGraph } from "@petplus/client";
import { Button, ErrorPanel, Failure, Skeleton, TextField, valuesOf } from "@petplus/ui";
import { useState } from "react";
import { navigate, useHistoryState } from "wouter/use-browser-location";
import { WebTrackingDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { FollowedGuestOrder } from "../../order/GuestOrder";

/** Which order is shown. It is in the entry of the browser's history, so that a reload shows it again. */
export interface GuestPageState {
  number: string;
  email: string;
  payUrl: string | null;
}

export function TrackPage() {
  const state = useHistoryState<GuestPageState | null>();
  if (!state?.number) return <LookUpForm />;
  return <FoundOrder key={state.number} state={state} />;
}

export function LookUpForm({ failure, given }: { failure?: string; given?: GuestPageState }) {
  const { t } = useShopI18n();
  return (
    <form
      className="stack narrow"
      onSubmit={(event) => {
        event.preventDefault();
        const { number = "", email = "" } = valuesOf(event.currentTarget);
        const state: GuestPageState = { number: number.trim(), email: email.trim(), payUrl: null };
        navigate("/track", { state });
      }}
    >
      <title>{t("track.title")}</title>
      <h1>{t("track.title")}</h1>
      <p className="muted">{t("track.lead")}</p>
      <TextField label={t("track.number")} name="number" required autoComplete="off" placeholder="AP-100001" defaultValue={given?.number} />
      <TextField label={t("track.email")} name="email" type="email" required autoComplete="email" defaultValue={given?.email} />
      <Failure text={failure} />
      <Button type="submit" look="primary">
        {t("track.find")}
      </Button>
    </form>
  );
}

function FoundOrder({ state }: { state: GuestPageState }) {
  const { t } = useShopI18n();
  const [{ number, email }] = useState(state);
  const answer = useGraph(WebTrackingDocument, { number, email });
  const order = answer.data?.orderLookup;
  if (order) {
    return (
      <>
        <FollowedGuestOrder order={order} payUrl={state.payUrl} onChange={answer.refetch} />
        <p style={{ marginTop: "1.5rem" }}>
          <Button look="quiet" onClick={() => navigate("/track", { state: null })}>
            {t("track.another")}
          </Button>
        </p>
      </>
    );
  }
  if (answer.isLoading) return <Skeleton lines={3} height="6rem" />;
  if (answer.error && troubleOf(answer.error) !== "missing") {
    return <ErrorPanel error={answer.error} onRetry={answer.refetch} />;
  }
  return <LookUpForm failure={t("track.none")} given={state} />;
}
