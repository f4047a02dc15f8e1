/** Notes about an order, and a new one. */
import { useAct } from "@petplus/client";
import { Button, Failure, SelectField, TextAreaField, useForm, useToast } from "@petplus/ui";
import { useState } from "react";
import { AdminNoteAddDocument, type NoteVisibility, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

export function Notes({ order, canWrite }: { order: OrderDetailFragment; canWrite: boolean }) {
  const { t, formats } = useAdminI18n();
  const notes = order.notes ?? [];
  return (
    <section className="card stack" aria-labelledby="notes">
      <h2 id="notes">{t("order.notes")}</h2>
      {notes.length === 0 && <p className="muted">{t("order.noNotes")}</p>}
      {notes.map((note) => (
        <div key={note.id} className="order-note">
          <p>{note.text}</p>
          <p className="small muted">
            {note.author?.name ?? t("actor.SYSTEM")} · {formats.dateTime(note.createdAt)} · {t(`visibility.${note.visibility}`)}
          </p>
        </div>
      ))}
      {canWrite && <NoteForm key={notes.length} order={order} />}
    </section>
  );
}

function NoteForm({ order }: { order: OrderDetailFragment }) {
  const { t } = useAdminI18n();
  const add = useAct(AdminNoteAddDocument);
  const tell = useToast();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useForm(
    async ({ text = "", visibility }) => {
      const input = { orderId: order.id, text, visibility: visibility as NoteVisibility, idempotencyKey };
      return (await add({ input })).orderNoteAdd;
    },
    () => tell(t("order.noteAdded")),
  );
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <TextAreaField label={t("order.note")} name="text" error={form.errorOf("text")} required maxLength={2000} />
      <SelectField
        label={t("order.visibility")}
        name="visibility"
        options={(["INTERNAL", "CUSTOMER"] as const).map((each) => [each, t(`visibility.${each}`)] as const)}
      />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isSmall isBusy={form.isBusy}>
          {t("order.addNote")}
        </Button>
      </div>
    </form>
  );
}
