/** The size by the measures of a pet of the customer, as the catalogue says which size fits. */
import { useAsk, useGraph, useSessionState } from "@petplus/client";
import { SelectField, useToast } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { WebBuilderPetsDocument, WebBuilderSizeDocument, type BuilderPetFragment, type PetMeasure, type Size } from "../../gql";
import { useShopI18n } from "../../i18n";
import type { Options } from "./config";

/** A measure in the unit that `sizeFor` takes; null if it is not known. */
function measured({ measures }: BuilderPetFragment, by: PetMeasure): number | null {
  const { neck, chest, length, weight } = measures;
  const found = { NECK: neck?.centimetres, CHEST: chest?.centimetres, LENGTH: length?.centimetres, WEIGHT: weight?.kilograms };
  return found[by] ?? null;
}

export function PetSize({ options, onSize }: { options: Options; onSize: (size: Size) => void }) {
  const { t } = useShopI18n();
  const isCustomer = useSessionState().status === "signedIn";
  const { data } = useGraph(WebBuilderPetsDocument, {}, { pause: !isCustomer });
  const ask = useAsk(WebBuilderSizeDocument);
  const tell = useToast();
  const [pet, setPet] = useState<BuilderPetFragment>();
  const [size, setSize] = useState<Size | null>();
  const fit = options.sizes[0]?.fit;
  const pets = data?.me?.pets ?? [];
  if (pets.length === 0 || fit === undefined) return null;

  async function choose(id: string): Promise<void> {
    const chosen = pets.find((each) => each.id === id);
    setPet(chosen);
    setSize(undefined);
    const measure = chosen && fit ? measured(chosen, fit.measure) : null;
    if (measure === null) return;
    try {
      const { productOptions } = await ask({ product: options.product, measure });
      const fitting = productOptions?.sizeFor ?? null;
      setSize(fitting);
      if (fitting !== null) onSize(fitting);
    } catch {
      tell(t("ui.trouble.failed"), "bad");
    }
  }

  return (
    <div className="stack" style={{ gap: "0.35rem" }}>
      <SelectField
        label={t("builder.pet")}
        value={pet?.id ?? ""}
        onChange={({ target }) => void choose(target.value)}
        options={[["", t("builder.anyPet")], ...pets.map(({ id, name }) => [id, name] as const)]}
      />
      {pet && (
        <p className="muted small" role="status">
          {measured(pet, fit.measure) === null ? (
            <>
              {t("builder.petUnmeasured", { name: pet.name, measure: fit.label })}{" "}
              <Link href="/account/pets">{t("builder.petMeasure")}</Link>
            </>
          ) : (
            size !== undefined && (size ? t("builder.petFits", { name: pet.name, size: labelOf(size, options) }) : t("builder.petFitsNone", { name: pet.name }))
          )}
        </p>
      )}
    </div>
  );
}

function labelOf(size: Size, options: Options): string {
  return options.sizes.find((each) => each.size === size)?.label ?? size;
}
