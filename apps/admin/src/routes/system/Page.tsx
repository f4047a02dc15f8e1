/** Which parts of the shop answer, and what customers can choose in it. */
import { useGraph } from "@petplus/client";
import { Badge, ErrorPanel, Loaded, Skeleton, Table } from "@petplus/ui";
import { useEffect, useState } from "react";
import { AdminSystemDocument } from "../../gql";
import { useAdminI18n } from "../../i18n";

/** What the router's readiness check finds. */
interface Readiness {
  status: "ready" | "unavailable";
  subgraphs: Readonly<Record<string, "available" | "unavailable">>;
}

const AGAIN_MS = 10_000;

export function SystemPage() {
  const { t } = useAdminI18n();
  return (
    <div className="stack">
      <title>{t("system.title")}</title>
      <h1>{t("system.title")}</h1>
      <Health />
      <Choices />
    </div>
  );
}

/** What the router finds, now and every ten seconds. */
function useReadiness() {
  const [found, setFound] = useState<Readiness>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    async function find(): Promise<void> {
      try {
        const response = await fetch("/ready", { signal: AbortSignal.timeout(AGAIN_MS) });
        setFound((await response.json()) as Readiness);
        setError(undefined);
      } catch (failure) {
        setError(failure);
      }
    }
    void find();
    const timer = setInterval(() => void find(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return { found, error };
}

function Health() {
  const { t } = useAdminI18n();
  const { found, error } = useReadiness();
  const parts = Object.entries(found?.subgraphs ?? {}).toSorted(([one], [other]) => one.localeCompare(other));
  const isWell = found?.status === "ready" && parts.every(([, state]) => state === "available");
  const columns = [
    { header: t("system.part"), cell: ([name]: (typeof parts)[number]) => name },
    {
      header: t("system.state"),
      cell: ([, state]: (typeof parts)[number]) => (
        <Badge tone={state === "available" ? "good" : "bad"}>{t(`health.${state}`)}</Badge>
      ),
    },
  ];
  return (
    <section className="card stack" aria-labelledby="health">
      <h2 id="health">{t("system.health")}</h2>
      {error !== undefined ? (
        <ErrorPanel error={error} />
      ) : found === undefined ? (
        <Skeleton lines={6} height="1.5rem" />
      ) : (
        <>
          <p role="status">{t(isWell ? "system.well" : "system.unwell")}</p>
          <Table caption={t("system.health")} columns={columns} rows={parts} keyOf={([name]) => name} />
        </>
      )}
    </section>
  );
}

function Choices() {
  const { t, formats } = useAdminI18n();
  const answer = useGraph(AdminSystemDocument, {});
  return (
    <section className="card stack" aria-labelledby="choices">
      <h2 id="choices">{t("system.choices")}</h2>
      <Loaded answer={answer}>
        {({ shop }) => (
          <dl className="pairs">
            <div>
              <dt className="muted">{t("system.currencies")}</dt>
              <dd>{shop.currencies.join(", ")}</dd>
            </div>
            <div>
              <dt className="muted">{t("system.languages")}</dt>
              <dd>{shop.locales.join(", ")}</dd>
            </div>
            <div>
              <dt className="muted">{t("system.countries")}</dt>
              <dd>{shop.countries.map((each) => formats.country(each)).join(", ")}</dd>
            </div>
          </dl>
        )}
      </Loaded>
    </section>
  );
}
