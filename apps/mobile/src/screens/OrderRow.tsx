/** An order in a list, with its status. */
import type { MobileOrderRowFragment } from "../gql";
import { LinkRow, Note } from "../look/parts";
import { usePlace } from "../places";
import { formats, texts } from "../texts";
import { toneOf } from "./tones";

export function OrderRow({ order }: { order: MobileOrderRowFragment }) {
  const [, go] = usePlace();
  return (
    <LinkRow
      title={order.number}
      detail={formats.dateTime(order.placedAt)}
      aside={<Note tone={toneOf(order.status)}>{texts.status(order.status)}</Note>}
      onPress={() => go({ screen: "order", id: order.id })}
    />
  );
}
