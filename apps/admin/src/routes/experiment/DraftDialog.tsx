/** Changes the draft of an experiment. A conflict is shown as the difference between the viewer's draft and what is there now. */
import { useAct, useAsk } from "@petplus/client";
import { Button, Dialog, Failure, Table, TextAreaField, TextField, useForm, useToast, type Form } from "@petplus/ui";
import { useState } from "react";
import { AdminDraftUpdateDocument, AdminExperimentPageDocument, type ExperimentRowFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { changesOf, differences, draftOf, type Difference, type Draft, type DraftVariant } from "./draft";
import "./DraftDialog.css";

interface DraftProps {
  experiment: ExperimentRowFragment;
  /** Called where the experiment may not be what the page shows. */
  onStale: () => void;
}

export function DraftButton({ experiment, onStale }: DraftProps) {
  const { t } = useAdminI18n();
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button isSmall onClick={() => setOpen(true)}>
        {t("draft.edit")}
      </Button>
      {isOpen && <DraftDialog experiment={experiment} onStale={onStale} onClose={() => setOpen(false)} />}
    </div>
  );
}

function DraftDialog({ experiment, onStale, onClose }: DraftProps & { onClose: () => void }) {
  const { t } = useAdminI18n();
  const tell = useToast();
  const update = useAct(AdminDraftUpdateDocument);
  const ask = useAsk(AdminExperimentPageDocument);
  // What the viewer began with, whatever the page learns meanwhile.
  const [before] = useState(experiment);
  const [now, setNow] = useState(experiment);
  const [isInConflict, setInConflict] = useState(false);
  const [draft, setDraft] = useState(() => draftOf(experiment));
  const form = useForm(
    async () => {
      setInConflict(false);
      const input = { id: now.id, version: now.version ?? 0, ...changesOf(draft, draftOf(before)) };
      const result = (await update({ input })).experimentUpdate;
      if (result.__typename === "ConflictProblem") {
        const { experiment: found } = await ask({ id: now.id });
        if (found) setNow(found);
        setInConflict(found !== null);
      } else if (result.__typename === "IllegalStateProblem") {
        onStale();
      }
      return result;
    },
    () => {
      tell(t("draft.saved"));
      onClose();
    },
  );
  return (
    <Dialog title={t(isInConflict ? "draft.conflict" : "draft.edit")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit} noValidate>
        {isInConflict ? (
          <Conflict draft={draft} before={before} now={now} isBusy={form.isBusy} onKeep={onClose} />
        ) : (
          <Fields draft={draft} form={form} onChange={setDraft} />
        )}
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  form: Form;
  onChange: (draft: Draft) => void;
}

function Fields({ draft, form, onChange }: FieldsProps) {
  const { t } = useAdminI18n();
  return (
    <>
      <TextField
        label={t("experiments.name")}
        error={form.errorOf("name")}
        value={draft.name}
        maxLength={100}
        onChange={({ target }) => onChange({ ...draft, name: target.value })}
      />
      <TextAreaField
        label={t("draft.hypothesis")}
        error={form.errorOf("hypothesis")}
        value={draft.hypothesis}
        maxLength={500}
        onChange={({ target }) => onChange({ ...draft, hypothesis: target.value })}
      />
      <TextField
        label={t("draft.coverage")}
        error={form.errorOf("coverage")}
        inputMode="decimal"
        value={draft.coverage}
        onChange={({ target }) => onChange({ ...draft, coverage: target.value })}
      />
      <Variants draft={draft} form={form} onChange={onChange} />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("draft.save")}
      </Button>
    </>
  );
}

function Variants({ draft, form, onChange }: FieldsProps) {
  const { t } = useAdminI18n();
  const { variants } = draft;

  function put(place: number, variant: DraftVariant): void {
    onChange({ ...draft, variants: variants.with(place, variant) });
  }

  return (
    <fieldset className="stack">
      <legend>{t("draft.variants")}</legend>
      {variants.map((variant, place) => {
        const number = place + 1;
        return (
          // A variant has no name that stays: its place is what it is.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={place} className="draft-variant">
            <TextField
              label={t("draft.variantKey", { number })}
              error={form.errorOf(`variants.${place}.key`)}
              value={variant.key}
              onChange={({ target }) => put(place, { ...variant, key: target.value })}
            />
            <TextField
              label={t("draft.variantShare", { number })}
              error={form.errorOf(`variants.${place}.weight`)}
              inputMode="decimal"
              value={variant.share}
              onChange={({ target }) => put(place, { ...variant, share: target.value })}
            />
            <Button
              isSmall
              look="quiet"
              aria-label={t("draft.variantRemove", { number })}
              onClick={() => onChange({ ...draft, variants: variants.toSpliced(place, 1) })}
            >
              {t("draft.remove")}
            </Button>
          </div>
        );
      })}
      <Failure text={form.errorOf("variants")} />
      <div>
        <Button isSmall onClick={() => onChange({ ...draft, variants: [...variants, { key: "", share: "" }] })}>
          {t("draft.variantAdd")}
        </Button>
      </div>
    </fieldset>
  );
}

interface ConflictProps {
  draft: Draft;
  before: ExperimentRowFragment;
  now: ExperimentRowFragment;
  isBusy: boolean;
  onKeep: () => void;
}

function Conflict({ draft, before, now, isBusy, onKeep }: ConflictProps) {
  const { t } = useAdminI18n();
  const columns = [
    { header: t("conflict.field"), cell: ({ field }: Difference) => t(`draft.${field}`) },
    { header: t("draft.mine"), cell: ({ mine }: Difference) => mine || "–" },
    { header: t("conflict.theirs"), cell: ({ theirs }: Difference) => <strong>{theirs || "–"}</strong> },
  ];
  const rows = differences(draft, draftOf(now));
  return (
    <>
      <p>{t("draft.conflictLead", { mine: before.version ?? 0, theirs: now.version ?? 0 })}</p>
      {rows.length > 0 && <Table caption={t("draft.conflict")} columns={columns} rows={rows} keyOf={({ field }) => field} />}
      <p>{t("draft.conflictHint")}</p>
      <div className="row">
        <Button look="primary" onClick={onKeep}>
          {t("conflict.keep")}
        </Button>
        <Button type="submit" isBusy={isBusy}>
          {t("conflict.again")}
        </Button>
      </div>
    </>
  );
}
