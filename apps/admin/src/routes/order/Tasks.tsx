/** What the graph asks staff to look at, until they have. */
import { useAct } from "@petplus/client";
import { Button } from "@petplus/ui";
import { AdminTaskResolveDocument, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useResult } from "../../useResult";

type Task = NonNullable<OrderDetailFragment["tasks"]>[number];

export function Tasks({ order, canWrite }: { order: OrderDetailFragment; canWrite: boolean }) {
  const { t } = useAdminI18n();
  const open = (order.tasks ?? []).filter(({ doneAt }) => doneAt === null);
  if (open.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="tasks">
      <h2 id="tasks">{t("order.tasks")}</h2>
      <ul className="stack">
        {open.map((task) => (
          <li key={task.id} className="row apart">
            {task.about}
            {canWrite && <Resolve task={task} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Resolve({ task }: { task: Task }) {
  const { t } = useAdminI18n();
  const resolve = useAct(AdminTaskResolveDocument);
  const { isBusy, send } = useResult();
  const ask = async () => (await resolve({ input: { taskId: task.id } })).orderTaskResolve;
  return (
    <Button isSmall isBusy={isBusy} onClick={() => void send(ask, t("order.taskDone"))}>
      {t("order.resolveTask")}
    </Button>
  );
}
