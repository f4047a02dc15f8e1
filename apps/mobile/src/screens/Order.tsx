/** An order as it moves: its status, its parcels and what happened, live. */
import { useFollow } from "@petplus/client";
import { useState } from "react";
import { Linking } from "react-native";
import {
  MobileOrderChangedDocument,
  MobileOrderDocument,
  type MobileOrderLineFragment,
  type MobileOrderStatusFragment,
  type MobileParcelFragment,
  type MobileTimelineEntryFragment,
} from "../gql";
import { Amount, List, Loaded, Note, Row, Screen, Section, TextLink, Words } from "../look/parts";
import { formats, texts } from "../texts";
import { useScreen } from "../useScreen";
import { toneOf } from "./tones";

export function OrderScreen({ id }: { id: string }) {
  const { data, trouble } = useScreen(MobileOrderDocument, { id });
  const missing = data?.order === null ? texts.trouble("missing") : undefined;
  return (
    <Screen title={data?.order ? texts.order(data.order.number) : texts.loading}>
      <Loaded data={data?.order} trouble={trouble ?? missing}>
        {(order) => (
          <>
            <Words look="muted">{formats.dateTime(order.placedAt)}</Words>
            <Progress order={order} />
            <Section title={texts.lines}>
              <Lines lines={order.lines} />
              <List isEmpty={false} empty="">
                <Amount label={texts.total} amount={formats.money(order.total)} look="strong" />
              </List>
            </Section>
          </>
        )}
      </Loaded>
    </Screen>
  );
}

/** Each change comes with the order as it is then, which the cache gives to all who show it. */
function Progress({ order: { id, status, version, shipments, timeline } }: { order: MobileOrderStatusFragment }) {
  // The stream begins after the version that was there first, and goes on by itself.
  const [afterVersion] = useState(version);
  useFollow(MobileOrderChangedDocument, { orderId: id, afterVersion }, () => undefined);
  return (
    <>
      <Note tone={toneOf(status)} role="status">
        {texts.status(status)}
      </Note>
      <Parcels parcels={shipments} />
      <History entries={timeline} />
    </>
  );
}

function Parcels({ parcels }: { parcels: readonly MobileParcelFragment[] }) {
  return (
    <Section title={texts.parcels}>
      <List isEmpty={parcels.length === 0} empty={texts.noParcels}>
        {parcels.map(({ id, carrier, trackingNumber, trackingUrl, status }) => (
          <Row
            key={id}
            title={`${carrier} ${trackingNumber}`}
            detail={texts.status(status)}
            aside={trackingUrl && <TextLink label={texts.trackParcel} onPress={() => void Linking.openURL(trackingUrl)} />}
          />
        ))}
      </List>
    </Section>
  );
}

function History({ entries }: { entries: readonly MobileTimelineEntryFragment[] }) {
  return (
    <Section title={texts.history}>
      <List isEmpty={entries.length === 0} empty="">
        {entries.toReversed().map(({ id, status, at, reason }) => (
          <Row key={id} title={texts.status(status)} detail={[formats.dateTime(at), reason].filter(Boolean).join(" · ")} />
        ))}
      </List>
    </Section>
  );
}

function Lines({ lines }: { lines: readonly MobileOrderLineFragment[] }) {
  return (
    <List isEmpty={lines.length === 0} empty="">
      {lines.map(({ id, previewUrl, title, quantity, total }) => (
        <Row
          key={id}
          picture={previewUrl}
          title={title}
          detail={texts.pieces(quantity)}
          aside={<Words>{formats.money(total)}</Words>}
        />
      ))}
    </List>
  );
}
