/** The address that was given, and the way to change it. */
import { Button } from "@petplus/ui";
import { AddressLines } from "../../address/AddressLines";
import type { Cart } from "../../cart/useCart";
import { useShopI18n } from "../../i18n";

export function AddressSummary({ cart, onChange }: { cart: Cart; onChange: () => void }) {
  const { t } = useShopI18n();
  const { shippingAddress, contactEmail } = cart;
  if (shippingAddress === null) return null;
  return (
    <section className="card" aria-labelledby="address">
      <header className="row apart">
        <h2 id="address">{t("checkout.address")}</h2>
        <Button look="quiet" isSmall onClick={onChange}>
          {t("checkout.change")}
        </Button>
      </header>
      <AddressLines of={shippingAddress} also={contactEmail} />
    </section>
  );
}
