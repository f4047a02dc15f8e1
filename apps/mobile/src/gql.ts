/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A colour from the shop's palette. */
export type Color =
  /** Soft black. */
  | 'BLACK'
  /** Royal blue. */
  | 'BLUE'
  /** Chestnut brown. */
  | 'BROWN'
  /** Pale cream. */
  | 'CREAM'
  /** Old gold. */
  | 'GOLD'
  /** Forest green. */
  | 'GREEN'
  /** Mid grey. */
  | 'GREY'
  /** Dark navy blue. */
  | 'NAVY'
  /** Signal orange. */
  | 'ORANGE'
  /** Rose pink. */
  | 'PINK'
  /** Violet. */
  | 'PURPLE'
  /** Poppy red. */
  | 'RED'
  /** Silver. */
  | 'SILVER'
  /** Light tan. */
  | 'TAN'
  /** Deep teal. */
  | 'TEAL'
  /** Warm white. */
  | 'WHITE'
  /** Sunflower yellow. */
  | 'YELLOW';

/** A currency that the shop sells in, by its ISO 4217 code. */
export type CurrencyCode =
  /** Swiss franc. */
  | 'CHF'
  /** Euro. */
  | 'EUR'
  /** Pound sterling. */
  | 'GBP'
  /** Japanese yen. Its amounts have no decimals. */
  | 'JPY'
  /** United States dollar. */
  | 'USD';

/** The configuration of a design. `productOptions` lists the allowed values for each product. */
export type DesignConfigInput = {
  /** The finish of the metal parts. Required if the product has metal parts; otherwise leave it out. */
  hardware?: HardwareFinish | null | undefined;
  /** The motifs on the product, from bottom to top. `ProductOptions.layers` gives the limits. */
  layers?: Array<DesignLayerInput>;
  /** The material of the product. */
  material: Material;
  /** The pattern that covers the product. */
  pattern?: Pattern;
  /** The primary colour, which covers the ground of the product. */
  primaryColor: Color;
  /** The kind of product. */
  product: ProductKind;
  /** The colour of the pattern and trim. Required for every pattern except SOLID. */
  secondaryColor?: Color | null | undefined;
  /** The size. */
  size: Size;
  /** The text on the product; leave it out for none. */
  text?: DesignTextInput | null | undefined;
};

/** A motif on a product. `productOptions` lists the allowed values. */
export type DesignLayerInput = {
  /** The colour of the motif. */
  color: Color;
  /** Whether to hide the motif. A hidden motif is neither drawn nor charged for. */
  hidden?: boolean;
  /** The motif. */
  motif: Motif;
  /** Its clockwise rotation in degrees: -360 to 360. */
  rotation?: number;
  /** Its size, in percent of the motif area's height: 10 to 100. */
  size: number;
  /** The horizontal position of its centre, in percent of the motif area's width from the left: -25 to 125. */
  x: number;
  /** The vertical position of its centre, in percent of the motif area's height from the top: -25 to 125. */
  y: number;
};

/** A text on a product. `productOptions` lists the allowed values. */
export type DesignTextInput = {
  /** The colour of the thread. Required for embroidery; leave it out for an engraving. */
  color?: Color | null | undefined;
  /** The characters of the text. `SizeOption.textLength` gives the maximum length for each size. */
  content: string;
  /** The font of the text. */
  font: Font;
  /** The position of the text on the product. */
  position: TextPosition;
  /** How the text is applied to the product. */
  technique: TextTechnique;
};

/** The font of a text. */
export type Font =
  /** Heavy capitals. */
  | 'BLOCK'
  /** Plain letters without serifs. */
  | 'SANS'
  /** Joined handwriting. */
  | 'SCRIPT'
  /** Classic letters with serifs. */
  | 'SERIF'
  /** Letters of equal width. */
  | 'TYPEWRITER';

/** The finish of buckles, rings and clips. */
export type HardwareFinish =
  /** Matt black. */
  | 'BLACK'
  /** Polished brass. */
  | 'BRASS'
  /** Silver-coloured nickel. */
  | 'NICKEL'
  /** Rose gold plating. */
  | 'ROSE_GOLD';

/** The material of a product. */
export type Material =
  /** Anodised aluminium. */
  | 'ALUMINIUM'
  /** Pressed bamboo fibre. */
  | 'BAMBOO'
  /** Coated webbing that water runs off. */
  | 'BIOTHANE'
  /** Solid brass. */
  | 'BRASS'
  /** Glazed stoneware. */
  | 'CERAMIC'
  /** Cotton canvas. */
  | 'COTTON'
  /** Polyester fleece. */
  | 'FLEECE'
  /** Hemp webbing with a fleece lining. */
  | 'HEMP'
  /** Vegetable-tanned leather. */
  | 'LEATHER'
  /** Washed linen. */
  | 'LINEN'
  /** Woven nylon webbing. */
  | 'NYLON'
  /** Brushed stainless steel. */
  | 'STAINLESS_STEEL';

/** A motif that a layer shows. */
export type Motif =
  /** A round patch; other layers may lie on it. */
  | 'BADGE'
  /** A bolt of lightning. */
  | 'BOLT'
  /** A bone. */
  | 'BONE'
  /** A crown. */
  | 'CROWN'
  /** A flower with five petals. */
  | 'FLOWER'
  /** A heart. */
  | 'HEART'
  /** A leaf. */
  | 'LEAF'
  /** A crescent moon. */
  | 'MOON'
  /** A paw print. */
  | 'PAW'
  /** A star with five points. */
  | 'STAR';

/** The status of an order. */
export type OrderStatus =
  /** Cancelled before any of it shipped, or while it was made again. `paid` and `refunded` tell whether money is still held. */
  | 'CANCELLED'
  /** Delivered to the customer. */
  | 'DELIVERED'
  /** In production. */
  | 'IN_PRODUCTION'
  /** On hold until a question is answered; the order then resumes where it was. */
  | 'ON_HOLD'
  /** In the delivery vehicle, to be delivered today. */
  | 'OUT_FOR_DELIVERY'
  /** Paid; production has not started. */
  | 'PAID'
  /** Part of the order has shipped; the rest follows. */
  | 'PARTIALLY_SHIPPED'
  /** Placed and not yet paid. */
  | 'PENDING'
  /** At a pickup point, where the customer can collect it. */
  | 'READY_FOR_PICKUP'
  /** None of the price is held any more: it was refunded in full. The order only leaves this status when a refund fails. */
  | 'REFUNDED'
  /** At least one parcel was returned or is on its way back, and no other is under way. It can be sent again, made again or refunded. */
  | 'RETURNED'
  /** The whole order has shipped. */
  | 'SHIPPED';

/** The pattern that covers a product. Every pattern except SOLID requires a secondary colour. */
export type Pattern =
  /** Zigzag lines in the secondary colour. */
  | 'CHEVRON'
  /** Dots in the secondary colour. */
  | 'DOTS'
  /** Paw prints in the secondary colour. */
  | 'PAWS'
  /** A tartan of both colours. */
  | 'PLAID'
  /** The primary colour alone. */
  | 'SOLID'
  /** Stripes in the secondary colour. */
  | 'STRIPES';

/** The part of a configuration that a line of a price quote is for. */
export type PriceItemKind =
  /** The product itself. */
  | 'BASE'
  /** The surcharge for the hardware finish. */
  | 'HARDWARE'
  /** The motifs that are visible. */
  | 'LAYERS'
  /** The surcharge for the material. */
  | 'MATERIAL'
  /** The surcharge for the pattern. */
  | 'PATTERN'
  /** The quantity discount, a negative amount. */
  | 'QUANTITY_DISCOUNT'
  /** The surcharge for the size. */
  | 'SIZE'
  /** The engraving or embroidery of a text. */
  | 'TEXT';

/** What to price. */
export type PriceQuoteInput = {
  /** The configuration to price. */
  config: DesignConfigInput;
  /** The currency of the price. */
  currency?: CurrencyCode;
  /** The number of pieces, 1 to 1,000. A quantity break lowers the price of all pieces, so 50 may cost less than 46. */
  quantity?: number;
};

/** A kind of product that customers can design. */
export type ProductKind =
  /** A bandana, tied around the neck. */
  | 'BANDANA'
  /** A bed. */
  | 'BED'
  /** A bowl for food or water. */
  | 'BOWL'
  /** A collar, worn around the neck. */
  | 'COLLAR'
  /** A harness, worn around the chest and back. */
  | 'HARNESS'
  /** A leash, clipped to a collar or harness. */
  | 'LEASH'
  /** An identification tag that hangs from the collar. */
  | 'TAG';

/** The status of a parcel. */
export type ShipmentStatus =
  /** Handed over to the recipient. */
  | 'DELIVERED'
  /** Delayed, damaged or undeliverable; the last scan says which. */
  | 'EXCEPTION'
  /** In transit with the carrier. */
  | 'IN_TRANSIT'
  /** Announced to the carrier and not yet handed over. */
  | 'LABEL_CREATED'
  /** Given up as lost by the carrier or by staff. */
  | 'LOST'
  /** In the delivery vehicle. */
  | 'OUT_FOR_DELIVERY'
  /** At a pickup point, where the recipient can collect it. */
  | 'READY_FOR_PICKUP'
  /** On its way back or back at the shop. */
  | 'RETURNED';

/** A size. Its measurements depend on the product; see `ProductOptions.sizes`. */
export type Size =
  /** For pets over about 45 kg. */
  | 'EXTRA_LARGE'
  /** For pets up to about 5 kg. */
  | 'EXTRA_SMALL'
  /** For pets of about 25 to 45 kg. */
  | 'LARGE'
  /** For pets of about 10 to 25 kg. */
  | 'MEDIUM'
  /** For pets of about 5 to 10 kg. */
  | 'SMALL';

/** The position of a text on the product. */
export type TextPosition =
  /** On the reverse side. */
  | 'BACK'
  /** In the middle of the front. */
  | 'CENTER'
  /** At the left end. */
  | 'LEFT'
  /** At the right end. */
  | 'RIGHT'
  /** Along the rim. */
  | 'RIM';

/** How text is applied to a product. */
export type TextTechnique =
  /** Embroidered with coloured thread. */
  | 'EMBROIDERY'
  /** Engraved into the material. The text has no colour of its own. */
  | 'ENGRAVING';

export type MobileDesignQueryVariables = Exact<{
  id: string | number;
  orders: number;
}>;


export type MobileDesignQuery = { __typename: 'Query', design: { __typename: 'Design', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> }, orders: { __typename: 'OrderConnection', nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string }> } | null } | null };

export type MobileDesignPriceQueryVariables = Exact<{
  input: PriceQuoteInput;
}>;


export type MobileDesignPriceQuery = { __typename: 'Query', priceQuote:
    | { __typename: 'InvalidInputProblem' }
    | { __typename: 'PriceQuote', unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, items: Array<{ __typename: 'PriceItem', kind: PriceItemKind, label: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> }
   | null };

export type MobileConfigFragment = { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> };

export type MobileHomeScreenQueryVariables = Exact<{
  presets: number;
  own: number;
}>;


export type MobileHomeScreenQuery = { __typename: 'Query', presets: { __typename: 'PresetConnection', nodes: Array<{ __typename: 'Preset', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null }> } | null, me: { __typename: 'User', id: string, designs: { __typename: 'DesignConnection', nodes: Array<{ __typename: 'Design', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> } | null, orders: { __typename: 'OrderConnection', nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string }> } | null } | null };

export type MobilePresetCardFragment = { __typename: 'Preset', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null };

export type MobileDesignRowFragment = { __typename: 'Design', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } };

export type MobileOrderRowFragment = { __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string };

export type MobileMoneyFragment = { __typename: 'Money', amount: string, currencyCode: CurrencyCode };

export type MobileOrderQueryVariables = Exact<{
  id: string | number;
}>;


export type MobileOrderQuery = { __typename: 'Query', order: { __typename: 'Order', number: string, placedAt: string, id: string, status: OrderStatus, version: number, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, status: OrderStatus, at: string, reason: string | null }> } | null };

export type MobileOrderChangedSubscriptionVariables = Exact<{
  orderId: string | number;
  afterVersion?: number | null | undefined;
}>;


export type MobileOrderChangedSubscription = { orderStatusChanged: { __typename: 'OrderStatusChange', version: number, order: { __typename: 'Order', id: string, status: OrderStatus, version: number, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, status: OrderStatus, at: string, reason: string | null }> } } };

export type MobileOrderStatusFragment = { __typename: 'Order', id: string, status: OrderStatus, version: number, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, status: OrderStatus, at: string, reason: string | null }> };

export type MobileTimelineEntryFragment = { __typename: 'OrderTimelineEntry', id: string, status: OrderStatus, at: string, reason: string | null };

export type MobileOrderLineFragment = { __typename: 'OrderLine', id: string, title: string, quantity: number, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } };

export type MobileParcelFragment = { __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const MobileConfigFragmentDoc = new TypedDocumentString(`
    fragment MobileConfig on DesignConfig {
  __typename
  product
  size
  material
  primaryColor
  secondaryColor
  pattern
  hardware
  text {
    __typename
    content
    technique
    font
    position
    color
  }
  layers {
    __typename
    motif
    color
    x
    y
    size
    rotation
    hidden
  }
}
    `, {"fragmentName":"MobileConfig"}) as unknown as TypedDocumentString<MobileConfigFragment, unknown>;
export const MobileMoneyFragmentDoc = new TypedDocumentString(`
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}
    `, {"fragmentName":"MobileMoney"}) as unknown as TypedDocumentString<MobileMoneyFragment, unknown>;
export const MobilePresetCardFragmentDoc = new TypedDocumentString(`
    fragment MobilePresetCard on Preset {
  __typename
  id
  name
  previewUrl(size: 256)
  price {
    __typename
    ...MobileMoney
  }
}
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"fragmentName":"MobilePresetCard"}) as unknown as TypedDocumentString<MobilePresetCardFragment, unknown>;
export const MobileDesignRowFragmentDoc = new TypedDocumentString(`
    fragment MobileDesignRow on Design {
  __typename
  id
  name
  previewUrl(size: 128)
  price {
    __typename
    ...MobileMoney
  }
}
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"fragmentName":"MobileDesignRow"}) as unknown as TypedDocumentString<MobileDesignRowFragment, unknown>;
export const MobileOrderRowFragmentDoc = new TypedDocumentString(`
    fragment MobileOrderRow on Order {
  __typename
  id
  number
  status
  placedAt
}
    `, {"fragmentName":"MobileOrderRow"}) as unknown as TypedDocumentString<MobileOrderRowFragment, unknown>;
export const MobileParcelFragmentDoc = new TypedDocumentString(`
    fragment MobileParcel on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
}
    `, {"fragmentName":"MobileParcel"}) as unknown as TypedDocumentString<MobileParcelFragment, unknown>;
export const MobileTimelineEntryFragmentDoc = new TypedDocumentString(`
    fragment MobileTimelineEntry on OrderTimelineEntry {
  __typename
  id
  status
  at
  reason
}
    `, {"fragmentName":"MobileTimelineEntry"}) as unknown as TypedDocumentString<MobileTimelineEntryFragment, unknown>;
export const MobileOrderStatusFragmentDoc = new TypedDocumentString(`
    fragment MobileOrderStatus on Order {
  __typename
  id
  status
  version
  shipments {
    __typename
    ...MobileParcel
  }
  timeline {
    __typename
    ...MobileTimelineEntry
  }
}
    fragment MobileTimelineEntry on OrderTimelineEntry {
  __typename
  id
  status
  at
  reason
}
fragment MobileParcel on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
}`, {"fragmentName":"MobileOrderStatus"}) as unknown as TypedDocumentString<MobileOrderStatusFragment, unknown>;
export const MobileOrderLineFragmentDoc = new TypedDocumentString(`
    fragment MobileOrderLine on OrderLine {
  __typename
  id
  title
  quantity
  previewUrl(size: 128)
  total {
    __typename
    ...MobileMoney
  }
}
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"fragmentName":"MobileOrderLine"}) as unknown as TypedDocumentString<MobileOrderLineFragment, unknown>;
export const MobileDesignDocument = new TypedDocumentString(`
    query MobileDesign($id: ID!, $orders: Int!) {
  __typename
  design(id: $id) {
    __typename
    id
    name
    previewUrl(size: 512)
    price {
      __typename
      ...MobileMoney
    }
    config {
      __typename
      ...MobileConfig
    }
    orders(first: $orders) {
      __typename
      nodes {
        __typename
        ...MobileOrderRow
      }
    }
  }
}
    fragment MobileConfig on DesignConfig {
  __typename
  product
  size
  material
  primaryColor
  secondaryColor
  pattern
  hardware
  text {
    __typename
    content
    technique
    font
    position
    color
  }
  layers {
    __typename
    motif
    color
    x
    y
    size
    rotation
    hidden
  }
}
fragment MobileOrderRow on Order {
  __typename
  id
  number
  status
  placedAt
}
fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"hash":"sha256:ab8d294e78df754dc498052246f2b93f8fefb492e5cc598309851e62eaac87d2"}) as unknown as TypedDocumentString<MobileDesignQuery, MobileDesignQueryVariables>;
export const MobileDesignPriceDocument = new TypedDocumentString(`
    query MobileDesignPrice($input: PriceQuoteInput!) {
  __typename
  priceQuote(input: $input) {
    __typename
    ... on PriceQuote {
      __typename
      unitPrice {
        __typename
        ...MobileMoney
      }
      items {
        __typename
        kind
        label
        amount {
          __typename
          ...MobileMoney
        }
      }
    }
  }
}
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"hash":"sha256:d002f44ca6612dcfd6a1b9c40cc709b14d4c319a357a0d5db10ca496c9648f12"}) as unknown as TypedDocumentString<MobileDesignPriceQuery, MobileDesignPriceQueryVariables>;
export const MobileHomeScreenDocument = new TypedDocumentString(`
    query MobileHomeScreen($presets: Int!, $own: Int!) {
  __typename
  presets(first: $presets) {
    __typename
    nodes {
      __typename
      ...MobilePresetCard
    }
  }
  me {
    __typename
    id
    designs(first: $own, sort: RECENTLY_UPDATED) {
      __typename
      nodes {
        __typename
        ...MobileDesignRow
      }
    }
    orders(first: $own) {
      __typename
      nodes {
        __typename
        ...MobileOrderRow
      }
    }
  }
}
    fragment MobilePresetCard on Preset {
  __typename
  id
  name
  previewUrl(size: 256)
  price {
    __typename
    ...MobileMoney
  }
}
fragment MobileDesignRow on Design {
  __typename
  id
  name
  previewUrl(size: 128)
  price {
    __typename
    ...MobileMoney
  }
}
fragment MobileOrderRow on Order {
  __typename
  id
  number
  status
  placedAt
}
fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}`, {"hash":"sha256:09a43c98e1225af8deb81c7dd49f3827c50959b191e5a88719ac73db86af1194"}) as unknown as TypedDocumentString<MobileHomeScreenQuery, MobileHomeScreenQueryVariables>;
export const MobileOrderDocument = new TypedDocumentString(`
    query MobileOrder($id: ID!) {
  __typename
  order(id: $id) {
    __typename
    ...MobileOrderStatus
    number
    placedAt
    total {
      __typename
      ...MobileMoney
    }
    lines {
      __typename
      ...MobileOrderLine
    }
  }
}
    fragment MobileMoney on Money {
  __typename
  amount
  currencyCode
}
fragment MobileOrderStatus on Order {
  __typename
  id
  status
  version
  shipments {
    __typename
    ...MobileParcel
  }
  timeline {
    __typename
    ...MobileTimelineEntry
  }
}
fragment MobileTimelineEntry on OrderTimelineEntry {
  __typename
  id
  status
  at
  reason
}
fragment MobileOrderLine on OrderLine {
  __typename
  id
  title
  quantity
  previewUrl(size: 128)
  total {
    __typename
    ...MobileMoney
  }
}
fragment MobileParcel on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
}`, {"hash":"sha256:095c44796a9c281df4999ba23629c484a5b2d3fb7b6aa4b3c1a558a8975fb051"}) as unknown as TypedDocumentString<MobileOrderQuery, MobileOrderQueryVariables>;
export const MobileOrderChangedDocument = new TypedDocumentString(`
    subscription MobileOrderChanged($orderId: ID!, $afterVersion: Int) {
  orderStatusChanged(orderId: $orderId, afterVersion: $afterVersion) {
    __typename
    version
    order {
      __typename
      ...MobileOrderStatus
    }
  }
}
    fragment MobileOrderStatus on Order {
  __typename
  id
  status
  version
  shipments {
    __typename
    ...MobileParcel
  }
  timeline {
    __typename
    ...MobileTimelineEntry
  }
}
fragment MobileTimelineEntry on OrderTimelineEntry {
  __typename
  id
  status
  at
  reason
}
fragment MobileParcel on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
}`, {"hash":"sha256:9a1283031f0557e86f5db9447de8071e13dc715b819ba61351bce70a934b2935"}) as unknown as TypedDocumentString<MobileOrderChangedSubscription, MobileOrderChangedSubscriptionVariables>;