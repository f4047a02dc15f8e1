/** One account: its roles, its orders, and what was done with it. */
import { useAct, useGraph } from "@petplus/client";
import { Badge, Button, Dialog, ErrorPanel, Loaded, Skeleton, Table, toneOfOrder, type Column } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCan } from "../../access";
import {
  AdminRolesSetDocument,
  AdminSecondFactorRemoveDocument,
  AdminUserPageDocument,
  type AdminUserPageQuery,
  type Role,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useResult } from "../../useResult";
import { UserTrail } from "../audit/Trail";
import { ROLES, Roles } from "../users/Page";
import { Suspension } from "./Suspension";

type User = NonNullable<AdminUserPageQuery["user"]>;
type Order = NonNullable<User["orders"]>["nodes"][number];

const ORDERS = 10;

export function UserPage({ id }: { id: string }) {
  const answer = useGraph(AdminUserPageDocument, { id, orders: ORDERS });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={4} height="5rem" />}>
      {({ user }) =>
        user ? <UserDetails user={user} onChange={answer.refetch} /> : <ErrorPanel error={answer.error} onRetry={answer.refetch} />
      }
    </Loaded>
  );
}

function UserDetails({ user, onChange }: { user: User; onChange: () => void }) {
  const { t, formats } = useAdminI18n();
  const can = useCan();
  const name = user.name || t("users.unnamed");
  return (
    <article className="stack">
      <title>{name}</title>
      <Link href="/users">← {t("users.back")}</Link>
      <header className="row">
        <h1>{name}</h1>
        <Roles roles={user.roles ?? []} />
        {user.suspendedAt && <Badge tone="bad">{t("users.suspended")}</Badge>}
        <span className="muted">{user.email}</span>
        {user.createdAt && <span className="muted">{t("users.sinceDay", { date: formats.date(user.createdAt) })}</span>}
      </header>
      {can("users:write") && <RolesForm key={user.version} user={user} onChange={onChange} />}
      {can("users:write") && user.secondFactorSince && <SecondFactor user={user} />}
      {can("users:write") && <Suspension user={user} onStale={onChange} />}
      {can("orders:read") && <Orders user={user} />}
      {can("audit:read") && <UserTrail id={user.id} />}
    </article>
  );
}

function RolesForm({ user, onChange }: { user: User; onChange: () => void }) {
  const { t } = useAdminI18n();
  const set = useAct(AdminRolesSetDocument);
  const { isBusy, send } = useResult();
  const before = user.roles ?? [];
  const [roles, setRoles] = useState<readonly Role[]>(before);
  const isChanged = roles.length !== before.length || roles.some((each) => !before.includes(each));

  async function save(): Promise<void> {
    const input = { userId: user.id, version: user.version ?? 0, roles: [...roles] };
    const done = await send(async () => (await set({ input })).userRolesSet, t("users.rolesSet"));
    if (done === null) onChange();
  }

  return (
    <section className="card stack" aria-labelledby="roles">
      <h2 id="roles">{t("users.roles")}</h2>
      <p className="muted small">{t("users.rolesHint")}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="row">
          {ROLES.map((role) => (
            <label key={role} className="choice">
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={({ target }) => setRoles(ROLES.filter((each) => (each === role ? target.checked : roles.includes(each))))}
              />
              <span>{t(`role.${role}`)}</span>
            </label>
          ))}
        </div>
        <div>
          <Button type="submit" look="primary" isSmall isBusy={isBusy} disabled={!isChanged || roles.length === 0}>
            {t("users.setRoles")}
          </Button>
        </div>
      </form>
    </section>
  );
}

function SecondFactor({ user }: { user: User }) {
  const { t, formats } = useAdminI18n();
  const remove = useAct(AdminSecondFactorRemoveDocument);
  const { isBusy, send } = useResult();
  const [isAsked, setAsked] = useState(false);

  function removeIt(): void {
    setAsked(false);
    const ask = async () => (await remove({ input: { userId: user.id } })).userSecondFactorRemove;
    void send(ask, t("users.secondFactorRemoved"));
  }

  return (
    <section className="card row apart" aria-labelledby="second-factor">
      <div>
        <h2 id="second-factor">{t("users.secondFactor")}</h2>
        <p className="muted">{user.secondFactorSince && t("users.sinceDay", { date: formats.date(user.secondFactorSince) })}</p>
      </div>
      <Button look="danger" isSmall isBusy={isBusy} onClick={() => setAsked(true)}>
        {t("users.removeSecondFactor")}
      </Button>
      {isAsked && (
        <Dialog title={t("users.removeSecondFactor")} onClose={() => setAsked(false)}>
          <p>{t("users.removeSure")}</p>
          <div className="row">
            <Button look="danger" onClick={removeIt}>
              {t("users.removeSecondFactor")}
            </Button>
            <Button onClick={() => setAsked(false)}>{t("ui.cancel")}</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Orders({ user }: { user: User }) {
  const { t, formats } = useAdminI18n();
  const orders = user.orders?.nodes ?? [];
  const columns: readonly Column<Order>[] = [
    { header: t("orders.number"), cell: ({ id, number }) => <OrderLink id={id} number={number} /> },
    { header: t("orders.status"), cell: ({ status }) => <Badge tone={toneOfOrder(status)}>{t(`status.${status}`)}</Badge> },
    { header: t("orders.placed"), cell: ({ placedAt }) => formats.dateTime(placedAt) },
    { header: t("orders.total"), cell: ({ total }) => formats.money(total), isNumber: true },
  ];
  return (
    <section className="card stack" aria-labelledby="orders">
      <h2 id="orders">{t("users.orders", { count: user.orders?.totalCount ?? 0 })}</h2>
      {orders.length > 0 && <Table caption={t("orders.title")} columns={columns} rows={orders} keyOf={({ id }) => id} />}
    </section>
  );
}

function OrderLink({ id, number }: { id: string; number: string }) {
  return (
    <Link href={`/orders/${id}`} className="nowrap">
      {number}
    </Link>
  );
}
