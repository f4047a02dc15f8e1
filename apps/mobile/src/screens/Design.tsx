/** A design: its picture, what each part of it costs, and what became of its orders. */
import { troubleOf, useGraph } from "@petplus/client";
import { Image } from "react-native";
import {
  MobileDesignDocument,
  MobileDesignPriceDocument,
  type DesignConfigInput,
  type MobileConfigFragment,
  type MobileDesignQuery,
} from "../gql";
import { Amount, List, Loaded, Screen, Section, Words } from "../look/parts";
import { formats, texts } from "../texts";
import { useScreen } from "../useScreen";
import { OrderRow } from "./OrderRow";

type ShownDesign = NonNullable<MobileDesignQuery["design"]>;

const MOST_ORDERS = 3;

export function DesignScreen({ id }: { id: string }) {
  const { data, trouble } = useScreen(MobileDesignDocument, { id, orders: MOST_ORDERS });
  const missing = data?.design === null ? texts.trouble("missing") : undefined;
  return (
    <Screen title={data?.design?.name ?? texts.loading}>
      <Loaded data={data?.design} trouble={trouble ?? missing}>
        {(design) => (
          <>
            {design.previewUrl && (
              <Image
                source={{ uri: design.previewUrl }}
                alt={texts.pictureOf(design.name)}
                style={{ aspectRatio: 1, width: "100%", maxWidth: 512, borderRadius: 10 }}
              />
            )}
            <Words look="strong">{formats.money(design.price)}</Words>
            <Price design={design} />
            <Section title={texts.orders}>
              <List isEmpty={!design.orders?.nodes.length} empty={texts.noOrders}>
                {design.orders?.nodes.map((order) => (
                  <OrderRow key={order.id} order={order} />
                ))}
              </List>
            </Section>
          </>
        )}
      </Loaded>
    </Screen>
  );
}

function Price({ design: { config, price } }: { design: ShownDesign }) {
  const input = { config: inputOf(config), currency: price.currencyCode };
  const { data, error } = useGraph(MobileDesignPriceDocument, { input });
  const quote = data?.priceQuote;
  return (
    <Section title={texts.price}>
      <Loaded data={quote} trouble={error && texts.trouble(troubleOf(error))}>
        {(found) => {
          if (found.__typename !== "PriceQuote") return <Words look="muted">{texts.noPrice}</Words>;
          return (
            <List isEmpty={false} empty="">
              {found.items.map(({ kind, label, amount }) => (
                <Amount key={`${kind} ${label}`} label={label} amount={formats.money(amount)} />
              ))}
              <Amount label={texts.total} amount={formats.money(found.unitPrice)} look="strong" />
            </List>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** A stored configuration as it is sent. */
function inputOf({ text, layers, ...config }: MobileConfigFragment): DesignConfigInput {
  return {
    product: config.product,
    size: config.size,
    material: config.material,
    primaryColor: config.primaryColor,
    secondaryColor: config.secondaryColor,
    pattern: config.pattern,
    hardware: config.hardware,
    text: text && {
      content: text.content,
      technique: text.technique,
      font: text.font,
      position: text.position,
      color: text.color,
    },
    layers: layers.map(({ motif, color, x, y, size, rotation, hidden }) => ({
      motif,
      color,
      x,
      y,
      size,
      rotation,
      hidden,
    })),
  };
}
