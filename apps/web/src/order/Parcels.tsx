/** The parcels of an order, with the way to their carriers. */
import type { ParcelPartsFragment } from "../gql";
import { useShopI18n } from "../i18n";

export function Parcels({ parcels }: { parcels: readonly ParcelPartsFragment[] }) {
  const { t } = useShopI18n();
  return (
    <section className="card stack" aria-labelledby="parcels">
      <h2 id="parcels">{t("order.parcels")}</h2>
      {parcels.length === 0 && <p className="muted">{t("order.noParcels")}</p>}
      {parcels.map((parcel) => (
        <Parcel key={parcel.id} parcel={parcel} />
      ))}
    </section>
  );
}

function Parcel({ parcel }: { parcel: ParcelPartsFragment }) {
  const { t, formats } = useShopI18n();
  const { carrier, trackingNumber, trackingUrl, estimatedDelivery } = parcel;
  return (
    <div>
      <p>
        <strong>{t(`parcel.${parcel.status}`)}</strong>
        {estimatedDelivery && `, ${t("order.expected", { date: formats.date(estimatedDelivery) })}`}
      </p>
      <p className="muted small">
        {carrier} <span className="number">{trackingNumber}</span>
      </p>
      {trackingUrl && (
        <a href={trackingUrl} target="_blank" rel="noopener noreferrer">
          {t("order.follow", { carrier })}
        </a>
      )}
    </div>
  );
}
