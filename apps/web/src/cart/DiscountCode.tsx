/** The discount code of a cart: one at a time, entered here or taken off again. */
import { useAct } from "@petplus/client";
import { Button, Failure, TextField, useForm } from "@petplus/ui";
import { WebDiscountApplyDocument, WebDiscountRemoveDocument } from "../gql";
import { useShopI18n } from "../i18n";
import type { Cart, CartActions } from "./useCart";

interface DiscountCodeProps {
  cart: Cart;
  actions: CartActions;
}

export function DiscountCode({ cart, actions }: DiscountCodeProps) {
  return cart.discountCode === null ? <Enter actions={actions} /> : <Entered cart={cart} code={cart.discountCode} actions={actions} />;
}

function Enter({ actions }: Pick<DiscountCodeProps, "actions">) {
  const { t } = useShopI18n();
  const apply = useAct(WebDiscountApplyDocument);
  const form = useForm(
    ({ code = "" }) => actions.change(async (to) => (await apply({ input: { ...to, code: code.trim() } })).cartDiscountApply),
    () => undefined,
  );
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <TextField label={t("discount.code")} name="code" autoComplete="off" maxLength={40} error={form.errorOf("code")} required />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isSmall isBusy={form.isBusy}>
          {t("discount.apply")}
        </Button>
      </div>
    </form>
  );
}

function Entered({ cart, code, actions }: DiscountCodeProps & { code: string }) {
  const { t } = useShopI18n();
  const remove = useAct(WebDiscountRemoveDocument);
  const form = useForm(
    () => actions.change(async (to) => (await remove({ input: to })).cartDiscountRemove),
    () => undefined,
  );
  const problem = cart.problems.find((each) => each.code.startsWith("DISCOUNT_"));
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <p className="row apart">
        <span>{t("discount.used", { code })}</span>
        <Button type="submit" look="quiet" isSmall isBusy={form.isBusy} aria-label={t("discount.remove", { code })}>
          {t("builder.removeMotif")}
        </Button>
      </p>
      <Failure text={form.failure ?? problem?.message} />
    </form>
  );
}
