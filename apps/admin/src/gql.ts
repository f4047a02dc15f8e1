/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The kind of party that made a change. */
export type ActorKind =
  /** The customer who placed the order. */
  | 'CUSTOMER'
  /** A member of the shop's staff. */
  | 'STAFF'
  /** No person: a payment, a carrier's message or the shop's own automation. */
  | 'SYSTEM';

/** The kind of actor that performed an action. */
export type AuditActorKind =
  /** The system itself, or a client that was not logged in. */
  | 'SYSTEM'
  /** A user who was logged in. */
  | 'USER';

/** The kind of damage to the log. */
export type AuditDamage =
  /** The content or the hash of the entry was changed. */
  | 'CHANGED'
  /** The entry was inserted and was not written by this system. */
  | 'INSERTED'
  /** The entry was removed. */
  | 'REMOVED';

/** Which entries to list: those that meet all given conditions. */
export type AuditEntryFilter = {
  /** Only these actions, such as `order.cancelled`. */
  actions?: Array<string> | null | undefined;
  /** Only actions of this user, by id `usr_…`. */
  actorId?: string | number | null | undefined;
  /** Only actions of this kind of actor. */
  actorKind?: AuditActorKind | null | undefined;
  /** Only actions before this time. */
  atBefore?: string | null | undefined;
  /** Only actions at this time or later. */
  atFrom?: string | null | undefined;
  /** Only actions on the object with this id. */
  subjectId?: string | number | null | undefined;
  /** Only actions on objects of this type, such as `Order`. */
  subjectType?: string | null | undefined;
  /** Beginnings of words, up to 100 characters, of the action, the type and id of the object, the actor's id and the request's id together, such as `order cancelled`. Case does not matter. At most the 10,000 newest entries with them are found. */
  text?: string | null | undefined;
};

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

/** Which events to select: those that meet all given conditions. */
export type EventFilter = {
  /** Only events about this design. */
  designId?: string | number | null | undefined;
  /** Only events with this name, such as `order.created`. */
  name?: string | null | undefined;
  /** Only events that happened at this time or later. */
  since?: string | null | undefined;
  /** Only events from this source. */
  source?: EventSource | null | undefined;
  /** Only events of this subject. */
  subject?: string | null | undefined;
  /** Only events that happened before this time. */
  until?: string | null | undefined;
};

/** Who reported an event. */
export type EventSource =
  /** An app or website, through `eventsTrack` or `POST /collect`. */
  | 'CLIENT'
  /** A subgraph. The event is a confirmed fact, such as `order.created`. */
  | 'DOMAIN';

/** Which experiments to list: those that meet all given conditions. */
export type ExperimentFilter = {
  /** Only experiments with this status. */
  status?: ExperimentStatus | null | undefined;
};

/** The experiment to start and its version. */
export type ExperimentStartInput = {
  /** The id of the experiment, `exp_…`. */
  id: string | number;
  /** The `version` of the experiment when the client last read it. */
  version: number;
};

/** The status of an experiment. */
export type ExperimentStatus =
  /** In preparation: no subjects are assigned, and the key behaves as if it did not exist. */
  | 'DRAFT'
  /** Running: subjects are assigned to variants. */
  | 'RUNNING'
  /** Stopped permanently: no subject gets a variant. */
  | 'STOPPED';

/** The experiment to stop and its version. */
export type ExperimentStopInput = {
  /** The id of the experiment, `exp_…`. */
  id: string | number;
  /** The `version` of the experiment when the client last read it. */
  version: number;
};

/** Changes to a draft of an experiment. A field that is left out does not change; null removes the `namespace`, and no other value. */
export type ExperimentUpdateInput = {
  /** The share of subjects to include, 0 to 1. */
  coverage?: number | null | undefined;
  /** What the experiment is expected to show, up to 500 characters. */
  hypothesis?: string | null | undefined;
  /** The id of the experiment, `exp_…`. */
  id: string | number;
  /** The name for people, 1 to 100 characters. */
  name?: string | null | undefined;
  /** The share of a namespace that the experiment is limited to; null for no limit. */
  namespace?: NamespaceInput | null | undefined;
  /** All conditions that a subject must meet, at most 20; empty for none. */
  targeting?: Array<TargetingInput> | null | undefined;
  /** All variants, 2 to 20, the control first. */
  variants?: Array<VariantInput> | null | undefined;
  /** The `version` of the experiment that the changes are based on. */
  version: number;
};

/** The events to export and the file format. */
export type ExportCreateInput = {
  /** Which of the events received so far to export; default: all of them. */
  filter?: EventFilter | null | undefined;
  /** The file format. */
  format: ExportFormat;
  /** A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns the first result instead of making another. */
  idempotencyKey?: string | null | undefined;
};

/** The format of an export's file. Columns have the names of the fields of `AnalyticsEvent`. */
export type ExportFormat =
  /** Comma-separated values in UTF-8 (RFC 4180) with a header line. All values are quoted and null is left empty; a value that begins with `'` or that a spreadsheet could run as a formula is preceded by `'`, which the reader must remove. */
  | 'CSV'
  /** As CSV, with a byte order mark (U+FEFF) at the beginning, by which Excel recognises UTF-8. Without it, Excel shows letters such as ü as two others. */
  | 'CSV_EXCEL'
  /** One JSON object per line, with `properties` as an object. */
  | 'NDJSON'
  /** Apache Parquet, compressed with zstd, with `properties` as a JSON string. */
  | 'PARQUET';

/** The state of an export. */
export type ExportState =
  /** The file is complete and can be downloaded. */
  | 'DONE'
  /** The file was deleted because it expired or because a user whose events it contained deleted their account. */
  | 'EXPIRED'
  /** The export failed repeatedly and was abandoned. Create another one. */
  | 'FAILED'
  /** Waiting to start, or to start again because a user whose events it contained deleted their account. */
  | 'QUEUED'
  /** The file is being written. */
  | 'RUNNING';

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

/** A step of the funnel, from first to last. */
export type FunnelStep =
  /** An item was added to the cart (`add_to_cart` of a client, `cart.items_added` of the shop). */
  | 'ADD_TO_CART'
  /** The checkout was started (`checkout_started` of a client), or a cart was ordered (`cart.checked_out`). */
  | 'CHECKOUT_STARTED'
  /** A configuration was changed in the builder (the event `config_changed`). */
  | 'CONFIG_CHANGED'
  /** A design was created (the event `design.created`). */
  | 'DESIGN_CREATED'
  /** An order was placed (the event `order.created`). */
  | 'ORDER_CREATED';

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

/** What an entry of an order's ledger is about. */
export type LedgerEntryKind =
  /** Money that comes in. */
  | 'CHARGE'
  /** Money that the payer's bank asks to have back. */
  | 'DISPUTE'
  /** Money that goes back to the payer. */
  | 'REFUND';

/** How far the money of a ledger entry or a refund has come. */
export type LedgerEntryState =
  /** No money has moved: the payment was declined, the refund or a part of it could not be made, or the dispute was won. */
  | 'FAILED'
  /** Decided or reported, and not confirmed by the provider yet; a dispute that is open. */
  | 'PENDING'
  /** The money has moved; a dispute that was lost. */
  | 'SUCCEEDED';

/** Who reported the money of a ledger entry. */
export type LedgerProvider =
  /** Nobody outside: it was recorded or decided here. */
  | 'ALL_PET_PLUS'
  /** Another system of the shop, by the internal webhook. */
  | 'INTERNAL'
  /** The books of the Shopify shop. */
  | 'SHOPIFY'
  /** Stripe. */
  | 'STRIPE';

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

/** A share of all subjects. A subject is never in two experiments whose shares of the same namespace do not overlap. */
export type NamespaceInput = {
  /** The end of the share, 0 to 1, exclusive. */
  end: number;
  /** The name of the namespace, 1 to 64 characters, such as `checkout`. */
  name: string;
  /** The start of the share, 0 to 1, inclusive. */
  start: number;
};

/** Who may read a note. */
export type NoteVisibility =
  /** Staff and the customer. */
  | 'CUSTOMER'
  /** Staff only. */
  | 'INTERNAL';

/** Which orders to list: those that meet all given conditions. */
export type OrderFilter = {
  /** Only orders with a parcel of this carrier, such as `DHL`. */
  carrier?: string | null | undefined;
  /** Only this user's orders. */
  customerId?: string | number | null | undefined;
  /** Only orders with one of these ids, at most 100. */
  ids?: Array<string | number> | null | undefined;
  /** Only orders with one of these numbers, such as `AP-100234`, or with one in the shop that took the order, such as `#1234`: at most 100. Case-insensitive. */
  numbers?: Array<string> | null | undefined;
  /** Only orders placed before this time. */
  placedBefore?: string | null | undefined;
  /** Only orders placed at or after this time. */
  placedFrom?: string | null | undefined;
  /** Only orders with a line of this kind of product, such as `COLLAR`. Lines of other shops whose kind is not known are not found. */
  product?: string | null | undefined;
  /** Only orders that were placed there. */
  source?: OrderSource | null | undefined;
  /** Only orders in one of these statuses. */
  status?: Array<OrderStatus> | null | undefined;
  /** Beginnings of words, up to 100 characters: of the order number, the number in its shop, the contact e-mail address and the recipient together, of a tracking number, or of a line's title. Case and accents do not matter: `jose` finds `José`. Of all orders, at most the 10,000 newest with them are found. */
  text?: string | null | undefined;
  /** Only orders with such a total. */
  total?: OrderTotalRange | null | undefined;
  /** Only orders with a parcel that has this tracking number. Case-insensitive. */
  trackingNumber?: string | null | undefined;
};

/** An order to put on hold. */
export type OrderHoldInput = {
  /** The id of the order to put on hold. */
  orderId: string | number;
  /** The reason, up to 500 characters. The customer sees it in the timeline. */
  reason?: string | null | undefined;
  /** The `version` of the order that the request is based on. */
  version: number;
};

/** The kind of an order line. */
export type OrderLineKind =
  /** Another charge, such as a tip. */
  | 'CHARGE'
  /** Goods that are made and sent. */
  | 'GOODS'
  /** Goods that need no parcel, such as a gift card. */
  | 'NOT_SENT'
  /** Pieces that were taken off the order before they left. They are not made; their price is still part of the total, and is refunded. */
  | 'REMOVED'
  /** Pieces that left and were taken back. Their price is still part of the total, and is refunded. */
  | 'RETURNED';

/** A note to add to an order. */
export type OrderNoteAddInput = {
  /** A key that the client chooses, 1 to 100 characters. A retry with the same key and the same  */
  idempotencyKey?: string | null | undefined;
  /** The id of the order. */
  orderId: string | number;
  /** The text of the note, 1 to 2,000 characters. Line breaks are allowed. */
  text: string;
  /** Who may read the note; default: staff only. */
  visibility?: NoteVisibility;
};

/** A full or partial refund to make. */
export type OrderRefundInput = {
  /** The amount in the order's currency, above 0 with the decimals of the currency, such as `9.90` in EUR; default: all that is left to refund. */
  amount?: string | null | undefined;
  /** A key that the client chooses, 1 to 100 characters. A retry with the same key and the same  */
  idempotencyKey?: string | null | undefined;
  /** The id of the order. */
  orderId: string | number;
  /** The reason, up to 500 characters. The customer sees it with the refund. */
  reason?: string | null | undefined;
  /** The `version` of the order that the request is based on. */
  version: number;
};

/** An order to release from hold. */
export type OrderReleaseInput = {
  /** The id of the order to release. */
  orderId: string | number;
  /** The reason, up to 500 characters. The customer sees it in the timeline. */
  reason?: string | null | undefined;
  /** The `version` of the order that the request is based on. */
  version: number;
};

/** How to sort orders. */
export type OrderSort =
  /** By the time of the last change of status, earliest first. */
  | 'LEAST_RECENTLY_CHANGED'
  /** By the time of placing, newest first. */
  | 'NEWEST'
  /** By the time of placing, oldest first. */
  | 'OLDEST'
  /** By the time of the last change of status, latest first. */
  | 'RECENTLY_CHANGED'
  /** By `total`, highest first. Amounts of different currencies are compared as numbers of their minor units, so filter by a currency. */
  | 'TOTAL_HIGHEST'
  /** By `total`, lowest first, compared as in `TOTAL_HIGHEST`. */
  | 'TOTAL_LOWEST';

/** Where an order was placed. */
export type OrderSource =
  /** In the apps of All Pet Plus. */
  | 'ALL_PET_PLUS'
  /** In the Shopify shop. */
  | 'SHOPIFY';

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

/** The next status of an order. */
export type OrderStatusAdvanceInput = {
  /** The id of the order to move. */
  orderId: string | number;
  /** The reason, up to 500 characters. The customer sees it in the timeline. */
  reason?: string | null | undefined;
  /** The new status. */
  to: OrderStatus;
  /** The `version` of the order that the request is based on. */
  version: number;
};

/** What staff have to do about an order. */
export type OrderTaskKind =
  /** The shop cancelled the order after it had left: get the parcel back, or refund the order. */
  | 'CANCELLED_AFTER_SENDING'
  /** The shop corrected the contact e-mail address: check that nothing went to the wrong person. */
  | 'CONTACT_CORRECTED'
  /** The customer asked the shop for a copy of their data: send it within 30 days. */
  | 'DATA_REQUESTED'
  /** The order names a design that is not its customer's, or that was changed after its price was quoted: decide what is made. */
  | 'DESIGN_REFUSED'
  /** The order was paid after it was cancelled, and others have used up its discount code since: refund it, or ask for the rest of the price. */
  | 'DISCOUNT_USED_UP'
  /** The payer's bank asks for the money: answer the dispute at the payment provider. */
  | 'DISPUTED'
  /** Money came in or went back in another currency than the order's, so it does not count: check it at the provider, and enter or refund it by hand. */
  | 'OTHER_CURRENCY'
  /** More money came in than the order costs: refund the difference. */
  | 'OVERPAID'
  /** A parcel is lost: send or make it again, or refund it. */
  | 'PARCEL_LOST'
  /** A parcel is delayed, damaged or undeliverable: ask the carrier. */
  | 'PARCEL_PROBLEM'
  /** A parcel came back: send or make it again, or refund it. */
  | 'PARCEL_RETURNED'
  /** The order is cancelled and its money is still held: refund it. */
  | 'REFUND_DUE'
  /** A refund failed: refund in another way. */
  | 'REFUND_FAILED'
  /** The part of the order that had not shipped was cancelled: refund its price. */
  | 'REST_CANCELLED'
  /** A parcel left although the order is cancelled: get it back, or move the order to SHIPPED. */
  | 'SENT_AFTER_CANCELLATION'
  /** A parcel left although the order is not paid: ask for the money, or get the parcel back. */
  | 'SENT_UNPAID'
  /** Money came in, but less than the order costs: ask for the difference, or refund it. */
  | 'UNDERPAID';

/** A task that is done. */
export type OrderTaskResolveInput = {
  /** What was done, up to 500 characters. For staff only. */
  note?: string | null | undefined;
  /** The id of the task. */
  taskId: string | number;
};

/** One of several orders to move. */
export type OrderToAdvanceInput = {
  /** The id of the order to move. */
  id: string | number;
  /** The `version` of the order that the request is based on. */
  version: number;
};

/** A range of amounts in one currency, with both bounds. */
export type OrderTotalRange = {
  /** The currency of the orders. */
  currency: CurrencyCode;
  /** The lowest total, such as `20.00`; default: no lower bound. */
  least?: string | null | undefined;
  /** The highest total, such as `99.90`; default: no upper bound. */
  most?: string | null | undefined;
};

/** The next status of several orders. */
export type OrdersStatusAdvanceInput = {
  /** The orders, 1 to 50, each once. */
  orders: Array<OrderToAdvanceInput>;
  /** The reason, up to 500 characters. The customers see it in the timelines. */
  reason?: string | null | undefined;
  /** The new status of all of them. */
  to: OrderStatus;
};

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

/** The preset to archive and its version. */
export type PresetArchiveInput = {
  /** The id of the preset to archive, `pre_…`. */
  id: string | number;
  /** The `version` of the preset when the client last read it. */
  version: number;
};

/** The category of a preset. */
export type PresetCategory =
  /** For portraits and special occasions. */
  | 'ELEGANT'
  /** For everyday use. */
  | 'EVERYDAY'
  /** For kittens, puppies and small breeds. */
  | 'LITTLE_ONES'
  /** For mud, water and long walks. */
  | 'OUTDOOR'
  /** Bright and cheerful. */
  | 'PLAYFUL'
  /** For a holiday or season. */
  | 'SEASONAL';

/** The order of a list of presets. */
export type PresetSort =
  /** By name, from A to Z. */
  | 'NAME'
  /** By creation time, newest first. */
  | 'NEWEST'
  /** By the pieces sold of the preset and of designs that started with it, most first. The count of a preset may change between two pages: then it may be on both, or on neither. */
  | 'POPULAR'
  /** By price, cheapest first, without those that the catalogue no longer offers. */
  | 'PRICE_ASC'
  /** By price, most expensive first, without those that the catalogue no longer offers. */
  | 'PRICE_DESC'
  /** In the order the shop has set. */
  | 'SHOP';

/** Changes to a preset. Send at least one field besides `id` and `version`; a field that is left out does not change, and none can be removed. */
export type PresetUpdateInput = {
  /** The category of the preset. */
  category?: PresetCategory | null | undefined;
  /** The new configuration. It replaces the present one as a whole. */
  config?: DesignConfigInput | null | undefined;
  /** The id of the preset to change, `pre_…`. */
  id: string | number;
  /** The new name, 1 to 80 characters. */
  name?: string | null | undefined;
  /** The new position in the shop's order, 0 to 1,000,000. */
  position?: number | null | undefined;
  /** The `version` of the preset when the client last read it. */
  version: number;
};

/** Why a mutation did not succeed. New codes may be added: treat an unknown one by the type of its problem. */
export type ProblemCode =
  /** Staff have suspended the account. */
  | 'ACCOUNT_SUSPENDED'
  /** The challenge of the passkey has expired or was used. */
  | 'CHALLENGE_EXPIRED'
  /** The cart cannot be ordered as it is. */
  | 'CHECKOUT_REFUSED'
  /** Too many wrong codes were sent. */
  | 'CODES_LOCKED'
  /** A code of the second factor is required. */
  | 'CODE_REQUIRED'
  /** The current state of the object does not allow this. */
  | 'ILLEGAL_STATE'
  /** The user authenticated too long ago for this. */
  | 'INSUFFICIENT_USER_AUTHENTICATION'
  /** The challenge of the second factor is wrong or has expired. */
  | 'INVALID_CHALLENGE'
  /** The input breaks rules. */
  | 'INVALID_INPUT'
  /** The refresh token is wrong, or its session has ended. */
  | 'INVALID_REFRESH_TOKEN'
  /** The object does not exist or is not visible to the viewer. */
  | 'NOT_FOUND'
  /** A rate limit was reached. */
  | 'RATE_LIMITED'
  /** The refresh token was exchanged before and its successor used, so its session was ended. */
  | 'REFRESH_TOKEN_REUSED'
  /** The user authenticated again a moment ago, which replaced the refresh token. */
  | 'REFRESH_TOKEN_SPENT'
  /** The access token is missing or no longer accepted, or the viewer must log in. */
  | 'UNAUTHENTICATED'
  /** Something that this needs is unavailable. */
  | 'UNAVAILABLE'
  /** The object has changed since the client read it. */
  | 'VERSION_CONFLICT'
  /** The one-time code or recovery code is wrong or was used. */
  | 'WRONG_CODE'
  /** The e-mail address or the password is wrong. */
  | 'WRONG_CREDENTIALS'
  /** The answer of the passkey is not accepted. */
  | 'WRONG_PASSKEY'
  /** The password is wrong. */
  | 'WRONG_PASSWORD';

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

/** A role, which decides what a user may do. */
export type Role =
  /** May do everything. */
  | 'ADMIN'
  /** Designs and buys products. */
  | 'CUSTOMER'
  /** Reads all data and manages orders. */
  | 'SUPPORT';

/** A parcel that was announced to a carrier. */
export type ShipmentCreateInput = {
  /** The carrier's name, 1 to 60 characters, such as `DHL`. */
  carrier: string;
  /** Whether this parcel completes the order; false if another parcel follows. Default: true. */
  completes?: boolean;
  /** The date on which the carrier expects to deliver the parcel. */
  estimatedDelivery?: string | null | undefined;
  /** A key that the client chooses, 1 to 100 characters. A retry with the same key and the same  */
  idempotencyKey?: string | null | undefined;
  /** The id of the order, which must be IN_PRODUCTION or have left, whole or in part. */
  orderId: string | number;
  /** The id of the shipment that this one is sent instead of, such as a lost one. Default: of an order of which all has left, every parcel that is LOST, RETURNED or EXCEPTION. */
  replaces?: string | number | null | undefined;
  /** The carrier's tracking number, 1 to 60 characters. Another parcel of the carrier must not have it. */
  trackingNumber: string;
  /** The http or https URL of the carrier's tracking page, up to 2,000 characters. */
  trackingUrl?: string | null | undefined;
};

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

/** A condition on a subject's attributes. */
export type TargetingInput = {
  /** The values that match, 1 to 100. Write numbers and booleans as in JSON, such as `true`. */
  anyOf: Array<string>;
  /** The name of the attribute, 1 to 64 characters, such as `country`. */
  attribute: string;
};

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

/** Which users to list: those that meet all given conditions. */
export type UserFilter = {
  /** Registered before this time. */
  createdBefore?: string | null | undefined;
  /** Registered at or after this time. */
  createdFrom?: string | null | undefined;
  /** Only users with this role. */
  role?: Role | null | undefined;
  /** Beginnings of words of the name and the e-mail address. Case and accents do not matter: `jose` finds `José`. At most the 10,000 newest are found. */
  search?: string | null | undefined;
  /** Whether the account is suspended. */
  suspended?: boolean | null | undefined;
};

/** An account whose suspension to end. */
export type UserReinstateInput = {
  /** The id of the user. */
  userId: string | number;
};

/** The new roles of a user. */
export type UserRolesSetInput = {
  /** All roles of the user, at least one. Roles that are left out are removed. */
  roles: Array<Role>;
  /** The id of the user. */
  userId: string | number;
  /** The `version` of the user that the change is based on. */
  version: number;
};

/** A user whose second factor is to be removed, because they have lost it. */
export type UserSecondFactorRemoveInput = {
  /** The id of the user. */
  userId: string | number;
};

/** An account to suspend. */
export type UserSuspendInput = {
  /** Why, for staff, 1 to 500 characters; the user does not see it, except in an export of their data. */
  reason: string;
  /** The id of the user, who is not the viewer. */
  userId: string | number;
};

/** A variant of an experiment. */
export type VariantInput = {
  /** The key of the variant: 2 to 64 lower-case letters, digits, `-` and `_`, starting with a letter, such as `control` or `large_button`. */
  key: string;
  /** The variant's share of the included subjects, greater than 0 and at most 1. The weights of all variants add up to 1. */
  weight: number;
};

/** Which deliveries to select: those that meet all given conditions. */
export type WebhookDeliveryFilter = {
  /** Only deliveries with this id of the sender, as found in the sender's own log. */
  deliveryId?: string | null | undefined;
  /** Only deliveries about this order. */
  orderId?: string | number | null | undefined;
  /** Only deliveries received before this time. */
  receivedBefore?: string | null | undefined;
  /** Only deliveries received at or after this time. */
  receivedFrom?: string | null | undefined;
  /** Only deliveries with this id, whatever it names: the delivery here or at its sender, the sender's event, or the order that it is about. */
  reference?: string | null | undefined;
  /** Only deliveries from this shop or account of the sender. */
  shop?: string | null | undefined;
  /** Only deliveries from this sender. */
  source?: WebhookSource | null | undefined;
  /** Only deliveries in one of these states. */
  states?: Array<WebhookState> | null | undefined;
  /** Only deliveries with this topic, such as `orders/create`. */
  topic?: string | null | undefined;
};

/** The deliveries to apply again: either one by `id`, or several by `filter`. */
export type WebhookReplayInput = {
  /** Whether to only report which deliveries would be applied, without a change; default: false. */
  dryRun?: boolean;
  /** The deliveries to replay, oldest first, at most 1,000 per request; default for `states`: FAILED and DEAD. Deliveries that are REJECTED, have an unknown topic or an erased body are never replayed. */
  filter?: WebhookDeliveryFilter | null | undefined;
  /** The delivery's id, `whd_…`. */
  id?: string | number | null | undefined;
};

/** A sender of webhooks to the shop. */
export type WebhookSource =
  /** The company's own systems, by the Standard Webhooks protocol. */
  | 'INTERNAL'
  /** The shop system Shopify: orders, refunds, fulfilments and products. */
  | 'SHOPIFY'
  /** The payment provider Stripe. */
  | 'STRIPE';

/** The state of a delivery. */
export type WebhookState =
  /** Every attempt failed; staff must replay or discard it. */
  | 'DEAD'
  /** The last attempt to apply it failed; another one follows automatically. */
  | 'FAILED'
  /** Kept without effect: its topic is not used here, it was discarded by staff, or its body was erased before it was applied. */
  | 'IGNORED'
  /** Applied. */
  | 'PROCESSED'
  /** Verified and stored; waits to be applied. */
  | 'RECEIVED'
  /** The signature is missing, wrong or too old; the delivery has no effect. */
  | 'REJECTED';

/** The result of checking a delivery's signature. */
export type WebhookVerdict =
  /** There is no signature, or it is not in the sender's format. */
  | 'MISSING'
  /** The signature is valid, but its time differs by more than five minutes from the time of arrival. */
  | 'STALE'
  /** The signature is valid. */
  | 'VERIFIED'
  /** The signature was not made with a valid secret, or the body was altered. */
  | 'WRONG';

type ProblemFields_CheckoutRefusedProblem_Fragment = { __typename: 'CheckoutRefusedProblem', code: ProblemCode, message: string };

type ProblemFields_ConflictProblem_Fragment = { __typename: 'ConflictProblem', code: ProblemCode, message: string };

type ProblemFields_IllegalStateProblem_Fragment = { __typename: 'IllegalStateProblem', code: ProblemCode, message: string };

type ProblemFields_InvalidInputProblem_Fragment = { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> };

type ProblemFields_NotFoundProblem_Fragment = { __typename: 'NotFoundProblem', code: ProblemCode, message: string };

type ProblemFields_RateLimitedProblem_Fragment = { __typename: 'RateLimitedProblem', code: ProblemCode, message: string };

type ProblemFields_ReauthenticationProblem_Fragment = { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string };

type ProblemFields_UnauthenticatedProblem_Fragment = { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string };

type ProblemFields_UnavailableProblem_Fragment = { __typename: 'UnavailableProblem', code: ProblemCode, message: string };

export type ProblemFieldsFragment =
  | ProblemFields_CheckoutRefusedProblem_Fragment
  | ProblemFields_ConflictProblem_Fragment
  | ProblemFields_IllegalStateProblem_Fragment
  | ProblemFields_InvalidInputProblem_Fragment
  | ProblemFields_NotFoundProblem_Fragment
  | ProblemFields_RateLimitedProblem_Fragment
  | ProblemFields_ReauthenticationProblem_Fragment
  | ProblemFields_UnauthenticatedProblem_Fragment
  | ProblemFields_UnavailableProblem_Fragment
;

export type AdminFunnelQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type AdminFunnelQuery = { __typename: 'Query', reports: { __typename: 'Reports', builderFunnel: { __typename: 'Funnel', stages: Array<{ __typename: 'FunnelStage', step: FunnelStep, subjects: number, share: number | null, shareOfPrevious: number | null }> } } | null };

export type AdminRevenueQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type AdminRevenueQuery = { __typename: 'Query', reports: { __typename: 'Reports', revenue: Array<{ __typename: 'Revenue', at: string, orders: number, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, average: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> } | null };

export type AdminRetentionQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type AdminRetentionQuery = { __typename: 'Query', reports: { __typename: 'Reports', cohortRetention: Array<{ __typename: 'Cohort', week: string, subjects: number, weeks: Array<{ __typename: 'CohortWeek', week: string, subjects: number, share: number, isFinished: boolean }> }> } | null };

export type AdminAuditListQueryVariables = Exact<{
  filter?: AuditEntryFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminAuditListQuery = { __typename: 'Query', auditEntries: { __typename: 'AuditEntryConnection', totalCount: number, nodes: Array<{ __typename: 'AuditEntry', id: string, sequence: number, at: string, action: string, actorKind: AuditActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, subject: { __typename: 'AuditSubject', type: string, subjectId: string }, changes: Array<{ __typename: 'AuditChange', field: string, before: string | null, after: string | null }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type AdminAuditVerifyQueryVariables = Exact<{
  from?: number | null | undefined;
}>;


export type AdminAuditVerifyQuery = { __typename: 'Query', auditVerify: { __typename: 'AuditVerification', intact: boolean, checked: number, checkedTo: number, complete: boolean, firstBroken: { __typename: 'AuditBreak', sequence: number, damage: AuditDamage } | null } | null };

export type AdminOrderAuditQueryVariables = Exact<{
  id: string | number;
  first: number;
}>;


export type AdminOrderAuditQuery = { __typename: 'Query', order: { __typename: 'Order', id: string, auditTrail: { __typename: 'AuditEntryConnection', totalCount: number, nodes: Array<{ __typename: 'AuditEntry', id: string, sequence: number, at: string, action: string, actorKind: AuditActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, subject: { __typename: 'AuditSubject', type: string, subjectId: string }, changes: Array<{ __typename: 'AuditChange', field: string, before: string | null, after: string | null }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AdminUserAuditQueryVariables = Exact<{
  id: string | number;
  first: number;
}>;


export type AdminUserAuditQuery = { __typename: 'Query', user: { __typename: 'User', id: string, auditTrail: { __typename: 'AuditEntryConnection', totalCount: number, nodes: Array<{ __typename: 'AuditEntry', id: string, sequence: number, at: string, action: string, actorKind: AuditActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, subject: { __typename: 'AuditSubject', type: string, subjectId: string }, changes: Array<{ __typename: 'AuditChange', field: string, before: string | null, after: string | null }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuditPageFragment = { __typename: 'AuditEntryConnection', totalCount: number, nodes: Array<{ __typename: 'AuditEntry', id: string, sequence: number, at: string, action: string, actorKind: AuditActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, subject: { __typename: 'AuditSubject', type: string, subjectId: string }, changes: Array<{ __typename: 'AuditChange', field: string, before: string | null, after: string | null }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } };

export type AuditRowFragment = { __typename: 'AuditEntry', id: string, sequence: number, at: string, action: string, actorKind: AuditActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, subject: { __typename: 'AuditSubject', type: string, subjectId: string }, changes: Array<{ __typename: 'AuditChange', field: string, before: string | null, after: string | null }> };

export type AdminProductListQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminProductListQuery = { __typename: 'Query', products: Array<{ __typename: 'Product', id: string, kind: ProductKind, handle: string, title: string, active: boolean, previewUrl: string | null, priceFrom: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> };

export type AdminPresetListQueryVariables = Exact<{
  category?: PresetCategory | null | undefined;
  product?: ProductKind | null | undefined;
  search?: string | null | undefined;
  sort: PresetSort;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminPresetListQuery = { __typename: 'Query', presets: { __typename: 'PresetConnection', totalCount: number, nodes: Array<{ __typename: 'Preset', id: string, name: string, category: PresetCategory, version: number, archivedAt: string | null, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, material: Material }, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type AdminPresetUpdateMutationVariables = Exact<{
  input: PresetUpdateInput;
}>;


export type AdminPresetUpdateMutation = { __typename: 'Mutation', presetUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PresetUpdateSuccess', preset: { __typename: 'Preset', id: string, name: string, category: PresetCategory, version: number, archivedAt: string | null, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, material: Material }, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null } }
   };

export type AdminPresetArchiveMutationVariables = Exact<{
  input: PresetArchiveInput;
}>;


export type AdminPresetArchiveMutation = { __typename: 'Mutation', presetArchive:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PresetArchiveSuccess', preset: { __typename: 'Preset', id: string, name: string, category: PresetCategory, version: number, archivedAt: string | null, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, material: Material }, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null } }
   };

export type PresetRowFragment = { __typename: 'Preset', id: string, name: string, category: PresetCategory, version: number, archivedAt: string | null, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, material: Material }, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null };

export type AdminExperimentPageQueryVariables = Exact<{
  id: string | number;
}>;


export type AdminExperimentPageQuery = { __typename: 'Query', experiment: { __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null } | null };

export type AdminExperimentResultQueryVariables = Exact<{
  id: string | number;
  goal: FunnelStep;
}>;


export type AdminExperimentResultQuery = { __typename: 'Query', reports: { __typename: 'Reports', conversionRate: { __typename: 'Conversion', groups: Array<{ __typename: 'ConversionGroup', variant: string | null, subjects: number, converted: number, rate: number | null, interval: { __typename: 'ConfidenceInterval', low: number, high: number } | null, comparison: { __typename: 'VariantComparison', uplift: number, sequentialPValue: number, sequentialInterval: { __typename: 'ConfidenceInterval', low: number, high: number } } | null }>, sampleRatio: { __typename: 'SampleRatio', pValue: number, mismatch: boolean } | null } | null } | null };

export type AdminDraftUpdateMutationVariables = Exact<{
  input: ExperimentUpdateInput;
}>;


export type AdminDraftUpdateMutation = { __typename: 'Mutation', experimentUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'ExperimentUpdateSuccess', experiment: { __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type AdminExperimentStartMutationVariables = Exact<{
  input: ExperimentStartInput;
}>;


export type AdminExperimentStartMutation = { __typename: 'Mutation', experimentStart:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'ExperimentStartSuccess', experiment: { __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type AdminExperimentStopMutationVariables = Exact<{
  input: ExperimentStopInput;
}>;


export type AdminExperimentStopMutation = { __typename: 'Mutation', experimentStop:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'ExperimentStopSuccess', experiment: { __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type AdminExperimentListQueryVariables = Exact<{
  filter?: ExperimentFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminExperimentListQuery = { __typename: 'Query', experiments: { __typename: 'ExperimentConnection', totalCount: number, nodes: Array<{ __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type ExperimentRowFragment = { __typename: 'Experiment', id: string, key: string, name: string, status: ExperimentStatus, version: number | null, hypothesis: string | null, coverage: number | null, createdAt: string | null, startedAt: string | null, stoppedAt: string | null, variants: Array<{ __typename: 'Variant', key: string, weight: number }> | null };

export type AdminExportListQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type AdminExportListQuery = { __typename: 'Query', exports: { __typename: 'ExportConnection', totalCount: number, nodes: Array<{ __typename: 'Export', id: string, format: ExportFormat, state: ExportState, version: number, rows: number, bytes: number, progress: number, createdAt: string, finishedAt: string | null, expiresAt: string, downloadUrl: string | null, createdBy: { __typename: 'User', id: string, name: string | null } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type AdminExportFollowSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type AdminExportFollowSubscription = { exportProgress: { __typename: 'Export', id: string, format: ExportFormat, state: ExportState, version: number, rows: number, bytes: number, progress: number, createdAt: string, finishedAt: string | null, expiresAt: string, downloadUrl: string | null, createdBy: { __typename: 'User', id: string, name: string | null } | null } };

export type AdminExportStartMutationVariables = Exact<{
  input: ExportCreateInput;
}>;


export type AdminExportStartMutation = { __typename: 'Mutation', exportCreate:
    | { __typename: 'ExportCreateSuccess', export: { __typename: 'Export', id: string, format: ExportFormat, state: ExportState, version: number, rows: number, bytes: number, progress: number, createdAt: string, finishedAt: string | null, expiresAt: string, downloadUrl: string | null, createdBy: { __typename: 'User', id: string, name: string | null } | null } }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type ExportRowFragment = { __typename: 'Export', id: string, format: ExportFormat, state: ExportState, version: number, rows: number, bytes: number, progress: number, createdAt: string, finishedAt: string | null, expiresAt: string, downloadUrl: string | null, createdBy: { __typename: 'User', id: string, name: string | null } | null };

export type AdminOrderPageQueryVariables = Exact<{
  id: string | number;
}>;


export type AdminOrderPageQuery = { __typename: 'Query', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } | null };

export type AdminOrderChangesSubscriptionVariables = Exact<{
  orderId: string | number;
  afterVersion?: number | null | undefined;
}>;


export type AdminOrderChangesSubscription = { orderStatusChanged: { __typename: 'OrderStatusChange', version: number, status: OrderStatus, at: string } };

export type AdminAdvanceMutationVariables = Exact<{
  input: OrderStatusAdvanceInput;
}>;


export type AdminAdvanceMutation = { __typename: 'Mutation', orderStatusAdvance:
    | { __typename: 'ConflictProblem', currentVersion: number, code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderStatusAdvanceSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
   };

export type AdminHoldMutationVariables = Exact<{
  input: OrderHoldInput;
}>;


export type AdminHoldMutation = { __typename: 'Mutation', orderHold:
    | { __typename: 'ConflictProblem', currentVersion: number, code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderHoldSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } }
   };

export type AdminReleaseMutationVariables = Exact<{
  input: OrderReleaseInput;
}>;


export type AdminReleaseMutation = { __typename: 'Mutation', orderRelease:
    | { __typename: 'ConflictProblem', currentVersion: number, code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderReleaseSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } }
   };

export type AdminRefundMutationVariables = Exact<{
  input: OrderRefundInput;
}>;


export type AdminRefundMutation = { __typename: 'Mutation', orderRefund:
    | { __typename: 'ConflictProblem', currentVersion: number, code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderRefundSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
   };

export type AdminNoteAddMutationVariables = Exact<{
  input: OrderNoteAddInput;
}>;


export type AdminNoteAddMutation = { __typename: 'Mutation', orderNoteAdd:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderNoteAddSuccess', order: { __typename: 'Order', id: string, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null } }
   };

export type AdminParcelSendMutationVariables = Exact<{
  input: ShipmentCreateInput;
}>;


export type AdminParcelSendMutation = { __typename: 'Mutation', shipmentCreate:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ShipmentCreateSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null } }
   };

export type AdminTaskResolveMutationVariables = Exact<{
  input: OrderTaskResolveInput;
}>;


export type AdminTaskResolveMutation = { __typename: 'Mutation', orderTaskResolve:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderTaskResolveSuccess', task: { __typename: 'OrderTask', id: string, doneAt: string | null, note: string | null } }
   };

export type OrderDetailFragment = { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, paid: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refundable: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null, email: string | null } | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, kind: OrderLineKind, previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, previous: OrderStatus | null, at: string, reason: string | null, actorKind: ActorKind, actor: { __typename: 'User', id: string, name: string | null } | null, delivery: { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null } | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null, scans: Array<{ __typename: 'ShipmentScan', id: string, at: string, status: ShipmentStatus, description: string, location: string | null }> }>, notes: Array<{ __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null }> | null, ledger: Array<{ __typename: 'OrderLedgerEntry', id: string, kind: LedgerEntryKind, state: LedgerEntryState, provider: LedgerProvider, occurredAt: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> | null, tasks: Array<{ __typename: 'OrderTask', id: string, kind: OrderTaskKind, about: string, createdAt: string, doneAt: string | null }> | null };

export type NotePartsFragment = { __typename: 'OrderNote', id: string, text: string, visibility: NoteVisibility, createdAt: string, author: { __typename: 'User', id: string, name: string | null } | null };

export type AdminOrderListQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
  sort: OrderSort;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminOrderListQuery = { __typename: 'Query', orders: { __typename: 'OrderConnection', totalCount: number, nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type AdminOrderCountsQueryVariables = Exact<{
  filter?: OrderFilter | null | undefined;
}>;


export type AdminOrderCountsQuery = { __typename: 'Query', orderStats: { __typename: 'OrderStats', byStatus: Array<{ __typename: 'OrderStatusCount', status: OrderStatus, count: number, isExact: boolean }> } | null };

export type AdminFeedStartQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminFeedStartQuery = { __typename: 'Query', orderFeedCursor: string | null };

export type AdminLiveOrdersSubscriptionVariables = Exact<{
  afterCursor: string;
}>;


export type AdminLiveOrdersSubscription = { orderFeed: { __typename: 'OrderFeedItem', cursor: string, previous: OrderStatus | null, change: { __typename: 'OrderStatusChange', version: number, status: OrderStatus, at: string, order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number }> } } } };

export type AdminAdvanceManyMutationVariables = Exact<{
  input: OrdersStatusAdvanceInput;
}>;


export type AdminAdvanceManyMutation = { __typename: 'Mutation', ordersStatusAdvance:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'OrdersStatusAdvanceSuccess', outcomes: Array<{ __typename: 'OrderAdvanceOutcome', orderId: string, result:
          | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
          | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
          | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
          | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
          | { __typename: 'OrderStatusAdvanceSuccess', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number }> } }
          | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
         }> }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
   };

export type OrderRowFragment = { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, source: OrderSource, placedAt: string, changedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, allowedTransitions: Array<{ __typename: 'OrderTransition', to: OrderStatus }>, customer: { __typename: 'User', id: string, name: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number }> };

export type AdminSearchPageQueryVariables = Exact<{
  text: string;
  first: number;
}>;


export type AdminSearchPageQuery = { __typename: 'Query', orders: { __typename: 'OrderConnection', nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string, contactEmail: string | null, customer: { __typename: 'User', id: string, name: string | null } | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean } } | null, users: { __typename: 'UserConnection', nodes: Array<{ __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean } } | null, allDesigns: { __typename: 'DesignConnection', nodes: Array<{ __typename: 'Design', id: string, name: string, previewUrl: string | null, owner: { __typename: 'User', id: string, name: string | null } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean } } | null, webhookDeliveries: { __typename: 'WebhookDeliveryConnection', nodes: Array<{ __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null, state: WebhookState, receivedAt: string, order: { __typename: 'Order', id: string, number: string } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean } } | null };

export type AdminSystemQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminSystemQuery = { __typename: 'Query', shop: { __typename: 'Shop', currencies: Array<CurrencyCode>, countries: Array<string>, locales: Array<string> } };

export type AdminUserPageQueryVariables = Exact<{
  id: string | number;
  orders: number;
}>;


export type AdminUserPageQuery = { __typename: 'Query', user: { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null, orders: { __typename: 'OrderConnection', totalCount: number, nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> } | null } | null };

export type AdminRolesSetMutationVariables = Exact<{
  input: UserRolesSetInput;
}>;


export type AdminRolesSetMutation = { __typename: 'Mutation', userRolesSet:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UserRolesSetSuccess', user: { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null } }
   };

export type AdminSecondFactorRemoveMutationVariables = Exact<{
  input: UserSecondFactorRemoveInput;
}>;


export type AdminSecondFactorRemoveMutation = { __typename: 'Mutation', userSecondFactorRemove:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UserSecondFactorRemoveSuccess', user: { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null } }
   };

export type AdminSuspendMutationVariables = Exact<{
  input: UserSuspendInput;
}>;


export type AdminSuspendMutation = { __typename: 'Mutation', userSuspend:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UserSuspendSuccess', user: { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null } }
   };

export type AdminReinstateMutationVariables = Exact<{
  input: UserReinstateInput;
}>;


export type AdminReinstateMutation = { __typename: 'Mutation', userReinstate:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UserReinstateSuccess', user: { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null } }
   };

export type AdminUserListQueryVariables = Exact<{
  filter?: UserFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminUserListQuery = { __typename: 'Query', users: { __typename: 'UserConnection', totalCount: number, nodes: Array<{ __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type UserRowFragment = { __typename: 'User', id: string, name: string | null, email: string | null, roles: Array<Role> | null, createdAt: string | null, version: number | null, secondFactorSince: string | null, suspendedAt: string | null, suspensionReason: string | null };

export type AdminDeliveryFeedStartQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminDeliveryFeedStartQuery = { __typename: 'Query', webhookFeedCursor: string | null };

export type AdminDeliveryPageQueryVariables = Exact<{
  id: string | number;
}>;


export type AdminDeliveryPageQuery = { __typename: 'Query', webhookDelivery: { __typename: 'WebhookDelivery', deliveryId: string | null, occurredAt: string | null, storedAt: string | null, processedAt: string | null, repeats: number, requestId: string | null, id: string, source: WebhookSource, topic: string | null, shop: string | null, verdict: WebhookVerdict, state: WebhookState, attempts: number, error: string | null, advice: string, receivedAt: string, events: Array<{ __typename: 'WebhookEvent', eventId: string, type: string }>, attemptLog: Array<{ __typename: 'WebhookAttempt', number: number, at: string, error: string | null, nextAttemptAt: string | null, durationMs: number | null }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, recordedAt: string | null }> | null, order: { __typename: 'Order', id: string, number: string } | null } | null };

export type AdminDeliveryChangesSubscriptionVariables = Exact<{
  reference: string;
  afterCursor?: string | null | undefined;
}>;


export type AdminDeliveryChangesSubscription = { webhookFeed: { __typename: 'WebhookFeedItem', cursor: string, delivery: { __typename: 'WebhookDelivery', id: string, state: WebhookState } } };

export type AdminDeliveryPushesSubscriptionVariables = Exact<{
  orderId: string | number;
  afterVersion: number;
}>;


export type AdminDeliveryPushesSubscription = { orderStatusChanged: { __typename: 'OrderStatusChange', version: number, pushedAt: string } };

export type DeliveryDetailFragment = { __typename: 'WebhookDelivery', deliveryId: string | null, occurredAt: string | null, storedAt: string | null, processedAt: string | null, repeats: number, requestId: string | null, id: string, source: WebhookSource, topic: string | null, shop: string | null, verdict: WebhookVerdict, state: WebhookState, attempts: number, error: string | null, advice: string, receivedAt: string, events: Array<{ __typename: 'WebhookEvent', eventId: string, type: string }>, attemptLog: Array<{ __typename: 'WebhookAttempt', number: number, at: string, error: string | null, nextAttemptAt: string | null, durationMs: number | null }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, recordedAt: string | null }> | null, order: { __typename: 'Order', id: string, number: string } | null };

export type AdminWebhookListQueryVariables = Exact<{
  filter?: WebhookDeliveryFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type AdminWebhookListQuery = { __typename: 'Query', webhookDeliveries: { __typename: 'WebhookDeliveryConnection', totalCount: number, nodes: Array<{ __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null, shop: string | null, verdict: WebhookVerdict, state: WebhookState, attempts: number, error: string | null, advice: string, receivedAt: string, order: { __typename: 'Order', id: string, number: string } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type AdminWebhookCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminWebhookCountsQuery = { __typename: 'Query', webhookStats: { __typename: 'WebhookStats', total: number, byState: Array<{ __typename: 'WebhookStateCount', state: WebhookState, count: number }> } | null };

export type AdminReplayMutationVariables = Exact<{
  input: WebhookReplayInput;
}>;


export type AdminReplayMutation = { __typename: 'Mutation', webhookReplay:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'WebhookReplaySuccess', matched: number, replayed: number, deliveries: Array<{ __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null, shop: string | null, verdict: WebhookVerdict, state: WebhookState, attempts: number, error: string | null, advice: string, receivedAt: string, order: { __typename: 'Order', id: string, number: string } | null }> | null }
   };

export type DeliveryRowFragment = { __typename: 'WebhookDelivery', id: string, source: WebhookSource, topic: string | null, shop: string | null, verdict: WebhookVerdict, state: WebhookState, attempts: number, error: string | null, advice: string, receivedAt: string, order: { __typename: 'Order', id: string, number: string } | null };

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
export const ProblemFieldsFragmentDoc = new TypedDocumentString(`
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
    `, {"fragmentName":"ProblemFields"}) as unknown as TypedDocumentString<ProblemFieldsFragment, unknown>;
export const AuditRowFragmentDoc = new TypedDocumentString(`
    fragment AuditRow on AuditEntry {
  __typename
  id
  sequence
  at
  action
  actorKind
  actor {
    __typename
    id
    name
  }
  subject {
    __typename
    type
    subjectId
  }
  changes {
    __typename
    field
    before
    after
  }
}
    `, {"fragmentName":"AuditRow"}) as unknown as TypedDocumentString<AuditRowFragment, unknown>;
export const AuditPageFragmentDoc = new TypedDocumentString(`
    fragment AuditPage on AuditEntryConnection {
  __typename
  nodes {
    __typename
    ...AuditRow
  }
  pageInfo {
    __typename
    hasNextPage
    endCursor
  }
  totalCount
}
    fragment AuditRow on AuditEntry {
  __typename
  id
  sequence
  at
  action
  actorKind
  actor {
    __typename
    id
    name
  }
  subject {
    __typename
    type
    subjectId
  }
  changes {
    __typename
    field
    before
    after
  }
}`, {"fragmentName":"AuditPage"}) as unknown as TypedDocumentString<AuditPageFragment, unknown>;
export const PresetRowFragmentDoc = new TypedDocumentString(`
    fragment PresetRow on Preset {
  __typename
  id
  name
  category
  version
  archivedAt
  config {
    __typename
    product
    material
  }
  price {
    __typename
    amount
    currencyCode
  }
  previewUrl(size: 128)
}
    `, {"fragmentName":"PresetRow"}) as unknown as TypedDocumentString<PresetRowFragment, unknown>;
export const ExperimentRowFragmentDoc = new TypedDocumentString(`
    fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}
    `, {"fragmentName":"ExperimentRow"}) as unknown as TypedDocumentString<ExperimentRowFragment, unknown>;
export const ExportRowFragmentDoc = new TypedDocumentString(`
    fragment ExportRow on Export {
  __typename
  id
  format
  state
  version
  rows
  bytes
  progress
  createdAt
  finishedAt
  expiresAt
  downloadUrl
  createdBy {
    __typename
    id
    name
  }
}
    `, {"fragmentName":"ExportRow"}) as unknown as TypedDocumentString<ExportRowFragment, unknown>;
export const NotePartsFragmentDoc = new TypedDocumentString(`
    fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}
    `, {"fragmentName":"NoteParts"}) as unknown as TypedDocumentString<NotePartsFragment, unknown>;
export const OrderDetailFragmentDoc = new TypedDocumentString(`
    fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
    fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"fragmentName":"OrderDetail"}) as unknown as TypedDocumentString<OrderDetailFragment, unknown>;
export const OrderRowFragmentDoc = new TypedDocumentString(`
    fragment OrderRow on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  total {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
  }
  contactEmail
  lines {
    __typename
    id
    title
    quantity
  }
}
    `, {"fragmentName":"OrderRow"}) as unknown as TypedDocumentString<OrderRowFragment, unknown>;
export const UserRowFragmentDoc = new TypedDocumentString(`
    fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}
    `, {"fragmentName":"UserRow"}) as unknown as TypedDocumentString<UserRowFragment, unknown>;
export const DeliveryRowFragmentDoc = new TypedDocumentString(`
    fragment DeliveryRow on WebhookDelivery {
  __typename
  id
  source
  topic
  shop
  verdict
  state
  attempts
  error
  advice
  receivedAt
  order {
    __typename
    id
    number
  }
}
    `, {"fragmentName":"DeliveryRow"}) as unknown as TypedDocumentString<DeliveryRowFragment, unknown>;
export const DeliveryDetailFragmentDoc = new TypedDocumentString(`
    fragment DeliveryDetail on WebhookDelivery {
  __typename
  ...DeliveryRow
  deliveryId
  occurredAt
  storedAt
  processedAt
  repeats
  requestId
  events {
    __typename
    eventId
    type
  }
  attemptLog {
    __typename
    number
    at
    error
    nextAttemptAt
    durationMs
  }
  timeline {
    __typename
    id
    version
    status
    at
    recordedAt
  }
}
    fragment DeliveryRow on WebhookDelivery {
  __typename
  id
  source
  topic
  shop
  verdict
  state
  attempts
  error
  advice
  receivedAt
  order {
    __typename
    id
    number
  }
}`, {"fragmentName":"DeliveryDetail"}) as unknown as TypedDocumentString<DeliveryDetailFragment, unknown>;
export const AdminFunnelDocument = new TypedDocumentString(`
    query AdminFunnel($from: Date!, $to: Date!) {
  __typename
  reports {
    __typename
    builderFunnel(from: $from, to: $to) {
      __typename
      stages {
        __typename
        step
        subjects
        share
        shareOfPrevious
      }
    }
  }
}
    `, {"hash":"sha256:28eda6eb6a622e0e829e1f672346dc84df09db0f8b579670decc48125cafb274"}) as unknown as TypedDocumentString<AdminFunnelQuery, AdminFunnelQueryVariables>;
export const AdminRevenueDocument = new TypedDocumentString(`
    query AdminRevenue($from: Date!, $to: Date!) {
  __typename
  reports {
    __typename
    revenue(from: $from, to: $to) {
      __typename
      at
      orders
      total {
        __typename
        amount
        currencyCode
      }
      refunded {
        __typename
        amount
        currencyCode
      }
      average {
        __typename
        amount
        currencyCode
      }
    }
  }
}
    `, {"hash":"sha256:afe3b49222bb47a11cf8c728c44bcbcfcb49d013b3bd09e814f4f8282521f644"}) as unknown as TypedDocumentString<AdminRevenueQuery, AdminRevenueQueryVariables>;
export const AdminRetentionDocument = new TypedDocumentString(`
    query AdminRetention($from: Date!, $to: Date!) {
  __typename
  reports {
    __typename
    cohortRetention(from: $from, to: $to) {
      __typename
      week
      subjects
      weeks {
        __typename
        week
        subjects
        share
        isFinished
      }
    }
  }
}
    `, {"hash":"sha256:5ddda2fbc4b667f4d1deec67fd13b195698065915bf7123bbfb3b79ba8608d30"}) as unknown as TypedDocumentString<AdminRetentionQuery, AdminRetentionQueryVariables>;
export const AdminAuditListDocument = new TypedDocumentString(`
    query AdminAuditList($filter: AuditEntryFilter, $first: Int!, $after: String) {
  __typename
  auditEntries(filter: $filter, first: $first, after: $after) {
    __typename
    ...AuditPage
  }
}
    fragment AuditPage on AuditEntryConnection {
  __typename
  nodes {
    __typename
    ...AuditRow
  }
  pageInfo {
    __typename
    hasNextPage
    endCursor
  }
  totalCount
}
fragment AuditRow on AuditEntry {
  __typename
  id
  sequence
  at
  action
  actorKind
  actor {
    __typename
    id
    name
  }
  subject {
    __typename
    type
    subjectId
  }
  changes {
    __typename
    field
    before
    after
  }
}`, {"hash":"sha256:2d1fe3a009c635b404e03ec5f3243540b98c5828550eb6fa4a4d9c579ed90615"}) as unknown as TypedDocumentString<AdminAuditListQuery, AdminAuditListQueryVariables>;
export const AdminAuditVerifyDocument = new TypedDocumentString(`
    query AdminAuditVerify($from: Int) {
  __typename
  auditVerify(from: $from) {
    __typename
    intact
    checked
    checkedTo
    complete
    firstBroken {
      __typename
      sequence
      damage
    }
  }
}
    `, {"hash":"sha256:92aae4ad18a5938e98150d951dc856dca7d68c41f93f005841c9fbc6ff0deab8"}) as unknown as TypedDocumentString<AdminAuditVerifyQuery, AdminAuditVerifyQueryVariables>;
export const AdminOrderAuditDocument = new TypedDocumentString(`
    query AdminOrderAudit($id: ID!, $first: Int!) {
  __typename
  order(id: $id) {
    __typename
    id
    auditTrail(first: $first) {
      __typename
      ...AuditPage
    }
  }
}
    fragment AuditPage on AuditEntryConnection {
  __typename
  nodes {
    __typename
    ...AuditRow
  }
  pageInfo {
    __typename
    hasNextPage
    endCursor
  }
  totalCount
}
fragment AuditRow on AuditEntry {
  __typename
  id
  sequence
  at
  action
  actorKind
  actor {
    __typename
    id
    name
  }
  subject {
    __typename
    type
    subjectId
  }
  changes {
    __typename
    field
    before
    after
  }
}`, {"hash":"sha256:9bb215767f955c0d8620395eef0eb2125f4b25b020dcdca0b3873bf77b7f4df4"}) as unknown as TypedDocumentString<AdminOrderAuditQuery, AdminOrderAuditQueryVariables>;
export const AdminUserAuditDocument = new TypedDocumentString(`
    query AdminUserAudit($id: ID!, $first: Int!) {
  __typename
  user(id: $id) {
    __typename
    id
    auditTrail(first: $first) {
      __typename
      ...AuditPage
    }
  }
}
    fragment AuditPage on AuditEntryConnection {
  __typename
  nodes {
    __typename
    ...AuditRow
  }
  pageInfo {
    __typename
    hasNextPage
    endCursor
  }
  totalCount
}
fragment AuditRow on AuditEntry {
  __typename
  id
  sequence
  at
  action
  actorKind
  actor {
    __typename
    id
    name
  }
  subject {
    __typename
    type
    subjectId
  }
  changes {
    __typename
    field
    before
    after
  }
}`, {"hash":"sha256:7f77a6de189b2ce81a409aaaeb514e178ffa097dde5a39a41406a1b261ee5b89"}) as unknown as TypedDocumentString<AdminUserAuditQuery, AdminUserAuditQueryVariables>;
export const AdminProductListDocument = new TypedDocumentString(`
    query AdminProductList {
  __typename
  products(active: null) {
    __typename
    id
    kind
    handle
    title
    active
    priceFrom {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
}
    `, {"hash":"sha256:ab1afe7a7e4bb46e499cf75a522fb7d68b5935300da486ffdf7bd314f88f834e"}) as unknown as TypedDocumentString<AdminProductListQuery, AdminProductListQueryVariables>;
export const AdminPresetListDocument = new TypedDocumentString(`
    query AdminPresetList($category: PresetCategory, $product: ProductKind, $search: String, $sort: PresetSort!, $first: Int!, $after: String) {
  __typename
  presets(
    category: $category
    product: $product
    search: $search
    sort: $sort
    first: $first
    after: $after
  ) {
    __typename
    nodes {
      __typename
      ...PresetRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment PresetRow on Preset {
  __typename
  id
  name
  category
  version
  archivedAt
  config {
    __typename
    product
    material
  }
  price {
    __typename
    amount
    currencyCode
  }
  previewUrl(size: 128)
}`, {"hash":"sha256:0f5bb239924fba16fe7892d9dc630f222e511b361408d47b1863f069eda1a1ef"}) as unknown as TypedDocumentString<AdminPresetListQuery, AdminPresetListQueryVariables>;
export const AdminPresetUpdateDocument = new TypedDocumentString(`
    mutation AdminPresetUpdate($input: PresetUpdateInput!) {
  __typename
  presetUpdate(input: $input) {
    __typename
    ... on PresetUpdateSuccess {
      __typename
      preset {
        __typename
        ...PresetRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment PresetRow on Preset {
  __typename
  id
  name
  category
  version
  archivedAt
  config {
    __typename
    product
    material
  }
  price {
    __typename
    amount
    currencyCode
  }
  previewUrl(size: 128)
}`, {"hash":"sha256:fee613ae36f27cffb1cc6f98b09f2328fffa24f859dbc71173faf96f63b997f9"}) as unknown as TypedDocumentString<AdminPresetUpdateMutation, AdminPresetUpdateMutationVariables>;
export const AdminPresetArchiveDocument = new TypedDocumentString(`
    mutation AdminPresetArchive($input: PresetArchiveInput!) {
  __typename
  presetArchive(input: $input) {
    __typename
    ... on PresetArchiveSuccess {
      __typename
      preset {
        __typename
        ...PresetRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment PresetRow on Preset {
  __typename
  id
  name
  category
  version
  archivedAt
  config {
    __typename
    product
    material
  }
  price {
    __typename
    amount
    currencyCode
  }
  previewUrl(size: 128)
}`, {"hash":"sha256:945ee5875d2778a734495b2cf667d573a3aaff627e7d1f332e35b6e0a5bba013"}) as unknown as TypedDocumentString<AdminPresetArchiveMutation, AdminPresetArchiveMutationVariables>;
export const AdminExperimentPageDocument = new TypedDocumentString(`
    query AdminExperimentPage($id: ID!) {
  __typename
  experiment(id: $id) {
    __typename
    ...ExperimentRow
  }
}
    fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}`, {"hash":"sha256:1096ffb63e00234af534e625ca877a65a42ce5d79182c1db9f62dcefc3c9c728"}) as unknown as TypedDocumentString<AdminExperimentPageQuery, AdminExperimentPageQueryVariables>;
export const AdminExperimentResultDocument = new TypedDocumentString(`
    query AdminExperimentResult($id: ID!, $goal: FunnelStep!) {
  __typename
  reports {
    __typename
    conversionRate(experiment: $id, goal: $goal) {
      __typename
      groups {
        __typename
        variant
        subjects
        converted
        rate
        interval {
          __typename
          low
          high
        }
        comparison {
          __typename
          uplift
          sequentialPValue
          sequentialInterval {
            __typename
            low
            high
          }
        }
      }
      sampleRatio {
        __typename
        pValue
        mismatch
      }
    }
  }
}
    `, {"hash":"sha256:657f45a98cb2b503ed2d8109c55501f122352f5f157cd42e0644f7bc15c731a7"}) as unknown as TypedDocumentString<AdminExperimentResultQuery, AdminExperimentResultQueryVariables>;
export const AdminDraftUpdateDocument = new TypedDocumentString(`
    mutation AdminDraftUpdate($input: ExperimentUpdateInput!) {
  __typename
  experimentUpdate(input: $input) {
    __typename
    ... on ExperimentUpdateSuccess {
      __typename
      experiment {
        __typename
        ...ExperimentRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}`, {"hash":"sha256:349f3d2bca712470fa9d61956c0e7d3b6f286b8f91b6dd76052a904dfe932214"}) as unknown as TypedDocumentString<AdminDraftUpdateMutation, AdminDraftUpdateMutationVariables>;
export const AdminExperimentStartDocument = new TypedDocumentString(`
    mutation AdminExperimentStart($input: ExperimentStartInput!) {
  __typename
  experimentStart(input: $input) {
    __typename
    ... on ExperimentStartSuccess {
      __typename
      experiment {
        __typename
        ...ExperimentRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}`, {"hash":"sha256:02c8e8ddbe7022ec20b0b93d9853cf52c956e695cfecf5ddf6c045da9b86ad4c"}) as unknown as TypedDocumentString<AdminExperimentStartMutation, AdminExperimentStartMutationVariables>;
export const AdminExperimentStopDocument = new TypedDocumentString(`
    mutation AdminExperimentStop($input: ExperimentStopInput!) {
  __typename
  experimentStop(input: $input) {
    __typename
    ... on ExperimentStopSuccess {
      __typename
      experiment {
        __typename
        ...ExperimentRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}`, {"hash":"sha256:b3ed6670be620d431c0ed41613bfe9fc481e1cb6bf9ada72c1d841a8006a86e0"}) as unknown as TypedDocumentString<AdminExperimentStopMutation, AdminExperimentStopMutationVariables>;
export const AdminExperimentListDocument = new TypedDocumentString(`
    query AdminExperimentList($filter: ExperimentFilter, $first: Int!, $after: String) {
  __typename
  experiments(filter: $filter, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...ExperimentRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment ExperimentRow on Experiment {
  __typename
  id
  key
  name
  status
  version
  hypothesis
  coverage
  createdAt
  startedAt
  stoppedAt
  variants {
    __typename
    key
    weight
  }
}`, {"hash":"sha256:fa2e2db056c38636348fe75566ce572bd995a32398f32abfba09dbeddfdd42f7"}) as unknown as TypedDocumentString<AdminExperimentListQuery, AdminExperimentListQueryVariables>;
export const AdminExportListDocument = new TypedDocumentString(`
    query AdminExportList($first: Int!, $after: String) {
  __typename
  exports(first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...ExportRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment ExportRow on Export {
  __typename
  id
  format
  state
  version
  rows
  bytes
  progress
  createdAt
  finishedAt
  expiresAt
  downloadUrl
  createdBy {
    __typename
    id
    name
  }
}`, {"hash":"sha256:088075f51b4c4004b36feffa428a90e7f59c053933b62c07b943a40b94e37290"}) as unknown as TypedDocumentString<AdminExportListQuery, AdminExportListQueryVariables>;
export const AdminExportFollowDocument = new TypedDocumentString(`
    subscription AdminExportFollow($id: ID!) {
  exportProgress(id: $id) {
    __typename
    ...ExportRow
  }
}
    fragment ExportRow on Export {
  __typename
  id
  format
  state
  version
  rows
  bytes
  progress
  createdAt
  finishedAt
  expiresAt
  downloadUrl
  createdBy {
    __typename
    id
    name
  }
}`, {"hash":"sha256:b68601f26985d6ca355785aef9f45bd3be59b58ad3f3bd49426ab467947e50bd"}) as unknown as TypedDocumentString<AdminExportFollowSubscription, AdminExportFollowSubscriptionVariables>;
export const AdminExportStartDocument = new TypedDocumentString(`
    mutation AdminExportStart($input: ExportCreateInput!) {
  __typename
  exportCreate(input: $input) {
    __typename
    ... on ExportCreateSuccess {
      __typename
      export {
        __typename
        ...ExportRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment ExportRow on Export {
  __typename
  id
  format
  state
  version
  rows
  bytes
  progress
  createdAt
  finishedAt
  expiresAt
  downloadUrl
  createdBy {
    __typename
    id
    name
  }
}`, {"hash":"sha256:f2a3328de57741d38ea6963c197077376559f0ed0a4dd195fb1adb49dc0ea6e4"}) as unknown as TypedDocumentString<AdminExportStartMutation, AdminExportStartMutationVariables>;
export const AdminOrderPageDocument = new TypedDocumentString(`
    query AdminOrderPage($id: ID!) {
  __typename
  order(id: $id) {
    __typename
    ...OrderDetail
  }
}
    fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:6878d55338fcc12153cae906e81a5204acdf8958d1dd6c32c3ede8236cebd5a0"}) as unknown as TypedDocumentString<AdminOrderPageQuery, AdminOrderPageQueryVariables>;
export const AdminOrderChangesDocument = new TypedDocumentString(`
    subscription AdminOrderChanges($orderId: ID!, $afterVersion: Int) {
  orderStatusChanged(orderId: $orderId, afterVersion: $afterVersion) {
    __typename
    version
    status
    at
  }
}
    `, {"hash":"sha256:1e603a01298009ad1ec4aa7ffa58dddb13069fcdab44a39ec4dedf3c6c761122"}) as unknown as TypedDocumentString<AdminOrderChangesSubscription, AdminOrderChangesSubscriptionVariables>;
export const AdminAdvanceDocument = new TypedDocumentString(`
    mutation AdminAdvance($input: OrderStatusAdvanceInput!) {
  __typename
  orderStatusAdvance(input: $input) {
    __typename
    ... on OrderStatusAdvanceSuccess {
      __typename
      order {
        __typename
        ...OrderDetail
      }
    }
    ...ProblemFields
    ... on ConflictProblem {
      __typename
      currentVersion
    }
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:80ee30ebb15e0f9531288b8b96ff2257cef31182f47b4924f0669273125b4a05"}) as unknown as TypedDocumentString<AdminAdvanceMutation, AdminAdvanceMutationVariables>;
export const AdminHoldDocument = new TypedDocumentString(`
    mutation AdminHold($input: OrderHoldInput!) {
  __typename
  orderHold(input: $input) {
    __typename
    ... on OrderHoldSuccess {
      __typename
      order {
        __typename
        ...OrderDetail
      }
    }
    ...ProblemFields
    ... on ConflictProblem {
      __typename
      currentVersion
    }
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:43fb98df08c1d84da90b81fe44c35f2aac540c57e1b4bdd3c56d5652539ba676"}) as unknown as TypedDocumentString<AdminHoldMutation, AdminHoldMutationVariables>;
export const AdminReleaseDocument = new TypedDocumentString(`
    mutation AdminRelease($input: OrderReleaseInput!) {
  __typename
  orderRelease(input: $input) {
    __typename
    ... on OrderReleaseSuccess {
      __typename
      order {
        __typename
        ...OrderDetail
      }
    }
    ...ProblemFields
    ... on ConflictProblem {
      __typename
      currentVersion
    }
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:c7e3cfa52aa3269a519acc57c3bdf58341cf643d8e320b41aaf9f1bfd414accb"}) as unknown as TypedDocumentString<AdminReleaseMutation, AdminReleaseMutationVariables>;
export const AdminRefundDocument = new TypedDocumentString(`
    mutation AdminRefund($input: OrderRefundInput!) {
  __typename
  orderRefund(input: $input) {
    __typename
    ... on OrderRefundSuccess {
      __typename
      order {
        __typename
        ...OrderDetail
      }
    }
    ...ProblemFields
    ... on ConflictProblem {
      __typename
      currentVersion
    }
    ... on InvalidInputProblem {
      __typename
      fields {
        __typename
        path
        code
        message
      }
    }
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:b1bdff17075ff7205ae9e2d363b21aa337b7b5a36cd88f7c9e197b7253c1a248"}) as unknown as TypedDocumentString<AdminRefundMutation, AdminRefundMutationVariables>;
export const AdminNoteAddDocument = new TypedDocumentString(`
    mutation AdminNoteAdd($input: OrderNoteAddInput!) {
  __typename
  orderNoteAdd(input: $input) {
    __typename
    ... on OrderNoteAddSuccess {
      __typename
      order {
        __typename
        id
        notes {
          __typename
          ...NoteParts
        }
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:f526793dded1f937bd4e9215b6e7569f9bc39919db2d5636476f718d1baa0775"}) as unknown as TypedDocumentString<AdminNoteAddMutation, AdminNoteAddMutationVariables>;
export const AdminParcelSendDocument = new TypedDocumentString(`
    mutation AdminParcelSend($input: ShipmentCreateInput!) {
  __typename
  shipmentCreate(input: $input) {
    __typename
    ... on ShipmentCreateSuccess {
      __typename
      order {
        __typename
        ...OrderDetail
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderDetail on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  contactEmail
  total {
    __typename
    amount
    currencyCode
  }
  paid {
    __typename
    amount
    currencyCode
  }
  owed {
    __typename
    amount
    currencyCode
  }
  refunded {
    __typename
    amount
    currencyCode
  }
  refundable {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
    email
  }
  shippingAddress {
    __typename
    recipient
    addressLine1
    addressLine2
    city
    region
    postalCode
    countryCode
    phone
  }
  lines {
    __typename
    id
    title
    quantity
    kind
    total {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 128)
  }
  timeline {
    __typename
    id
    version
    status
    previous
    at
    reason
    actorKind
    actor {
      __typename
      id
      name
    }
    delivery {
      __typename
      id
      source
      topic
    }
  }
  shipments {
    __typename
    id
    carrier
    trackingNumber
    trackingUrl
    status
    estimatedDelivery
    scans {
      __typename
      id
      at
      status
      description
      location
    }
  }
  notes {
    __typename
    ...NoteParts
  }
  ledger {
    __typename
    id
    kind
    state
    provider
    occurredAt
    amount {
      __typename
      amount
      currencyCode
    }
  }
  tasks {
    __typename
    id
    kind
    about
    createdAt
    doneAt
  }
}
fragment NoteParts on OrderNote {
  __typename
  id
  text
  visibility
  createdAt
  author {
    __typename
    id
    name
  }
}`, {"hash":"sha256:71484cef5b12e0f2246b883ceb31fd623f92600f08230cd3151b73f184c0a5eb"}) as unknown as TypedDocumentString<AdminParcelSendMutation, AdminParcelSendMutationVariables>;
export const AdminTaskResolveDocument = new TypedDocumentString(`
    mutation AdminTaskResolve($input: OrderTaskResolveInput!) {
  __typename
  orderTaskResolve(input: $input) {
    __typename
    ... on OrderTaskResolveSuccess {
      __typename
      task {
        __typename
        id
        doneAt
        note
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}`, {"hash":"sha256:cbbda860858aece4e309b9f5db875143d3624da6a1954b7d89e156aa8292162d"}) as unknown as TypedDocumentString<AdminTaskResolveMutation, AdminTaskResolveMutationVariables>;
export const AdminOrderListDocument = new TypedDocumentString(`
    query AdminOrderList($filter: OrderFilter, $sort: OrderSort!, $first: Int!, $after: String) {
  __typename
  orders(filter: $filter, sort: $sort, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...OrderRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment OrderRow on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  total {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
  }
  contactEmail
  lines {
    __typename
    id
    title
    quantity
  }
}`, {"hash":"sha256:1cb6337367d98dbfc536290f82e2b35196ca37b28a6f905639481731ea0279f4"}) as unknown as TypedDocumentString<AdminOrderListQuery, AdminOrderListQueryVariables>;
export const AdminOrderCountsDocument = new TypedDocumentString(`
    query AdminOrderCounts($filter: OrderFilter) {
  __typename
  orderStats(filter: $filter) {
    __typename
    byStatus {
      __typename
      status
      count
      isExact
    }
  }
}
    `, {"hash":"sha256:7c2a88b4cacf347b63a3200021977ec01b65c6c4f6b489efc20f2a7e5207842b"}) as unknown as TypedDocumentString<AdminOrderCountsQuery, AdminOrderCountsQueryVariables>;
export const AdminFeedStartDocument = new TypedDocumentString(`
    query AdminFeedStart {
  __typename
  orderFeedCursor
}
    `, {"hash":"sha256:e05a33f7a24da8b2e719bea2116973b4a4962b72f13a7558d5b5c7faf9e62ef5"}) as unknown as TypedDocumentString<AdminFeedStartQuery, AdminFeedStartQueryVariables>;
export const AdminLiveOrdersDocument = new TypedDocumentString(`
    subscription AdminLiveOrders($afterCursor: String!) {
  orderFeed(afterCursor: $afterCursor) {
    __typename
    cursor
    previous
    change {
      __typename
      version
      status
      at
      order {
        __typename
        ...OrderRow
      }
    }
  }
}
    fragment OrderRow on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  total {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
  }
  contactEmail
  lines {
    __typename
    id
    title
    quantity
  }
}`, {"hash":"sha256:d489b500104dcf0c9116f294bcd8433e34ec56c5e0cae8b97210753fb396f0d5"}) as unknown as TypedDocumentString<AdminLiveOrdersSubscription, AdminLiveOrdersSubscriptionVariables>;
export const AdminAdvanceManyDocument = new TypedDocumentString(`
    mutation AdminAdvanceMany($input: OrdersStatusAdvanceInput!) {
  __typename
  ordersStatusAdvance(input: $input) {
    __typename
    ... on OrdersStatusAdvanceSuccess {
      __typename
      outcomes {
        __typename
        orderId
        result {
          __typename
          ... on OrderStatusAdvanceSuccess {
            __typename
            order {
              __typename
              ...OrderRow
            }
          }
          ...ProblemFields
        }
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment OrderRow on Order {
  __typename
  id
  number
  status
  version
  source
  placedAt
  changedAt
  total {
    __typename
    amount
    currencyCode
  }
  allowedTransitions {
    __typename
    to
  }
  customer {
    __typename
    id
    name
  }
  contactEmail
  lines {
    __typename
    id
    title
    quantity
  }
}`, {"hash":"sha256:50f196679c2a418d16f29edcccf4f3884cf281347adf27946caffb4d4d7e876c"}) as unknown as TypedDocumentString<AdminAdvanceManyMutation, AdminAdvanceManyMutationVariables>;
export const AdminSearchPageDocument = new TypedDocumentString(`
    query AdminSearchPage($text: String!, $first: Int!) {
  __typename
  orders(filter: {text: $text}, first: $first) {
    __typename
    nodes {
      __typename
      id
      number
      status
      placedAt
      contactEmail
      customer {
        __typename
        id
        name
      }
      total {
        __typename
        amount
        currencyCode
      }
    }
    pageInfo {
      __typename
      hasNextPage
    }
  }
  users(filter: {search: $text}, first: $first) {
    __typename
    nodes {
      __typename
      id
      name
      email
      roles
    }
    pageInfo {
      __typename
      hasNextPage
    }
  }
  allDesigns(filter: {search: $text}, first: $first) {
    __typename
    nodes {
      __typename
      id
      name
      previewUrl(size: 128)
      owner {
        __typename
        id
        name
      }
    }
    pageInfo {
      __typename
      hasNextPage
    }
  }
  webhookDeliveries(filter: {reference: $text}, first: $first) {
    __typename
    nodes {
      __typename
      id
      source
      topic
      state
      receivedAt
      order {
        __typename
        id
        number
      }
    }
    pageInfo {
      __typename
      hasNextPage
    }
  }
}
    `, {"hash":"sha256:3df438916f473c7a4a1d62300625b8d337fac620a89de57151fc56352fa2948e"}) as unknown as TypedDocumentString<AdminSearchPageQuery, AdminSearchPageQueryVariables>;
export const AdminSystemDocument = new TypedDocumentString(`
    query AdminSystem {
  __typename
  shop {
    __typename
    currencies
    countries
    locales
  }
}
    `, {"hash":"sha256:4ff653d9e2ff942645f9580a26c46abcba1bc028c06baefc313197c2a8aa0d2a"}) as unknown as TypedDocumentString<AdminSystemQuery, AdminSystemQueryVariables>;
export const AdminUserPageDocument = new TypedDocumentString(`
    query AdminUserPage($id: ID!, $orders: Int!) {
  __typename
  user(id: $id) {
    __typename
    ...UserRow
    orders(first: $orders) {
      __typename
      nodes {
        __typename
        id
        number
        status
        placedAt
        total {
          __typename
          amount
          currencyCode
        }
      }
      totalCount
    }
  }
}
    fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:fa4cf6edfc262f9a8b90b6671371181c2464cf89b6ebaed7fde73d3090608906"}) as unknown as TypedDocumentString<AdminUserPageQuery, AdminUserPageQueryVariables>;
export const AdminRolesSetDocument = new TypedDocumentString(`
    mutation AdminRolesSet($input: UserRolesSetInput!) {
  __typename
  userRolesSet(input: $input) {
    __typename
    ... on UserRolesSetSuccess {
      __typename
      user {
        __typename
        ...UserRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:ae06af8e89882d124efe5c45867e93a5c2e05e7945bee654f71cfd1a2332c897"}) as unknown as TypedDocumentString<AdminRolesSetMutation, AdminRolesSetMutationVariables>;
export const AdminSecondFactorRemoveDocument = new TypedDocumentString(`
    mutation AdminSecondFactorRemove($input: UserSecondFactorRemoveInput!) {
  __typename
  userSecondFactorRemove(input: $input) {
    __typename
    ... on UserSecondFactorRemoveSuccess {
      __typename
      user {
        __typename
        ...UserRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:1fed1e8bc9fbc0b77b7f2ac614ac03524bb8dbd1b284dcf8fed27890176c6b95"}) as unknown as TypedDocumentString<AdminSecondFactorRemoveMutation, AdminSecondFactorRemoveMutationVariables>;
export const AdminSuspendDocument = new TypedDocumentString(`
    mutation AdminSuspend($input: UserSuspendInput!) {
  __typename
  userSuspend(input: $input) {
    __typename
    ... on UserSuspendSuccess {
      __typename
      user {
        __typename
        ...UserRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:70f7ce8a4d188cd02515507d9ab7daa4da0209f918837c58dff4d2e98b501953"}) as unknown as TypedDocumentString<AdminSuspendMutation, AdminSuspendMutationVariables>;
export const AdminReinstateDocument = new TypedDocumentString(`
    mutation AdminReinstate($input: UserReinstateInput!) {
  __typename
  userReinstate(input: $input) {
    __typename
    ... on UserReinstateSuccess {
      __typename
      user {
        __typename
        ...UserRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:e0c5af1a37d2777f667f2f61afc57fd7c921cbe7df461fc58a421ef540ba10d9"}) as unknown as TypedDocumentString<AdminReinstateMutation, AdminReinstateMutationVariables>;
export const AdminUserListDocument = new TypedDocumentString(`
    query AdminUserList($filter: UserFilter, $first: Int!, $after: String) {
  __typename
  users(filter: $filter, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...UserRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment UserRow on User {
  __typename
  id
  name
  email
  roles
  createdAt
  version
  secondFactorSince
  suspendedAt
  suspensionReason
}`, {"hash":"sha256:59c356af8f1422b0331c49c99a2de32d313898a50d1b6073b73058caae7496b8"}) as unknown as TypedDocumentString<AdminUserListQuery, AdminUserListQueryVariables>;
export const AdminDeliveryFeedStartDocument = new TypedDocumentString(`
    query AdminDeliveryFeedStart {
  __typename
  webhookFeedCursor
}
    `, {"hash":"sha256:07ae547c0def651abc347d3ebec0509fba653c2a12e8f0b7812e071579f87e66"}) as unknown as TypedDocumentString<AdminDeliveryFeedStartQuery, AdminDeliveryFeedStartQueryVariables>;
export const AdminDeliveryPageDocument = new TypedDocumentString(`
    query AdminDeliveryPage($id: ID!) {
  __typename
  webhookDelivery(id: $id) {
    __typename
    ...DeliveryDetail
  }
}
    fragment DeliveryDetail on WebhookDelivery {
  __typename
  ...DeliveryRow
  deliveryId
  occurredAt
  storedAt
  processedAt
  repeats
  requestId
  events {
    __typename
    eventId
    type
  }
  attemptLog {
    __typename
    number
    at
    error
    nextAttemptAt
    durationMs
  }
  timeline {
    __typename
    id
    version
    status
    at
    recordedAt
  }
}
fragment DeliveryRow on WebhookDelivery {
  __typename
  id
  source
  topic
  shop
  verdict
  state
  attempts
  error
  advice
  receivedAt
  order {
    __typename
    id
    number
  }
}`, {"hash":"sha256:9ca012546253d2bd7f76eb5decb92d677db96630b87746690fdb87f2a83006fb"}) as unknown as TypedDocumentString<AdminDeliveryPageQuery, AdminDeliveryPageQueryVariables>;
export const AdminDeliveryChangesDocument = new TypedDocumentString(`
    subscription AdminDeliveryChanges($reference: String!, $afterCursor: String) {
  webhookFeed(afterCursor: $afterCursor, filter: {reference: $reference}) {
    __typename
    cursor
    delivery {
      __typename
      id
      state
    }
  }
}
    `, {"hash":"sha256:9e8c4023d1b79eaf71b6e5659bedad78e25adcf9ab6cfa8d9c9d68527b39ed4d"}) as unknown as TypedDocumentString<AdminDeliveryChangesSubscription, AdminDeliveryChangesSubscriptionVariables>;
export const AdminDeliveryPushesDocument = new TypedDocumentString(`
    subscription AdminDeliveryPushes($orderId: ID!, $afterVersion: Int!) {
  orderStatusChanged(orderId: $orderId, afterVersion: $afterVersion) {
    __typename
    version
    pushedAt
  }
}
    `, {"hash":"sha256:3b64e63f1a41db20a9f8f45509f2f18489c1175e1e4d91a84374421d5b8ab4d3"}) as unknown as TypedDocumentString<AdminDeliveryPushesSubscription, AdminDeliveryPushesSubscriptionVariables>;
export const AdminWebhookListDocument = new TypedDocumentString(`
    query AdminWebhookList($filter: WebhookDeliveryFilter, $first: Int!, $after: String) {
  __typename
  webhookDeliveries(filter: $filter, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...DeliveryRow
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment DeliveryRow on WebhookDelivery {
  __typename
  id
  source
  topic
  shop
  verdict
  state
  attempts
  error
  advice
  receivedAt
  order {
    __typename
    id
    number
  }
}`, {"hash":"sha256:8428f84d78201824b128b44714329d23055ddf0180eda87225868436f4e27aea"}) as unknown as TypedDocumentString<AdminWebhookListQuery, AdminWebhookListQueryVariables>;
export const AdminWebhookCountsDocument = new TypedDocumentString(`
    query AdminWebhookCounts {
  __typename
  webhookStats {
    __typename
    total
    byState {
      __typename
      state
      count
    }
  }
}
    `, {"hash":"sha256:f09614d91a560b6533c8354977419e5b0d79cbf38b9c32f983efcbe3f7e4d437"}) as unknown as TypedDocumentString<AdminWebhookCountsQuery, AdminWebhookCountsQueryVariables>;
export const AdminReplayDocument = new TypedDocumentString(`
    mutation AdminReplay($input: WebhookReplayInput!) {
  __typename
  webhookReplay(input: $input) {
    __typename
    ... on WebhookReplaySuccess {
      __typename
      matched
      replayed
      deliveries {
        __typename
        ...DeliveryRow
      }
    }
    ...ProblemFields
  }
}
    fragment ProblemFields on Problem {
  __typename
  code
  message
  ... on InvalidInputProblem {
    __typename
    fields {
      __typename
      path
      code
      message
    }
  }
}
fragment DeliveryRow on WebhookDelivery {
  __typename
  id
  source
  topic
  shop
  verdict
  state
  attempts
  error
  advice
  receivedAt
  order {
    __typename
    id
    number
  }
}`, {"hash":"sha256:ee72d46613475391a71110ada81c2720bc97e2a8ac6c99457b3a4825bae83026"}) as unknown as TypedDocumentString<AdminReplayMutation, AdminReplayMutationVariables>;