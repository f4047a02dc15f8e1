/** Who gets the parcel, and where: an address that the customer has saved, or another. */
import { useAct, useGraph, useSessionState } from "@petplus/client";
import { Button, Failure, SelectField, Skeleton, TextField, useForm } from "@petplus/ui";
import { useState } from "react";
import { AddressFields } from "../../address/AddressFields";
import { addressOf, type KnownAddress } from "../../address/address";
import type { Cart, CartActions } from "../../cart/useCart";
import { WebCheckoutDeliveryDocument, WebSavedAddressesDocument, type SavedAddressPartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";

interface AddressFormProps {
  cart: Cart;
  actions: CartActions;
  /** The viewer's address, for who has not given another yet. */
  email: string;
  onDone: () => void;
}

export function AddressForm(props: AddressFormProps) {
  const isCustomer = useSessionState().status === "signedIn";
  const { data, isLoading } = useGraph(WebSavedAddressesDocument, {}, { pause: !isCustomer });
  if (isCustomer && isLoading) return <Skeleton lines={4} height="3rem" />;
  return <DeliveryForm {...props} saved={data?.me?.addresses ?? []} />;
}

function DeliveryForm({ cart, actions, email, onDone, saved }: AddressFormProps & { saved: readonly SavedAddressPartsFragment[] }) {
  const { t } = useShopI18n();
  const send = useAct(WebCheckoutDeliveryDocument);
  const offered = cart.shippingAddress ? undefined : saved.find(({ isDefault }) => isDefault);
  const [chosen, setChosen] = useState(offered?.id ?? "");
  const known: KnownAddress | null = saved.find(({ id }) => id === chosen) ?? cart.shippingAddress;
  const form = useForm(
    (values) => {
      const shippingMethod = cart.shippingMethod ?? "STANDARD";
      return actions.change(async (to) => {
        const input = { ...to, email: values["email"] ?? "", address: addressOf(values), shippingMethod };
        return (await send({ input })).cartDeliverySet;
      });
    },
    onDone,
  );
  return (
    <form className="stack" onSubmit={form.onSubmit} noValidate>
      <h2>{t("checkout.contact")}</h2>
      <TextField
        label={t("checkout.email")}
        hint={t("checkout.emailHint")}
        error={form.errorOf("email")}
        name="email"
        type="email"
        autoComplete="email"
        defaultValue={cart.contactEmail ?? email}
        required
      />
      <h2>{t("checkout.address")}</h2>
      {saved.length > 0 && (
        <SelectField
          label={t("checkout.saved")}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
          options={[
            ["", t("checkout.another")],
            ...saved.map(({ id, label, recipient, addressLine1 }) => [id, label ?? `${recipient}, ${addressLine1}`] as const),
          ]}
        />
      )}
      <AddressFields key={chosen} known={known} errorOf={form.errorOf} />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("checkout.continue")}
      </Button>
    </form>
  );
}
