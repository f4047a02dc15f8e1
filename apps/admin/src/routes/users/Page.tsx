/** All accounts, by name, address, role, the time since which there is one, and whether it is suspended. */
import { useGraph } from "@petplus/client";
import { Badge, Table, useDebounced, type Column } from "@petplus/ui";
import { Link } from "wouter";
import { AdminUserListDocument, type Role, type UserRowFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, DayFilter, Filters, TextFilter } from "../../list/Filters";
import { PAGE, PagedList } from "../../list/PagedList";
import { CURSOR, dayStart, oneOf, useUrlFilter } from "../../useUrlFilter";

export const ROLES: readonly Role[] = ["CUSTOMER", "SUPPORT", "ADMIN"];

const SUSPENSIONS = ["yes", "no"] as const;

export function UsersPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const role = oneOf(filter.get("role"), ROLES);
  const suspended = oneOf(filter.get("suspended"), SUSPENSIONS);
  const createdFrom = dayStart(filter.get("from"));
  const createdBefore = dayStart(filter.get("to"), 1);
  const search = useDebounced(filter.get("search").trim());
  const answer = useGraph(AdminUserListDocument, {
    filter: {
      ...(role && { role }),
      ...(search && { search }),
      ...(suspended && { suspended: suspended === "yes" }),
      ...(createdFrom && { createdFrom }),
      ...(createdBefore && { createdBefore }),
    },
    first: PAGE,
    after: filter.get(CURSOR) || null,
  });
  return (
    <div className="stack">
      <title>{t("users.title")}</title>
      <h1>{t("users.title")}</h1>
      <Filters>
        <TextFilter filter={filter} name="search" label={t("users.search")} />
        <ChoiceFilter
          filter={filter}
          name="role"
          label={t("users.role")}
          any={t("list.any")}
          options={ROLES.map((each) => [each, t(`role.${each}`)] as const)}
        />
        <ChoiceFilter
          filter={filter}
          name="suspended"
          label={t("users.suspended")}
          any={t("list.any")}
          options={SUSPENSIONS.map((each) => [each, t(`users.${each}`)] as const)}
        />
        <DayFilter filter={filter} name="from" label={t("users.from")} />
        <DayFilter filter={filter} name="to" label={t("users.to")} />
      </Filters>
      <PagedList
        title={t("users.title")}
        answer={answer}
        pageOf={({ users }) => users}
        filter={filter}
        countText={(count) => t("users.count", { count })}
        noneText={t("users.none")}
      >
        {(users) => <UserTable users={users} />}
      </PagedList>
    </div>
  );
}

function UserTable({ users }: { users: readonly UserRowFragment[] }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<UserRowFragment>[] = [
    { header: t("users.name"), cell: ({ id, name }) => <UserLink id={id} name={name} /> },
    { header: t("users.email"), cell: ({ email }) => email ?? "–" },
    { header: t("users.roles"), cell: ({ roles }) => <Roles roles={roles ?? []} /> },
    { header: t("users.secondFactor"), cell: ({ secondFactorSince }) => t(secondFactorSince ? "users.has" : "users.hasNot") },
    { header: t("users.suspended"), cell: ({ suspendedAt }) => (suspendedAt ? <Badge tone="bad">{t("users.yes")}</Badge> : t("users.no")) },
    { header: t("users.since"), cell: ({ createdAt }) => (createdAt ? formats.date(createdAt) : "–") },
  ];
  return <Table caption={t("users.title")} columns={columns} rows={users} keyOf={({ id }) => id} />;
}

export function UserLink({ id, name }: { id: string; name: string | null }) {
  const { t } = useAdminI18n();
  return <Link href={`/users/${id}`}>{name || t("users.unnamed")}</Link>;
}

export function Roles({ roles }: { roles: readonly Role[] }) {
  const { t } = useAdminI18n();
  return (
    <span className="row">
      {roles.map((each) => (
        <Badge key={each} tone={each === "CUSTOMER" ? "plain" : "info"}>
          {t(`role.${each}`)}
        </Badge>
      ))}
    </span>
  );
}
