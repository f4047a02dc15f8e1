/** The picture of the customer: uploaded as soon as it is chosen, and removed. */
import { useAct } from "@petplus/client";
import { Button, Failure, TextField, useForm, useToast } from "@petplus/ui";
import { useRef } from "react";
import { WebAvatarUploadDocument, WebProfileUpdateDocument, type ProfilePartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import { squareOf } from "./picture";

const UNREADABLE = {
  __typename: "InvalidInputProblem" as const,
  code: "INVALID_INPUT" as const,
  message: "Send a picture.",
  fields: [{ path: "image", code: "UNREADABLE_PICTURE", message: "Send a picture." }],
};

export function PictureForm({ profile, onStale }: { profile: ProfilePartsFragment; onStale: () => void }) {
  const { t } = useShopI18n();
  const upload = useAct(WebAvatarUploadDocument);
  const update = useAct(WebProfileUpdateDocument);
  const tell = useToast();
  const chosen = useRef<HTMLInputElement>(null);
  const version = profile.version ?? 0;
  const onProblem = ({ __typename }: { __typename: string }): undefined => {
    if (__typename === "ConflictProblem") onStale();
  };

  const form = useForm(
    async () => {
      const file = chosen.current?.files?.[0];
      const image = file ? await squareOf(file) : null;
      return image === null ? UNREADABLE : (await upload({ input: { version, image } })).avatarUpload;
    },
    () => tell(t("picture.shown")),
    onProblem,
  );
  const removal = useForm(
    async () => (await update({ input: { version, avatarUrl: null } })).profileUpdate,
    () => tell(t("picture.removed")),
    onProblem,
  );

  return (
    <section className="card stack" aria-labelledby="picture">
      <h2 id="picture">{t("picture.title")}</h2>
      <div className="row account-picture">
        {profile.avatarUrl && <img src={profile.avatarUrl} alt={t("picture.yours")} width="96" height="96" />}
        <form onSubmit={form.onSubmit} noValidate aria-busy={form.isBusy}>
          <TextField
            ref={chosen}
            label={t("picture.choose")}
            hint={t("picture.hint")}
            type="file"
            accept="image/*"
            error={form.errorOf("image")}
            onChange={({ target }) => target.files?.length && target.form?.requestSubmit()}
          />
          <Failure text={form.failure} />
        </form>
      </div>
      {profile.avatarUrl && (
        <form onSubmit={removal.onSubmit}>
          <Button type="submit" isSmall isBusy={removal.isBusy}>
            {t("picture.remove")}
          </Button>
          <Failure text={removal.failure} />
        </form>
      )}
    </section>
  );
}
