/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Confirms that the viewer's own account is to be deleted permanently. */
export type AccountDeleteInput = {
  /** The account's current password, as confirmation. */
  password: string;
};

/** An account to register. */
export type AccountRegisterInput = {
  /** The e-mail address to log in with, up to 254 characters. Case-insensitive. */
  email: string;
  /** The language of the e-mail, and the first `Preferences.locale` of the account, as a language tag such as `de-AT`; default: `en-GB`. */
  locale?: string | null | undefined;
  /** The person's name, 1 to 100 characters. */
  name: string;
};

/** An address to save. */
export type AddressCreateInput = {
  /** The address. */
  address: ShippingAddressInput;
  /** A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns the first result instead of making another. */
  idempotencyKey?: string | null | undefined;
  /** Whether to offer it first from now on. The first address always is the default. */
  isDefault?: boolean;
  /** A name for the address, such as `Home`, up to 40 characters; default: none. */
  label?: string | null | undefined;
};

/** Which address to offer first. */
export type AddressDefaultSetInput = {
  /** The id of one of the viewer's own addresses. */
  id: string | number;
};

/** Which address to delete. */
export type AddressDeleteInput = {
  /** The id of one of the viewer's own addresses. */
  id: string | number;
};

/** Changes to one of the viewer's own addresses. A field that is left out does not change; null removes its value, which only `label` allows. */
export type AddressUpdateInput = {
  /** The whole new address: parts that it leaves out are removed. */
  address?: ShippingAddressInput | null | undefined;
  /** The id of the address. */
  id: string | number;
  /** The new name, up to 40 characters; null or an empty string for none. */
  label?: string | null | undefined;
  /** The `version` of the address that the changes are based on. */
  version: number;
};

/** A picture of the viewer. */
export type AvatarUploadInput = {
  /** The bytes of a JPEG, PNG or WebP as base64 (RFC 4648), at most 512 KiB before they are encoded, and 16 million pixels. The middle of the picture is kept, as a JPEG of 256 by 256 pixels without metadata. */
  image: string;
  /** The `version` of the user that the change is based on. */
  version: number;
};

/** A guest's cart that the viewer takes over. */
export type CartClaimInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** The `token` that `cartCreate` returned. */
  token: string;
};

/** A cart to make. */
export type CartCreateInput = {
  /** The currency of all prices. */
  currency: CurrencyCode;
  /** What to put into it; default: nothing. */
  lines?: Array<CartLineInput>;
  /** The id of the anonymous visitor, as in analytics events, up to 100 characters. Reports then attribute the order to their visits. */
  visitor?: string | null | undefined;
};

/** Where and how a cart is delivered. A field that is left out does not change; null removes its value. */
export type CartDeliverySetInput = {
  /** The delivery address. */
  address?: ShippingAddressInput | null | undefined;
  /** The id of the cart. */
  cartId: string | number;
  /** The e-mail address for messages about the order, up to 254 characters. */
  email?: string | null | undefined;
  /** The method of shipping, one of the cart's `shippingRates`. */
  shippingMethod?: ShippingMethod | null | undefined;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** A discount code to use. */
export type CartDiscountApplyInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** The code, up to 40 characters. Case-insensitive. */
  code: string;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** A cart that is to have no discount code. */
export type CartDiscountRemoveInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** Pieces of a design or preset to put into a cart. */
export type CartLineInput = {
  /** Number of pieces, 1 to 1,000; default: 1. */
  quantity?: number;
  /** The `token` of a quote: of a design of the viewer's own, or of any preset, in the cart's currency. */
  quote: string;
};

/** A change of one line of a cart. */
export type CartLineUpdateInput = {
  /** The id of the line. */
  lineId: string | number;
  /** The new number of pieces, up to 1,000; 0 removes the line. Default: as it is. */
  quantity?: number | null | undefined;
  /** The `token` of a newer quote of the same design or preset, such as when the price has expired. */
  quote?: string | null | undefined;
};

/** Pieces to add to a cart. */
export type CartLinesAddInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** What to add. Where a line of the design or preset exists, its quantity grows, and the quote that expires later counts. */
  lines: Array<CartLineInput>;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** Lines to remove from a cart. */
export type CartLinesRemoveInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** The ids of the lines. */
  lineIds: Array<string | number>;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** Changes to lines of a cart. */
export type CartLinesUpdateInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** The changes. */
  lines: Array<CartLineUpdateInput>;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
};

/** A cart to order. */
export type CheckoutCompleteInput = {
  /** The id of the cart. */
  cartId: string | number;
  /** The language of mails about the order, as a language tag such as `de-AT`, for guests and for customers who never chose one (`Preferences.locale`); default: English. */
  locale?: string | null | undefined;
  /** For carts of guests: the `token` that `cartCreate` returned. */
  token?: string | null | undefined;
  /** The `version` of the cart that the request is based on. */
  version: number;
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

/** A new design. */
export type DesignCreateInput = {
  /** The configuration of the design. */
  config: DesignConfigInput;
  /** The currency the design is priced in from now on. It cannot be changed later. */
  currency?: CurrencyCode;
  /** A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns the first result instead of making another. */
  idempotencyKey?: string | null | undefined;
  /** The name, 1 to 80 characters. */
  name: string;
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

/** The status of a design. */
export type DesignStatus =
  /** The design was deleted with `designDelete`. Orders that contain it still show it. */
  | 'ARCHIVED'
  /** The design can be changed. */
  | 'DRAFT'
  /** The design was ordered and can no longer be changed. Duplicate it to continue working on it. */
  | 'ORDERED';

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

/** Changes to a design. Send at least one of `name` and `config`; a field that is left out does not change, and none can be removed. */
export type DesignUpdateInput = {
  /** The new configuration. It replaces the present one as a whole. */
  config?: DesignConfigInput | null | undefined;
  /** The id of the design to change, `des_…`. */
  id: string | number;
  /** The new name, 1 to 80 characters. */
  name?: string | null | undefined;
  /** The `version` of the design when the client last read it. */
  version: number;
};

/** A new e-mail address to log in with. */
export type EmailChangeInput = {
  /** The new e-mail address, up to 254 characters. The verification e-mail is sent to it. */
  email: string;
  /** The account's current password, as confirmation. */
  password: string;
};

/** What the verification of a token from an e-mail has changed. */
export type EmailVerification =
  /** An account has a new e-mail address to log in with. */
  | 'EMAIL_CHANGED'
  /** A new account is open; the user can log in. */
  | 'REGISTERED';

/** A token that proves ownership of an e-mail address. */
export type EmailVerifyInput = {
  /** The password of the account that is opened, 10 to 200 characters; required for the token of a registration, and not used for others. Passwords that are easy to guess, also from the name or e-mail address, are refused. */
  password?: string | null | undefined;
  /** The token from the e-mail, valid for 24 hours and one use. */
  token: string;
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

/** A language of the shop's texts, by its ISO 639-1 code. */
export type Language =
  /** German. */
  | 'DE'
  /** English. */
  | 'EN'
  /** French. */
  | 'FR'
  /** Dutch. */
  | 'NL';

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

/** The reason why a design or preset has no quote. */
export type NoQuoteReason =
  /** The design or preset is archived. */
  | 'ARCHIVED'
  /** The catalogue no longer offers this combination of choices. */
  | 'NOT_OFFERED'
  /** The product is not on sale. */
  | 'WITHDRAWN';

/** An order to cancel. */
export type OrderCancelInput = {
  /** The id of the order to cancel. */
  orderId: string | number;
  /** The reason, up to 500 characters. It is shown in the timeline. */
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

/** An order to pay. */
export type OrderPayInput = {
  /** The id of the order to pay. */
  orderId: string | number;
  /** The order's `trackingToken`, by which a guest may pay it without logging in. */
  trackingToken?: string | null | undefined;
};

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

/** A passkey that an authenticator has made. */
export type PasskeyRegisterInput = {
  /** A name by which the user recognises the passkey, such as `Anna's phone`; 1 to 60 characters. */
  name: string;
  /** The result of `navigator.credentials.create()` as JSON text: `JSON.stringify(credential)` in browsers, `registrationResponseJson` on Android; up to 16,384 characters. */
  response: string;
};

/** Which passkey to remove. */
export type PasskeyRemoveInput = {
  /** The id of one of the viewer's own passkeys. */
  passkeyId: string | number;
};

/** A new password to replace the current one. */
export type PasswordChangeInput = {
  /** The current password. */
  currentPassword: string;
  /** The new password, 10 to 200 characters. Passwords that are easy to guess, also from the name or e-mail address, are refused. */
  newPassword: string;
};

/** A new password, with the token from an e-mail. */
export type PasswordResetInput = {
  /** A name for the device that is logged in, up to 200 characters; default: empty. */
  device?: string;
  /** The new password, 10 to 200 characters. Passwords that are easy to guess are refused. */
  password: string;
  /** The token from the e-mail, valid for one use: for one hour, or for seven days if it undoes a change of the e-mail address. */
  token: string;
};

/** The account whose password is to be reset. */
export type PasswordResetRequestInput = {
  /** The account's e-mail address. */
  email: string;
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

/** A pet to add. */
export type PetCreateInput = {
  /** The breed, up to 80 characters; default: not known. */
  breed?: string | null | undefined;
  /** A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns the first result instead of making another. */
  idempotencyKey?: string | null | undefined;
  /** The measures; default: none is known. */
  measures?: PetMeasuresInput | null | undefined;
  /** The pet's name, 1 to 60 characters. */
  name: string;
  /** The size class; default: not known. */
  size?: PetSize | null | undefined;
  /** The species. */
  species: PetSpecies;
};

/** Which pet to delete. */
export type PetDeleteInput = {
  /** The id of one of the viewer's own pets. */
  id: string | number;
};

/** The measurement of a pet that determines its size. */
export type PetMeasure =
  /** Around the chest behind the front legs, in centimetres. */
  | 'CHEST'
  /** From the nose to the base of the tail, in centimetres. */
  | 'LENGTH'
  /** Around the neck where the collar sits, in centimetres. */
  | 'NECK'
  /** The body weight, in kilograms. */
  | 'WEIGHT';

/** The measures of a pet, each a whole number in one unit, whatever unit a client shows. A measure that is left out or null is not known. */
export type PetMeasuresInput = {
  /** From the base of the neck to the base of the tail, 10 to 3,000 millimetres. */
  backMillimetres?: number | null | undefined;
  /** Around the chest behind the front legs, 10 to 3,000 millimetres. */
  chestMillimetres?: number | null | undefined;
  /** From the nose to the base of the tail, 10 to 3,000 millimetres. */
  lengthMillimetres?: number | null | undefined;
  /** Around the neck where the collar sits, 10 to 3,000 millimetres. */
  neckMillimetres?: number | null | undefined;
  /** The body weight, 10 to 200,000 grams. */
  weightGrams?: number | null | undefined;
};

/** The size class of a pet. */
export type PetSize =
  /** Over 45 kg, such as a Great Dane. */
  | 'EXTRA_LARGE'
  /** Up to 5 kg, such as a Chihuahua. */
  | 'EXTRA_SMALL'
  /** 25 to 45 kg, such as a Labrador. */
  | 'LARGE'
  /** 10 to 25 kg, such as a Cocker spaniel. */
  | 'MEDIUM'
  /** 5 to 10 kg, such as a Jack Russell terrier. */
  | 'SMALL';

/** The species of a pet. */
export type PetSpecies =
  /** A cat. */
  | 'CAT'
  /** A dog. */
  | 'DOG'
  /** Any other animal. */
  | 'OTHER';

/** Changes to one of the viewer's own pets. A field that is left out does not change; null removes its value, which `breed`, `size` and `measures` allow. */
export type PetUpdateInput = {
  /** The breed, up to 80 characters; null or an empty string if it is not known. */
  breed?: string | null | undefined;
  /** The id of the pet. */
  id: string | number;
  /** All measures: those that it leaves out are not known any more. */
  measures?: PetMeasuresInput | null | undefined;
  /** The new name, 1 to 60 characters. */
  name?: string | null | undefined;
  /** The size class; null if it is not known. */
  size?: PetSize | null | undefined;
  /** The species. */
  species?: PetSpecies | null | undefined;
  /** The `version` of the pet that the changes are based on. */
  version: number;
};

/** Changes to the viewer's own preferences. A field that is left out does not change; null removes its value, which only the fields of the pet allow. */
export type PreferencesUpdateInput = {
  /** The currency to show prices in. */
  currency?: CurrencyCode | null | undefined;
  /** The language and region, as a language tag such as `en` or `de-AT`; `Preferences.language` follows it. */
  locale?: string | null | undefined;
  /** Whether to send news and offers by e-mail. */
  marketingEmails?: boolean | null | undefined;
  /** Whether to send an e-mail at each step of an order. */
  orderEmails?: boolean | null | undefined;
  /** Whether to send a push message to the user's devices at each step of an order. */
  orderPushes?: boolean | null | undefined;
  /** The breed of the default pet, up to 80 characters; null or an empty string for none. */
  petBreed?: string | null | undefined;
  /** The size of the default pet; null for none. */
  petSize?: PetSize | null | undefined;
  /** The species of the default pet; null for none. */
  petSpecies?: PetSpecies | null | undefined;
  /** The colour theme of the apps. */
  theme?: Theme | null | undefined;
  /** The `version` of the preferences that the changes are based on. */
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

/** Which presets to list: those that meet all given conditions. A list means any of its values; an empty one asks for nothing. */
export type PresetFilter = {
  /** Only presets in one of these categories. */
  categories?: Array<PresetCategory> | null | undefined;
  /** Only presets whose primary colour is one of these. */
  colors?: Array<Color> | null | undefined;
  /** Only presets of one of these materials. */
  materials?: Array<Material> | null | undefined;
  /** Only presets that cost less than this, such as `50.00`, in the list's currency. */
  priceBelow?: string | null | undefined;
  /** Only presets of one of these products. */
  products?: Array<ProductKind> | null | undefined;
};

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

/** Changes to the viewer's own profile. A field that is left out does not change; null removes its value. */
export type ProfileUpdateInput = {
  /** The http or https URL of a picture, up to 2,000 characters; null or an empty string removes the picture, also one that was uploaded with `avatarUpload`. */
  avatarUrl?: string | null | undefined;
  /** The new name, 1 to 100 characters. It cannot be removed. */
  name?: string | null | undefined;
  /** The `version` of the user that the changes are based on. */
  version: number;
};

/** Which session to end. */
export type SessionRevokeInput = {
  /** The id of one of `User.sessions`; to log out, the one that is `current`. With the scope `users:write` any user's session can be ended. */
  sessionId: string | number;
};

/** Which of the viewer's own sessions to end. */
export type SessionsRevokeAllInput = {
  /** Whether to keep the session of the current request. */
  keepCurrent: boolean;
};

/** What a link to a design allows. */
export type ShareMode =
  /** View the design and copy it with `designCreateFromShare`. */
  | 'COPY'
  /** View the design. */
  | 'VIEW';

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

/** Where an order goes. */
export type ShippingAddressInput = {
  /** Street and house number, up to 100 characters. */
  addressLine1: string;
  /** Further details, such as a floor, up to 100 characters. */
  addressLine2?: string | null | undefined;
  /** The city or town, up to 100 characters. */
  city: string;
  /** The country as an ISO 3166-1 alpha-2 code, such as `DE`. */
  countryCode: string;
  /** A telephone number for the carrier, up to 40 characters. */
  phone?: string | null | undefined;
  /** The postal code, up to 20 characters. Some countries have none. */
  postalCode?: string | null | undefined;
  /** The name of the recipient, up to 100 characters. */
  recipient: string;
  /** The state, county or region, up to 100 characters. */
  region?: string | null | undefined;
};

/** How an order is sent. */
export type ShippingMethod =
  /** The fastest way. */
  | 'EXPRESS'
  /** The cheapest way. */
  | 'STANDARD';

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

/** The colour theme of the apps. */
export type Theme =
  /** Light text on a dark background. */
  | 'DARK'
  /** Dark text on a light background. */
  | 'LIGHT'
  /** Follows the setting of the device. */
  | 'SYSTEM';

export type WebCountriesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebCountriesQuery = { __typename: 'Query', shop: { __typename: 'Shop', countries: Array<string> } };

export type WebSavedAddressesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebSavedAddressesQuery = { __typename: 'Query', me: { __typename: 'User', id: string, addresses: Array<{ __typename: 'SavedAddress', id: string, label: string | null, recipient: string, addressLine1: string, addressLine2: string | null, postalCode: string | null, city: string, region: string | null, countryCode: string, phone: string | null, isDefault: boolean, version: number }> | null } | null };

export type SavedAddressPartsFragment = { __typename: 'SavedAddress', id: string, label: string | null, recipient: string, addressLine1: string, addressLine2: string | null, postalCode: string | null, city: string, region: string | null, countryCode: string, phone: string | null, isDefault: boolean, version: number };

export type WebGuestCartQueryVariables = Exact<{
  id: string | number;
  token?: string | null | undefined;
}>;


export type WebGuestCartQuery = { __typename: 'Query', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } | null };

export type WebCustomerCartQueryVariables = Exact<{ [key: string]: never; }>;


export type WebCustomerCartQuery = { __typename: 'Query', me: { __typename: 'User', id: string, cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } | null } | null };

export type WebCartStartMutationVariables = Exact<{
  input: CartCreateInput;
}>;


export type WebCartStartMutation = { __typename: 'Mutation', cartCreate:
    | { __typename: 'CartCreateSuccess', token: string | null, cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type WebCartTakeOverMutationVariables = Exact<{
  input: CartClaimInput;
}>;


export type WebCartTakeOverMutation = { __typename: 'Mutation', cartClaim:
    | { __typename: 'CartClaimSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebCartAddMutationVariables = Exact<{
  input: CartLinesAddInput;
}>;


export type WebCartAddMutation = { __typename: 'Mutation', cartLinesAdd:
    | { __typename: 'CartLinesAddSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebCartChangeMutationVariables = Exact<{
  input: CartLinesUpdateInput;
}>;


export type WebCartChangeMutation = { __typename: 'Mutation', cartLinesUpdate:
    | { __typename: 'CartLinesUpdateSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebCartRemoveMutationVariables = Exact<{
  input: CartLinesRemoveInput;
}>;


export type WebCartRemoveMutation = { __typename: 'Mutation', cartLinesRemove:
    | { __typename: 'CartLinesRemoveSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebDiscountApplyMutationVariables = Exact<{
  input: CartDiscountApplyInput;
}>;


export type WebDiscountApplyMutation = { __typename: 'Mutation', cartDiscountApply:
    | { __typename: 'CartDiscountApplySuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebDiscountRemoveMutationVariables = Exact<{
  input: CartDiscountRemoveInput;
}>;


export type WebDiscountRemoveMutation = { __typename: 'Mutation', cartDiscountRemove:
    | { __typename: 'CartDiscountRemoveSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebPreferencesQuery = { __typename: 'Query', me: { __typename: 'User', id: string, preferences: { __typename: 'Preferences', currency: CurrencyCode, theme: Theme } | null } | null };

export type WebShopCurrenciesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebShopCurrenciesQuery = { __typename: 'Query', shop: { __typename: 'Shop', currencies: Array<CurrencyCode> } };

export type CartPartsFragment = { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null };

export type CartLinePartsFragment = { __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null };

export type CartCostPartsFragment = { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } };

type QuoteParts_NoQuote_Fragment = { __typename: 'NoQuote', reason: NoQuoteReason, message: string };

type QuoteParts_Quote_Fragment = { __typename: 'Quote', token: string, expiresAt: string };

export type QuotePartsFragment =
  | QuoteParts_NoQuote_Fragment
  | QuoteParts_Quote_Fragment
;

export type OptionLabelsFragment = { __typename: 'ProductOptions', product: ProductKind, label: string, sizes: Array<{ __typename: 'SizeOption', size: Size, label: string }>, materials: Array<{ __typename: 'MaterialOption', material: Material, label: string, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, patternOptions: Array<{ __typename: 'PatternOption', pattern: Pattern, label: string }> }>, hardwareOptions: Array<{ __typename: 'HardwareOption', finish: HardwareFinish, label: string }>, colorPairs: Array<{ __typename: 'ColorPairOption', secondary: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, textPositionOptions: Array<{ __typename: 'TextPositionOption', position: TextPosition, label: string }>, techniques: Array<{ __typename: 'TechniqueOption', technique: TextTechnique, label: string, fontOptions: Array<{ __typename: 'FontOption', font: Font, label: string }>, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, layers: { __typename: 'LayerOptions', motifOptions: Array<{ __typename: 'MotifOption', motif: Motif, label: string }> } | null };

export type ColorPartsFragment = { __typename: 'ColorOption', color: Color, label: string, hex: string };

export type WebOrderPageQueryVariables = Exact<{
  id: string | number;
}>;


export type WebOrderPageQuery = { __typename: 'Query', order: { __typename: 'Order', id: string, number: string, status: OrderStatus, version: number, placedAt: string, cancellable: boolean, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, owed: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, previewUrl: string | null, title: string, quantity: number, kind: OrderLineKind, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null }> } | null };

export type GuestOrderPartsFragment = { __typename: 'GuestOrder', orderId: string, trackingToken: string, number: string, status: OrderStatus, version: number, placedAt: string, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, previewUrl: string | null, title: string, quantity: number, kind: OrderLineKind, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null }> };

export type WebTrackingQueryVariables = Exact<{
  number: string;
  email: string;
}>;


export type WebTrackingQuery = { __typename: 'Query', orderLookup: { __typename: 'GuestOrder', orderId: string, trackingToken: string, number: string, status: OrderStatus, version: number, placedAt: string, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, previewUrl: string | null, title: string, quantity: number, kind: OrderLineKind, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null }> } | null };

export type WebMailedOrderQueryVariables = Exact<{
  token: string;
}>;


export type WebMailedOrderQuery = { __typename: 'Query', orderByToken: { __typename: 'GuestOrder', orderId: string, trackingToken: string, number: string, status: OrderStatus, version: number, placedAt: string, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, previewUrl: string | null, title: string, quantity: number, kind: OrderLineKind, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null }> } | null };

export type WebOrderStatusSubscriptionVariables = Exact<{
  orderId: string | number;
  afterVersion?: number | null | undefined;
  trackingToken?: string | null | undefined;
}>;


export type WebOrderStatusSubscription = { orderStatusChanged: { __typename: 'OrderStatusChange', version: number, status: OrderStatus, at: string, reason: string | null } };

export type WebOrderPaymentMutationVariables = Exact<{
  input: OrderPayInput;
}>;


export type WebOrderPaymentMutation = { __typename: 'Mutation', orderPay:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderPaySuccess', payment: { __typename: 'Payment', url: string | null } }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnavailableProblem', code: ProblemCode, message: string }
   };

export type WebOrderCancellationMutationVariables = Exact<{
  input: OrderCancelInput;
}>;


export type WebOrderCancellationMutation = { __typename: 'Mutation', orderCancel:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'OrderCancelSuccess', order: { __typename: 'Order', id: string, status: OrderStatus, version: number, cancellable: boolean } }
   };

export type OrderLinePartsFragment = { __typename: 'OrderLine', id: string, previewUrl: string | null, title: string, quantity: number, kind: OrderLineKind, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } };

export type TimelinePartsFragment = { __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null };

export type ParcelPartsFragment = { __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, trackingUrl: string | null, status: ShipmentStatus, estimatedDelivery: string | null };

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

export type WebAccountOrdersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type WebAccountOrdersQuery = { __typename: 'Query', me: { __typename: 'User', id: string, orders: { __typename: 'OrderConnection', nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type WebAccountDesignsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type WebAccountDesignsQuery = { __typename: 'Query', me: { __typename: 'User', id: string, designs: { __typename: 'DesignConnection', nodes: Array<{ __typename: 'Design', id: string, name: string, status: DesignStatus, version: number, updatedAt: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, config: { __typename: 'DesignConfig', product: ProductKind } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type WebAccountSessionsQueryVariables = Exact<{
  first: number;
}>;


export type WebAccountSessionsQuery = { __typename: 'Query', me: { __typename: 'User', id: string, sessions: { __typename: 'SessionConnection', nodes: Array<{ __typename: 'Session', id: string, device: string, createdAt: string, lastSeenAt: string, revokedAt: string | null, expiresAt: string, current: boolean }> } | null } | null };

export type WebSessionRevokeMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type WebSessionRevokeMutation = { __typename: 'Mutation', sessionRevoke:
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'SessionRevokeSuccess', session: { __typename: 'Session', id: string, revokedAt: string | null } }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebSessionsRevokeMutationVariables = Exact<{
  input: SessionsRevokeAllInput;
}>;


export type WebSessionsRevokeMutation = { __typename: 'Mutation', sessionsRevokeAll:
    | { __typename: 'SessionsRevokeAllSuccess', revoked: number }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type DesignCardFragment = { __typename: 'Design', id: string, name: string, status: DesignStatus, version: number, updatedAt: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, config: { __typename: 'DesignConfig', product: ProductKind } };

export type WebAccountPetsQueryVariables = Exact<{ [key: string]: never; }>;


export type WebAccountPetsQuery = { __typename: 'Query', me: { __typename: 'User', id: string, pets: Array<{ __typename: 'Pet', id: string, name: string, species: PetSpecies, breed: string | null, size: PetSize | null, version: number, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', millimetres: number } | null, chest: { __typename: 'Length', millimetres: number } | null, back: { __typename: 'Length', millimetres: number } | null, length: { __typename: 'Length', millimetres: number } | null, weight: { __typename: 'Weight', grams: number } | null } }> | null } | null };

export type WebAddressCreateMutationVariables = Exact<{
  input: AddressCreateInput;
}>;


export type WebAddressCreateMutation = { __typename: 'Mutation', addressCreate:
    | { __typename: 'AddressCreateSuccess', address: { __typename: 'SavedAddress', id: string, label: string | null, recipient: string, addressLine1: string, addressLine2: string | null, postalCode: string | null, city: string, region: string | null, countryCode: string, phone: string | null, isDefault: boolean, version: number } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebAddressUpdateMutationVariables = Exact<{
  input: AddressUpdateInput;
}>;


export type WebAddressUpdateMutation = { __typename: 'Mutation', addressUpdate:
    | { __typename: 'AddressUpdateSuccess', address: { __typename: 'SavedAddress', id: string, label: string | null, recipient: string, addressLine1: string, addressLine2: string | null, postalCode: string | null, city: string, region: string | null, countryCode: string, phone: string | null, isDefault: boolean, version: number } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebAddressDefaultSetMutationVariables = Exact<{
  input: AddressDefaultSetInput;
}>;


export type WebAddressDefaultSetMutation = { __typename: 'Mutation', addressDefaultSet:
    | { __typename: 'AddressDefaultSetSuccess', address: { __typename: 'SavedAddress', id: string, isDefault: boolean, version: number } }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebAddressDeleteMutationVariables = Exact<{
  input: AddressDeleteInput;
}>;


export type WebAddressDeleteMutation = { __typename: 'Mutation', addressDelete:
    | { __typename: 'AddressDeleteSuccess', addressId: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebPetCreateMutationVariables = Exact<{
  input: PetCreateInput;
}>;


export type WebPetCreateMutation = { __typename: 'Mutation', petCreate:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PetCreateSuccess', pet: { __typename: 'Pet', id: string, name: string, species: PetSpecies, breed: string | null, size: PetSize | null, version: number, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', millimetres: number } | null, chest: { __typename: 'Length', millimetres: number } | null, back: { __typename: 'Length', millimetres: number } | null, length: { __typename: 'Length', millimetres: number } | null, weight: { __typename: 'Weight', grams: number } | null } } }
   };

export type WebPetUpdateMutationVariables = Exact<{
  input: PetUpdateInput;
}>;


export type WebPetUpdateMutation = { __typename: 'Mutation', petUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PetUpdateSuccess', pet: { __typename: 'Pet', id: string, name: string, species: PetSpecies, breed: string | null, size: PetSize | null, version: number, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', millimetres: number } | null, chest: { __typename: 'Length', millimetres: number } | null, back: { __typename: 'Length', millimetres: number } | null, length: { __typename: 'Length', millimetres: number } | null, weight: { __typename: 'Weight', grams: number } | null } } }
   };

export type WebPetDeleteMutationVariables = Exact<{
  input: PetDeleteInput;
}>;


export type WebPetDeleteMutation = { __typename: 'Mutation', petDelete:
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PetDeleteSuccess', petId: string }
   };

export type WebAvatarUploadMutationVariables = Exact<{
  input: AvatarUploadInput;
}>;


export type WebAvatarUploadMutation = { __typename: 'Mutation', avatarUpload:
    | { __typename: 'AvatarUploadSuccess', user: { __typename: 'User', id: string, name: string | null, avatarUrl: string | null, email: string | null, version: number | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnavailableProblem', code: ProblemCode, message: string }
   };

export type PetPartsFragment = { __typename: 'Pet', id: string, name: string, species: PetSpecies, breed: string | null, size: PetSize | null, version: number, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', millimetres: number } | null, chest: { __typename: 'Length', millimetres: number } | null, back: { __typename: 'Length', millimetres: number } | null, length: { __typename: 'Length', millimetres: number } | null, weight: { __typename: 'Weight', grams: number } | null } };

export type WebAccountProfileQueryVariables = Exact<{ [key: string]: never; }>;


export type WebAccountProfileQuery = { __typename: 'Query', me: { __typename: 'User', id: string, name: string | null, avatarUrl: string | null, email: string | null, version: number | null } | null };

export type WebAccountPreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebAccountPreferencesQuery = { __typename: 'Query', me: { __typename: 'User', id: string, preferences: { __typename: 'Preferences', locale: string, currency: CurrencyCode, theme: Theme, marketingEmails: boolean, orderEmails: boolean, version: number } | null } | null, shop: { __typename: 'Shop', currencies: Array<CurrencyCode> } };

export type WebAccountSecurityQueryVariables = Exact<{
  passkeys: number;
}>;


export type WebAccountSecurityQuery = { __typename: 'Query', me: { __typename: 'User', id: string, secondFactorSince: string | null, recoveryCodesLeft: number | null, passkeys: { __typename: 'PasskeyConnection', nodes: Array<{ __typename: 'Passkey', id: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean }> } | null } | null };

export type WebProfileUpdateMutationVariables = Exact<{
  input: ProfileUpdateInput;
}>;


export type WebProfileUpdateMutation = { __typename: 'Mutation', profileUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ProfileUpdateSuccess', user: { __typename: 'User', id: string, name: string | null, avatarUrl: string | null, email: string | null, version: number | null } }
   };

export type WebEmailChangeMutationVariables = Exact<{
  input: EmailChangeInput;
}>;


export type WebEmailChangeMutation = { __typename: 'Mutation', emailChange:
    | { __typename: 'EmailChangeSuccess', message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPreferencesUpdateMutationVariables = Exact<{
  input: PreferencesUpdateInput;
}>;


export type WebPreferencesUpdateMutation = { __typename: 'Mutation', preferencesUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PreferencesUpdateSuccess', preferences: { __typename: 'Preferences', locale: string, currency: CurrencyCode, theme: Theme, marketingEmails: boolean, orderEmails: boolean, version: number } }
   };

export type WebPasswordChangeMutationVariables = Exact<{
  input: PasswordChangeInput;
}>;


export type WebPasswordChangeMutation = { __typename: 'Mutation', passwordChange:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PasswordChangeSuccess', user: { __typename: 'User', id: string } }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebTotpEnrolMutationVariables = Exact<{ [key: string]: never; }>;


export type WebTotpEnrolMutation = { __typename: 'Mutation', totpEnrol:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'TotpEnrolSuccess', uri: string, secret: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebRecoveryCodesReplaceMutationVariables = Exact<{ [key: string]: never; }>;


export type WebRecoveryCodesReplaceMutation = { __typename: 'Mutation', recoveryCodesReplace:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'RecoveryCodesReplaceSuccess', recoveryCodes: Array<string> }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPasskeyStartMutationVariables = Exact<{ [key: string]: never; }>;


export type WebPasskeyStartMutation = { __typename: 'Mutation', passkeyRegistrationStart:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PasskeyRegistrationStartSuccess', options: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPasskeyAddMutationVariables = Exact<{
  input: PasskeyRegisterInput;
}>;


export type WebPasskeyAddMutation = { __typename: 'Mutation', passkeyRegister:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PasskeyRegisterSuccess', passkey: { __typename: 'Passkey', id: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean } }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPasskeyRemoveMutationVariables = Exact<{
  input: PasskeyRemoveInput;
}>;


export type WebPasskeyRemoveMutation = { __typename: 'Mutation', passkeyRemove:
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'PasskeyRemoveSuccess', passkeyId: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebAccountDeleteMutationVariables = Exact<{
  input: AccountDeleteInput;
}>;


export type WebAccountDeleteMutation = { __typename: 'Mutation', accountDelete:
    | { __typename: 'AccountDeleteSuccess', userId: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebAccountExportMutationVariables = Exact<{
  designs?: string | null | undefined;
  orders?: string | null | undefined;
  experiments?: string | null | undefined;
}>;


export type WebAccountExportMutation = { __typename: 'Mutation', accountExport:
    | { __typename: 'AccountExportSuccess', filename: string, document: string, user: { __typename: 'User', id: string, designs: { __typename: 'DesignConnection', nodes: Array<{ __typename: 'Design', id: string, name: string, status: DesignStatus, createdAt: string, updatedAt: string, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> }, shares: { __typename: 'DesignShareConnection', nodes: Array<{ __typename: 'DesignShare', id: string, mode: ShareMode, views: number, createdAt: string, expiresAt: string | null, revokedAt: string | null }> } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null, orders: { __typename: 'OrderConnection', nodes: Array<{ __typename: 'Order', id: string, number: string, status: OrderStatus, placedAt: string, contactEmail: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, refunded: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'OrderLine', id: string, title: string, quantity: number, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }>, timeline: Array<{ __typename: 'OrderTimelineEntry', id: string, version: number, status: OrderStatus, at: string, reason: string | null }>, shipments: Array<{ __typename: 'Shipment', id: string, carrier: string, trackingNumber: string, status: ShipmentStatus }> }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null, experiments: { __typename: 'ExperimentAssignmentConnection', nodes: Array<{ __typename: 'ExperimentAssignment', id: string, variant: string, assignedAt: string, experiment: { __typename: 'Experiment', id: string, key: string } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'ReauthenticationProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type ProfilePartsFragment = { __typename: 'User', id: string, name: string | null, avatarUrl: string | null, email: string | null, version: number | null };

export type PreferencePartsFragment = { __typename: 'Preferences', locale: string, currency: CurrencyCode, theme: Theme, marketingEmails: boolean, orderEmails: boolean, version: number };

export type PasskeyPartsFragment = { __typename: 'Passkey', id: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean };

export type WebBuilderQueryVariables = Exact<{
  product: ProductKind;
  language: Language;
}>;


export type WebBuilderQuery = { __typename: 'Query', productOptions: { __typename: 'ProductOptions', product: ProductKind, label: string, sizes: Array<{ __typename: 'SizeOption', measure: string, textLength: number, size: Size, label: string, fit: { __typename: 'SizeFit', measure: PetMeasure, label: string } }>, materials: Array<{ __typename: 'MaterialOption', techniques: Array<TextTechnique>, material: Material, label: string, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, patternOptions: Array<{ __typename: 'PatternOption', pattern: Pattern, label: string }> }>, colorPairs: Array<{ __typename: 'ColorPairOption', primary: Color, secondary: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, layers: { __typename: 'LayerOptions', most: number, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, limits: Array<{ __typename: 'LayerLimit', field: string, least: number, most: number }>, motifOptions: Array<{ __typename: 'MotifOption', motif: Motif, label: string }> } | null, hardwareOptions: Array<{ __typename: 'HardwareOption', finish: HardwareFinish, label: string }>, textPositionOptions: Array<{ __typename: 'TextPositionOption', position: TextPosition, label: string }>, techniques: Array<{ __typename: 'TechniqueOption', technique: TextTechnique, label: string, fontOptions: Array<{ __typename: 'FontOption', font: Font, label: string }>, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }> }, products: Array<{ __typename: 'Product', id: string, kind: ProductKind, title: string, previewUrl: string | null }> };

export type WebBuilderPresetQueryVariables = Exact<{
  id: string | number;
}>;


export type WebBuilderPresetQuery = { __typename: 'Query', preset: { __typename: 'Preset', id: string, name: string, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } } | null };

export type WebBuilderDesignQueryVariables = Exact<{
  id: string | number;
}>;


export type WebBuilderDesignQuery = { __typename: 'Query', design: { __typename: 'Design', id: string, name: string, version: number, status: DesignStatus, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } } | null };

export type WebBuilderPetsQueryVariables = Exact<{ [key: string]: never; }>;


export type WebBuilderPetsQuery = { __typename: 'Query', me: { __typename: 'User', id: string, pets: Array<{ __typename: 'Pet', id: string, name: string, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', centimetres: number } | null, chest: { __typename: 'Length', centimetres: number } | null, length: { __typename: 'Length', centimetres: number } | null, weight: { __typename: 'Weight', kilograms: number } | null } }> | null } | null };

export type WebBuilderSizeQueryVariables = Exact<{
  product: ProductKind;
  measure: number;
}>;


export type WebBuilderSizeQuery = { __typename: 'Query', productOptions: { __typename: 'ProductOptions', product: ProductKind, sizeFor: Size | null } };

export type WebBuilderPriceQueryVariables = Exact<{
  config: DesignConfigInput;
  currency: CurrencyCode;
  language: Language;
}>;


export type WebBuilderPriceQuery = { __typename: 'Query', priceQuote:
    | { __typename: 'InvalidInputProblem', fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'PriceQuote', previewUrl: string | null, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, items: Array<{ __typename: 'PriceItem', kind: PriceItemKind, label: string, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> }
   | null };

export type WebBuilderCreateMutationVariables = Exact<{
  input: DesignCreateInput;
  currency: CurrencyCode;
}>;


export type WebBuilderCreateMutation = { __typename: 'Mutation', designCreate:
    | { __typename: 'DesignCreateSuccess', design: { __typename: 'Design', id: string, name: string, version: number, status: DesignStatus, previewUrl: string | null, quote:
          | { __typename: 'NoQuote', reason: NoQuoteReason, message: string }
          | { __typename: 'Quote', token: string, expiresAt: string }
         | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type WebBuilderUpdateMutationVariables = Exact<{
  input: DesignUpdateInput;
  currency: CurrencyCode;
}>;


export type WebBuilderUpdateMutation = { __typename: 'Mutation', designUpdate:
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'DesignUpdateSuccess', design: { __typename: 'Design', id: string, name: string, version: number, status: DesignStatus, previewUrl: string | null, quote:
          | { __typename: 'NoQuote', reason: NoQuoteReason, message: string }
          | { __typename: 'Quote', token: string, expiresAt: string }
         | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } } }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
   };

export type BuilderDesignFragment = { __typename: 'Design', id: string, name: string, version: number, status: DesignStatus, previewUrl: string | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } };

export type ConfigPartsFragment = { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> };

export type BuilderPetFragment = { __typename: 'Pet', id: string, name: string, measures: { __typename: 'PetMeasures', neck: { __typename: 'Length', centimetres: number } | null, chest: { __typename: 'Length', centimetres: number } | null, length: { __typename: 'Length', centimetres: number } | null, weight: { __typename: 'Weight', kilograms: number } | null } };

export type BuilderOptionsFragment = { __typename: 'ProductOptions', product: ProductKind, label: string, sizes: Array<{ __typename: 'SizeOption', measure: string, textLength: number, size: Size, label: string, fit: { __typename: 'SizeFit', measure: PetMeasure, label: string } }>, materials: Array<{ __typename: 'MaterialOption', techniques: Array<TextTechnique>, material: Material, label: string, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, patternOptions: Array<{ __typename: 'PatternOption', pattern: Pattern, label: string }> }>, colorPairs: Array<{ __typename: 'ColorPairOption', primary: Color, secondary: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, layers: { __typename: 'LayerOptions', most: number, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, limits: Array<{ __typename: 'LayerLimit', field: string, least: number, most: number }>, motifOptions: Array<{ __typename: 'MotifOption', motif: Motif, label: string }> } | null, hardwareOptions: Array<{ __typename: 'HardwareOption', finish: HardwareFinish, label: string }>, textPositionOptions: Array<{ __typename: 'TextPositionOption', position: TextPosition, label: string }>, techniques: Array<{ __typename: 'TechniqueOption', technique: TextTechnique, label: string, fontOptions: Array<{ __typename: 'FontOption', font: Font, label: string }>, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }> };

export type WebProductsQueryVariables = Exact<{
  currency: CurrencyCode;
  language: Language;
}>;


export type WebProductsQuery = { __typename: 'Query', products: Array<{ __typename: 'Product', id: string, kind: ProductKind, previewUrl: string | null, options: { __typename: 'ProductOptions', label: string }, priceFrom: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }> };

export type WebPresetsQueryVariables = Exact<{
  search?: string | null | undefined;
  filter: PresetFilter;
  currency: CurrencyCode;
  first: number;
  after?: string | null | undefined;
}>;


export type WebPresetsQuery = { __typename: 'Query', presets: { __typename: 'PresetConnection', nodes: Array<{ __typename: 'Preset', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null, config: { __typename: 'DesignConfig', product: ProductKind } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type WebPresetFacetsQueryVariables = Exact<{
  search?: string | null | undefined;
  filter: PresetFilter;
  currency: CurrencyCode;
  language: Language;
}>;


export type WebPresetFacetsQuery = { __typename: 'Query', presetFacets: { __typename: 'PresetFacets', totalCount: number, categories: Array<{ __typename: 'PresetCategoryFacet', category: PresetCategory, label: string, count: number }>, products: Array<{ __typename: 'ProductKindFacet', product: ProductKind, label: string, count: number }>, materials: Array<{ __typename: 'MaterialFacet', material: Material, label: string, count: number }>, colors: Array<{ __typename: 'ColorFacet', color: Color, label: string, count: number }> } | null };

export type PresetCardFragment = { __typename: 'Preset', id: string, name: string, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null, config: { __typename: 'DesignConfig', product: ProductKind } };

export type WebCheckoutDeliveryMutationVariables = Exact<{
  input: CartDeliverySetInput;
}>;


export type WebCheckoutDeliveryMutation = { __typename: 'Mutation', cartDeliverySet:
    | { __typename: 'CartDeliverySetSuccess', cart: { __typename: 'Cart', id: string, version: number, discountCode: string | null, currencyCode: CurrencyCode, contactEmail: string | null, shippingMethod: ShippingMethod | null, shippingAddress: { __typename: 'ShippingAddress', recipient: string | null, addressLine1: string | null, addressLine2: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null, phone: string | null } | null, lines: Array<{ __typename: 'CartLine', id: string, title: string, quantity: number, unitPrice: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, design: { __typename: 'Design', id: string, previewUrl: string | null } | null, preset: { __typename: 'Preset', id: string, previewUrl: string | null } | null }>, shippingRates: Array<{ __typename: 'CartShippingRate', method: ShippingMethod, amount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, days: { __typename: 'DeliveryDays', least: number, most: number } }>, cost: { __typename: 'CartCost', subtotal: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, quantityDiscount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, discount: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, shipping: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, includedTax: { __typename: 'Money', amount: string, currencyCode: CurrencyCode }, total: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } }, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }>, order: { __typename: 'Order', id: string } | null } }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebCheckoutPlaceMutationVariables = Exact<{
  input: CheckoutCompleteInput;
}>;


export type WebCheckoutPlaceMutation = { __typename: 'Mutation', checkoutComplete:
    | { __typename: 'CheckoutCompleteSuccess', trackingToken: string | null, order: { __typename: 'Order', id: string, number: string }, payment: { __typename: 'Payment', url: string | null } | null }
    | { __typename: 'CheckoutRefusedProblem', code: ProblemCode, message: string, problems: Array<{ __typename: 'CartProblem', code: string, message: string, lineId: string | null }> }
    | { __typename: 'ConflictProblem', code: ProblemCode, message: string }
    | { __typename: 'IllegalStateProblem', code: ProblemCode, message: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'NotFoundProblem', code: ProblemCode, message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

export type WebPasswordForgottenMutationVariables = Exact<{
  input: PasswordResetRequestInput;
}>;


export type WebPasswordForgottenMutation = { __typename: 'Mutation', passwordResetRequest:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'PasswordResetRequestSuccess', message: string }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type WebProveEmailMutationVariables = Exact<{
  input: EmailVerifyInput;
}>;


export type WebProveEmailMutation = { __typename: 'Mutation', emailVerify:
    | { __typename: 'EmailVerifySuccess', verified: EmailVerification }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type WebPresetPageQueryVariables = Exact<{
  id: string | number;
  currency: CurrencyCode;
  language: Language;
}>;


export type WebPresetPageQuery = { __typename: 'Query', preset: { __typename: 'Preset', id: string, name: string, category: PresetCategory, previewUrl: string | null, price: { __typename: 'Money', amount: string, currencyCode: CurrencyCode } | null, product: { __typename: 'Product', id: string, description: string, options: { __typename: 'ProductOptions', product: ProductKind, label: string, sizes: Array<{ __typename: 'SizeOption', size: Size, label: string }>, materials: Array<{ __typename: 'MaterialOption', material: Material, label: string, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }>, patternOptions: Array<{ __typename: 'PatternOption', pattern: Pattern, label: string }> }>, hardwareOptions: Array<{ __typename: 'HardwareOption', finish: HardwareFinish, label: string }>, colorPairs: Array<{ __typename: 'ColorPairOption', secondary: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, textPositionOptions: Array<{ __typename: 'TextPositionOption', position: TextPosition, label: string }>, techniques: Array<{ __typename: 'TechniqueOption', technique: TextTechnique, label: string, fontOptions: Array<{ __typename: 'FontOption', font: Font, label: string }>, colors: Array<{ __typename: 'ColorOption', color: Color, label: string, hex: string }> }>, layers: { __typename: 'LayerOptions', motifOptions: Array<{ __typename: 'MotifOption', motif: Motif, label: string }> } | null } } | null, config: { __typename: 'DesignConfig', product: ProductKind, size: Size, material: Material, primaryColor: Color, secondaryColor: Color | null, pattern: Pattern, hardware: HardwareFinish | null, text: { __typename: 'DesignText', content: string, technique: TextTechnique, font: Font, position: TextPosition, color: Color | null } | null, layers: Array<{ __typename: 'DesignLayer', motif: Motif, color: Color, x: number, y: number, size: number, rotation: number, hidden: boolean }> } } | null };

export type WebPresetQuotedQueryVariables = Exact<{
  id: string | number;
  currency: CurrencyCode;
}>;


export type WebPresetQuotedQuery = { __typename: 'Query', preset: { __typename: 'Preset', id: string, quote:
      | { __typename: 'NoQuote', reason: NoQuoteReason, message: string }
      | { __typename: 'Quote', token: string, expiresAt: string }
     | null } | null };

export type WebRegisterMutationVariables = Exact<{
  input: AccountRegisterInput;
}>;


export type WebRegisterMutation = { __typename: 'Mutation', accountRegister:
    | { __typename: 'AccountRegisterSuccess', receipt: string }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
   };

export type WebPasswordSetMutationVariables = Exact<{
  input: PasswordResetInput;
}>;


export type WebPasswordSetMutation = { __typename: 'Mutation', passwordReset:
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, fields: Array<{ __typename: 'InvalidField', path: string, code: string, message: string }> }
    | { __typename: 'PasswordResetSuccess', user: { __typename: 'User', id: string } }
    | { __typename: 'RateLimitedProblem', code: ProblemCode, message: string }
    | { __typename: 'SecondFactorChallenge', challenge: string }
    | { __typename: 'UnauthenticatedProblem', code: ProblemCode, message: string }
   };

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
export const SavedAddressPartsFragmentDoc = new TypedDocumentString(`
    fragment SavedAddressParts on SavedAddress {
  __typename
  id
  label
  recipient
  addressLine1
  addressLine2
  postalCode
  city
  region
  countryCode
  phone
  isDefault
  version
}
    `, {"fragmentName":"SavedAddressParts"}) as unknown as TypedDocumentString<SavedAddressPartsFragment, unknown>;
export const CartLinePartsFragmentDoc = new TypedDocumentString(`
    fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
    `, {"fragmentName":"CartLineParts"}) as unknown as TypedDocumentString<CartLinePartsFragment, unknown>;
export const CartCostPartsFragmentDoc = new TypedDocumentString(`
    fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
}
    `, {"fragmentName":"CartCostParts"}) as unknown as TypedDocumentString<CartCostPartsFragment, unknown>;
export const CartPartsFragmentDoc = new TypedDocumentString(`
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
    fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
}`, {"fragmentName":"CartParts"}) as unknown as TypedDocumentString<CartPartsFragment, unknown>;
export const QuotePartsFragmentDoc = new TypedDocumentString(`
    fragment QuoteParts on QuoteResult {
  __typename
  ... on Quote {
    __typename
    token
    expiresAt
  }
  ... on NoQuote {
    __typename
    reason
    message
  }
}
    `, {"fragmentName":"QuoteParts"}) as unknown as TypedDocumentString<QuotePartsFragment, unknown>;
export const OrderLinePartsFragmentDoc = new TypedDocumentString(`
    fragment OrderLineParts on OrderLine {
  __typename
  id
  previewUrl(size: 128)
  title
  quantity
  kind
  total {
    __typename
    amount
    currencyCode
  }
}
    `, {"fragmentName":"OrderLineParts"}) as unknown as TypedDocumentString<OrderLinePartsFragment, unknown>;
export const TimelinePartsFragmentDoc = new TypedDocumentString(`
    fragment TimelineParts on OrderTimelineEntry {
  __typename
  id
  version
  status
  at
  reason
}
    `, {"fragmentName":"TimelineParts"}) as unknown as TypedDocumentString<TimelinePartsFragment, unknown>;
export const ParcelPartsFragmentDoc = new TypedDocumentString(`
    fragment ParcelParts on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
  estimatedDelivery
}
    `, {"fragmentName":"ParcelParts"}) as unknown as TypedDocumentString<ParcelPartsFragment, unknown>;
export const GuestOrderPartsFragmentDoc = new TypedDocumentString(`
    fragment GuestOrderParts on GuestOrder {
  __typename
  orderId
  trackingToken
  number
  status
  version
  placedAt
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
  lines {
    __typename
    ...OrderLineParts
  }
  timeline {
    __typename
    ...TimelineParts
  }
  shipments {
    __typename
    ...ParcelParts
  }
}
    fragment OrderLineParts on OrderLine {
  __typename
  id
  previewUrl(size: 128)
  title
  quantity
  kind
  total {
    __typename
    amount
    currencyCode
  }
}
fragment TimelineParts on OrderTimelineEntry {
  __typename
  id
  version
  status
  at
  reason
}
fragment ParcelParts on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
  estimatedDelivery
}`, {"fragmentName":"GuestOrderParts"}) as unknown as TypedDocumentString<GuestOrderPartsFragment, unknown>;
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
export const DesignCardFragmentDoc = new TypedDocumentString(`
    fragment DesignCard on Design {
  __typename
  id
  name
  status
  version
  updatedAt
  price {
    __typename
    amount
    currencyCode
  }
  config {
    __typename
    product
  }
  previewUrl(size: 512)
}
    `, {"fragmentName":"DesignCard"}) as unknown as TypedDocumentString<DesignCardFragment, unknown>;
export const PetPartsFragmentDoc = new TypedDocumentString(`
    fragment PetParts on Pet {
  __typename
  id
  name
  species
  breed
  size
  version
  measures {
    __typename
    neck {
      __typename
      millimetres
    }
    chest {
      __typename
      millimetres
    }
    back {
      __typename
      millimetres
    }
    length {
      __typename
      millimetres
    }
    weight {
      __typename
      grams
    }
  }
}
    `, {"fragmentName":"PetParts"}) as unknown as TypedDocumentString<PetPartsFragment, unknown>;
export const ProfilePartsFragmentDoc = new TypedDocumentString(`
    fragment ProfileParts on User {
  __typename
  id
  name
  avatarUrl
  email
  version
}
    `, {"fragmentName":"ProfileParts"}) as unknown as TypedDocumentString<ProfilePartsFragment, unknown>;
export const PreferencePartsFragmentDoc = new TypedDocumentString(`
    fragment PreferenceParts on Preferences {
  __typename
  locale
  currency
  theme
  marketingEmails
  orderEmails
  version
}
    `, {"fragmentName":"PreferenceParts"}) as unknown as TypedDocumentString<PreferencePartsFragment, unknown>;
export const PasskeyPartsFragmentDoc = new TypedDocumentString(`
    fragment PasskeyParts on Passkey {
  __typename
  id
  name
  createdAt
  lastUsedAt
  backedUp
}
    `, {"fragmentName":"PasskeyParts"}) as unknown as TypedDocumentString<PasskeyPartsFragment, unknown>;
export const ConfigPartsFragmentDoc = new TypedDocumentString(`
    fragment ConfigParts on DesignConfig {
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
    `, {"fragmentName":"ConfigParts"}) as unknown as TypedDocumentString<ConfigPartsFragment, unknown>;
export const BuilderDesignFragmentDoc = new TypedDocumentString(`
    fragment BuilderDesign on Design {
  __typename
  id
  name
  version
  status
  previewUrl(size: 800)
  config {
    __typename
    ...ConfigParts
  }
}
    fragment ConfigParts on DesignConfig {
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
}`, {"fragmentName":"BuilderDesign"}) as unknown as TypedDocumentString<BuilderDesignFragment, unknown>;
export const BuilderPetFragmentDoc = new TypedDocumentString(`
    fragment BuilderPet on Pet {
  __typename
  id
  name
  measures {
    __typename
    neck {
      __typename
      centimetres
    }
    chest {
      __typename
      centimetres
    }
    length {
      __typename
      centimetres
    }
    weight {
      __typename
      kilograms
    }
  }
}
    `, {"fragmentName":"BuilderPet"}) as unknown as TypedDocumentString<BuilderPetFragment, unknown>;
export const ColorPartsFragmentDoc = new TypedDocumentString(`
    fragment ColorParts on ColorOption {
  __typename
  color
  label
  hex
}
    `, {"fragmentName":"ColorParts"}) as unknown as TypedDocumentString<ColorPartsFragment, unknown>;
export const OptionLabelsFragmentDoc = new TypedDocumentString(`
    fragment OptionLabels on ProductOptions {
  __typename
  product
  label
  sizes {
    __typename
    size
    label
  }
  materials {
    __typename
    material
    label
    colors {
      __typename
      ...ColorParts
    }
    patternOptions {
      __typename
      pattern
      label
    }
  }
  hardwareOptions {
    __typename
    finish
    label
  }
  colorPairs {
    __typename
    secondary {
      __typename
      ...ColorParts
    }
  }
  textPositionOptions {
    __typename
    position
    label
  }
  techniques {
    __typename
    technique
    label
    fontOptions {
      __typename
      font
      label
    }
    colors {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    motifOptions {
      __typename
      motif
      label
    }
  }
}
    fragment ColorParts on ColorOption {
  __typename
  color
  label
  hex
}`, {"fragmentName":"OptionLabels"}) as unknown as TypedDocumentString<OptionLabelsFragment, unknown>;
export const BuilderOptionsFragmentDoc = new TypedDocumentString(`
    fragment BuilderOptions on ProductOptions {
  __typename
  ...OptionLabels
  sizes {
    __typename
    measure
    textLength
    fit {
      __typename
      measure
      label
    }
  }
  materials {
    __typename
    techniques
  }
  colorPairs {
    __typename
    primary
    secondary {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    most
    colors {
      __typename
      ...ColorParts
    }
    limits {
      __typename
      field
      least
      most
    }
  }
}
    fragment OptionLabels on ProductOptions {
  __typename
  product
  label
  sizes {
    __typename
    size
    label
  }
  materials {
    __typename
    material
    label
    colors {
      __typename
      ...ColorParts
    }
    patternOptions {
      __typename
      pattern
      label
    }
  }
  hardwareOptions {
    __typename
    finish
    label
  }
  colorPairs {
    __typename
    secondary {
      __typename
      ...ColorParts
    }
  }
  textPositionOptions {
    __typename
    position
    label
  }
  techniques {
    __typename
    technique
    label
    fontOptions {
      __typename
      font
      label
    }
    colors {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    motifOptions {
      __typename
      motif
      label
    }
  }
}
fragment ColorParts on ColorOption {
  __typename
  color
  label
  hex
}`, {"fragmentName":"BuilderOptions"}) as unknown as TypedDocumentString<BuilderOptionsFragment, unknown>;
export const PresetCardFragmentDoc = new TypedDocumentString(`
    fragment PresetCard on Preset {
  __typename
  id
  name
  price(currency: $currency) {
    __typename
    amount
    currencyCode
  }
  config {
    __typename
    product
  }
  previewUrl(size: 512)
}
    `, {"fragmentName":"PresetCard"}) as unknown as TypedDocumentString<PresetCardFragment, unknown>;
export const WebCountriesDocument = new TypedDocumentString(`
    query WebCountries {
  __typename
  shop {
    __typename
    countries
  }
}
    `, {"hash":"sha256:f9a16a24287368e4298c6f314ac9ee315b20ac37758c56ef0eeaaaf4917061e5"}) as unknown as TypedDocumentString<WebCountriesQuery, WebCountriesQueryVariables>;
export const WebSavedAddressesDocument = new TypedDocumentString(`
    query WebSavedAddresses {
  __typename
  me {
    __typename
    id
    addresses {
      __typename
      ...SavedAddressParts
    }
  }
}
    fragment SavedAddressParts on SavedAddress {
  __typename
  id
  label
  recipient
  addressLine1
  addressLine2
  postalCode
  city
  region
  countryCode
  phone
  isDefault
  version
}`, {"hash":"sha256:bc7e69775c78185844e819a402461995b685f0956b5c0640fd75ae7e45aaa7bf"}) as unknown as TypedDocumentString<WebSavedAddressesQuery, WebSavedAddressesQueryVariables>;
export const WebGuestCartDocument = new TypedDocumentString(`
    query WebGuestCart($id: ID!, $token: String) {
  __typename
  cart(id: $id, token: $token) {
    __typename
    ...CartParts
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
}`, {"hash":"sha256:5c397f8288625fdbc7608e0a07b2def236653c80439098c1340a9908fef4806c"}) as unknown as TypedDocumentString<WebGuestCartQuery, WebGuestCartQueryVariables>;
export const WebCustomerCartDocument = new TypedDocumentString(`
    query WebCustomerCart {
  __typename
  me {
    __typename
    id
    cart {
      __typename
      ...CartParts
    }
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
}`, {"hash":"sha256:683d7a18b16913aaf4b944f9399a620f596d4f87cf19998dc9c279ab5ef12524"}) as unknown as TypedDocumentString<WebCustomerCartQuery, WebCustomerCartQueryVariables>;
export const WebCartStartDocument = new TypedDocumentString(`
    mutation WebCartStart($input: CartCreateInput!) {
  __typename
  cartCreate(input: $input) {
    __typename
    ... on CartCreateSuccess {
      __typename
      token
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:006302700b9f501495c193cb740c9139b4a280ce05fefcb8314337ccf0a87ba3"}) as unknown as TypedDocumentString<WebCartStartMutation, WebCartStartMutationVariables>;
export const WebCartTakeOverDocument = new TypedDocumentString(`
    mutation WebCartTakeOver($input: CartClaimInput!) {
  __typename
  cartClaim(input: $input) {
    __typename
    ... on CartClaimSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:c424a19f9e0b3d149ff682533bae2a165c11363dac5a54e0c1911cd13373fce3"}) as unknown as TypedDocumentString<WebCartTakeOverMutation, WebCartTakeOverMutationVariables>;
export const WebCartAddDocument = new TypedDocumentString(`
    mutation WebCartAdd($input: CartLinesAddInput!) {
  __typename
  cartLinesAdd(input: $input) {
    __typename
    ... on CartLinesAddSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:6dbc33e71b5f9984128fd5c47b951568116d09f73891f29ed74634a9edd62979"}) as unknown as TypedDocumentString<WebCartAddMutation, WebCartAddMutationVariables>;
export const WebCartChangeDocument = new TypedDocumentString(`
    mutation WebCartChange($input: CartLinesUpdateInput!) {
  __typename
  cartLinesUpdate(input: $input) {
    __typename
    ... on CartLinesUpdateSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:7a61071f2d0f1f25fcf96e58d86c07597531db36ef7a37e2982edb0f25f776bb"}) as unknown as TypedDocumentString<WebCartChangeMutation, WebCartChangeMutationVariables>;
export const WebCartRemoveDocument = new TypedDocumentString(`
    mutation WebCartRemove($input: CartLinesRemoveInput!) {
  __typename
  cartLinesRemove(input: $input) {
    __typename
    ... on CartLinesRemoveSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:cda958ad3c77ec09f5e11fab98ec6070a9554c6c4f4a7cd632b6145ea52567b7"}) as unknown as TypedDocumentString<WebCartRemoveMutation, WebCartRemoveMutationVariables>;
export const WebDiscountApplyDocument = new TypedDocumentString(`
    mutation WebDiscountApply($input: CartDiscountApplyInput!) {
  __typename
  cartDiscountApply(input: $input) {
    __typename
    ... on CartDiscountApplySuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:7a0b0fb44cd72ac8a91320746aac4047fb0946c952e2ba666bdca5dd90744edc"}) as unknown as TypedDocumentString<WebDiscountApplyMutation, WebDiscountApplyMutationVariables>;
export const WebDiscountRemoveDocument = new TypedDocumentString(`
    mutation WebDiscountRemove($input: CartDiscountRemoveInput!) {
  __typename
  cartDiscountRemove(input: $input) {
    __typename
    ... on CartDiscountRemoveSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:97e8c1f2bb8aa5988dd32c3662b4b77a3a33ea730d23b0f39306d9787743ae7c"}) as unknown as TypedDocumentString<WebDiscountRemoveMutation, WebDiscountRemoveMutationVariables>;
export const WebPreferencesDocument = new TypedDocumentString(`
    query WebPreferences {
  __typename
  me {
    __typename
    id
    preferences {
      __typename
      currency
      theme
    }
  }
}
    `, {"hash":"sha256:abb7b096d6e4b24e3bce510e78c54318ee6cee0cafbee047b3563a7e24634017"}) as unknown as TypedDocumentString<WebPreferencesQuery, WebPreferencesQueryVariables>;
export const WebShopCurrenciesDocument = new TypedDocumentString(`
    query WebShopCurrencies {
  __typename
  shop {
    __typename
    currencies
  }
}
    `, {"hash":"sha256:d015297ac5e4d01a3d20a25a5dbad5f556f500c4b08a7a77bced8a75a7296482"}) as unknown as TypedDocumentString<WebShopCurrenciesQuery, WebShopCurrenciesQueryVariables>;
export const WebOrderPageDocument = new TypedDocumentString(`
    query WebOrderPage($id: ID!) {
  __typename
  order(id: $id) {
    __typename
    id
    number
    status
    version
    placedAt
    cancellable
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
    owed {
      __typename
      amount
      currencyCode
    }
    lines {
      __typename
      ...OrderLineParts
    }
    timeline {
      __typename
      ...TimelineParts
    }
    shipments {
      __typename
      ...ParcelParts
    }
  }
}
    fragment OrderLineParts on OrderLine {
  __typename
  id
  previewUrl(size: 128)
  title
  quantity
  kind
  total {
    __typename
    amount
    currencyCode
  }
}
fragment TimelineParts on OrderTimelineEntry {
  __typename
  id
  version
  status
  at
  reason
}
fragment ParcelParts on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
  estimatedDelivery
}`, {"hash":"sha256:d72b71a95a8eef88f1ed6024a3554caf901c90f32f1e297b4291ee7a19ebe84b"}) as unknown as TypedDocumentString<WebOrderPageQuery, WebOrderPageQueryVariables>;
export const WebTrackingDocument = new TypedDocumentString(`
    query WebTracking($number: String!, $email: String!) {
  __typename
  orderLookup(number: $number, email: $email) {
    __typename
    ...GuestOrderParts
  }
}
    fragment GuestOrderParts on GuestOrder {
  __typename
  orderId
  trackingToken
  number
  status
  version
  placedAt
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
  lines {
    __typename
    ...OrderLineParts
  }
  timeline {
    __typename
    ...TimelineParts
  }
  shipments {
    __typename
    ...ParcelParts
  }
}
fragment OrderLineParts on OrderLine {
  __typename
  id
  previewUrl(size: 128)
  title
  quantity
  kind
  total {
    __typename
    amount
    currencyCode
  }
}
fragment TimelineParts on OrderTimelineEntry {
  __typename
  id
  version
  status
  at
  reason
}
fragment ParcelParts on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
  estimatedDelivery
}`, {"hash":"sha256:77acdfb35cb32e3e52da920bb85e21a75967308e9ebc8b3786580fd6eb57aa10"}) as unknown as TypedDocumentString<WebTrackingQuery, WebTrackingQueryVariables>;
export const WebMailedOrderDocument = new TypedDocumentString(`
    query WebMailedOrder($token: String!) {
  __typename
  orderByToken(token: $token) {
    __typename
    ...GuestOrderParts
  }
}
    fragment GuestOrderParts on GuestOrder {
  __typename
  orderId
  trackingToken
  number
  status
  version
  placedAt
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
  lines {
    __typename
    ...OrderLineParts
  }
  timeline {
    __typename
    ...TimelineParts
  }
  shipments {
    __typename
    ...ParcelParts
  }
}
fragment OrderLineParts on OrderLine {
  __typename
  id
  previewUrl(size: 128)
  title
  quantity
  kind
  total {
    __typename
    amount
    currencyCode
  }
}
fragment TimelineParts on OrderTimelineEntry {
  __typename
  id
  version
  status
  at
  reason
}
fragment ParcelParts on Shipment {
  __typename
  id
  carrier
  trackingNumber
  trackingUrl
  status
  estimatedDelivery
}`, {"hash":"sha256:48d8553e48eff59b6553f49995c2498d58fbc6d28fd392091882d6fb9d86f329"}) as unknown as TypedDocumentString<WebMailedOrderQuery, WebMailedOrderQueryVariables>;
export const WebOrderStatusDocument = new TypedDocumentString(`
    subscription WebOrderStatus($orderId: ID!, $afterVersion: Int, $trackingToken: String) {
  orderStatusChanged(
    orderId: $orderId
    afterVersion: $afterVersion
    trackingToken: $trackingToken
  ) {
    __typename
    version
    status
    at
    reason
  }
}
    `, {"hash":"sha256:5a65b617234a2c5dd212a2877af80ba38e76933dc3ad5212397b8f774c0a950d"}) as unknown as TypedDocumentString<WebOrderStatusSubscription, WebOrderStatusSubscriptionVariables>;
export const WebOrderPaymentDocument = new TypedDocumentString(`
    mutation WebOrderPayment($input: OrderPayInput!) {
  __typename
  orderPay(input: $input) {
    __typename
    ... on OrderPaySuccess {
      __typename
      payment {
        __typename
        url
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
}`, {"hash":"sha256:29114fdbe775d82fc103daf90253234069bd73806a6032829ea047f5189ed6d1"}) as unknown as TypedDocumentString<WebOrderPaymentMutation, WebOrderPaymentMutationVariables>;
export const WebOrderCancellationDocument = new TypedDocumentString(`
    mutation WebOrderCancellation($input: OrderCancelInput!) {
  __typename
  orderCancel(input: $input) {
    __typename
    ... on OrderCancelSuccess {
      __typename
      order {
        __typename
        id
        status
        version
        cancellable
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
}`, {"hash":"sha256:3897f23a47a529f1c08568e8c84725c9ce24fcfbd41573503f78cdbddf77bf4d"}) as unknown as TypedDocumentString<WebOrderCancellationMutation, WebOrderCancellationMutationVariables>;
export const WebAccountOrdersDocument = new TypedDocumentString(`
    query WebAccountOrders($first: Int!, $after: String) {
  __typename
  me {
    __typename
    id
    orders(first: $first, after: $after) {
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
        lines {
          __typename
          id
          title
          quantity
        }
      }
      pageInfo {
        __typename
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:00f7e757cf34055553083c44a9a7259b594a025e77ae216ee62a6c64bebbac9e"}) as unknown as TypedDocumentString<WebAccountOrdersQuery, WebAccountOrdersQueryVariables>;
export const WebAccountDesignsDocument = new TypedDocumentString(`
    query WebAccountDesigns($first: Int!, $after: String) {
  __typename
  me {
    __typename
    id
    designs(first: $first, after: $after, sort: RECENTLY_UPDATED) {
      __typename
      nodes {
        __typename
        ...DesignCard
      }
      pageInfo {
        __typename
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment DesignCard on Design {
  __typename
  id
  name
  status
  version
  updatedAt
  price {
    __typename
    amount
    currencyCode
  }
  config {
    __typename
    product
  }
  previewUrl(size: 512)
}`, {"hash":"sha256:ee231408a7fbe5bc920e67ce9639bc8746fa07717ded6fed914b8ee352ea9180"}) as unknown as TypedDocumentString<WebAccountDesignsQuery, WebAccountDesignsQueryVariables>;
export const WebAccountSessionsDocument = new TypedDocumentString(`
    query WebAccountSessions($first: Int!) {
  __typename
  me {
    __typename
    id
    sessions(first: $first) {
      __typename
      nodes {
        __typename
        id
        device
        createdAt
        lastSeenAt
        revokedAt
        expiresAt
        current
      }
    }
  }
}
    `, {"hash":"sha256:7aff13bae887eb62f1997e312a7071f32c384d85e8019b5aba377b98b7028917"}) as unknown as TypedDocumentString<WebAccountSessionsQuery, WebAccountSessionsQueryVariables>;
export const WebSessionRevokeDocument = new TypedDocumentString(`
    mutation WebSessionRevoke($input: SessionRevokeInput!) {
  __typename
  sessionRevoke(input: $input) {
    __typename
    ... on SessionRevokeSuccess {
      __typename
      session {
        __typename
        id
        revokedAt
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
}`, {"hash":"sha256:5c1efc0033c2b2428ad11ea9a9161ada10203c86e9ad7f915e0d259d382690bb"}) as unknown as TypedDocumentString<WebSessionRevokeMutation, WebSessionRevokeMutationVariables>;
export const WebSessionsRevokeDocument = new TypedDocumentString(`
    mutation WebSessionsRevoke($input: SessionsRevokeAllInput!) {
  __typename
  sessionsRevokeAll(input: $input) {
    __typename
    ... on SessionsRevokeAllSuccess {
      __typename
      revoked
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
}`, {"hash":"sha256:59eeba92c750a0ca894524704291a43ffa51852e2f5e6cd2d84bbae67b2e1ceb"}) as unknown as TypedDocumentString<WebSessionsRevokeMutation, WebSessionsRevokeMutationVariables>;
export const WebAccountPetsDocument = new TypedDocumentString(`
    query WebAccountPets {
  __typename
  me {
    __typename
    id
    pets {
      __typename
      ...PetParts
    }
  }
}
    fragment PetParts on Pet {
  __typename
  id
  name
  species
  breed
  size
  version
  measures {
    __typename
    neck {
      __typename
      millimetres
    }
    chest {
      __typename
      millimetres
    }
    back {
      __typename
      millimetres
    }
    length {
      __typename
      millimetres
    }
    weight {
      __typename
      grams
    }
  }
}`, {"hash":"sha256:3082683c6688b13637ff2f5fbced9549ee7328dcf7043d0e7531018c0c7bf918"}) as unknown as TypedDocumentString<WebAccountPetsQuery, WebAccountPetsQueryVariables>;
export const WebAddressCreateDocument = new TypedDocumentString(`
    mutation WebAddressCreate($input: AddressCreateInput!) {
  __typename
  addressCreate(input: $input) {
    __typename
    ... on AddressCreateSuccess {
      __typename
      address {
        __typename
        ...SavedAddressParts
      }
    }
    ...ProblemFields
  }
}
    fragment SavedAddressParts on SavedAddress {
  __typename
  id
  label
  recipient
  addressLine1
  addressLine2
  postalCode
  city
  region
  countryCode
  phone
  isDefault
  version
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
}`, {"hash":"sha256:43915cc3ac969faca95dd8b987a3b2114652135771dad76ee1047e4fa4c80bc9"}) as unknown as TypedDocumentString<WebAddressCreateMutation, WebAddressCreateMutationVariables>;
export const WebAddressUpdateDocument = new TypedDocumentString(`
    mutation WebAddressUpdate($input: AddressUpdateInput!) {
  __typename
  addressUpdate(input: $input) {
    __typename
    ... on AddressUpdateSuccess {
      __typename
      address {
        __typename
        ...SavedAddressParts
      }
    }
    ...ProblemFields
  }
}
    fragment SavedAddressParts on SavedAddress {
  __typename
  id
  label
  recipient
  addressLine1
  addressLine2
  postalCode
  city
  region
  countryCode
  phone
  isDefault
  version
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
}`, {"hash":"sha256:b9082275312ca7bbdebef750cfe4ed1edeeef9969ca786c5e1e3638adb675310"}) as unknown as TypedDocumentString<WebAddressUpdateMutation, WebAddressUpdateMutationVariables>;
export const WebAddressDefaultSetDocument = new TypedDocumentString(`
    mutation WebAddressDefaultSet($input: AddressDefaultSetInput!) {
  __typename
  addressDefaultSet(input: $input) {
    __typename
    ... on AddressDefaultSetSuccess {
      __typename
      address {
        __typename
        id
        isDefault
        version
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
}`, {"hash":"sha256:346432eb46f5c76c92de6bbb9ab9838071a1f607271df0719d33e700d6f53c02"}) as unknown as TypedDocumentString<WebAddressDefaultSetMutation, WebAddressDefaultSetMutationVariables>;
export const WebAddressDeleteDocument = new TypedDocumentString(`
    mutation WebAddressDelete($input: AddressDeleteInput!) {
  __typename
  addressDelete(input: $input) {
    __typename
    ... on AddressDeleteSuccess {
      __typename
      addressId
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
}`, {"hash":"sha256:a34acc3563e6ca71d262892189541deae0c50fd1b6e2ca731b562d1ca2fdbca6"}) as unknown as TypedDocumentString<WebAddressDeleteMutation, WebAddressDeleteMutationVariables>;
export const WebPetCreateDocument = new TypedDocumentString(`
    mutation WebPetCreate($input: PetCreateInput!) {
  __typename
  petCreate(input: $input) {
    __typename
    ... on PetCreateSuccess {
      __typename
      pet {
        __typename
        ...PetParts
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
fragment PetParts on Pet {
  __typename
  id
  name
  species
  breed
  size
  version
  measures {
    __typename
    neck {
      __typename
      millimetres
    }
    chest {
      __typename
      millimetres
    }
    back {
      __typename
      millimetres
    }
    length {
      __typename
      millimetres
    }
    weight {
      __typename
      grams
    }
  }
}`, {"hash":"sha256:81a148bc8d456c58edc1d67ae1050cfc129af0f4ee078b6392db10a1e7552f3f"}) as unknown as TypedDocumentString<WebPetCreateMutation, WebPetCreateMutationVariables>;
export const WebPetUpdateDocument = new TypedDocumentString(`
    mutation WebPetUpdate($input: PetUpdateInput!) {
  __typename
  petUpdate(input: $input) {
    __typename
    ... on PetUpdateSuccess {
      __typename
      pet {
        __typename
        ...PetParts
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
fragment PetParts on Pet {
  __typename
  id
  name
  species
  breed
  size
  version
  measures {
    __typename
    neck {
      __typename
      millimetres
    }
    chest {
      __typename
      millimetres
    }
    back {
      __typename
      millimetres
    }
    length {
      __typename
      millimetres
    }
    weight {
      __typename
      grams
    }
  }
}`, {"hash":"sha256:9ddd3138525b9b5df9df1a1aefcc922048de7a49bc6ddf60b0b4df33d2051851"}) as unknown as TypedDocumentString<WebPetUpdateMutation, WebPetUpdateMutationVariables>;
export const WebPetDeleteDocument = new TypedDocumentString(`
    mutation WebPetDelete($input: PetDeleteInput!) {
  __typename
  petDelete(input: $input) {
    __typename
    ... on PetDeleteSuccess {
      __typename
      petId
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
}`, {"hash":"sha256:0de8d574b507b558b8c805f2e046fb15f26cf310da9d8b9411585937916d2fc4"}) as unknown as TypedDocumentString<WebPetDeleteMutation, WebPetDeleteMutationVariables>;
export const WebAvatarUploadDocument = new TypedDocumentString(`
    mutation WebAvatarUpload($input: AvatarUploadInput!) {
  __typename
  avatarUpload(input: $input) {
    __typename
    ... on AvatarUploadSuccess {
      __typename
      user {
        __typename
        ...ProfileParts
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
fragment ProfileParts on User {
  __typename
  id
  name
  avatarUrl
  email
  version
}`, {"hash":"sha256:b767a750a78a2e133fad1c9555035afff28835d80d9d71997cca61e722e38e41"}) as unknown as TypedDocumentString<WebAvatarUploadMutation, WebAvatarUploadMutationVariables>;
export const WebAccountProfileDocument = new TypedDocumentString(`
    query WebAccountProfile {
  __typename
  me {
    __typename
    ...ProfileParts
  }
}
    fragment ProfileParts on User {
  __typename
  id
  name
  avatarUrl
  email
  version
}`, {"hash":"sha256:dc92050fea4cbe0ee6a0031383817cc449659b37316b93260e9ceb73e8fc2e2c"}) as unknown as TypedDocumentString<WebAccountProfileQuery, WebAccountProfileQueryVariables>;
export const WebAccountPreferencesDocument = new TypedDocumentString(`
    query WebAccountPreferences {
  __typename
  me {
    __typename
    id
    preferences {
      __typename
      ...PreferenceParts
    }
  }
  shop {
    __typename
    currencies
  }
}
    fragment PreferenceParts on Preferences {
  __typename
  locale
  currency
  theme
  marketingEmails
  orderEmails
  version
}`, {"hash":"sha256:69d7204cdf5caa27291f0d19e75a9eebc1c2debbf9e34e43a2db98d116fcda6e"}) as unknown as TypedDocumentString<WebAccountPreferencesQuery, WebAccountPreferencesQueryVariables>;
export const WebAccountSecurityDocument = new TypedDocumentString(`
    query WebAccountSecurity($passkeys: Int!) {
  __typename
  me {
    __typename
    id
    secondFactorSince
    recoveryCodesLeft
    passkeys(first: $passkeys) {
      __typename
      nodes {
        __typename
        ...PasskeyParts
      }
    }
  }
}
    fragment PasskeyParts on Passkey {
  __typename
  id
  name
  createdAt
  lastUsedAt
  backedUp
}`, {"hash":"sha256:fba1bcfbc4d1bc59e45a38d74de48d5f255dc8a6db8edaa0ba05a71fdd4af0d1"}) as unknown as TypedDocumentString<WebAccountSecurityQuery, WebAccountSecurityQueryVariables>;
export const WebProfileUpdateDocument = new TypedDocumentString(`
    mutation WebProfileUpdate($input: ProfileUpdateInput!) {
  __typename
  profileUpdate(input: $input) {
    __typename
    ... on ProfileUpdateSuccess {
      __typename
      user {
        __typename
        ...ProfileParts
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
fragment ProfileParts on User {
  __typename
  id
  name
  avatarUrl
  email
  version
}`, {"hash":"sha256:2a6031210fbb550121c3da977da243491a7af66c0d89d744038853f24844bcb6"}) as unknown as TypedDocumentString<WebProfileUpdateMutation, WebProfileUpdateMutationVariables>;
export const WebEmailChangeDocument = new TypedDocumentString(`
    mutation WebEmailChange($input: EmailChangeInput!) {
  __typename
  emailChange(input: $input) {
    __typename
    ... on EmailChangeSuccess {
      __typename
      message
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
}`, {"hash":"sha256:9b025fe22afa40b19d2f770b1edae1f0c6d2a5f236306837f22c8b7398139bc9"}) as unknown as TypedDocumentString<WebEmailChangeMutation, WebEmailChangeMutationVariables>;
export const WebPreferencesUpdateDocument = new TypedDocumentString(`
    mutation WebPreferencesUpdate($input: PreferencesUpdateInput!) {
  __typename
  preferencesUpdate(input: $input) {
    __typename
    ... on PreferencesUpdateSuccess {
      __typename
      preferences {
        __typename
        ...PreferenceParts
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
fragment PreferenceParts on Preferences {
  __typename
  locale
  currency
  theme
  marketingEmails
  orderEmails
  version
}`, {"hash":"sha256:774b49781a61125a368c30ad7a41e9bd0ae3920810f0a96dfc34ff2cc0190bdb"}) as unknown as TypedDocumentString<WebPreferencesUpdateMutation, WebPreferencesUpdateMutationVariables>;
export const WebPasswordChangeDocument = new TypedDocumentString(`
    mutation WebPasswordChange($input: PasswordChangeInput!) {
  __typename
  passwordChange(input: $input) {
    __typename
    ... on PasswordChangeSuccess {
      __typename
      user {
        __typename
        id
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
}`, {"hash":"sha256:99069c327ef5b7dfc95459c644effe56ca718ce005d1af47a8b17c7ab48144ad"}) as unknown as TypedDocumentString<WebPasswordChangeMutation, WebPasswordChangeMutationVariables>;
export const WebTotpEnrolDocument = new TypedDocumentString(`
    mutation WebTotpEnrol {
  __typename
  totpEnrol {
    __typename
    ... on TotpEnrolSuccess {
      __typename
      uri
      secret
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
}`, {"hash":"sha256:8d00e812884b27ecb9815d54e6ec57f59ad17595a344ab2aec0e25b6f1fffcea"}) as unknown as TypedDocumentString<WebTotpEnrolMutation, WebTotpEnrolMutationVariables>;
export const WebRecoveryCodesReplaceDocument = new TypedDocumentString(`
    mutation WebRecoveryCodesReplace {
  __typename
  recoveryCodesReplace {
    __typename
    ... on RecoveryCodesReplaceSuccess {
      __typename
      recoveryCodes
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
}`, {"hash":"sha256:db448ca515ed9aadf104f839f275b3e2f635d35a39307d03f98688b1f27cbdd5"}) as unknown as TypedDocumentString<WebRecoveryCodesReplaceMutation, WebRecoveryCodesReplaceMutationVariables>;
export const WebPasskeyStartDocument = new TypedDocumentString(`
    mutation WebPasskeyStart {
  __typename
  passkeyRegistrationStart {
    __typename
    ... on PasskeyRegistrationStartSuccess {
      __typename
      options
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
}`, {"hash":"sha256:31993fe8d69f48ad0197bf1af44ce00cc8872cb8bf09e3821441649bb1808591"}) as unknown as TypedDocumentString<WebPasskeyStartMutation, WebPasskeyStartMutationVariables>;
export const WebPasskeyAddDocument = new TypedDocumentString(`
    mutation WebPasskeyAdd($input: PasskeyRegisterInput!) {
  __typename
  passkeyRegister(input: $input) {
    __typename
    ... on PasskeyRegisterSuccess {
      __typename
      passkey {
        __typename
        ...PasskeyParts
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
fragment PasskeyParts on Passkey {
  __typename
  id
  name
  createdAt
  lastUsedAt
  backedUp
}`, {"hash":"sha256:4fdb24822d48287f072bcdb6b64e3d9e4d7ab7ac7de4171f6f901ad91397992a"}) as unknown as TypedDocumentString<WebPasskeyAddMutation, WebPasskeyAddMutationVariables>;
export const WebPasskeyRemoveDocument = new TypedDocumentString(`
    mutation WebPasskeyRemove($input: PasskeyRemoveInput!) {
  __typename
  passkeyRemove(input: $input) {
    __typename
    ... on PasskeyRemoveSuccess {
      __typename
      passkeyId
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
}`, {"hash":"sha256:db5faa46a625c681ba0ed230f428a65d1996f25a1e2211591e26710276cf15f4"}) as unknown as TypedDocumentString<WebPasskeyRemoveMutation, WebPasskeyRemoveMutationVariables>;
export const WebAccountDeleteDocument = new TypedDocumentString(`
    mutation WebAccountDelete($input: AccountDeleteInput!) {
  __typename
  accountDelete(input: $input) {
    __typename
    ... on AccountDeleteSuccess {
      __typename
      userId
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
}`, {"hash":"sha256:15db648706bb956a0c5c808fda7be0acfb4253b079f447dce0530fd588a7471b"}) as unknown as TypedDocumentString<WebAccountDeleteMutation, WebAccountDeleteMutationVariables>;
export const WebAccountExportDocument = new TypedDocumentString(`
    mutation WebAccountExport($designs: String, $orders: String, $experiments: String) {
  __typename
  accountExport {
    __typename
    ... on AccountExportSuccess {
      __typename
      filename
      document
      user {
        __typename
        id
        designs(first: 50, after: $designs) {
          __typename
          nodes {
            __typename
            id
            name
            status
            createdAt
            updatedAt
            price {
              __typename
              amount
              currencyCode
            }
            config {
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
            shares(first: 10) {
              __typename
              nodes {
                __typename
                id
                mode
                views
                createdAt
                expiresAt
                revokedAt
              }
            }
          }
          pageInfo {
            __typename
            hasNextPage
            endCursor
          }
        }
        orders(first: 50, after: $orders) {
          __typename
          nodes {
            __typename
            id
            number
            status
            placedAt
            contactEmail
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
              total {
                __typename
                amount
                currencyCode
              }
            }
            timeline {
              __typename
              id
              version
              status
              at
              reason
            }
            shipments {
              __typename
              id
              carrier
              trackingNumber
              status
            }
          }
          pageInfo {
            __typename
            hasNextPage
            endCursor
          }
        }
        experiments(first: 50, after: $experiments) {
          __typename
          nodes {
            __typename
            id
            variant
            assignedAt
            experiment {
              __typename
              id
              key
            }
          }
          pageInfo {
            __typename
            hasNextPage
            endCursor
          }
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
}`, {"hash":"sha256:97afba579846da6f9ee985ad56f11f51b66bbb4d5054169c64d7f79d7683c09f"}) as unknown as TypedDocumentString<WebAccountExportMutation, WebAccountExportMutationVariables>;
export const WebBuilderDocument = new TypedDocumentString(`
    query WebBuilder($product: ProductKind!, $language: Language!) {
  __typename
  productOptions(product: $product, language: $language) {
    __typename
    ...BuilderOptions
  }
  products {
    __typename
    id
    kind
    title
    previewUrl(size: 800)
  }
}
    fragment OptionLabels on ProductOptions {
  __typename
  product
  label
  sizes {
    __typename
    size
    label
  }
  materials {
    __typename
    material
    label
    colors {
      __typename
      ...ColorParts
    }
    patternOptions {
      __typename
      pattern
      label
    }
  }
  hardwareOptions {
    __typename
    finish
    label
  }
  colorPairs {
    __typename
    secondary {
      __typename
      ...ColorParts
    }
  }
  textPositionOptions {
    __typename
    position
    label
  }
  techniques {
    __typename
    technique
    label
    fontOptions {
      __typename
      font
      label
    }
    colors {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    motifOptions {
      __typename
      motif
      label
    }
  }
}
fragment ColorParts on ColorOption {
  __typename
  color
  label
  hex
}
fragment BuilderOptions on ProductOptions {
  __typename
  ...OptionLabels
  sizes {
    __typename
    measure
    textLength
    fit {
      __typename
      measure
      label
    }
  }
  materials {
    __typename
    techniques
  }
  colorPairs {
    __typename
    primary
    secondary {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    most
    colors {
      __typename
      ...ColorParts
    }
    limits {
      __typename
      field
      least
      most
    }
  }
}`, {"hash":"sha256:ecbd1719b1fbe554a86394a12f1f64cf2728dc88288f36512d630aeed409bb60"}) as unknown as TypedDocumentString<WebBuilderQuery, WebBuilderQueryVariables>;
export const WebBuilderPresetDocument = new TypedDocumentString(`
    query WebBuilderPreset($id: ID!) {
  __typename
  preset(id: $id) {
    __typename
    id
    name
    previewUrl(size: 800)
    config {
      __typename
      ...ConfigParts
    }
  }
}
    fragment ConfigParts on DesignConfig {
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
}`, {"hash":"sha256:a1296c19c2029ba98b4b8c08b71582e1892f86117c63c483ccbc5baac6694867"}) as unknown as TypedDocumentString<WebBuilderPresetQuery, WebBuilderPresetQueryVariables>;
export const WebBuilderDesignDocument = new TypedDocumentString(`
    query WebBuilderDesign($id: ID!) {
  __typename
  design(id: $id) {
    __typename
    ...BuilderDesign
  }
}
    fragment BuilderDesign on Design {
  __typename
  id
  name
  version
  status
  previewUrl(size: 800)
  config {
    __typename
    ...ConfigParts
  }
}
fragment ConfigParts on DesignConfig {
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
}`, {"hash":"sha256:11daec58e42f4d4490263d1f8f8d46a65ca5120cb03f1b2127623b9a2d44a254"}) as unknown as TypedDocumentString<WebBuilderDesignQuery, WebBuilderDesignQueryVariables>;
export const WebBuilderPetsDocument = new TypedDocumentString(`
    query WebBuilderPets {
  __typename
  me {
    __typename
    id
    pets {
      __typename
      ...BuilderPet
    }
  }
}
    fragment BuilderPet on Pet {
  __typename
  id
  name
  measures {
    __typename
    neck {
      __typename
      centimetres
    }
    chest {
      __typename
      centimetres
    }
    length {
      __typename
      centimetres
    }
    weight {
      __typename
      kilograms
    }
  }
}`, {"hash":"sha256:78eba96da7b26e7a62ace5ff86ad53d7310572f2c85b6dda0fcc438839f64003"}) as unknown as TypedDocumentString<WebBuilderPetsQuery, WebBuilderPetsQueryVariables>;
export const WebBuilderSizeDocument = new TypedDocumentString(`
    query WebBuilderSize($product: ProductKind!, $measure: Int!) {
  __typename
  productOptions(product: $product) {
    __typename
    product
    sizeFor(measure: $measure)
  }
}
    `, {"hash":"sha256:d8e1d4af44d9052f14ca35b9be66e8e5d4a05b83afc3e04ef2f3327c1e0e9d0a"}) as unknown as TypedDocumentString<WebBuilderSizeQuery, WebBuilderSizeQueryVariables>;
export const WebBuilderPriceDocument = new TypedDocumentString(`
    query WebBuilderPrice($config: DesignConfigInput!, $currency: CurrencyCode!, $language: Language!) {
  __typename
  priceQuote(input: {config: $config, currency: $currency}, language: $language) {
    __typename
    ... on PriceQuote {
      __typename
      previewUrl(format: SVG, size: 800)
      total {
        __typename
        amount
        currencyCode
      }
      items {
        __typename
        kind
        label
        amount {
          __typename
          amount
          currencyCode
        }
      }
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
    `, {"hash":"sha256:eab257e2cf56749b7b2a382ce80aeee441c9e0914d82fea9e4e0a5d741c30d94"}) as unknown as TypedDocumentString<WebBuilderPriceQuery, WebBuilderPriceQueryVariables>;
export const WebBuilderCreateDocument = new TypedDocumentString(`
    mutation WebBuilderCreate($input: DesignCreateInput!, $currency: CurrencyCode!) {
  __typename
  designCreate(input: $input) {
    __typename
    ... on DesignCreateSuccess {
      __typename
      design {
        __typename
        ...BuilderDesign
        quote(currency: $currency) {
          __typename
          ...QuoteParts
        }
      }
    }
    ...ProblemFields
  }
}
    fragment QuoteParts on QuoteResult {
  __typename
  ... on Quote {
    __typename
    token
    expiresAt
  }
  ... on NoQuote {
    __typename
    reason
    message
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
fragment BuilderDesign on Design {
  __typename
  id
  name
  version
  status
  previewUrl(size: 800)
  config {
    __typename
    ...ConfigParts
  }
}
fragment ConfigParts on DesignConfig {
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
}`, {"hash":"sha256:b6803945ec91509230ce6099c1790ecd656d7795c9dfa21d81582dff923d1370"}) as unknown as TypedDocumentString<WebBuilderCreateMutation, WebBuilderCreateMutationVariables>;
export const WebBuilderUpdateDocument = new TypedDocumentString(`
    mutation WebBuilderUpdate($input: DesignUpdateInput!, $currency: CurrencyCode!) {
  __typename
  designUpdate(input: $input) {
    __typename
    ... on DesignUpdateSuccess {
      __typename
      design {
        __typename
        ...BuilderDesign
        quote(currency: $currency) {
          __typename
          ...QuoteParts
        }
      }
    }
    ...ProblemFields
  }
}
    fragment QuoteParts on QuoteResult {
  __typename
  ... on Quote {
    __typename
    token
    expiresAt
  }
  ... on NoQuote {
    __typename
    reason
    message
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
fragment BuilderDesign on Design {
  __typename
  id
  name
  version
  status
  previewUrl(size: 800)
  config {
    __typename
    ...ConfigParts
  }
}
fragment ConfigParts on DesignConfig {
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
}`, {"hash":"sha256:e7c48953391ec3970f361739c85120486cba0f7a8ca2102ede7f5681ad0c24c7"}) as unknown as TypedDocumentString<WebBuilderUpdateMutation, WebBuilderUpdateMutationVariables>;
export const WebProductsDocument = new TypedDocumentString(`
    query WebProducts($currency: CurrencyCode!, $language: Language!) {
  __typename
  products {
    __typename
    id
    kind
    options(language: $language) {
      __typename
      label
    }
    priceFrom(currency: $currency) {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 256)
  }
}
    `, {"hash":"sha256:5608b21602945ec6f1bdd9311c1cfc841aa37f1f103de4d8211ad47a797b9417"}) as unknown as TypedDocumentString<WebProductsQuery, WebProductsQueryVariables>;
export const WebPresetsDocument = new TypedDocumentString(`
    query WebPresets($search: String, $filter: PresetFilter!, $currency: CurrencyCode!, $first: Int!, $after: String) {
  __typename
  presets(
    search: $search
    filter: $filter
    currency: $currency
    first: $first
    after: $after
  ) {
    __typename
    nodes {
      __typename
      ...PresetCard
    }
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
  }
}
    fragment PresetCard on Preset {
  __typename
  id
  name
  price(currency: $currency) {
    __typename
    amount
    currencyCode
  }
  config {
    __typename
    product
  }
  previewUrl(size: 512)
}`, {"hash":"sha256:05ebaccae8a8a071195453b04c01d84469703b0e5b116f54a0fb540b3d9f1f8a"}) as unknown as TypedDocumentString<WebPresetsQuery, WebPresetsQueryVariables>;
export const WebPresetFacetsDocument = new TypedDocumentString(`
    query WebPresetFacets($search: String, $filter: PresetFilter!, $currency: CurrencyCode!, $language: Language!) {
  __typename
  presetFacets(
    search: $search
    filter: $filter
    currency: $currency
    language: $language
  ) {
    __typename
    totalCount
    categories {
      __typename
      category
      label
      count
    }
    products {
      __typename
      product
      label
      count
    }
    materials {
      __typename
      material
      label
      count
    }
    colors {
      __typename
      color
      label
      count
    }
  }
}
    `, {"hash":"sha256:4ad4f3c8847d1ae48fe4c004f22c035a1306fd357a193e2ce534cce32f712f0f"}) as unknown as TypedDocumentString<WebPresetFacetsQuery, WebPresetFacetsQueryVariables>;
export const WebCheckoutDeliveryDocument = new TypedDocumentString(`
    mutation WebCheckoutDelivery($input: CartDeliverySetInput!) {
  __typename
  cartDeliverySet(input: $input) {
    __typename
    ... on CartDeliverySetSuccess {
      __typename
      cart {
        __typename
        ...CartParts
      }
    }
    ...ProblemFields
  }
}
    fragment CartParts on Cart {
  __typename
  id
  version
  discountCode
  currencyCode
  contactEmail
  shippingMethod
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
    ...CartLineParts
  }
  shippingRates {
    __typename
    method
    amount {
      __typename
      amount
      currencyCode
    }
    days {
      __typename
      least
      most
    }
  }
  cost {
    __typename
    ...CartCostParts
  }
  problems {
    __typename
    code
    message
    lineId
  }
  order {
    __typename
    id
  }
}
fragment CartLineParts on CartLine {
  __typename
  id
  title
  quantity
  unitPrice {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
  }
  design {
    __typename
    id
    previewUrl(size: 256)
  }
  preset {
    __typename
    id
    previewUrl(size: 256)
  }
}
fragment CartCostParts on CartCost {
  __typename
  subtotal {
    __typename
    amount
    currencyCode
  }
  quantityDiscount {
    __typename
    amount
    currencyCode
  }
  discount {
    __typename
    amount
    currencyCode
  }
  shipping {
    __typename
    amount
    currencyCode
  }
  includedTax {
    __typename
    amount
    currencyCode
  }
  total {
    __typename
    amount
    currencyCode
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
}`, {"hash":"sha256:59fb1826b613cfbdc456805f6e72b8acae18632b11181b43bce82e175fd70181"}) as unknown as TypedDocumentString<WebCheckoutDeliveryMutation, WebCheckoutDeliveryMutationVariables>;
export const WebCheckoutPlaceDocument = new TypedDocumentString(`
    mutation WebCheckoutPlace($input: CheckoutCompleteInput!) {
  __typename
  checkoutComplete(input: $input) {
    __typename
    ... on CheckoutCompleteSuccess {
      __typename
      trackingToken
      order {
        __typename
        id
        number
      }
      payment {
        __typename
        url
      }
    }
    ...ProblemFields
    ... on CheckoutRefusedProblem {
      __typename
      problems {
        __typename
        code
        message
        lineId
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
}`, {"hash":"sha256:e11ec34b4acaecd111b24bdb808ca68c75bba11bc415154d08a674e5baf56981"}) as unknown as TypedDocumentString<WebCheckoutPlaceMutation, WebCheckoutPlaceMutationVariables>;
export const WebPasswordForgottenDocument = new TypedDocumentString(`
    mutation WebPasswordForgotten($input: PasswordResetRequestInput!) {
  __typename
  passwordResetRequest(input: $input) {
    __typename
    ... on PasswordResetRequestSuccess {
      __typename
      message
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
}`, {"hash":"sha256:aec46395249a37d69d102bdef44d36887c78f8cb0f73ed3c5a4a596453949d64"}) as unknown as TypedDocumentString<WebPasswordForgottenMutation, WebPasswordForgottenMutationVariables>;
export const WebProveEmailDocument = new TypedDocumentString(`
    mutation WebProveEmail($input: EmailVerifyInput!) {
  __typename
  emailVerify(input: $input) {
    __typename
    ... on EmailVerifySuccess {
      __typename
      verified
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
}`, {"hash":"sha256:4f49ea10a0b8118ce3279d9b4f5e7f989a01f82933479489891b60773aea816c"}) as unknown as TypedDocumentString<WebProveEmailMutation, WebProveEmailMutationVariables>;
export const WebPresetPageDocument = new TypedDocumentString(`
    query WebPresetPage($id: ID!, $currency: CurrencyCode!, $language: Language!) {
  __typename
  preset(id: $id) {
    __typename
    id
    name
    category
    price(currency: $currency) {
      __typename
      amount
      currencyCode
    }
    previewUrl(size: 800)
    product {
      __typename
      id
      description
      options(language: $language) {
        __typename
        ...OptionLabels
      }
    }
    config {
      __typename
      ...ConfigParts
    }
  }
}
    fragment OptionLabels on ProductOptions {
  __typename
  product
  label
  sizes {
    __typename
    size
    label
  }
  materials {
    __typename
    material
    label
    colors {
      __typename
      ...ColorParts
    }
    patternOptions {
      __typename
      pattern
      label
    }
  }
  hardwareOptions {
    __typename
    finish
    label
  }
  colorPairs {
    __typename
    secondary {
      __typename
      ...ColorParts
    }
  }
  textPositionOptions {
    __typename
    position
    label
  }
  techniques {
    __typename
    technique
    label
    fontOptions {
      __typename
      font
      label
    }
    colors {
      __typename
      ...ColorParts
    }
  }
  layers {
    __typename
    motifOptions {
      __typename
      motif
      label
    }
  }
}
fragment ColorParts on ColorOption {
  __typename
  color
  label
  hex
}
fragment ConfigParts on DesignConfig {
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
}`, {"hash":"sha256:3def5107d78535e48d6c05342dcb3638b47705faa19952f81166f84f1414bf36"}) as unknown as TypedDocumentString<WebPresetPageQuery, WebPresetPageQueryVariables>;
export const WebPresetQuotedDocument = new TypedDocumentString(`
    query WebPresetQuoted($id: ID!, $currency: CurrencyCode!) {
  __typename
  preset(id: $id) {
    __typename
    id
    quote(currency: $currency) {
      __typename
      ...QuoteParts
    }
  }
}
    fragment QuoteParts on QuoteResult {
  __typename
  ... on Quote {
    __typename
    token
    expiresAt
  }
  ... on NoQuote {
    __typename
    reason
    message
  }
}`, {"hash":"sha256:2cc56323b89bf85e2fadd1064fc1c8030a1e11779614d28b32113769d4cab7a2"}) as unknown as TypedDocumentString<WebPresetQuotedQuery, WebPresetQuotedQueryVariables>;
export const WebRegisterDocument = new TypedDocumentString(`
    mutation WebRegister($input: AccountRegisterInput!) {
  __typename
  accountRegister(input: $input) {
    __typename
    ... on AccountRegisterSuccess {
      __typename
      receipt
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
}`, {"hash":"sha256:cf9b91aec154ccd4f638efa6f54fee3b706743d6aeb321f34a8a3703c05160ca"}) as unknown as TypedDocumentString<WebRegisterMutation, WebRegisterMutationVariables>;
export const WebPasswordSetDocument = new TypedDocumentString(`
    mutation WebPasswordSet($input: PasswordResetInput!) {
  __typename
  passwordReset(input: $input) {
    __typename
    ... on PasswordResetSuccess {
      __typename
      user {
        __typename
        id
      }
    }
    ... on SecondFactorChallenge {
      __typename
      challenge
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
}`, {"hash":"sha256:3397345ef1b53896f1c9f4a374efc5426fdde7bbb14bed41bf6195579bfdc603"}) as unknown as TypedDocumentString<WebPasswordSetMutation, WebPasswordSetMutationVariables>;