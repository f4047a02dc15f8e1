/** Views of the list that the viewer has named: filters and sort, kept in this browser. */
import { Button, Dialog, TextField, valuesOf } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useAdminI18n } from "../../i18n";
import type { UrlFilter } from "../../useUrlFilter";
import { readViews, storeViews, withView, type View } from "./views";

export function SavedViews({ filter }: { filter: UrlFilter }) {
  const { t } = useAdminI18n();
  const [views, setViews] = useState(readViews);
  const [isNaming, setNaming] = useState(false);

  function keep(next: readonly View[]): void {
    storeViews(next);
    setViews(next);
  }

  if (views.length === 0 && filter.text === "") return null;
  return (
    <section className="row" aria-label={t("views.title")}>
      {views.map((view) => (
        <span key={view.name} className="view">
          <Link href={`/orders?${view.text}`} aria-current={view.text === filter.text ? "page" : undefined}>
            {view.name}
          </Link>
          <button
            type="button"
            aria-label={t("views.remove", { name: view.name })}
            onClick={() => keep(views.filter((each) => each !== view))}
          >
            ×
          </button>
        </span>
      ))}
      {filter.text !== "" && (
        <Button isSmall look="quiet" onClick={() => setNaming(true)}>
          {t("views.save")}
        </Button>
      )}
      {isNaming && (
        <Dialog title={t("views.save")} onClose={() => setNaming(false)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              const { name = "" } = valuesOf(event.currentTarget);
              keep(withView(views, { name: name.trim(), text: filter.text }));
              setNaming(false);
            }}
          >
            <TextField label={t("views.name")} name="name" required maxLength={40} pattern=".*\S.*" />
            <Button type="submit" look="primary">
              {t("views.keep")}
            </Button>
          </form>
        </Dialog>
      )}
    </section>
  );
}
