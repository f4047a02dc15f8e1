/** Where a pet is described, a new one or one that changes. */
import { useAct } from "@petplus/client";
import { Button, Dialog, Failure, SelectField, TextField, useForm, useToast } from "@petplus/ui";
import {
  WebPetCreateDocument,
  WebPetUpdateDocument,
  type PetPartsFragment,
  type PetSize,
  type PetSpecies,
} from "../../gql";
import { useShopI18n } from "../../i18n";
import { MEASURES, measuresOf, storedOf, writtenOf } from "./measures";

const SPECIES: readonly PetSpecies[] = ["DOG", "CAT", "OTHER"];
const SIZES: readonly PetSize[] = ["EXTRA_SMALL", "SMALL", "MEDIUM", "LARGE", "EXTRA_LARGE"];

interface PetDialogProps {
  /** The pet that changes; null for a new one. */
  pet: PetPartsFragment | null;
  onClose: () => void;
  onChange: () => void;
}

export function PetDialog({ pet, onClose, onChange }: PetDialogProps) {
  const { t, locale } = useShopI18n();
  const create = useAct(WebPetCreateDocument);
  const update = useAct(WebPetUpdateDocument);
  const tell = useToast();
  const form = useForm(
    async (values) => {
      const { measures, unreadable } = measuresOf(values);
      if (unreadable.length > 0) return noNumbers(unreadable);
      const given = {
        name: values["name"] ?? "",
        species: values["species"] as PetSpecies,
        breed: values["breed"] ?? "",
        size: (values["size"] || null) as PetSize | null,
        measures,
      };
      if (pet === null) return (await create({ input: given })).petCreate;
      return (await update({ input: { id: pet.id, version: pet.version, ...given } })).petUpdate;
    },
    () => {
      tell(t("account.saved"));
      onChange();
      onClose();
    },
    ({ __typename }) => {
      if (__typename === "ConflictProblem") onChange();
      return undefined;
    },
  );
  return (
    <Dialog title={pet ? t("pets.changeName", { name: pet.name }) : t("pets.add")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit} noValidate>
        <TextField
          label={t("pets.name")}
          name="name"
          maxLength={60}
          autoComplete="off"
          defaultValue={pet?.name ?? ""}
          error={form.errorOf("name")}
          required
        />
        <div className="account-pair">
          <SelectField
            label={t("pets.species")}
            name="species"
            defaultValue={pet?.species ?? "DOG"}
            error={form.errorOf("species")}
            options={SPECIES.map((each) => [each, t(`species.${each}`)] as const)}
          />
          <TextField
            label={t("pets.breed")}
            name="breed"
            maxLength={80}
            autoComplete="off"
            defaultValue={pet?.breed ?? ""}
            error={form.errorOf("breed")}
          />
          <SelectField
            label={t("pets.size")}
            name="size"
            defaultValue={pet?.size ?? ""}
            error={form.errorOf("size")}
            options={[["", t("pets.unknown")], ...SIZES.map((each) => [each, t(`petSize.${each}`)] as const)]}
          />
        </div>
        <fieldset className="stack">
          <legend>
            <h3>{t("pets.measures")}</h3>
          </legend>
          <p className="muted small">{t("pets.measuresLead")}</p>
          <div className="account-pair">
            {MEASURES.map((measure) => (
              <TextField
                key={measure.name}
                label={t(`measure.${measure.name}`)}
                hint={t(`measureHint.${measure.name}`)}
                name={measure.input}
                inputMode="decimal"
                autoComplete="off"
                defaultValue={pet ? writtenOf(storedOf(pet, measure), measure, locale) : ""}
                error={form.errorOf(`measures.${measure.input}`)}
              />
            ))}
          </div>
        </fieldset>
        <Failure text={form.failure} />
        <div>
          <Button type="submit" look="primary" isBusy={form.isBusy}>
            {t("account.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the graph cannot be asked, in the form of its own refusals. */
function noNumbers(inputs: readonly string[]) {
  const message = "Send a number.";
  const fields = inputs.map((input) => ({ path: `measures.${input}`, code: "NOT_A_NUMBER", message }));
  return { __typename: "InvalidInputProblem" as const, code: "INVALID_INPUT" as const, message, fields };
}
