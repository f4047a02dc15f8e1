/** The customer's addresses: one of them is offered first at checkout. */
import { isProblem, useAct, useGraph } from "@petplus/client";
import { Badge, Button, Empty, Loaded, useToast } from "@petplus/ui";
import { useState } from "react";
import { AddressLines } from "../../address/AddressLines";
import {
  WebAddressDefaultSetDocument,
  WebAddressDeleteDocument,
  WebSavedAddressesDocument,
  type SavedAddressPartsFragment,
} from "../../gql";
import { useShopI18n } from "../../i18n";
import { AddressDialog } from "./AddressDialog";
import { RemoveDialog } from "./RemoveDialog";

type Address = SavedAddressPartsFragment;

export function Addresses() {
  const { t } = useShopI18n();
  const answer = useGraph(WebSavedAddressesDocument, {});
  const [isAdding, setAdding] = useState(false);
  return (
    <Loaded answer={answer}>
      {({ me }) => (
        <div className="stack">
          {me?.addresses?.length ? (
            <ul className="account-cards">
              {me.addresses.map((address) => (
                <AddressCard key={address.id} address={address} onChange={answer.refetch} />
              ))}
            </ul>
          ) : (
            <Empty title={t("addresses.none")} />
          )}
          <div>
            <Button look="primary" onClick={() => setAdding(true)}>
              {t("addresses.add")}
            </Button>
          </div>
          {isAdding && <AddressDialog address={null} onClose={() => setAdding(false)} onChange={answer.refetch} />}
        </div>
      )}
    </Loaded>
  );
}

function AddressCard({ address, onChange }: { address: Address; onChange: () => void }) {
  const { t } = useShopI18n();
  const [open, setOpen] = useState<"change" | "removal" | null>(null);
  const offerFirst = useAct(WebAddressDefaultSetDocument);
  const remove = useAct(WebAddressDeleteDocument);
  const tell = useToast();
  const name = address.label ?? address.addressLine1;
  const input = { id: address.id };

  async function makeDefault(): Promise<void> {
    const result = await offerFirst({ input }).catch(() => null);
    if (result === null || isProblem(result.addressDefaultSet)) tell(t("ui.trouble.failed"), "bad");
    onChange();
  }

  return (
    <li className="card stack">
      <header className="row apart">
        <h2>{name}</h2>
        {address.isDefault && <Badge tone="good">{t("addresses.first")}</Badge>}
      </header>
      <AddressLines of={address} also={address.phone} />
      <div className="row">
        <Button isSmall aria-label={t("addresses.changeName", { name })} onClick={() => setOpen("change")}>
          {t("checkout.change")}
        </Button>
        <Button isSmall aria-label={t("addresses.removeName", { name })} onClick={() => setOpen("removal")}>
          {t("account.remove")}
        </Button>
        {!address.isDefault && (
          <Button isSmall look="quiet" aria-label={t("addresses.makeFirstName", { name })} onClick={() => void makeDefault()}>
            {t("addresses.makeFirst")}
          </Button>
        )}
      </div>
      {open === "change" && <AddressDialog address={address} onClose={() => setOpen(null)} onChange={onChange} />}
      {open === "removal" && (
        <RemoveDialog
          title={t("addresses.removeName", { name })}
          lead={t("addresses.removeLead")}
          remove={async () => (await remove({ input })).addressDelete}
          onClose={() => setOpen(null)}
          onChange={onChange}
        />
      )}
    </li>
  );
}
