/** The customer's pets. The builder chooses the size by their measures. */
import { useAct, useGraph } from "@petplus/client";
import { Button, Empty, Loaded } from "@petplus/ui";
import { useState } from "react";
import { WebAccountPetsDocument, WebPetDeleteDocument, type PetPartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { MEASURES, shownOf, storedOf } from "./measures";
import { PetDialog } from "./PetDialog";
import { RemoveDialog } from "./RemoveDialog";

export function Pets() {
  const { t } = useShopI18n();
  const answer = useGraph(WebAccountPetsDocument, {});
  const [isAdding, setAdding] = useState(false);
  return (
    <Loaded answer={answer}>
      {({ me }) => (
        <div className="stack">
          {me?.pets?.length ? (
            <ul className="account-cards">
              {me.pets.map((pet) => (
                <PetCard key={pet.id} pet={pet} onChange={answer.refetch} />
              ))}
            </ul>
          ) : (
            <Empty title={t("pets.none")} />
          )}
          <div>
            <Button look="primary" onClick={() => setAdding(true)}>
              {t("pets.add")}
            </Button>
          </div>
          {isAdding && <PetDialog pet={null} onClose={() => setAdding(false)} onChange={answer.refetch} />}
        </div>
      )}
    </Loaded>
  );
}

function PetCard({ pet, onChange }: { pet: PetPartsFragment; onChange: () => void }) {
  const { t, locale } = useShopI18n();
  const [open, setOpen] = useState<"change" | "removal" | null>(null);
  const remove = useAct(WebPetDeleteDocument);
  const { name } = pet;
  const about = [t(`species.${pet.species}`), pet.breed, pet.size && t(`petSize.${pet.size}`)].filter(Boolean).join(" · ");
  const known = MEASURES.flatMap((measure) => {
    const stored = storedOf(pet, measure);
    return stored === null ? [] : [[t(`measure.${measure.name}`), shownOf(stored, measure, locale)] as const];
  });
  return (
    <li className="card stack">
      <header>
        <h2>{name}</h2>
        <p className="muted small">{about}</p>
      </header>
      {known.length > 0 ? (
        <dl className="pet-measures">
          {known.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="muted small">{t("pets.noMeasures")}</p>
      )}
      <div className="row">
        <Button isSmall aria-label={t("pets.changeName", { name })} onClick={() => setOpen("change")}>
          {t("checkout.change")}
        </Button>
        <Button isSmall aria-label={t("pets.removeName", { name })} onClick={() => setOpen("removal")}>
          {t("account.remove")}
        </Button>
      </div>
      {open === "change" && <PetDialog pet={pet} onClose={() => setOpen(null)} onChange={onChange} />}
      {open === "removal" && (
        <RemoveDialog
          title={t("pets.removeName", { name })}
          lead={t("pets.removeLead")}
          remove={async () => (await remove({ input: { id: pet.id } })).petDelete}
          onClose={() => setOpen(null)}
          onChange={onChange}
        />
      )}
    </li>
  );
}
