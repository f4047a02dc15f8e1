/** Home: what the shop offers, and what the viewer has made and ordered. */
import { useSessionState } from "@petplus/client";
import {
  MobileHomeScreenDocument,
  type MobileDesignRowFragment,
  type MobileHomeScreenQuery,
  type MobileOrderRowFragment,
  type MobilePresetCardFragment,
} from "../gql";
import { Button, LinkRow, List, Loaded, Row, Screen, Section, Words } from "../look/parts";
import { usePlace } from "../places";
import { formats, texts } from "../texts";
import { useScreen } from "../useScreen";
import { OrderRow } from "./OrderRow";

const PAGE = { presets: 6, own: 6 };

export function HomeScreen() {
  const { data, trouble } = useScreen(MobileHomeScreenDocument, PAGE);
  return (
    <Screen title={texts.shop}>
      <Loaded data={data} trouble={trouble}>
        {({ me, presets }) => (
          <>
            <Own me={me} />
            <Presets presets={presets?.nodes ?? []} />
          </>
        )}
      </Loaded>
    </Screen>
  );
}

function Own({ me }: Pick<MobileHomeScreenQuery, "me">) {
  const { status } = useSessionState();
  const [, go] = usePlace();
  if (status !== "signedOut") {
    return (
      <>
        <Orders orders={me?.orders?.nodes ?? []} />
        <Designs designs={me?.designs?.nodes ?? []} />
      </>
    );
  }
  return (
    <>
      <Words>{texts.logInLead}</Words>
      <Button label={texts.logIn} onPress={() => go({ screen: "logIn" })} />
    </>
  );
}

function Orders({ orders }: { orders: readonly MobileOrderRowFragment[] }) {
  return (
    <Section title={texts.orders}>
      <List isEmpty={orders.length === 0} empty={texts.noOrders}>
        {orders.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </List>
    </Section>
  );
}

function Designs({ designs }: { designs: readonly MobileDesignRowFragment[] }) {
  const [, go] = usePlace();
  return (
    <Section title={texts.designs}>
      <List isEmpty={designs.length === 0} empty={texts.noDesigns}>
        {designs.map(({ id, name, previewUrl, price }) => (
          <LinkRow
            key={id}
            picture={previewUrl}
            title={name}
            detail={formats.money(price)}
            onPress={() => go({ screen: "design", id })}
          />
        ))}
      </List>
    </Section>
  );
}

function Presets({ presets }: { presets: readonly MobilePresetCardFragment[] }) {
  return (
    <Section title={texts.presets}>
      <List isEmpty={presets.length === 0} empty={texts.noPresets}>
        {presets.map(({ id, name, previewUrl, price }) => (
          <Row key={id} picture={previewUrl} title={name} detail={price ? formats.money(price) : ""} />
        ))}
      </List>
    </Section>
  );
}
