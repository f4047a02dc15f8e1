/** What was found of one part: the first few, and the way to all. */
import { Badge, ErrorPanel, toneOfOrder } from "@petplus/ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AdminSearchPageQuery } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { Roles } from "../users/Page";
import type { Part } from "./parts";

interface FoundProps {
  name: Part["name"];
  text: string;
  data: AdminSearchPageQuery;
  error: unknown;
  onRetry: () => void;
}

/** Lists that take the same words. */
const LISTS: Readonly<Partial<Record<Part["name"], string>>> = { orders: "/orders?text=", users: "/users?search=" };

export function Found({ name, text, data, error, onRetry }: FoundProps) {
  const { t } = useAdminI18n();
  const list = LISTS[name];
  const part = data[name];
  return (
    <section className="card stack" aria-labelledby={name}>
      <h2 id={name}>{t(`search.${name}`)}</h2>
      {part === null ? (
        <ErrorPanel error={error} onRetry={onRetry} />
      ) : (
        <>
          <ul className="search-found">
            <Rows name={name} data={data} />
          </ul>
          {part.pageInfo.hasNextPage &&
            (list ? <Link href={`${list}${encodeURIComponent(text)}`}>{t("search.all")}</Link> : <p className="muted small">{t("search.more")}</p>)}
        </>
      )}
    </section>
  );
}

function Rows({ name, data }: Pick<FoundProps, "name" | "data">) {
  const { t, formats } = useAdminI18n();
  switch (name) {
    case "orders":
      return data.orders?.nodes.map(({ id, number, status, placedAt, total, customer, contactEmail }) => (
        <Row key={id} href={`/orders/${id}`} title={number}>
          <Badge tone={toneOfOrder(status)}>{t(`status.${status}`)}</Badge>
          <span>{customer?.name ?? contactEmail ?? t("orders.guest")}</span>
          <span className="muted">
            {formats.money(total)}, {formats.date(placedAt)}
          </span>
        </Row>
      ));
    case "users":
      return data.users?.nodes.map((user) => (
        <Row key={user.id} href={`/users/${user.id}`} title={user.name || t("users.unnamed")}>
          <Roles roles={user.roles ?? []} />
          <span className="muted">{user.email}</span>
        </Row>
      ));
    case "allDesigns":
      // Designs have no page of their own here: their owner's says whom to ask.
      return data.allDesigns?.nodes.map(({ id, name: title, previewUrl, owner }) => (
        <Row key={id} href={owner && `/users/${owner.id}`} title={title}>
          {previewUrl && <img src={previewUrl} alt="" width="40" height="40" />}
          {owner && <span className="muted">{owner.name || t("users.unnamed")}</span>}
        </Row>
      ));
    case "webhookDeliveries":
      return data.webhookDeliveries?.nodes.map(({ id, source, topic, state, receivedAt, order }) => (
        <Row key={id} href={`/webhooks/${id}`} title={`${t(`source.${source}`)}: ${topic ?? "–"}`}>
          <span>{t(`state.${state}`)}</span>
          <span className="muted">{formats.dateTime(receivedAt)}</span>
          {order && <span className="muted">{order.number}</span>}
        </Row>
      ));
  }
}

function Row({ href, title, children }: { href: string | null; title: string; children: ReactNode }) {
  return (
    <li className="row">
      <strong>{href === null ? title : <Link href={href}>{title}</Link>}</strong>
      {children}
    </li>
  );
}
