/** The parcels of an order, with the scans of their carriers. */
import { Badge } from "@petplus/ui";
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

/** `IN_TRANSIT` as a word. */
function inWords(status: string): string {
  const words = status.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function Parcels({ order }: { order: OrderDetailFragment }) {
  const { t, formats } = useAdminI18n();
  return (
    <section className="card stack" aria-labelledby="parcels">
      <h2 id="parcels">{t("order.parcels")}</h2>
      {order.shipments.length === 0 && <p className="muted">{t("order.noParcels")}</p>}
      {order.shipments.map((parcel) => (
        <div key={parcel.id} className="stack" style={{ gap: "0.4rem" }}>
          <div className="row">
            <strong>{parcel.carrier}</strong>
            {parcel.trackingUrl ? (
              <a href={parcel.trackingUrl} target="_blank" rel="noopener noreferrer">
                {parcel.trackingNumber}
              </a>
            ) : (
              <span>{parcel.trackingNumber}</span>
            )}
            <Badge tone="info">{inWords(parcel.status)}</Badge>
          </div>
          <ul className="small muted">
            {parcel.scans.map((scan) => (
              <li key={scan.id}>
                {formats.dateTime(scan.at)}: {scan.description}
                {scan.location && `, ${scan.location}`}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
